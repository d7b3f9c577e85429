// What can be done with tasks, wherever it is asked for: a row, its menu, a key, the selection, the details.
import type { Problem, TaskAction, TaskView } from '@imagebridge/desktop-contract';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Confirm, visible } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf, useProblem } from '../../state/hooks.ts';
import { navigate } from '../../state/route.ts';
import { useAdd } from '../add/index.tsx';

/** Where a task is moved to. */
export type Place = 'top' | 'up' | 'down' | 'end';

/** What can be done. What a task's own `actions` do not name is left out. */
export interface TaskActions {
  /** Asks first where something is lost by it. */
  act: (action: TaskAction, ids: readonly string[]) => void;
  /** Pauses everything. Asks first, as `act` does. */
  pauseAll: () => void;
  /** Takes tasks off the list, and cancels those that have begun. */
  dismiss: (ids: readonly string[]) => void;
  /** @param among the ids that are shown, in their order */
  move: (id: string, to: Place, among: readonly string[]) => void;
  /** Puts a task in front of another; null: at the end. */
  moveBefore: (id: string, before: string | null) => void;
  /** Why the last thing did not work. */
  problem: Problem | undefined;
  clearProblem: () => void;
}

const Context = createContext<TaskActions | undefined>(undefined);

/** What can be done with tasks here. @throws Error outside of `TaskActionsProvider` */
export function useTaskActions(): TaskActions {
  const actions = useContext(Context);
  if (actions === undefined) throw new Error('There are no task actions here.');
  return actions;
}

const MANY = {
  pause: 'tasks.pause',
  resume: 'tasks.resume',
  retry: 'tasks.retry',
  cancel: 'tasks.cancel',
  remove: 'tasks.remove',
} as const;

/** Ids of one call: the contract takes no more than 10,000. */
const BATCH = 5000;

/** A question before something is lost. */
interface Asking {
  /** Of its texts. */
  key: 'cancel' | 'accept' | 'pause';
  /** Tasks that lose something. */
  count: number;
  /** Of a single task. */
  name: string;
  sentBytes: number;
  work: () => Promise<unknown>;
}

/** True when what was sent of a task is of no use after a pause. */
const losesByPause = (task: TaskView | undefined) =>
  task?.state === 'uploading' &&
  !task.elsewhere &&
  task.progress?.resumable === false &&
  task.progress.confirmedBytes > 0;

/** Gives its children the actions, and asks the questions that go before some of them. */
export function TaskActionsProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation('queue');
  const formats = useFormats();
  const { client, store } = useConnection();
  const { pickPath } = useAdd();
  const [problem, setProblem] = useProblem();
  const [asking, setAsking] = useState<Asking>();

  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setProblem(undefined);
      try {
        await work();
      } catch (thrown) {
        setProblem(problemOf(thrown));
      }
    },
    [setProblem],
  );

  const callMany = useCallback(
    async (action: keyof typeof MANY, ids: readonly string[]) => {
      for (let at = 0; at < ids.length; at += BATCH)
        await client.call(MANY[action], { ids: ids.slice(at, at + BATCH) });
    },
    [client],
  );

  const having = useCallback(
    (action: TaskAction, ids: readonly string[]) =>
      ids.filter((id) => store.task(id)?.actions.includes(action) === true),
    [store],
  );

  /** Asks before some work by which these tasks lose what was sent. */
  const ask = useCallback(
    (key: Asking['key'], ids: readonly string[], work: Asking['work']) => {
      const [first = ''] = ids;
      setAsking({
        key,
        count: ids.length,
        name: visible(store.task(first)?.fileName ?? ''),
        sentBytes: ids.reduce((sum, id) => sum + (store.task(id)?.progress?.confirmedBytes ?? 0), 0),
        work,
      });
    },
    [store],
  );

  const end = useCallback(
    (cancel: readonly string[], remove: readonly string[]) => {
      const work = async () => {
        await callMany('cancel', cancel);
        await callMany('remove', remove);
      };
      const isBegun = cancel.some((id) => {
        const task = store.task(id);
        return task !== undefined && (task.startedAt !== undefined || task.progress !== undefined);
      });
      if (isBegun) ask('cancel', cancel, work);
      else void run(work);
    },
    [store, run, callMany, ask],
  );

  /** Pauses; a transfer that cannot go on begins again from 0 afterwards, so that is asked. */
  const pause = useCallback(
    (ids: readonly string[], work: Asking['work']) => {
      const losing = ids.filter((id) => losesByPause(store.task(id)));
      if (losing.length > 0) ask('pause', losing, work);
      else void run(work);
    },
    [store, run, ask],
  );

  const actions = useMemo<TaskActions>(() => {
    const moveBefore = (id: string, before: string | null) => {
      if (having('move', [id]).length > 0) void run(() => client.call('tasks.move', { id, before }));
    };
    return {
      act(action, given) {
        const ids = having(action, given);
        const [id] = ids;
        const task = id === undefined ? undefined : store.task(id);
        if (id === undefined || task === undefined) return;
        switch (action) {
          case 'cancel':
            return end(ids, []);
          case 'pause':
            return pause(ids, () => callMany('pause', ids));
          case 'resume':
          case 'retry':
          case 'remove':
            return void run(() => callMany(action, ids));
          case 'edit':
          case 'start':
            return navigate('queue', { task: id });
          case 'accept-file':
            return ask('accept', [id], () => client.call('tasks.acceptFile', { id }));
          case 'locate':
            return void run(async () => {
              const path = await pickPath();
              if (path !== undefined) await client.call('tasks.locate', { id, path });
            });
          case 'sign-in':
            return navigate('profiles', { edit: task.cloud ?? task.problem?.cloud });
          case 'open-image':
            return navigate('images', { cloud: task.cloud, region: task.region, image: task.imageId });
          case 'move':
            return;
        }
      },
      pauseAll: () => pause(store.taskIds, () => client.call('tasks.pauseAll', {})),
      dismiss(ids) {
        const remove = having('remove', ids);
        end(
          having('cancel', ids).filter((id) => !remove.includes(id)),
          remove,
        );
      },
      move(id, to, among) {
        const at = among.indexOf(id);
        if (at < 0) return;
        const all = store.taskIds;
        if (to === 'top') {
          const first = all[0];
          if (first !== undefined && first !== id) moveBefore(id, first);
        } else if (to === 'end') moveBefore(id, null);
        else if (to === 'up') {
          const above = among[at - 1];
          if (above !== undefined) moveBefore(id, above);
        } else {
          const below = among[at + 1];
          if (below !== undefined) moveBefore(id, all[all.indexOf(below) + 1] ?? null);
        }
      },
      moveBefore,
      problem,
      clearProblem: () => setProblem(undefined),
    };
  }, [client, store, pickPath, run, callMany, ask, end, pause, having, problem, setProblem]);

  const confirm = () => {
    if (asking === undefined) return;
    setAsking(undefined);
    void run(asking.work);
  };
  const { key = 'cancel', count = 1, name, sentBytes = 0 } = asking ?? {};

  return (
    <Context.Provider value={actions}>
      {children}
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={t(`${key}.title`, { count })}
        confirm={t(`${key}.confirm`, { count })}
        keep={key === 'accept' ? undefined : t(`${key}.keep`)}
        onConfirm={confirm}
      >
        <div className="col">
          {count === 1 ? <strong className="foreign">{name}</strong> : null}
          <p>
            {key === 'cancel' && sentBytes === 0
              ? t('cancel.text', { count })
              : t(`${key}.textSent`, { size: formats.bytes(sentBytes), count })}
          </p>
        </div>
      </Confirm>
    </Context.Provider>
  );
}
