// What the cloud says to a form, before anything is sent: taken or not, and how the file would travel.

import type { CloudView, TaskForm } from '@imagebridge/desktop-contract';
import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Button, CopyButton, Note, problemText } from '../../kit/index.ts';
import type { Checked } from './use-form.ts';

/** The verdict in words. */
export function Verdict({
  checked,
  cloud,
  form,
  onChange,
}: {
  checked: Checked;
  cloud: CloudView | undefined;
  form: TaskForm;
  onChange: (changes: Partial<TaskForm>) => void;
}): ReactNode {
  const { t } = useTranslation('task');
  const say = useSay();
  const { verdict, problem, checking } = checked;
  if (verdict === undefined && problem === undefined)
    return checking ? (
      <div className="row muted" role="status">
        <LoaderCircle size={16} className="spinner" aria-hidden />
        {t('verdict.checking', { cloud: form.cloud })}
      </div>
    ) : null;
  const unknown = problem ?? (verdict?.verdict === 'unknown' ? verdict.problem : undefined);
  const route = verdict?.route;
  // The form tells already which file and which cloud: the reason is enough here.
  const refusal = verdict?.problem ?? { kind: 'refused', message: t('verdict.refusedPlain') };
  const said = say.problem(refusal);
  // What was found in the file is told among the findings, with its remedy.
  const isTold = verdict?.findings.some(
    ({ severity, code }) => severity === 'error' && code === refusal.code,
  );
  const facts = [
    verdict?.diskFormat ? t('verdict.format', { format: verdict.diskFormat }) : undefined,
    verdict?.minDiskGiB ? t('verdict.minDisk', { count: verdict.minDiskGiB }) : undefined,
    route?.resumable ? t('route.resumable') : undefined,
  ].filter((fact) => fact !== undefined);
  const canStage =
    cloud?.abilities.stagedUpload === true && form.route !== 'staged' && route?.route !== 'staged';

  return (
    <div className="verdict" aria-busy={checking}>
      {verdict?.verdict === 'refused' ? (
        <Note tone="danger" title={t('verdict.refused', { cloud: form.cloud })} live>
          <div className="foreign">{isTold ? t('verdict.reasonAbove') : said.brief}</div>
          {said.hint && !isTold ? <div className="foreign">{said.hint}</div> : null}
          <div className="row wrap">
            {refusal.kind === 'conflict' ? (
              <Button look="link" onClick={() => onChange({ ifExists: 'new' })}>
                {t('ifExists.new')}
              </Button>
            ) : null}
            <CopyButton text={problemText(refusal)} label={t('common:problem.copy')} />
          </div>
        </Note>
      ) : null}
      {verdict?.verdict === 'unknown' || problem ? (
        <Note tone="warning" title={t('verdict.unknown', { cloud: form.cloud })} live>
          {unknown ? <div className="foreign">{say.problem(unknown).message}</div> : null}
          <div>{t('verdict.unknownHint')}</div>
        </Note>
      ) : null}
      {verdict?.verdict === 'ok' ? (
        <Note tone="success" title={t('verdict.ok', { cloud: form.cloud })} live>
          {facts.length > 0 ? <div className="sentence">{facts.join(' · ')}</div> : null}
          {route?.resumable ? <div className="foreign muted">{say(route.reason)}</div> : null}
        </Note>
      ) : null}
      {route && !route.resumable && verdict?.verdict !== 'refused' ? (
        <Note tone="warning" title={t('route.once')}>
          <div>{t('route.onceText')}</div>
          <div className="foreign muted">{say(route.reason)}</div>
          {canStage ? (
            <Button look="link" onClick={() => onChange({ route: 'staged' })}>
              {t('route.useStaged')}
            </Button>
          ) : null}
        </Note>
      ) : null}
    </div>
  );
}
