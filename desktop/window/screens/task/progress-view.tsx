// How far an upload is, what it waits for, and whether it could go on after a break.

import type { TaskView } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { useSay } from '../../i18n/say.ts';
import { Note, Progress, visible } from '../../kit/index.ts';
import { barOf, factsOf, STATES, stateText } from '../queue/state-words.tsx';

/** Progress of one task, in full. */
export function ProgressView({ task }: { task: TaskView }): ReactNode {
  const { t } = useTranslation('task');
  const { t: words } = useTranslation('queue');
  const formats = useFormats();
  const say = useSay();
  const { progress, state } = task;
  const { icon: Icon, tone } = STATES[state];
  const bar = barOf(task);
  const isMoving = state === 'uploading';
  return (
    <section className="col gap-3">
      <div className="progress-head" data-tone={tone}>
        <Icon size={20} aria-hidden />
        <strong className="grow">{stateText(task, words)}</strong>
        {typeof bar === 'number' ? (
          <span className="progress-percent numeric">{formats.percent(bar)}</span>
        ) : null}
      </div>
      {bar === null ? null : (
        <Progress fraction={bar} tone={tone} label={words('progressOf', { name: visible(task.fileName) })} />
      )}
      {state === 'attention' ? null : (
        <div className="small muted numeric foreign">{factsOf(task, words, formats, say).join(' · ')}</div>
      )}
      {isMoving && progress?.bottleneck ? (
        <Note title={t('speedIs', { what: words(`bottleneck.${progress.bottleneck}`) })}>
          {t(`bottleneck.${progress.bottleneck}`)}
        </Note>
      ) : null}
      {progress &&
      !progress.resumable &&
      ['uploading', 'paused', 'queued', 'waiting-network'].includes(state) ? (
        <Note tone="warning" title={t('route.once')}>
          {t('route.onceRunning')}
        </Note>
      ) : null}
      {task.elsewhere ? <Note title={words('elsewhere')}>{t('elsewhereText')}</Note> : null}
    </section>
  );
}
