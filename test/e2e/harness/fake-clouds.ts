// Made-up but plausible data of clouds: profiles, abilities, images, work on images, and uploads that are over.
import type {
  Activity,
  CloudView,
  HistoryEntry,
  ImageView,
  ProfileView,
} from '@imagebridge/desktop-contract';
import { GIB, HOSTILE, MINUTE, NOW } from './fake-data.ts';
import { jobFailed, notAllowed } from './fake-problems.ts';

/** Profiles of all families. */
export const someProfiles: ProfileView[] = [
  {
    name: 'prod-beijing',
    family: 'huaweicloud',
    region: 'cn-north-4',
    source: 'file',
    place: '/home/ada/.config/imagebridge/profiles.yaml',
    isDefault: true,
    editable: true,
    isLocal: false,
  },
  {
    name: 'lab',
    family: 'openstack',
    region: 'RegionOne',
    source: 'clouds.yaml',
    place: '/home/ada/.config/openstack/clouds.yaml',
    isDefault: false,
    editable: false,
    isLocal: false,
  },
  {
    name: 'private-cloud',
    family: 'ucloudstack',
    region: 'cn',
    source: 'file',
    place: '/home/ada/.config/imagebridge/profiles.yaml',
    isDefault: false,
    editable: true,
    isLocal: false,
  },
  {
    name: 'local',
    family: 'huaweicloud',
    region: 'local-1',
    source: 'file',
    place: 'the embedded cloud',
    isDefault: false,
    editable: false,
    isLocal: true,
  },
];

/** A cloud that can do nearly everything. */
export const cloudOf = (name: string): CloudView => {
  const profile = someProfiles.find((one) => one.name === name);
  const no = 'Copy the image inside the region.';
  return {
    name,
    family: profile?.family ?? 'huaweicloud',
    region: profile?.region ?? 'cn-north-4',
    regions: ['cn-north-4', 'cn-south-1'],
    abilities: {
      share: true,
      copyInRegion: true,
      copyCrossRegion: true,
      copyToBaseImage: no,
      exportImage: true,
      download: true,
      rename: true,
      protect: true,
      describe: true,
      tags: true,
    },
    imageName: {
      pattern: '^[\\p{L}\\d][\\p{L}\\d._ -]{0,127}$',
      flags: 'u',
      rule: '1 to 128 letters, digits, hyphens, dots, underscores and spaces, without a space at either end',
    },
    description: { maxLength: 1024, rule: 'up to 1024 characters without line breaks, < and >' },
    importFormats: ['qcow2', 'vmdk', 'vhd', 'raw', 'iso'],
    isoNeedsOsVersion: true,
    maxImportSizeBytes: 128 * GIB,
    minDiskGiB: { min: 10, max: 1024 },
  };
};

/** Images of a cloud. */
export function someImages(count: number): ImageView[] {
  const names = ['ubuntu-24.04', 'debian-13', 'rocky-9.6', 'windows-2022', 'openeuler-24.03', 'kylin-v10'];
  const states: ImageView['status'][] = [
    'active',
    'active',
    'active',
    'importing',
    'active',
    'failed',
    'deactivated',
  ];
  return Array.from({ length: count }, (_, at) => {
    const status = states[at % states.length] ?? 'active';
    return {
      id: `1f0c${String(at).padStart(4, '0')}-0d52-4bd4-bf5c-3c5e0d5a9a11`,
      name: `${names[at % names.length]}-build-${at + 1}`,
      status,
      rawStatus: status,
      ...(status === 'failed' ? { failureReason: 'not bootable' } : {}),
      ...(status === 'importing' ? { progress: 0.4 } : {}),
      ownerId: 'b5a7f0c2',
      visibility: 'private',
      diskFormat: at % 3 === 0 ? 'raw' : 'qcow2',
      sizeBytes: (1 + (at % 9)) * GIB,
      minDiskGiB: 40,
      minRamMiB: 0,
      osType: 'Linux',
      osVersion: 'Ubuntu 24.04 server 64bit',
      architecture: 'x86_64',
      bootMode: 'uefi',
      protected: at % 11 === 0,
      checksums: { sha256: 'a3f1'.repeat(16) },
      tags: at % 4 === 0 ? { team: 'base', stage: 'golden' } : {},
      createdAt: NOW - at * 3_600_000,
      updatedAt: NOW - at * 3_600_000,
    };
  });
}

/** Work on images: under way, done, failed. */
export const someActivities: Activity[] = [
  {
    id: 'a1',
    kind: 'copy-across',
    state: 'running',
    cloud: 'prod-beijing',
    region: 'cn-north-4',
    imageId: '7ca7',
    imageName: 'ubuntu-24.04-build-1',
    target: 'lab, RegionOne',
    fraction: 0.37,
    text: 'importing, job 5f3c',
    canCancel: true,
    startedAt: NOW - 4 * MINUTE,
  },
  {
    id: 'a2',
    kind: 'share',
    state: 'done',
    cloud: 'prod-beijing',
    region: 'cn-north-4',
    imageId: '7ca7',
    imageName: 'debian-13-build-2',
    target: '3 projects',
    canCancel: false,
    startedAt: NOW - 30 * MINUTE,
    endedAt: NOW - 29 * MINUTE,
  },
  {
    id: 'a3',
    kind: 'export',
    state: 'failed',
    cloud: 'prod-beijing',
    region: 'cn-north-4',
    imageId: '7ca8',
    imageName: HOSTILE.html,
    target: 'exports/rocky.zvhd2',
    problem: notAllowed(HOSTILE.html),
    canCancel: false,
    startedAt: NOW - 90 * MINUTE,
    endedAt: NOW - 89 * MINUTE,
  },
];

/** Uploads that are over. */
export function someHistory(count: number): HistoryEntry[] {
  const outcomes: HistoryEntry['outcome'][] = ['done', 'done', 'failed', 'done', 'cancelled'];
  return Array.from({ length: count }, (_, at) => {
    const outcome = outcomes[at % outcomes.length] ?? 'done';
    return {
      id: `h${at}`,
      outcome,
      fileName: `image-${at + 1}.qcow2`,
      path: `/srv/images/image-${at + 1}.qcow2`,
      sizeBytes: (1 + (at % 7)) * GIB,
      sha256: 'a3f1'.repeat(16),
      cloud: at % 2 === 0 ? 'prod-beijing' : 'lab',
      region: at % 2 === 0 ? 'cn-north-4' : 'RegionOne',
      imageName: `image-${at + 1}`,
      ...(outcome === 'done' ? { imageId: `7ca7b4c3-${at}` } : {}),
      origin: at % 6 === 0 ? 'other' : 'desktop',
      startedAt: NOW - at * 7_200_000 - 600_000,
      endedAt: NOW - at * 7_200_000,
      sentBytes: GIB,
      ...(outcome === 'failed' ? { problem: jobFailed } : {}),
    };
  });
}
