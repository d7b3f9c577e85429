// React's view of the store, and of calls to the engine.
import {
  type Activity,
  EngineError,
  type MethodName,
  type Params,
  type Problem,
  type ProfileView,
  type Result,
  type Settings,
  type TaskView,
  type Totals,
} from '@imagebridge/desktop-contract';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection } from './connection.tsx';
import type { Hello, Notice, Store } from './store.ts';

function useSlice<T>(slice: Parameters<Store['subscribe']>[0], read: (store: Store) => T): T {
  const { store } = useConnection();
  const subscribe = useCallback((listener: () => void) => store.subscribe(slice, listener), [store, slice]);
  return useSyncExternalStore(subscribe, () => read(store));
}

/** Ids of all tasks, in the order of the list. */
export const useTaskIds = (): readonly string[] => useSlice('task-ids', (store) => store.taskIds);
/** One task; undefined when it is gone. */
export const useTask = (id: string): TaskView | undefined =>
  useSlice(`task:${id}`, (store) => store.task(id));
/** All tasks together. */
export const useTotals = (): Totals => useSlice('totals', (store) => store.totals);
/** The settings. */
export const useSettings = (): Settings => useSlice('settings', (store) => store.settings);
/** The profiles. */
export const useProfiles = (): readonly ProfileView[] => useSlice('profiles', (store) => store.profiles);
/** What the user should know of the profiles. */
export const useWarnings = (): readonly string[] => useSlice('profiles', (store) => store.warnings);
/** What the user should know of the list of uploads. */
export const useTaskWarnings = (): readonly string[] =>
  useSlice('task-warnings', (store) => store.taskWarnings);
/** Work on images, the newest first. */
export const useActivities = (): readonly Activity[] => useSlice('activities', (store) => store.activities);
/** False while the network is away. */
export const useOnline = (): boolean => useSlice('online', (store) => store.online);
/** Grows whenever the history is another one: ask again then. */
export const useHistoryCount = (): number => useSlice('history', (store) => store.historyCount);
/** Grows when images have changed: ask again then. */
export const useImagesCount = (): number => useSlice('images', (store) => store.imagesCount);
/** What the engine is. */
export const useAbout = (): Pick<Hello, 'version' | 'variant' | 'platform' | 'node'> =>
  useConnection().store.about;

/** Calls a listener for every notice. */
export function useNotices(listener: (notice: Notice) => void): void {
  const { store } = useConnection();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => store.onNotice((notice) => latest.current(notice)), [store]);
}

/** What is wrong, of anything that a call may throw. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof EngineError) return thrown.problem;
  return { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The result of a call that a screen needs to show itself. */
export interface Asked<T> {
  /** The last result, kept while it is asked for again. */
  data: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  /** Asks again. */
  reload: () => void;
}

/**
 * Asks the engine when the screen appears, when the parameters change (compared as JSON), and when `version` changes. With
 * `undefined` nothing is asked. What is not needed any more is given up.
 */
export function useAsk<M extends MethodName>(
  method: M,
  params: Params<M> | undefined,
  version: number | string = 0,
): Asked<Result<M>> {
  const { client } = useConnection();
  const [state, setState] = useState<{ key: string; data?: Result<M>; problem?: Problem }>({ key: '' });
  const [turn, setTurn] = useState(0);
  const key = params === undefined ? undefined : JSON.stringify(params);
  const about = `${method} ${key}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: turn and version stand for "ask again"
  useEffect(() => {
    if (key === undefined) return;
    const stop = new AbortController();
    client
      .call(method, JSON.parse(key), stop.signal)
      .then((data) => setState({ key: about, data }))
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) setState({ key: about, problem: problemOf(thrown) });
      });
    return () => stop.abort();
  }, [client, method, key, about, turn, version]);

  const isAnswered = state.key === about;
  return {
    data: isAnswered ? state.data : undefined,
    problem: isAnswered ? state.problem : undefined,
    loading: key !== undefined && !isAnswered,
    reload: useCallback(() => setTurn((n) => n + 1), []),
  };
}

/** A problem that is shown until it is taken away. That of a lost connection goes when the connection is back. */
export function useProblem(): readonly [
  problem: Problem | undefined,
  setProblem: (problem: Problem | undefined) => void,
] {
  const { client } = useConnection();
  const [problem, setProblem] = useState<Problem>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new client is the end of a lost connection
  useEffect(() => setProblem((one) => (one?.kind === 'lost' ? undefined : one)), [client]);
  return [problem, setProblem];
}

/** A command to the engine, with what shows that it is under way. */
export interface Command<M extends MethodName> {
  /** Runs it. Resolves to undefined when it failed: `problem` then tells. */
  run: (params: Params<M>) => Promise<Result<M> | undefined>;
  busy: boolean;
  problem: Problem | undefined;
  clear: () => void;
}

/** A command that a button gives. */
export function useCommand<M extends MethodName>(method: M): Command<M> {
  const { client } = useConnection();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useProblem();
  const run = useCallback(
    async (params: Params<M>) => {
      setBusy(true);
      setProblem(undefined);
      try {
        return await client.call(method, params);
      } catch (thrown) {
        setProblem(problemOf(thrown));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [client, method, setProblem],
  );
  return { run, busy, problem, clear: useCallback(() => setProblem(undefined), [setProblem]) };
}
