// What is declared in each family, as far as it goes there: an image of a file, a copy, a share; and which requests tell
// what an apply is at.

import type { Fault } from '@imagebridge/local-cloud';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import type { Work } from '../fixtures/work.ts';
import type { FamilyName, Phase } from './plan.ts';

const MIB = 1024 ** 2;

/** How fast files arrive, so that a phase lasts long enough to be met. */
const BYTES_PER_SECOND = 32 * MIB;

type Match = Omit<Fault, 'action' | 'count' | 'after'>;

/** A family, as the runs use it. */
export interface KillFamily {
  /** Writes a file that can become an image there. Returns its path. */
  makeFile(work: Work, name: string, sizeMiB: number): Promise<string>;
  configuration(work: Work, name: string, file: string): string;
  /** What is on the server in the end: `FAMILY NAME`. */
  images(name: string): string[];
  /** Profile whose shares are counted; absent where the family has none. */
  readonly sharedBy?: string;
  /** Ids of the accounts that the image is shared with in the end. */
  members?(work: Work): string[];
  /** The request that begins a phase, and how many more of its kind follow. `hash` needs none. */
  readonly phases: Readonly<Partial<Record<Phase, Match & { readonly more?: number }>>>;
  readonly slow: Match;
}

/** The families. */
export const FAMILY: Readonly<Record<FamilyName, KillFamily>> = {
  huaweicloud: {
    makeFile: (work, name, sizeMiB) => work.file(`${name}.raw`, sizeMiB * MIB),
    configuration: (work, name, file) => `
${image('local', name, file)}
resource "imagebridge_image_copy" "copy" {
  cloud           = "local"
  source_image_id = imagebridge_image.base.id
  name            = "${name}-copy"
}
${share('local', work.cloud.accounts[1]?.projects['local-1'] ?? '')}`,
    images: (name) => [`huaweicloud ${name}`, `huaweicloud ${name}-copy`],
    sharedBy: 'local',
    members: (work) => [work.cloud.accounts[1]?.projects['local-1'] ?? ''],
    phases: {
      upload: { service: 'obs', method: 'PUT', path: 'partNumber=', more: 1 },
      import: { service: 'ims', method: 'POST', path: '/cloudimages/action' },
      copy: { service: 'ims', method: 'POST', path: '/copy' },
      share: { service: 'ims', method: 'POST', path: '/members' },
    },
    slow: { service: 'obs', method: 'PUT', path: 'partNumber=' },
  },
  openstack: {
    makeFile: (work, name, sizeMiB) => work.file(`${name}.raw`, sizeMiB * MIB),
    configuration: (work, name, file) => `
${image('local-openstack', name, file)}
${copyTo('local', 'local-openstack', name)}
${share('local-openstack', work.cloud.accounts[1]?.openstack.projectId ?? '')}`,
    images: (name) => [`openstack ${name}`, `huaweicloud ${name}-copy`],
    sharedBy: 'local-openstack',
    members: (work) => [work.cloud.accounts[1]?.openstack.projectId ?? ''],
    phases: {
      upload: { service: 'glance', method: 'POST', path: /\/images$/ },
      import: { service: 'glance', method: 'PUT', path: '/file' },
      // By way of this machine: Glance gives no URL.
      copy: { service: 'obs', method: 'PUT', path: 'partNumber=', more: 1 },
      share: { service: 'glance', method: 'POST', path: '/members' },
    },
    slow: { service: 'glance', method: 'PUT', path: '/file' },
  },
  ucloudstack: {
    async makeFile(work, name, sizeMiB) {
      const file = `${work.dir}/${name}.qcow2`;
      await makeQcow2(file, { dataBytes: sizeMiB * MIB, seed: name });
      return file;
    },
    configuration: (_, name, file) => `
${image(
  'local-ucloudstack',
  name,
  file,
  'os_type = "Linux"\n  os_distribution = "Ubuntu"\n  os_version = "22.04"\n  architecture = "x86_64"',
)}
${copyTo('local-openstack', 'local-ucloudstack', name)}`,
    images: (name) => [`ucloudstack ${name}`, `openstack ${name}-copy`],
    phases: {
      upload: { service: 'ucloudstack-s3', method: 'PUT', path: 'partNumber=', more: 1 },
      // All calls look alike from outside: these are those around the making of the image.
      import: { service: 'ucloudstack', method: 'POST', more: 8 },
      copy: { service: 'glance', method: 'POST' },
    },
    slow: { service: 'ucloudstack-s3', method: 'PUT', path: 'partNumber=' },
  },
};

/** Makes every upload slow, until the faults are cleared. */
export function slowDown(work: Work, family: KillFamily): void {
  work.cloud.faults.add({
    ...family.slow,
    count: Number.POSITIVE_INFINITY,
    action: { kind: 'bandwidth', bytesPerSecond: BYTES_PER_SECOND },
  });
}

const image = (cloud: string, name: string, file: string, more = '') => `
resource "imagebridge_image" "base" {
  cloud  = "${cloud}"
  name   = "${name}"
  source = { file = "${file}" }
  ${more}
}`;

const copyTo = (target: string, cloud: string, name: string) => `
resource "imagebridge_image_copy" "copy" {
  cloud           = "${cloud}"
  source_image_id = imagebridge_image.base.id
  name            = "${name}-copy"
  target_cloud    = "${target}"
}`;

const share = (cloud: string, project: string) => `
resource "imagebridge_image_share" "partner" {
  cloud      = "${cloud}"
  image_id   = imagebridge_image.base.id
  project_id = "${project}"
}`;
