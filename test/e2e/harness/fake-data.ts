// Made-up but plausible data of an engine: tasks in each state, profiles, images, activities, and texts that mean harm.
import type {
  Activity,
  CloudView,
  HistoryEntry,
  ImageView,
  Problem,
  ProfileView,
  Result,
  TaskAction,
  TaskState,
  TaskView,
  Totals,
} from '@imagebridge/desktop-contract';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
/** The moment at which everything here happened. */
export const NOW = Date.UTC(2026, 4, 20, 9, 30);
const MINUTE = 60_000;

/** Nothing is in the list. */
export const noTotals: Totals = {
  tasks: 0,
  uploading: 0,
  queued: 0,
  attention: 0,
  done: 0,
  totalBytes: 0,
  confirmedBytes: 0,
  bytesPerSecond: 0,
  paused: false,
};

/** A greeting with nothing in it. */
export const emptyHello: Result<'app.hello'> = {
  version: '0.1.0',
  variant: 'web',
  platform: 'linux',
  node: '20.20.0',
  settings: {
    language: 'system',
    theme: 'system',
    parallel: 2,
    startAtOnce: false,
    notifications: true,
    keepAwake: true,
    closeToTray: 'ask',
    updateFeedUrl: '',
  },
  profiles: [],
  warnings: [],
  tasks: [],
  totals: noTotals,
  activities: [],
  online: true,
  localCloud: false,
};

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
  const no = 'This cloud has no base images. Share the image instead.';
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
      rule: '1 to 128 letters, digits, spaces, dots, hyphens and underscores',
    },
    description: { maxLength: 1024, rule: 'at most 1024 characters' },
    importFormats: ['qcow2', 'vmdk', 'vhd', 'raw', 'iso'],
    isoNeedsOsVersion: true,
    maxImportSizeBytes: 128 * GIB,
    minDiskGiB: { min: 10, max: 1024 },
  };
};

const ACTIONS: Readonly<Record<TaskState, TaskAction[]>> = {
  inspecting: ['remove'],
  draft: ['edit', 'start', 'remove'],
  queued: ['edit', 'pause', 'move', 'cancel'],
  uploading: ['pause', 'cancel', 'move'],
  paused: ['resume', 'cancel', 'move'],
  'waiting-network': ['pause', 'cancel', 'move'],
  verifying: ['pause', 'cancel'],
  completing: ['cancel'],
  importing: ['cancel'],
  done: ['open-image', 'remove'],
  attention: ['retry', 'cancel'],
  cancelled: ['retry', 'remove'],
};

/** A task with plausible values for its state. */
export function taskIn(state: TaskState, over: Partial<TaskView> = {}): TaskView {
  const id = over.id ?? `task-${state}`;
  const fileName = over.fileName ?? `ubuntu-24.04-server-${state}.qcow2`;
  const sizeBytes = over.sizeBytes ?? 3.2 * GIB;
  const isBegun = !['inspecting', 'draft', 'queued'].includes(state);
  const fraction = ['done', 'completing', 'importing'].includes(state)
    ? 1
    : state === 'cancelled'
      ? 0.2
      : 0.46;
  const isMoving = state === 'uploading';
  return {
    id,
    fileName,
    path: `/srv/images/${fileName}`,
    sizeBytes,
    ...(state === 'inspecting' ? {} : { format: 'qcow2' }),
    state,
    order: 1,
    origin: 'desktop',
    elsewhere: false,
    ...(state === 'inspecting'
      ? {}
      : {
          cloud: 'prod-beijing',
          region: 'cn-north-4',
          imageName: fileName.replace(/\.\w+$/, '').slice(0, 120),
        }),
    ...(state === 'done' ? { imageId: '7ca7b4c3-0d52-4bd4-bf5c-3c5e0d5a9a11' } : {}),
    ...(isBegun
      ? {
          progress: {
            totalBytes: sizeBytes,
            confirmedBytes: Math.floor(sizeBytes * fraction),
            fraction,
            bytesPerSecond: isMoving ? 42.7 * MIB : 0,
            ...(isMoving ? { etaMs: 41_000, bottleneck: 'network' as const } : {}),
            partsTotal: 205,
            partsDone: Math.floor(205 * fraction),
            partSizeBytes: 16 * MIB,
            resumable: true,
            ...(state === 'importing'
              ? { work: { text: 'The cloud imports the image', fraction: 0.62 } }
              : {}),
            ...(state === 'verifying'
              ? { work: { text: 'Parts are compared with the file', fraction: 0.3 } }
              : {}),
            ...(state === 'waiting-network' ? { stalledMs: 34_000 } : {}),
          },
        }
      : {}),
    ...(state === 'attention' ? { problem: jobFailed } : {}),
    errors: 0,
    warnings: 0,
    actions: ACTIONS[state],
    addedAt: NOW - 20 * MINUTE,
    ...(isBegun ? { startedAt: NOW - 15 * MINUTE } : {}),
    ...(['done', 'cancelled'].includes(state) ? { endedAt: NOW - MINUTE } : {}),
    ...over,
  };
}

/** Every state a task can be in. */
export const STATES = Object.keys(ACTIONS) as TaskState[];

/** The cloud took the file and failed later. */
export const jobFailed: Problem = {
  kind: 'job-failed',
  message:
    'Could not import ubuntu-24.04-server.qcow2 on huaweicloud "prod-beijing": the job failed; the service answered: IMG.0057, The image file is not bootable, request id 3f1c9c0be2b64a1c.',
  hint: 'Check that the disk boots in the firmware that was chosen, then try again.',
  code: 'IMG.0057',
  requestId: '3f1c9c0be2b64a1c',
  cloud: 'prod-beijing',
};

/** Problems of each kind that a task can stop with, and what can be done about them. */
export const PROBLEMS: readonly (readonly [Problem, TaskAction[]])[] = [
  [jobFailed, ['retry', 'remove']],
  [
    {
      kind: 'authentication',
      message:
        'Could not sign in on huaweicloud "prod-beijing": the service answered: HTTP 401, IAM.0011, The password has expired, request id 9d2a.',
      hint: 'Enter new credentials; the upload then goes on.',
      code: 'IAM.0011',
      status: 401,
      requestId: '9d2a',
    },
    ['sign-in', 'retry', 'cancel'],
  ],
  [
    {
      kind: 'permission',
      message:
        'Could not upload part 12 of debian-13.qcow2 on huaweicloud "prod-beijing": the service answered: HTTP 403, AccessDenied, Access Denied, request id 0000018F.',
      hint: 'Ask for the permission obs:object:PutObject on the bucket.',
      code: 'AccessDenied',
      status: 403,
      requestId: '0000018F',
    },
    ['retry', 'cancel'],
  ],
  [
    {
      kind: 'file-changed',
      message: 'Could not go on with windows-2022.vhd: the file has changed since the upload began.',
      hint: 'Send it anew from the start, or put the old file back.',
    },
    ['accept-file', 'retry', 'cancel'],
  ],
  [
    {
      kind: 'local-file',
      message: 'Could not read /media/usb/rocky-9.iso: it is not there.',
      hint: 'Plug the drive in again, or tell where the file is now.',
    },
    ['locate', 'retry', 'cancel'],
  ],
  [
    {
      kind: 'quota',
      message:
        'Could not import fedora.raw on huaweicloud "prod-beijing": the service answered: HTTP 400, IMG.0012, quota exceeded, request id 77.',
      hint: 'Delete images that are not needed, or ask for a higher quota.',
      code: 'IMG.0012',
      status: 400,
      requestId: '77',
    },
    ['retry', 'cancel'],
  ],
  [
    {
      kind: 'conflict',
      message: 'Could not create image "golden" on openstack "lab": an image of this name is there already.',
      hint: 'Choose another name, or say what to do when the name is taken.',
    },
    ['edit', 'retry', 'remove'],
  ],
  [
    {
      kind: 'refused',
      message: 'Could not send base.qcow2: it needs another file (backing file).',
      hint: 'Flatten it: qemu-img convert -O qcow2 base.qcow2 flat.qcow2',
    },
    ['edit', 'remove'],
  ],
];

/** A script as text, HTML, right-to-left, newlines and control characters: what hostile names and services may send. */
export const HOSTILE = {
  html: '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>.qcow2',
  rtl: 'invoice\u202Efdp.exe\u202C\u2067שלום\u2069.iso',
  lines: 'two\nlines\tand\ta\ttab\u0007.raw',
  long: `${'长'.repeat(80)}.img`,
  endless: `${'a'.repeat(249)}.qcow2`,
  zalgo: `Z\u0351\u0310\u036f\u0301a\u0324\u0353l\u033c\u0348go\u0336\u0334\u0321.vmdk`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is tried
  entity: '&lt;b&gt;&amp;&#x41; %s ${x} {{count}} $t(nav.about).vhd',
} as const;

/** Totals that fit the tasks. */
export function totalsOf(tasks: readonly TaskView[], paused = false): Totals {
  const count = (...states: TaskState[]) => tasks.filter(({ state }) => states.includes(state)).length;
  const open = tasks.filter(({ state }) =>
    ['queued', 'uploading', 'paused', 'waiting-network'].includes(state),
  );
  const sum = (read: (task: TaskView) => number) => open.reduce((total, task) => total + read(task), 0);
  const bytesPerSecond = sum(({ progress }) => progress?.bytesPerSecond ?? 0);
  const totalBytes = sum(({ sizeBytes }) => sizeBytes);
  const confirmedBytes = sum(({ progress }) => progress?.confirmedBytes ?? 0);
  return {
    tasks: tasks.length,
    uploading: count('uploading', 'verifying', 'completing', 'importing', 'waiting-network'),
    queued: count('queued'),
    attention: count('attention'),
    done: count('done'),
    totalBytes,
    confirmedBytes,
    bytesPerSecond,
    ...(bytesPerSecond > 0 ? { etaMs: ((totalBytes - confirmedBytes) / bytesPerSecond) * 1000 } : {}),
    paused,
  };
}

/** A long list: some are sent, most wait, some are over. */
export function manyTasks(count: number): TaskView[] {
  const pattern: TaskState[] = [
    'uploading',
    'queued',
    'queued',
    'queued',
    'paused',
    'done',
    'attention',
    'draft',
  ];
  return Array.from({ length: count }, (_, at) => {
    const state = pattern[at % pattern.length] ?? 'queued';
    const number = String(at + 1).padStart(5, '0');
    return taskIn(state, { id: `task-${number}`, fileName: `image-${number}.qcow2`, order: at + 1 });
  });
}

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
      ...(status === 'failed' ? { failureReason: 'The image file is damaged' } : {}),
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
    text: '1.2 GiB of 3.2 GiB have arrived',
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
    problem: {
      kind: 'permission',
      message: `Could not export the image: the service answered: HTTP 403, IMG.0083, ${HOSTILE.html}, request id 5b.`,
      code: 'IMG.0083',
      status: 403,
      requestId: '5b',
    },
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
