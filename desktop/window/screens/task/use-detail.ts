// Everything about one task, asked for again and again while its details are open.
import type { Problem, TaskDetail } from '@imagebridge/desktop-contract';
import { useEffect, useState } from 'react';
import { useConnection } from '../../state/connection.tsx';
import { problemOf } from '../../state/hooks.ts';

/** Between an answer and the next question, in ms. */
const EVERY_MS = 1000;

/** The details of a task, at most a second old. The last ones stay when asking fails. */
export function useDetail(id: string): { detail: TaskDetail | undefined; problem: Problem | undefined } {
  const { client } = useConnection();
  const [state, setState] = useState<{ detail?: TaskDetail; problem?: Problem }>({});
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const detail = await client.call('tasks.detail', { id }, stop.signal);
        setState({ detail });
      } catch (thrown) {
        if (stop.signal.aborted) return;
        const problem = problemOf(thrown);
        setState((before) => ({ ...before, problem }));
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [client, id]);
  return { detail: state.detail, problem: state.problem };
}
