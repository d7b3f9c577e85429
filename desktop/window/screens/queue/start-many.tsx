// Many drafts started at once: the same cloud, tags and beginning of the name; the rest is suggested for each file.

import type { Problem, TaskForm } from '@imagebridge/desktop-contract';
import { Play } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Button, Dialog, Field, Note, ProblemNote, Progress, Select, TextInput } from '../../kit/index.ts';
import { useCloudView } from '../../state/cloud-view.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf, useProfiles, useSettings } from '../../state/hooks.ts';
import { groupRefused } from '../add/refused.tsx';
import { cleaned, draftOf, dropDraft, firstCloud, rememberCloud } from '../task/drafts.ts';
import { TagsEditor } from '../task/tags-editor.tsx';

/** Suggestions that are asked for at once: each may ask the cloud for its catalogue. */
const ASKED_AT_ONCE = 6;
/** Tasks of one call to start them. */
const BATCH = 100;

interface Done {
  started: number;
  refused: readonly { path: string; problem: Problem }[];
}

/** The dialog. */
export function StartMany({ ids, onClose }: { ids: readonly string[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation('queue');
  const { client, store } = useConnection();
  const profiles = useProfiles();
  const settings = useSettings();
  const [cloud, setCloud] = useState(() => firstCloud(profiles, settings));
  const [region, setRegion] = useState<string>();
  const [prefix, setPrefix] = useState('');
  const [tags, setTags] = useState<Record<string, string>>({});
  const [progress, setProgress] = useState<number>();
  const [done, setDone] = useState<Done>();
  const described = useCloudView(cloud === undefined ? undefined : { cloud });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const formOf = async (id: string, signal: AbortSignal): Promise<TaskForm> => {
    const own = draftOf(id);
    const isSame = own !== undefined && own.cloud === cloud && own.region === region;
    const form = isSame
      ? own
      : await client.call(
          'tasks.suggest',
          { id, cloud: cloud ?? '', ...(region === undefined ? {} : { region }) },
          signal,
        );
    return cleaned({ ...form, name: `${prefix}${form.name}`, tags: { ...form.tags, ...tags } });
  };

  const start = async () => {
    stop.current?.abort();
    stop.current = new AbortController();
    const { signal } = stop.current;
    const refused: { path: string; problem: Problem }[] = [];
    const refuse = (id: string, problem: Problem) =>
      refused.push({ path: store.task(id)?.path ?? id, problem });
    const places = new Map(ids.map((id, at) => [id, at]));
    let started = 0;
    let seen = 0;
    setDone(undefined);
    setProgress(0);
    for (let at = 0; at < ids.length && !signal.aborted; at += BATCH) {
      const waiting = ids.slice(at, at + BATCH);
      const forms: { id: string; form: TaskForm }[] = [];
      const ask = async () => {
        for (let id = waiting.shift(); id !== undefined && !signal.aborted; id = waiting.shift()) {
          try {
            forms.push({ id, form: await formOf(id, signal) });
          } catch (thrown) {
            refuse(id, problemOf(thrown));
          }
          setProgress(++seen / ids.length);
        }
      };
      await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
      if (signal.aborted || forms.length === 0) continue;
      // In the order of the list: that is the order they are sent in.
      forms.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
      try {
        const reply = await client.call('tasks.start', { tasks: forms }, signal);
        const no = new Map(reply.refused.map(({ id, problem }) => [id, problem]));
        for (const { id } of forms) {
          const problem = no.get(id);
          if (problem === undefined) {
            started++;
            dropDraft(id);
          } else refuse(id, problem);
        }
      } catch (thrown) {
        for (const { id } of forms) refuse(id, problemOf(thrown));
      }
    }
    if (signal.aborted) return;
    if (started > 0 && cloud !== undefined) rememberCloud(cloud);
    setProgress(undefined);
    if (refused.length === 0) onClose();
    else setDone({ started, refused });
  };

  const isBusy = progress !== undefined;
  const regions = described.data?.regions ?? [];
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={t('many.title', { count: ids.length })}
      description={t('many.hint')}
      footer={
        done ? (
          <Button look="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('common:action.cancel')}</Button>
            <Button
              look="primary"
              icon={<Play size={16} aria-hidden />}
              busy={isBusy}
              disabled={cloud === undefined}
              onClick={() => void start()}
            >
              {t('many.start', { count: ids.length })}
            </Button>
          </>
        )
      }
    >
      {done ? (
        <ManyDone {...done} />
      ) : (
        <div className="col gap-4">
          <Field label={t('task:form.cloud')}>
            <Select
              value={cloud}
              placeholder={t('task:form.chooseCloud')}
              disabled={isBusy}
              choices={profiles.map(({ name, family }) => ({
                value: name,
                label: name,
                detail: family ? t(`common:family.${family}`) : undefined,
              }))}
              onChange={(name) => {
                setCloud(name);
                setRegion(undefined);
              }}
            />
          </Field>
          {regions.length > 1 ? (
            <Field label={t('task:form.region')}>
              <Select
                value={region ?? described.data?.region}
                disabled={isBusy}
                choices={regions.map((name) => ({ value: name, label: name }))}
                onChange={setRegion}
              />
            </Field>
          ) : null}
          {described.problem ? <ProblemNote problem={described.problem} /> : null}
          <Field label={t('many.prefix')} hint={t('many.prefixHint')} optional>
            <TextInput value={prefix} onChange={setPrefix} disabled={isBusy} />
          </Field>
          {described.data === undefined || described.data.abilities.updateTags === true ? (
            <TagsEditor tags={tags} onChange={setTags} />
          ) : null}
          {progress === undefined ? null : (
            <div role="status" className="col">
              <span className="small muted">{t('many.working')}</span>
              <Progress fraction={progress} label={t('many.working')} />
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}

function ManyDone({ started, refused }: Done): ReactNode {
  const { t } = useTranslation('queue');
  const say = useSay();
  return (
    <div className="col gap-3">
      {started > 0 ? <Note tone="success" title={t('many.started', { count: started })} live /> : null}
      <Note tone="warning" title={t('many.refused', { count: refused.length })} live>
        {t('many.refusedHint')}
      </Note>
      {groupRefused(refused, say.problem).map((group) => (
        <section key={group.paths[0]} className="refused-group">
          <h3 className="foreign">{group.reason}</h3>
          {group.hint ? <p className="small muted foreign">{group.hint}</p> : null}
          <ul className="many-refused">
            {group.paths.map((path) => (
              <li key={path} className="refused-path foreign mono">
                {path}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
