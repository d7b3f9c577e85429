// The form of a file that is not sent yet: where it goes, what the image shall be, what the cloud says to it.

import type { Problem, TaskDetail } from '@imagebridge/desktop-contract';
import { Play } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Field, Loading, Note, ProblemNote, Select, TextInput } from '../../kit/index.ts';
import { useCloudView } from '../../state/cloud-view.ts';
import { useCommand, useProfiles, useSettings } from '../../state/hooks.ts';
import { hrefOf, navigate } from '../../state/route.ts';
import { Advanced } from './advanced.tsx';
import { cleaned, dropDraft, firstCloud, rememberCloud } from './drafts.ts';
import { Findings } from './findings.tsx';
import { ImageFields } from './image-fields.tsx';
import { useForm, useVerdict } from './use-form.ts';
import { Verdict } from './verdict.tsx';

/** The form. `onStarted` is called when the task is in the queue. */
export function DraftForm({ detail, onStarted }: { detail: TaskDetail; onStarted: () => void }): ReactNode {
  const { t } = useTranslation('task');
  const { id } = detail.task;
  const profiles = useProfiles();
  const settings = useSettings();
  const state = useForm(id, detail.form, detail.task.cloud ?? firstCloud(profiles, settings));
  const { form, target, change } = state;
  const checked = useVerdict(id, form);
  const start = useCommand('tasks.start');
  const remove = useCommand('tasks.remove');
  const [refused, setRefused] = useState<Problem>();
  const place =
    target === undefined
      ? undefined
      : { cloud: target.cloud, ...(target.region === undefined ? {} : { region: target.region }) };
  const described = useCloudView(place);
  // While another region is asked for, the fields stay as they are.
  const lastCloud = useRef(described.data);
  if (described.data !== undefined) lastCloud.current = described.data;
  const cloud = lastCloud.current?.name === target?.cloud ? lastCloud.current : undefined;

  if (profiles.length === 0)
    return (
      <div className="col gap-3">
        <Findings findings={detail.inspection?.findings ?? []} />
        <Note title={t('noCloud')}>
          {t('noCloudHint')}{' '}
          <a className="text-link" href={hrefOf('profiles')}>
            {t('toClouds')}
          </a>
        </Note>
      </div>
    );

  const { verdict } = checked;
  const canStart =
    form !== undefined && !checked.checking && verdict?.verdict !== 'refused' && form.name.trim() !== '';
  const begin = async () => {
    if (!canStart || form === undefined) return;
    setRefused(undefined);
    const reply = await start.run({ tasks: [{ id, form: cleaned(form) }] });
    if (reply === undefined) return;
    const [no] = reply.refused;
    if (no !== undefined) return setRefused(no.problem);
    dropDraft(id);
    rememberCloud(form.cloud);
    onStarted();
  };
  const regions = [...new Set([...(cloud?.regions ?? []), ...(target?.region ? [target.region] : [])])];
  const findings = verdict?.findings ?? detail.inspection?.findings ?? [];

  return (
    // Enter in a field starts nothing: that is the button's, or Ctrl+Enter.
    <form
      className="draft"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void begin();
      }}
      noValidate
    >
      <div className="draft-fields">
        <Findings findings={findings} />
        <div className="draft-place">
          <Field label={t('form.cloud')}>
            <Select
              value={target?.cloud}
              placeholder={t('form.chooseCloud')}
              choices={profiles.map(({ name, family, region }) => ({
                value: name,
                label: name,
                detail: [family ? t(`common:family.${family}`) : undefined, region]
                  .filter(Boolean)
                  .join(' · '),
              }))}
              onChange={(name) => state.setTarget({ cloud: name, region: undefined })}
            />
          </Field>
          {regions.length > 1 && target ? (
            <Field label={t('form.region')}>
              <Select
                value={target.region ?? cloud?.region}
                choices={regions.map((region) => ({ value: region, label: region }))}
                onChange={(region) => state.setTarget({ cloud: target.cloud, region })}
              />
            </Field>
          ) : null}
        </div>
        {state.problem ? (
          <ProblemNote
            title={t('form.noSuggestion')}
            problem={state.problem}
            action={
              <>
                <Button look="link" onClick={state.again}>
                  {t('common:action.retry')}
                </Button>
                <Button look="link" onClick={() => navigate('profiles', { edit: target?.cloud })}>
                  {t('form.openCloud')}
                </Button>
              </>
            }
          />
        ) : form === undefined ? (
          target === undefined ? null : (
            <Loading label={t('form.filling')} />
          )
        ) : (
          <>
            <Field
              label={t('form.name')}
              hint={cloud ? <span className="foreign">{cloud.imageName.rule}</span> : undefined}
              error={
                form.name.trim() === '' ? (
                  t('form.nameMissing')
                ) : verdict?.legalName && verdict.legalName !== form.name ? (
                  <>
                    {t('form.nameIllegal')}{' '}
                    <Button look="link" onClick={() => change({ name: verdict.legalName ?? form.name })}>
                      {t('form.useName', { name: verdict.legalName })}
                    </Button>
                  </>
                ) : undefined
              }
            >
              <TextInput value={form.name} onChange={(name) => change({ name })} />
            </Field>
            <ImageFields form={form} onChange={change} cloud={cloud} inspection={detail.inspection} />
            <Advanced form={form} onChange={change} cloud={cloud} />
          </>
        )}
      </div>
      <div className="draft-foot">
        {form ? <Verdict checked={checked} cloud={cloud} form={form} onChange={change} /> : null}
        {refused ? <ProblemNote title={t('form.notStarted')} problem={refused} /> : null}
        {start.problem ? <ProblemNote title={t('form.notStarted')} problem={start.problem} /> : null}
        {remove.problem ? <ProblemNote problem={remove.problem} /> : null}
        <div className="row">
          {detail.task.actions.includes('remove') ? (
            <Button look="quiet" busy={remove.busy} onClick={() => void remove.run({ ids: [id] })}>
              {t('form.remove')}
            </Button>
          ) : null}
          <span className="grow" />
          <Button
            look="primary"
            onClick={() => void begin()}
            icon={<Play size={16} aria-hidden />}
            busy={start.busy}
            disabled={!canStart}
          >
            {t('form.start')}
          </Button>
        </div>
      </div>
    </form>
  );
}
