// The screen "queue": all tasks, what they do, and what can be done with them.
import { Plus } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Page, ProblemNote, SearchInput, Segmented } from '../../kit/index.ts';
import { useProfiles, useTaskIds } from '../../state/hooks.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { useAdd } from '../add/index.tsx';
import { TaskDrawer } from '../task/index.tsx';
import { Welcome } from '../welcome/index.tsx';
import { TaskActionsProvider, useTaskActions } from './actions.tsx';
import { EmptyQueue, NothingShown } from './empty.tsx';
import { LimitsButton } from './limits.tsx';
import { PauseAllButton, QueueMenu } from './queue-menu.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { GROUPS, type Group, type Shown, useShown } from './shown.ts';
import { StartMany } from './start-many.tsx';
import { TaskList } from './task-list.tsx';
import { TotalsBar } from './totals-bar.tsx';
import { Warnings } from './warnings.tsx';
import './queue.css';

/** The screen. */
export function QueueScreen(): ReactNode {
  const { params } = useRoute();
  const hasTasks = useTaskIds().length > 0;
  const hasProfiles = useProfiles().length > 0;
  if (!hasTasks && !hasProfiles) return <Welcome />;
  return (
    <TaskActionsProvider>
      {hasTasks ? <Queue open={params.task} /> : <NoTasks />}
      <TaskDrawer id={params.task} onClose={() => navigate('queue', {}, { replace: true })} />
    </TaskActionsProvider>
  );
}

function AddButton(): ReactNode {
  const { t } = useTranslation('queue');
  const { pick } = useAdd();
  return (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={pick}>
      {t('add')}
    </Button>
  );
}

function NoTasks(): ReactNode {
  const { t } = useTranslation('queue');
  return (
    <Page title={t('title')} actions={<AddButton />}>
      <Warnings />
      <EmptyQueue />
    </Page>
  );
}

const none: ReadonlySet<string> = new Set();

function Queue({ open }: { open: string | undefined }): ReactNode {
  const { t } = useTranslation('queue');
  const { problem, clearProblem } = useTaskActions();
  const [group, setGroup] = useState<Group>('all');
  const [text, setText] = useState('');
  const [selected, setSelected] = useState<ReadonlySet<string>>(none);
  const [starting, setStarting] = useState<readonly string[]>();
  const shown = useShown(group, text);
  const { ids, ready } = shown;

  // What is not shown cannot be meant by "all that are selected".
  useEffect(() => {
    setSelected((before) => {
      if (before.size === 0) return before;
      const there = new Set(ids);
      const kept = [...before].filter((id) => there.has(id));
      return kept.length === before.size ? before : new Set(kept);
    });
  }, [ids]);

  const start = (these: readonly string[]) => {
    const [only] = these;
    if (these.length === 1 && only !== undefined) navigate('queue', { task: only });
    else setStarting(these);
  };

  return (
    <Page
      title={t('title')}
      actions={
        <>
          {ready.length > 0 ? (
            <Button onClick={() => start(ready)}>{t('startReady', { count: ready.length })}</Button>
          ) : null}
          <PauseAllButton />
          <LimitsButton />
          <QueueMenu />
          <AddButton />
        </>
      }
    >
      <div className="list-page">
        <Warnings />
        <TotalsBar />
        <Filter shown={shown} group={group} onGroup={setGroup} text={text} onText={setText} />
        {problem ? (
          <ProblemNote
            problem={problem}
            title={t('common:problem.title')}
            action={
              <Button look="link" onClick={clearProblem}>
                {t('common:action.dismiss')}
              </Button>
            }
          />
        ) : null}
        {selected.size > 0 ? (
          <SelectionBar selected={selected} onClear={() => setSelected(none)} onStart={start} />
        ) : null}
        <div className="card queue-card">
          {ids.length === 0 ? (
            <NothingShown
              onShowAll={() => {
                setGroup('all');
                setText('');
              }}
            />
          ) : (
            <TaskList ids={ids} selected={selected} onSelect={setSelected} open={open} />
          )}
        </div>
      </div>
      {starting ? <StartMany ids={starting} onClose={() => setStarting(undefined)} /> : null}
    </Page>
  );
}

function Filter({
  shown,
  group,
  onGroup,
  text,
  onText,
}: {
  shown: Shown;
  group: Group;
  onGroup: (group: Group) => void;
  text: string;
  onText: (text: string) => void;
}): ReactNode {
  const { t } = useTranslation('queue');
  return (
    <div className="queue-filter">
      <Segmented
        label={t('filter.label')}
        hideLabel
        value={group}
        onChange={onGroup}
        choices={GROUPS.map((value) => ({
          value,
          label: t('filter.count', { group: t(`filter.${value}`), count: shown.counts[value] }),
        }))}
      />
      <SearchInput label={t('search')} value={text} onChange={onText} />
    </div>
  );
}
