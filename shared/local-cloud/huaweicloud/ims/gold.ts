// The service's own images (`gold`): every project sees them, and nobody changes, shares, exports or deletes them.
import { createHash } from 'node:crypto';
import { fixedUuid } from '../inventory.ts';
import type { ImageRecord } from './records.ts';

const madeAtMs = Date.parse('2024-03-01T08:00:00Z');
const owner = createHash('sha256').update('images of the service').digest('hex').slice(0, 32);

const catalogue: [osVersion: string, sizeBytes: number, properties: Record<string, string>][] = [
  ['CentOS 7.6 64bit', 812_646_400, {}],
  ['Ubuntu 18.04 server 64bit', 926_941_184, {}],
  ['Ubuntu 22.04 server 64bit', 1_010_827_264, { hw_firmware_type: 'uefi' }],
  ['Windows Server 2019 Datacenter 64bit', 9_126_805_504, { __account_code: 'windows' }],
];

const ofRegion = new Map<string, readonly ImageRecord[]>();

/** The public images of a region, with ids that are the same in every run. */
export function goldImages(region: string): readonly ImageRecord[] {
  let images = ofRegion.get(region);
  if (images === undefined) {
    images = catalogue.map(
      ([osVersion, sizeBytes, properties]): ImageRecord => ({
        id: fixedUuid('gold', region, osVersion),
        region,
        projectId: owner,
        name: osVersion,
        description: '',
        status: 'active',
        protected: true,
        diskFormat: 'zvhd2',
        virtualEnvType: 'FusionCompute',
        osVersion,
        minDiskGiB: 40,
        minRamMiB: 0,
        tags: {},
        properties,
        members: [],
        manifest: [],
        sizeBytes,
        gold: true,
        ...{ createdAtMs: madeAtMs, updatedAtMs: madeAtMs, activeAtMs: madeAtMs },
      }),
    );
    ofRegion.set(region, images);
  }
  return images;
}

/** A public image of a region, or undefined. */
export const goldImage = (region: string, id: string): ImageRecord | undefined =>
  goldImages(region).find((image) => image.id === id);

/** The public image that servers of a system are made from, or undefined. */
export const goldImageOf = (region: string, osVersion: string): ImageRecord | undefined =>
  goldImages(region).find((image) => image.osVersion === osVersion);
