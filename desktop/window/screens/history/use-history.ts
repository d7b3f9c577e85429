// The history as a hook.
import type { HistoryFilter } from '@imagebridge/desktop-contract';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection } from '../../state/connection.tsx';
import { useHistoryCount } from '../../state/hooks.ts';
import { HistoryPages, NOT_LOADED, type PagesState } from './pages.ts';

const silent = () => () => {};

/** What matches a filter (compared as JSON). While another filter is asked for, the last answer stays. */
export function useHistory(filter: HistoryFilter): { pages: HistoryPages | undefined; state: PagesState } {
  const { client } = useConnection();
  const count = useHistoryCount();
  const key = JSON.stringify(filter);
  const [pages, setPages] = useState<HistoryPages>();

  useEffect(() => {
    const opened = new HistoryPages(client, JSON.parse(key));
    setPages(opened);
    void opened.more();
    return () => opened.close();
  }, [client, key]);

  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    void pages?.refresh();
  }, [count, pages]);

  const state = useSyncExternalStore(
    pages === undefined ? silent : (listener) => pages.subscribe(listener),
    () => pages?.state ?? NOT_LOADED,
  );
  const last = useRef(NOT_LOADED);
  if (state.loaded) last.current = state;
  return { pages, state: state.loaded || state.problem ? state : { ...last.current, busy: true } };
}
