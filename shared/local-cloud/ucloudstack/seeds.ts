// The images that the cloud comes with: base images for everybody, and one custom image of each administrator's tenant
// that is attached to a server.
import type { LocalAccount } from '../options.ts';
import { attachedImageId, baseImageId } from './inventory.ts';
import type { ImageRecord, ImageStore } from './records.ts';

const bornAtMs = Date.parse('2025-06-01T00:00:00Z');

const bases: [type: string, distribution: string, version: string, arch: string, sizeGiB: number][] = [
  ['Linux', 'CentOS', '7.9', 'x86_64', 40],
  ['Linux', 'Ubuntu', '22.04', 'x86_64', 40],
  ['Linux', 'OpenEuler', '22.03_SP4', 'aarch64', 40],
  ['Windows', 'Windows', '2019', 'x86_64', 60],
];

/** Puts in what is missing. */
export function plantImages(
  store: ImageStore,
  accounts: readonly LocalAccount[],
  regions: readonly string[],
): void {
  const planted = accounts
    .filter((account) => account.ucloudstack.admin)
    .flatMap(({ ucloudstack }) => regions.flatMap((region) => imagesOf(ucloudstack, region)));
  for (const image of planted) if (store.image(image.id) === undefined) store.put(image);
}

function imagesOf(owner: LocalAccount['ucloudstack'], region: string): ImageRecord[] {
  const image = (
    id: string,
    name: string,
    [osType, osDistribution, osVersion, arch, sizeGiB]: (typeof bases)[number],
  ): ImageRecord => ({
    id,
    region,
    companyId: owner.companyId,
    projectId: owner.projectId,
    name,
    description: '',
    tags: [],
    type: 'Base',
    system: true,
    format: 'qcow2',
    osType,
    arch,
    osDistribution,
    osVersion,
    bootloader: arch === 'aarch64' ? 'uefi' : 'bios',
    supportQga: true,
    supportCloudInit: osType === 'Linux',
    encrypted: false,
    from: 'System',
    sizeGiB,
    phase: 'used',
    phaseBeganAtMs: bornAtMs,
    content: { kind: 'generated', label: id, virtualGiB: sizeGiB },
    createdAtMs: bornAtMs,
    updatedAtMs: bornAtMs,
  });
  const attached = image(attachedImageId(owner.companyId, region), 'attached', [
    'Linux',
    'CentOS',
    '7.9',
    'x86_64',
    40,
  ]);
  return [
    ...bases.map((facts) => {
      const name = `${facts[1]}-${facts[2]}-${facts[3]}`;
      return image(baseImageId(region, name), name, facts);
    }),
    { ...attached, type: 'Custom' },
  ];
}
