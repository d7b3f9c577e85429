// Which tasks the list shows, and how many there are of each group.
import type { TaskState, TaskView } from '@imagebridge/desktop-contract';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useConnection } from '../../state/connection.tsx';
import type { Store } from '../../state/store.ts';

/** Groups of the filter, in the order they are shown. */
export const GROUPS = ['all', 'drafts', 'active', 'attention', 'over'] as const;
/** See `GROUPS`. */
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<TaskState, Exclude<Group, 'all'>>> = {
  inspecting: 'drafts',
  draft: 'drafts',
  queued: 'active',
  uploading: 'active',
  paused: 'active',
  'waiting-network': 'active',
  verifying: 'active',
  completing: 'active',
  importing: 'active',
  done: 'over',
  cancelled: 'over',
  attention: 'attention',
};

/** What the list is about just now. */
export interface Shown {
  ids: readonly string[];
  counts: Readonly<Record<Group, number>>;
  /** Drafts that can be started: nothing is wrong with their files. */
  ready: readonly string[];
}

/** True when a task has a text in one of its names. Case does not matter. */
export function hasText(task: TaskView, text: string): boolean {
  return [task.fileName, task.imageName, task.cloud, task.region, task.path].some(
    (value) => value?.toLocaleLowerCase().includes(text) === true,
  );
}

const isReady = (task: TaskView) =>
  task.state === 'draft' && task.errors === 0 && task.actions.includes('start');

/** Reads the store. The same arrays again while they hold the same. */
function read(store: Store, group: Group, text: string, before: Shown | undefined): Shown {
  const wanted = text.trim().toLocaleLowerCase();
  const counts = { all: 0, drafts: 0, active: 0, attention: 0, over: 0 };
  const ids: string[] = [];
  const ready: string[] = [];
  for (const id of store.taskIds) {
    const task = store.task(id);
    if (task === undefined) continue;
    const own = GROUP_OF[task.state];
    counts.all++;
    counts[own]++;
    if (isReady(task)) ready.push(id);
    if (group !== 'all' && group !== own) continue;
    if (wanted === '' || hasText(task, wanted)) ids.push(id);
  }
  if (before === undefined) return { ids, counts, ready };
  const next = {
    ids: isSame(ids, before.ids) ? before.ids : ids,
    counts: GROUPS.every((one) => counts[one] === before.counts[one]) ? before.counts : counts,
    ready: isSame(ready, before.ready) ? before.ready : ready,
  };
  return next.ids === before.ids && next.counts === before.counts && next.ready === before.ready
    ? before
    : next;
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/** Events may pour in, and all tasks are read anew for them: at most this often, in ms. */
const READ_EVERY_MS = 100;

/** Subscribes to something that is read from all tasks. Several changes in a short time are read at once. */
function useOfTasks<T>(readAll: (store: Store, before: T | undefined) => T): T {
  const { store } = useConnection();
  const source = useMemo(() => {
    let value = readAll(store, undefined);
    return {
      get: (): T => value,
      subscribe(listener: () => void): () => void {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const readNow = () => {
          timer = undefined;
          const next = readAll(store, value);
          if (next === value) return;
          value = next;
          listener();
        };
        // What has changed between the first reading and now.
        readNow();
        const end = store.subscribe('tasks', () => {
          timer ??= setTimeout(readNow, READ_EVERY_MS);
        });
        return () => {
          end();
          clearTimeout(timer);
        };
      },
    };
  }, [store, readAll]);
  return useSyncExternalStore(source.subscribe, source.get);
}

/** The tasks of a group with a text in their names. */
export function useShown(group: Group, text: string): Shown {
  return useOfTasks<Shown>(useCallback((store, before) => read(store, group, text, before), [group, text]));
}

/** What can be done with some of these tasks, as one text: `pause cancel`. */
export function useActionsOf(ids: ReadonlySet<string>): ReadonlySet<string> {
  const text = useOfTasks<string>(
    useCallback(
      (store) => {
        const actions = new Set<string>();
        for (const id of ids) for (const action of store.task(id)?.actions ?? []) actions.add(action);
        return [...actions].sort().join(' ');
      },
      [ids],
    ),
  );
  return useMemo(() => new Set(text.split(' ')), [text]);
}
