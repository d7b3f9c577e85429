// What can be done with tasks, wherever it is asked for: a row, its menu, a key, the selection, the details.
import type { Problem, TaskAction } from '@imagebridge/desktop-contract';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Confirm } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf } from '../../state/hooks.ts';
import { navigate } from '../../state/route.ts';
import { useAdd } from '../add/index.tsx';

/** Where a task is moved to. */
export type Place = 'top' | 'up' | 'down' | 'end';

/** What can be done. What a task's own `actions` do not name is left out. */
export interface TaskActions {
  /** Asks first where something is lost by it. */
  act: (action: TaskAction, ids: readonly string[]) => void;
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

interface Asking {
  kind: 'cancel' | 'accept-file';
  cancel: readonly string[];
  remove: readonly string[];
  /** Of a single task. */
  name: string;
  sentBytes: number;
}

/** Gives its children the actions, and asks the questions that go before some of them. */
export function TaskActionsProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation('queue');
  const formats = useFormats();
  const { client, store } = useConnection();
  const { pickPath } = useAdd();
  const [problem, setProblem] = useState<Problem>();
  const [asking, setAsking] = useState<Asking>();

  const run = useCallback(async (work: () => Promise<unknown>) => {
    setProblem(undefined);
    try {
      await work();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }, []);

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

  const end = useCallback(
    (cancel: readonly string[], remove: readonly string[]) => {
      const sentBytes = cancel.reduce((sum, id) => sum + (store.task(id)?.progress?.confirmedBytes ?? 0), 0);
      const isBegun = cancel.some((id) => {
        const task = store.task(id);
        return task !== undefined && (task.startedAt !== undefined || task.progress !== undefined);
      });
      const [first = ''] = cancel;
      if (isBegun)
        setAsking({ kind: 'cancel', cancel, remove, name: store.task(first)?.fileName ?? '', sentBytes });
      else
        void run(async () => {
          await callMany('cancel', cancel);
          await callMany('remove', remove);
        });
    },
    [store, run, callMany],
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
          case 'resume':
          case 'retry':
          case 'remove':
            return void run(() => callMany(action, ids));
          case 'edit':
          case 'start':
            return navigate('queue', { task: id });
          case 'accept-file':
            return setAsking({
              kind: 'accept-file',
              cancel: [id],
              remove: [],
              name: task.fileName,
              sentBytes: task.progress?.confirmedBytes ?? 0,
            });
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
  }, [client, store, pickPath, run, callMany, end, having, problem]);

  const confirm = () => {
    if (asking === undefined) return;
    const { kind, cancel, remove } = asking;
    setAsking(undefined);
    void run(async () => {
      const [id] = cancel;
      if (kind === 'accept-file' && id !== undefined) return client.call('tasks.acceptFile', { id });
      await callMany('cancel', cancel);
      await callMany('remove', remove);
    });
  };
  const isAccept = asking?.kind === 'accept-file';
  const count = asking?.cancel.length ?? 0;
  const size = formats.bytes(asking?.sentBytes ?? 0);

  return (
    <Context.Provider value={actions}>
      {children}
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={t(isAccept ? 'accept.title' : 'cancel.title', { count })}
        confirm={t(isAccept ? 'accept.confirm' : 'cancel.confirm', { count })}
        onConfirm={confirm}
      >
        <div className="col">
          {count === 1 ? <strong className="foreign">{asking?.name}</strong> : null}
          <p>
            {isAccept
              ? t('accept.text')
              : (asking?.sentBytes ?? 0) > 0
                ? t('cancel.textSent', { size, count })
                : t('cancel.text', { count })}
          </p>
        </div>
      </Confirm>
    </Context.Provider>
  );
}
