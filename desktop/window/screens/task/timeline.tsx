// What happened to a task, moment by moment, in the language of the window.
import type { TimelineCause, TimelineEntry } from '@imagebridge/desktop-contract';
import type { TFunction } from 'i18next';
import { Flag, type LucideIcon, MessageSquare, RotateCw, TimerOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Formats, useFormats } from '../../i18n/format.ts';
import { type Say, useSay } from '../../i18n/say.ts';
import { visibleText } from '../../kit/index.ts';

const ICONS: Readonly<Record<TimelineEntry['kind'], LucideIcon>> = {
  state: Flag,
  retry: RotateCw,
  stalled: TimerOff,
  note: MessageSquare,
};

const isToday = (at: number) => new Date(at).toDateString() === new Date().toDateString();

/** What happened, the newest first. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  const say = useSay();
  if (entries.length === 0) return <p className="muted">{t('timeline.empty')}</p>;
  const newest = [...entries].reverse();
  return (
    <ol className="timeline">
      {newest.map((entry, i) => {
        const Icon = ICONS[entry.kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two moments may say the same at the same time
          <li key={newest.length - i}>
            <Icon size={14} className="timeline-mark" data-kind={entry.kind} aria-hidden />
            <div className="grow">
              <div className="foreign">
                <span className="sr-only">{t(`timeline.${entry.kind}`)}: </span>
                {visibleText(wordsOf(entry, t, formats, say))}
              </div>
              <time className="small muted numeric" dateTime={new Date(entry.at).toISOString()}>
                {isToday(entry.at) ? formats.time(entry.at) : formats.dateTime(entry.at)}
              </time>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function wordsOf({ text, moment }: TimelineEntry, t: TFunction<'task'>, formats: Formats, say: Say): string {
  switch (moment?.type) {
    case 'state': {
      const state = t(`timeline.states.${moment.state}`);
      // A pause keeps the last failure, which was told before.
      if (moment.state !== 'attention' || moment.cause === undefined) return state;
      return t('timeline.stateWhy', { state, cause: causeWords(moment.cause, t, say) });
    }
    case 'retry': {
      const { partNumber, attempt, waitMs } = moment;
      const cause = causeWords(moment.cause, t, say);
      const wait = waitWords(waitMs, t, formats);
      return partNumber === undefined
        ? t('timeline.retryWhole', { attempt, cause, wait })
        : t('timeline.retryPart', { part: partNumber, attempt, cause, wait });
    }
    case 'stalled':
      return t('timeline.nothingMoved', { time: formats.duration(moment.stalledMs) });
    case undefined:
      return say(text);
  }
}

/** In short: `HTTP 503, SlowDown, request id 1234`. */
function causeWords(cause: TimelineCause, t: TFunction<'task'>, say: Say): string {
  const { reason, code, httpStatus, requestId } = cause;
  const parts = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    // Some services repeat the status as their code.
    code === String(httpStatus) ? undefined : code,
    reason === undefined ? undefined : say(reason.replace(/\.$/, '')).replace(/。$/, ''),
    requestId === undefined ? undefined : t('common:problem.requestIdOf', { id: requestId }),
  ].filter(Boolean);
  return parts.length === 0 ? t('timeline.noCause') : parts.join(t('common:problem.comma'));
}

/** Short waits in tenths of a second. */
const waitWords = (waitMs: number, t: TFunction<'task'>, formats: Formats): string =>
  waitMs < 9_950
    ? t('timeline.seconds', { seconds: Math.max(0.1, Math.round(waitMs / 100) / 10) })
    : formats.duration(waitMs);
