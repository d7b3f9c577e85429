// One upload that is over, in detail.
import type { HistoryEntry } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Badge, CopyButton, Drawer, Facts, ProblemNote, type Tone, visible } from '../../kit/index.ts';
import { hrefOf } from '../../state/route.ts';

const TONES: Readonly<Record<HistoryEntry['outcome'], Tone>> = {
  done: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

/** How it ended. */
export function Outcome({ outcome }: { outcome: HistoryEntry['outcome'] }): ReactNode {
  const { t } = useTranslation('history');
  return <Badge tone={TONES[outcome]}>{t(`outcome.${outcome}`)}</Badge>;
}

/** The drawer. */
export function EntryDrawer({ entry, onClose }: { entry: HistoryEntry; onClose: () => void }): ReactNode {
  const { t } = useTranslation('history');
  const { bytes, dateTime, duration, number, rate } = useFormats();
  const { cloud, region, imageId, sentBytes, sizeBytes, startedAt, endedAt } = entry;
  const tookMs = endedAt - startedAt;
  const exact = (count: number) => `${bytes(count)} (${number(count)} B)`;
  const copied = (text: string | undefined) =>
    text === undefined ? undefined : (
      <>
        <span className="mono">{visible(text)}</span> <CopyButton text={text} />
      </>
    );
  return (
    <Drawer
      open
      onClose={onClose}
      title={visible(entry.imageName || entry.fileName)}
      description={<Outcome outcome={entry.outcome} />}
    >
      <div className="col gap-4">
        {imageId === undefined || entry.outcome !== 'done' ? null : (
          <div>
            <a className="button" href={hrefOf('images', { cloud, region, image: imageId })}>
              {t('openImage')}
            </a>
          </div>
        )}
        {entry.problem ? <ProblemNote problem={entry.problem} /> : null}
        <Facts
          facts={[
            [t('field.cloud'), visible(`${cloud} · ${region}`)],
            [t('field.imageId'), copied(imageId)],
            [t('field.file'), visible(entry.fileName)],
            [t('field.path'), copied(entry.path)],
            [t('field.size'), exact(sizeBytes)],
            [t('field.sent'), sentBytes === undefined ? undefined : exact(sentBytes)],
            [t('field.sha256'), copied(entry.sha256)],
            [t('field.started'), dateTime(startedAt)],
            [t('field.ended'), dateTime(endedAt)],
            [t('field.took'), duration(tookMs)],
            [
              t('field.rate'),
              sentBytes === undefined || tookMs < 1000 ? undefined : rate((sentBytes * 1000) / tookMs),
            ],
            [t('field.origin'), t(`origin.${entry.origin}`)],
          ]}
        />
      </div>
    </Drawer>
  );
}
