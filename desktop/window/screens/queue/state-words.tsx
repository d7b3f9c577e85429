// What a task does, in words, with an icon and a colour that never stands alone.

import type { TaskState, TaskView } from '@imagebridge/desktop-contract';
import type { TFunction } from 'i18next';
import {
  Ban,
  CircleCheck,
  CircleDot,
  CircleEllipsis,
  CirclePause,
  CloudCog,
  FileSearch,
  type LucideIcon,
  ShieldCheck,
  TriangleAlert,
  Upload,
  WifiOff,
} from 'lucide-react';
import type { Formats } from '../../i18n/format.ts';
import type { Say } from '../../i18n/say.ts';

/** Colours of a state. */
export type StateTone = 'accent' | 'success' | 'warning' | 'danger' | 'muted';

/** Icon and colour by state. */
export const STATES: Readonly<Record<TaskState, { icon: LucideIcon; tone: StateTone }>> = {
  inspecting: { icon: FileSearch, tone: 'muted' },
  draft: { icon: CircleDot, tone: 'muted' },
  queued: { icon: CircleEllipsis, tone: 'muted' },
  uploading: { icon: Upload, tone: 'accent' },
  paused: { icon: CirclePause, tone: 'muted' },
  'waiting-network': { icon: WifiOff, tone: 'warning' },
  verifying: { icon: ShieldCheck, tone: 'accent' },
  completing: { icon: ShieldCheck, tone: 'accent' },
  importing: { icon: CloudCog, tone: 'accent' },
  done: { icon: CircleCheck, tone: 'success' },
  attention: { icon: TriangleAlert, tone: 'danger' },
  cancelled: { icon: Ban, tone: 'muted' },
};

/** From here on a halt is told instead of a speed, in ms. */
const STALL_MS = 5000;

/** True while nothing can be done with it because it is being stopped. */
export const isStopping = (task: TaskView): boolean =>
  task.actions.length === 0 && !['done', 'cancelled', 'inspecting'].includes(task.state);

/** True when it is paused and what was sent of it is of no use. */
const beginsAgain = ({ state, progress }: TaskView) => state === 'paused' && progress?.resumable === false;

/** The state in words. @param t of the namespace `queue` */
export function stateText(task: TaskView, t: TFunction<'queue'>): string {
  if (isStopping(task)) return t('stopping');
  if (task.state === 'draft' && task.errors > 0) return t('state.draftErrors');
  if (beginsAgain(task)) return t('state.pausedFromStart');
  return t(`state.${task.state}`);
}

/** Bytes of which `total` are to be sent: those that are confirmed, and those on their way. */
interface Moving {
  totalBytes: number;
  confirmedBytes: number;
  underWayBytes?: number | undefined;
}

/** What has left this machine. On a slow line a part takes a minute to be confirmed; nobody should look at 0 % for so long. */
export const sentBytesOf = ({ confirmedBytes, underWayBytes = 0 }: Moving): number =>
  confirmedBytes + underWayBytes;

/** How much of it that is, 0 to 1. It is the whole only once all is confirmed. */
export const sentFractionOf = (moving: Moving): number =>
  moving.confirmedBytes >= moving.totalBytes ? 1 : Math.min(0.999, sentBytesOf(moving) / moving.totalBytes);

/** How far the bar is; undefined: it moves without saying. Null: there is none. */
export function barOf(task: TaskView): number | undefined | null {
  const { state, progress } = task;
  if (beginsAgain(task)) return null;
  switch (state) {
    case 'draft':
    case 'cancelled':
    case 'done':
      return null;
    case 'inspecting':
    case 'completing':
      return undefined;
    case 'verifying':
    case 'importing':
      return progress?.work?.fraction;
    case 'queued':
    case 'attention':
      return progress !== undefined && progress.confirmedBytes > 0 ? progress.fraction : null;
    default:
      return progress === undefined ? 0 : sentFractionOf(progress);
  }
}

/** The line below the bar: parts in their order, without those that have nothing to say. */
export function factsOf(task: TaskView, t: TFunction<'queue'>, formats: Formats, say: Say): string[] {
  const { state, progress, problem, endedAt } = task;
  const sent = progress
    ? t('sentOf', { sent: formats.bytes(sentBytesOf(progress)), total: formats.bytes(progress.totalBytes) })
    : formats.bytes(task.sizeBytes);
  switch (state) {
    case 'uploading': {
      if (progress === undefined) return [sent];
      if ((progress.stalledMs ?? 0) >= STALL_MS)
        return [t('stalled', { time: formats.duration(progress.stalledMs ?? 0) }), sent];
      // What people look for comes first: the end of the line is cut off where there is no room.
      return [
        ...(progress.etaMs === undefined ? [] : [t('left', { time: formats.duration(progress.etaMs) })]),
        ...(progress.bytesPerSecond > 0 ? [formats.rate(progress.bytesPerSecond)] : []),
        sent,
      ];
    }
    case 'importing':
    case 'verifying':
    case 'completing':
      return [progress?.work ? say(progress.work.text) : sent];
    case 'attention':
      return [problem ? say.problem(problem).brief : sent];
    case 'done':
      return [formats.bytes(task.sizeBytes), ...(endedAt === undefined ? [] : [formats.dateTime(endedAt)])];
    case 'waiting-network':
      return problem?.kind === 'sign-in-page' ? [t('signInPage'), sent] : [sent];
    case 'paused':
      return [beginsAgain(task) ? formats.bytes(task.sizeBytes) : sent];
    case 'queued':
      return [progress !== undefined && progress.confirmedBytes > 0 ? sent : formats.bytes(task.sizeBytes)];
    default:
      return [formats.bytes(task.sizeBytes)];
  }
}
