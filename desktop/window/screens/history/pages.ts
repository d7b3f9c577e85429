// The history that matches a filter, loaded as far as it is looked at. Plain TypeScript: no React.
import type { EngineClient, HistoryEntry, HistoryFilter, Problem } from '@imagebridge/desktop-contract';
import { problemOf } from '../../state/hooks.ts';

/** Entries that are asked for at once. */
export const PAGE = 100;
/** The most that one call gives. */
const MOST = 1000;

/** What is known of it. */
export interface PagesState {
  entries: readonly HistoryEntry[];
  /** How many match, loaded or not. */
  total: number;
  loaded: boolean;
  busy: boolean;
  problem: Problem | undefined;
}

/** Nothing is known yet. */
export const NOT_LOADED: PagesState = {
  entries: [],
  total: 0,
  loaded: false,
  busy: true,
  problem: undefined,
};

/** The newest first. One call at a time. */
export class HistoryPages {
  readonly #client: EngineClient;
  readonly #filter: HistoryFilter;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #again = false;
  #state: PagesState = { ...NOT_LOADED, busy: false };

  constructor(client: EngineClient, filter: HistoryFilter) {
    this.#client = client;
    this.#filter = filter;
  }

  /** The same object until something changes. */
  get state(): PagesState {
    return this.#state;
  }

  /** Calls a listener at every change; returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads the next page; the first one at the start. */
  async more(): Promise<void> {
    const { busy, loaded, entries, total } = this.#state;
    if (busy || this.#stop.signal.aborted || (loaded && entries.length >= total)) return;
    await this.#do(async () => {
      const page = await this.#ask(entries.length, PAGE);
      const known = new Set(entries.map(({ id }) => id));
      const added = page.entries.filter(({ id }) => !known.has(id));
      // A page with nothing new is the end, whatever the total says: else it would be asked for for ever.
      const total = added.length === 0 ? entries.length : page.total;
      return { entries: [...entries, ...added], total };
    });
  }

  /** Asks again for as much as is there: something has become history, or was cleared. */
  async refresh(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (this.#state.busy) {
      this.#again = true;
      return;
    }
    await this.#do(() => this.#ask(0, Math.min(MOST, Math.max(PAGE, this.#state.entries.length))));
  }

  /** Ends all calls. */
  close(): void {
    this.#stop.abort();
    this.#listeners.clear();
  }

  #ask(offset: number, limit: number): Promise<{ entries: HistoryEntry[]; total: number }> {
    return this.#client.call('history.list', { filter: this.#filter, offset, limit }, this.#stop.signal);
  }

  async #do(work: () => Promise<{ entries: HistoryEntry[]; total: number }>): Promise<void> {
    this.#tell({ busy: true, problem: undefined });
    try {
      const { entries, total } = await work();
      this.#tell({ entries, total, loaded: true, busy: false });
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#tell({ busy: false, problem: problemOf(thrown) });
      return;
    }
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }

  #tell(change: Partial<PagesState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
