// What windows see of tasks: views, actions, totals. Pure.
import type { UploadSnapshot } from '@imagebridge/core';
import {
  type TaskAction,
  type TaskProgress,
  type TaskView,
  type TimelineEntry,
  type Totals,
  taskMoment,
} from '@imagebridge/desktop-contract';
import { placeOf, type Task } from './task.ts';

/** States in which a task has its place among those that run. */
export const RUNNING: ReadonlySet<Task['state']> = new Set([
  'uploading',
  'verifying',
  'completing',
  'importing',
]);

/** What can be done with a task just now. */
export function actionsOf(task: Task): TaskAction[] {
  if (task.cancelling) return [];
  switch (task.state) {
    case 'inspecting':
      return ['remove'];
    case 'draft':
      return ['edit', 'start', 'remove', 'move'];
    case 'queued':
      return ['pause', 'cancel', 'move'];
    case 'uploading':
    case 'verifying':
      return ['pause', 'cancel', ...(task.elsewhere ? [] : (['move'] as const))];
    case 'completing':
    case 'importing':
      return ['cancel'];
    case 'waiting-network':
      return task.elsewhere ? ['pause', 'cancel'] : ['retry', 'pause', 'cancel', 'move'];
    case 'paused':
      return ['resume', 'cancel', ...(task.elsewhere ? [] : (['move'] as const))];
    case 'done':
      return [...(task.imageId === undefined ? [] : (['open-image'] as const)), 'remove'];
    case 'cancelled':
      return [...(task.form === undefined ? [] : (['retry'] as const)), 'remove'];
    case 'attention':
      return [...remediesOf(task), ...endsOf(task)];
  }
}

function remediesOf({ need, form, origin }: Task): TaskAction[] {
  switch (need) {
    case 'sign-in':
      return ['sign-in', 'retry'];
    case 'accept-file':
      return form === undefined ? ['retry'] : ['accept-file', 'retry'];
    case 'locate':
      return ['locate', 'retry'];
    case 'edit':
      return form === undefined || origin === 'other' ? ['retry'] : ['edit', 'retry'];
    case 'give-up':
    case 'other-program':
      return [];
    default:
      return ['retry'];
  }
}

/** One that never began is taken off the list; one that began is cancelled, so that nothing stays on the server. */
const endsOf = (task: Task): TaskAction[] =>
  task.startedAt === undefined ? ['remove'] : task.need === 'give-up' ? ['cancel', 'remove'] : ['cancel'];

/** A task in the list. */
export function viewOf(task: Task): TaskView {
  const { cloud, region, imageName } = placeOf(task);
  // Of a packed file, the cloud sees only what is inside; lz4 is not unpacked.
  const { compression, findings: found = [] } = task.inspection ?? {};
  const isUnpacked = compression !== undefined && compression !== 'lz4' && task.form?.unpack !== false;
  const findings = isUnpacked ? [] : found;
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const { id, fileName, path, sizeBytes, state, order, origin, elsewhere, addedAt } = task;
  const { imageId, progress, problem, startedAt, endedAt } = task;
  return {
    ...{ id, fileName, path, sizeBytes, state, order, origin, elsewhere, addedAt },
    ...(task.inspection === undefined ? {} : { format: task.inspection.format }),
    ...(cloud === '' ? {} : { cloud }),
    ...(region === '' ? {} : { region }),
    ...(imageName === '' ? {} : { imageName }),
    ...(imageId === undefined ? {} : { imageId }),
    ...(progress === undefined ? {} : { progress }),
    ...(problem === undefined ? {} : { problem }),
    errors: count('error'),
    warnings: count('warning'),
    actions: actionsOf(task),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** How far an upload is. @param atLeastBytes what was shown before, while the server has not been asked yet */
export function progressOf(snapshot: UploadSnapshot, atLeastBytes = 0): TaskProgress {
  const totalBytes = snapshot.file.sizeBytes;
  const resumable = snapshot.resumable ?? snapshot.route !== 'stream';
  const underWay = snapshot.underWayBytes ?? 0;
  // A stream is confirmed as a whole: what it has been given is what there is to show.
  const given = resumable ? 0 : underWay;
  const confirmedBytes = Math.min(totalBytes, Math.max(snapshot.confirmedBytes + given, atLeastBytes));
  const isSending = snapshot.state === 'uploading';
  const underWayBytes = isSending && resumable ? Math.min(underWay, totalBytes - confirmedBytes) : 0;
  const { etaMs, bottleneck, stalledMs, work } = snapshot;
  return {
    totalBytes,
    confirmedBytes,
    ...(underWayBytes > 0 ? { underWayBytes } : {}),
    fraction: totalBytes === 0 ? 0 : confirmedBytes / totalBytes,
    bytesPerSecond: isSending ? snapshot.bytesPerSecond : 0,
    ...(isSending && etaMs !== undefined ? { etaMs } : {}),
    partsTotal: snapshot.partsTotal,
    partsDone: snapshot.partsDone,
    partSizeBytes: snapshot.partSizeBytes,
    resumable,
    ...(bottleneck === undefined ? {} : { bottleneck }),
    ...(stalledMs === undefined ? {} : { stalledMs }),
    ...(work === undefined ? {} : { work: workOf(work) }),
  };
}

const workOf = ({ text, fraction }: { text: string; fraction?: number | undefined }) =>
  fraction === undefined ? { text } : { text, fraction };

/** Progress of something that does not move just now. */
export function still(progress: TaskProgress | undefined): TaskProgress | undefined {
  if (progress === undefined) return undefined;
  const { etaMs: _, bottleneck: __, stalledMs: ___, work: ____, underWayBytes: _____, ...rest } = progress;
  return { ...rest, bytesPerSecond: 0 };
}

/** All tasks together. @param bytesPerSecond of all of them, smoothed */
export function totalsOf(tasks: readonly Task[], paused: boolean, bytesPerSecond: number): Totals {
  const totals = { tasks: tasks.length, uploading: 0, queued: 0, attention: 0, done: 0 };
  let totalBytes = 0;
  let confirmedBytes = 0;
  let underWayBytes = 0;
  let rate = 0;
  let leftBytes = 0;
  /** Of those that send: how long each of them still takes. */
  const etasMs: (number | undefined)[] = [];
  for (const task of tasks) {
    if (task.state === 'done') totals.done++;
    else if (task.state === 'attention') totals.attention++;
    const isUnderWay = RUNNING.has(task.state) || task.state === 'waiting-network';
    if (isUnderWay) totals.uploading++;
    if (task.state === 'queued') totals.queued++;
    if (task.state === 'uploading') etasMs.push(task.progress?.etaMs);
    if (!isUnderWay && task.state !== 'queued' && task.state !== 'paused') continue;
    const total = task.progress?.totalBytes ?? task.sizeBytes;
    const confirmed = task.progress?.confirmedBytes ?? 0;
    totalBytes += total;
    confirmedBytes += confirmed;
    underWayBytes += task.progress?.underWayBytes ?? 0;
    rate += task.progress?.bytesPerSecond ?? 0;
    if (task.state !== 'paused') leftBytes += total - confirmed;
  }
  // Where nothing else waits, it takes as long as the last one of them: the list must not tell another time.
  const known = etasMs.filter((etaMs) => etaMs !== undefined);
  const isAllKnown = totals.queued === 0 && known.length > 0 && known.length === totals.uploading;
  const together = bytesPerSecond >= 1 ? Math.round((leftBytes / bytesPerSecond) * 1000) : undefined;
  const etaMs = rate <= 0 ? undefined : isAllKnown ? Math.max(...known) : together;
  return {
    ...totals,
    totalBytes,
    confirmedBytes,
    ...(underWayBytes > 0 ? { underWayBytes } : {}),
    bytesPerSecond: rate,
    ...(etaMs === undefined ? {} : { etaMs }),
    paused,
  };
}

const MAX_DIGITS = 1000;
const CONFIRMED = 3;

/** Where each part stands, as digits; of many parts several share one, which is the least of theirs. */
export function partDigits(states: Uint8Array): string {
  const groups = Math.min(states.length, MAX_DIGITS);
  let digits = '';
  for (let group = 0; group < groups; group++) {
    const from = Math.floor((group * states.length) / groups);
    const to = Math.floor(((group + 1) * states.length) / groups);
    let least = CONFIRMED;
    for (let n = from; n < to; n++) least = Math.min(least, states[n] ?? 0);
    digits += least;
  }
  return digits;
}

/** A moment for the window. An older version has told states by their words alone. */
export function entryOf(entry: TimelineEntry): TimelineEntry {
  if (entry.kind !== 'state' || entry.moment !== undefined) return entry;
  const [state, ...reason] = entry.text.split(': ');
  const cause = reason.length > 0 ? { reason: reason.join(': ') } : undefined;
  const { data } = taskMoment.safeParse({ type: 'state', state, cause });
  return data === undefined ? entry : { ...entry, moment: data };
}
