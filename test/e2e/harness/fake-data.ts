// Made-up but plausible data of an engine: tasks in each state, problems, and texts that mean harm.
import {
  DEFAULT_SETTINGS,
  NO_TOTALS,
  type Problem,
  type Result,
  type TaskAction,
  type TaskState,
  type TaskView,
  type Totals,
} from '@imagebridge/desktop-contract';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
/** The moment at which everything here happened. */
export const NOW = Date.UTC(2026, 4, 20, 9, 30);
/** A minute in ms. */
export const MINUTE = 60_000;

/** A greeting with nothing in it. */
export const emptyHello: Result<'app.hello'> = {
  version: '0.1.0',
  variant: 'web',
  platform: 'linux',
  node: '20.20.0',
  settings: DEFAULT_SETTINGS,
  profiles: [],
  warnings: [],
  tasks: [],
  totals: NO_TOTALS,
  activities: [],
  online: true,
  localCloud: false,
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
