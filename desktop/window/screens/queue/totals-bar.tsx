// All uploads together: how far, how fast, how long.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Progress } from '../../kit/index.ts';
import { useTotals } from '../../state/hooks.ts';
import { sentBytesOf, sentFractionOf } from './state-words.tsx';

/** The bar; nothing while nothing is to be sent. */
export function TotalsBar(): ReactNode {
  const { t } = useTranslation('queue');
  const formats = useFormats();
  const totals = useTotals();
  if (totals.totalBytes === 0) return null;
  const fraction = sentFractionOf(totals);
  // Each of them was paused by itself.
  const isHeld = totals.uploading === 0 && totals.queued === 0 && totals.attention === 0;
  const counts = [
    totals.paused || isHeld ? t('totals.paused') : undefined,
    totals.uploading > 0 ? t('totals.uploading', { count: totals.uploading }) : undefined,
    totals.queued > 0 ? t('totals.queued', { count: totals.queued }) : undefined,
    totals.attention > 0 ? t('totals.attention', { count: totals.attention }) : undefined,
  ].filter((part) => part !== undefined);
  const isSent = totals.confirmedBytes >= totals.totalBytes;
  const figures = [
    isSent ? t('totals.sent') : undefined,
    t('sentOf', { sent: formats.bytes(sentBytesOf(totals)), total: formats.bytes(totals.totalBytes) }),
    totals.bytesPerSecond > 0 ? formats.rate(totals.bytesPerSecond) : undefined,
    totals.etaMs === undefined ? undefined : t('left', { time: formats.duration(totals.etaMs) }),
  ].filter((part) => part !== undefined);
  return (
    <section className="queue-totals" aria-label={t('totals.label')}>
      <div className="queue-totals-line">
        <strong className="numeric queue-totals-percent">{formats.percent(fraction)}</strong>
        <span className="grow one-line">{counts.join(' · ')}</span>
        <span className="numeric muted">{figures.join(' · ')}</span>
      </div>
      <Progress
        fraction={fraction}
        label={t('totals.label')}
        tone={isSent ? 'success' : totals.paused || totals.bytesPerSecond === 0 ? 'muted' : 'accent'}
      />
    </section>
  );
}
