// Made-up but plausible data of an engine: tasks in each state, and texts that mean harm.
import {
  DEFAULT_SETTINGS,
  type Finding,
  NO_TOTALS,
  type Result,
  type TaskAction,
  type TaskState,
  type TaskView,
  type TimelineEntry,
  type Totals,
} from '@imagebridge/desktop-contract';
import { jobFailed } from './fake-problems.ts';

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
  taskWarnings: [],
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
            ...(state === 'importing' ? { work: { text: 'importing, job 5f3c', fraction: 0.62 } } : {}),
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

/** What is told of a file that may still be sent. */
export const someFinding: Finding = {
  severity: 'warning',
  code: 'qcow2-dirty',
  message: 'The image was not closed cleanly, or is in use.',
  remedy: 'Shut the machine down, or repair a copy: qemu-img check -r all ubuntu.qcow2.',
};

/** What happened to a task: every kind of moment, in the order in which it may come. */
export const someTimeline: TimelineEntry[] = [
  { at: NOW - 15 * MINUTE, kind: 'state', text: 'uploading', moment: { type: 'state', state: 'uploading' } },
  {
    at: NOW - 10 * MINUTE,
    kind: 'retry',
    text: 'Could not upload part 12 of ubuntu.qcow2: HTTP 503.',
    moment: {
      type: 'retry',
      partNumber: 12,
      attempt: 1,
      waitMs: 2_000,
      cause: { httpStatus: 503, code: 'SlowDown', requestId: '0000018F' },
    },
  },
  {
    at: NOW - 8 * MINUTE,
    kind: 'retry',
    text: 'Could not upload the file: the connection was reset.',
    moment: { type: 'retry', attempt: 3, waitMs: 60_000, cause: { reason: 'the connection was reset' } },
  },
  {
    at: NOW - 5 * MINUTE,
    kind: 'stalled',
    text: 'No byte has moved for 30 s.',
    moment: { type: 'stalled', stalledMs: 30_000 },
  },
  {
    at: NOW - 4 * MINUTE,
    kind: 'note',
    text: 'The network of this machine has changed: the upload goes on over the new one.',
  },
  {
    at: NOW - 3 * MINUTE,
    kind: 'state',
    text: 'attention',
    moment: { type: 'state', state: 'attention', cause: { httpStatus: 403, code: HOSTILE.html } },
  },
  { at: NOW - 2 * MINUTE, kind: 'state', text: 'uploading', moment: { type: 'state', state: 'uploading' } },
];
