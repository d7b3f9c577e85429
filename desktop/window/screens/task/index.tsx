// The details of one task, at the side: its form while it is a draft; afterwards how far it is, what happened, what to do.
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Badge, Button, Drawer, Loading, ProblemNote, Tabs, visible } from '../../kit/index.ts';
import { useTask } from '../../state/hooks.ts';
import { ACTION_ICONS, ORDER } from '../queue/action-buttons.tsx';
import { useTaskActions } from '../queue/actions.tsx';
import { DraftForm } from './draft-form.tsx';
import { FileFacts, ImageFacts, UploadFacts } from './facts.tsx';
import { Findings } from './findings.tsx';
import { PartsMap } from './parts-map.tsx';
import { ProgressView } from './progress-view.tsx';
import { Timeline } from './timeline.tsx';
import { useDetail } from './use-detail.ts';
import './task.css';

/** How long a task may be unknown before its details are given up, in ms. */
const UNHEARD_MS = 2_000;

/** The drawer. Closed without an id, and when the task is gone. */
export function TaskDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  const task = useTask(id ?? '');
  const seen = useRef<string>(undefined);
  useEffect(() => {
    if (task !== undefined) seen.current = id;
    if (id === undefined || task !== undefined) return;
    // A task that was added a moment ago may be asked for before the window has heard of it.
    const timer = setTimeout(onClose, seen.current === id ? 0 : UNHEARD_MS);
    return () => clearTimeout(timer);
  }, [id, task, onClose]);
  return (
    <Drawer
      open={task !== undefined}
      onClose={onClose}
      title={visible(task?.fileName ?? '')}
      description={
        task ? (
          <span className="row">
            <span className="numeric">{formats.bytes(task.sizeBytes)}</span>
            {task.format ? <Badge>{task.format}</Badge> : null}
            {task.origin === 'other' ? <Badge>{t('originOther')}</Badge> : null}
          </span>
        ) : null
      }
    >
      {task ? <Body key={task.id} id={task.id} onClose={onClose} /> : null}
    </Drawer>
  );
}

function Body({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation('task');
  const task = useTask(id);
  const { detail, problem } = useDetail(id);
  if (task === undefined) return null;
  if (task.state === 'inspecting') return <Loading label={t('inspecting')} />;
  const isForm = task.state === 'draft' || (task.state === 'attention' && task.actions.includes('edit'));
  if (isForm) {
    if (detail === undefined) return problem ? <ProblemNote problem={problem} /> : <Loading />;
    // A draft's details are asked for before it has been inspected, too.
    return (
      <div className="col gap-4 drawer-fill">
        {task.problem ? <ProblemNote problem={task.problem} title={t('attention')} /> : null}
        <DraftForm detail={{ ...detail, task }} onStarted={onClose} />
      </div>
    );
  }
  // What waits for the network goes on by itself, but for a network that its user has to sign in to.
  const needsUser = task.state === 'attention' || task.problem?.kind === 'sign-in-page';
  return (
    <div className="col gap-4">
      <ProgressView task={task} />
      {task.problem ? (
        <ProblemNote problem={task.problem} {...(needsUser ? { title: t('attention') } : {})} />
      ) : null}
      <Actions id={id} />
      {detail && task.progress && task.progress.partsDone < task.progress.partsTotal ? (
        <PartsMap
          states={detail.partStates}
          done={task.progress.partsDone}
          total={task.progress.partsTotal}
          partSizeBytes={task.progress.partSizeBytes}
        />
      ) : null}
      {detail === undefined && problem ? <ProblemNote problem={problem} /> : null}
      <Tabs
        label={t('tabs.label')}
        tabs={[
          {
            value: 'image',
            label: t('tabs.image'),
            content: (
              <div className="col gap-4">
                <ImageFacts task={task} detail={detail} />
                <UploadFacts task={task} detail={detail} />
              </div>
            ),
          },
          {
            value: 'timeline',
            label: t('tabs.timeline'),
            content: <Timeline entries={detail?.timeline ?? []} />,
          },
          {
            value: 'file',
            label: t('tabs.file'),
            content: (
              <div className="col gap-4">
                <Findings findings={detail?.inspection?.findings ?? []} />
                <FileFacts task={task} detail={detail} />
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}

/** Everything that can be done with it, in words; what it needs comes first. */
function Actions({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('queue');
  const { t: own } = useTranslation('task');
  const { act } = useTaskActions();
  const task = useTask(id);
  const there = ORDER.filter((action) => task?.actions.includes(action));
  if (task === undefined || there.length === 0) return null;
  const needed = there.find(
    (action) => action === 'locate' || action === 'accept-file' || action === 'sign-in',
  );
  return (
    <div className="col">
      {needed ? <p>{own(`need.${needed}`)}</p> : null}
      <div className="row wrap">
        {there.map((action, i) => {
          const Icon = ACTION_ICONS[action];
          return (
            <Button
              key={action}
              look={
                i === 0 && (task.state === 'attention' || task.state === 'done') && action !== 'cancel'
                  ? 'primary'
                  : 'normal'
              }
              icon={<Icon size={16} aria-hidden />}
              onClick={() => act(action, [id])}
            >
              {t(`action.${action}`)}
            </Button>
          );
        })}
      </div>
    </div>
  );
}
