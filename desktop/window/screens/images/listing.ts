// The images of one place, page by page, kept fresh. Plain TypeScript: no React.
import type { EngineClient, ImageQuery, ImageView, Problem } from '@imagebridge/desktop-contract';
import { problemOf } from '../../state/hooks.ts';

/** What is known of a listing. */
export interface ListingState {
  images: readonly ImageView[];
  /** False until the first page is there. */
  loaded: boolean;
  /** True when the service has more than is loaded. */
  more: boolean;
  /** What is being done: a next page, all pages, the same pages again. */
  busy: 'nothing' | 'more' | 'all' | 'refresh';
  /** Why the last thing did not work. What was loaded stays. */
  problem: Problem | undefined;
}

/** Nothing is known yet. */
export const NOT_LOADED: ListingState = {
  images: [],
  loaded: false,
  more: false,
  busy: 'more',
  problem: undefined,
};

/** Page by page. One call at a time; what is asked for meanwhile is done afterwards, or is done already. */
export class Listing {
  readonly #client: EngineClient;
  readonly #query: ImageQuery;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #images = new Map<string, ImageView>();
  #cursor: string | undefined;
  #pages = 0;
  #stopAll = false;
  #refreshAgain = false;
  #state: ListingState = { ...NOT_LOADED, busy: 'nothing' };

  constructor(client: EngineClient, query: ImageQuery) {
    this.#client = client;
    this.#query = query;
  }

  /** The same object until something changes. */
  get state(): ListingState {
    return this.#state;
  }

  /** Calls a listener at every change; returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads the next page; the first one at the start. */
  async more(): Promise<void> {
    if (!this.#mayBegin() || (this.#state.loaded && !this.#state.more)) return;
    await this.#do('more', () => this.#addPage());
  }

  /** Loads all that is left, until it is stopped. */
  async all(): Promise<void> {
    if (!this.#mayBegin()) return;
    this.#stopAll = false;
    await this.#do('all', async () => {
      do await this.#addPage();
      while (this.#cursor !== undefined && !this.#stopAll);
    });
  }

  /** Ends `all` after the page that is under way. */
  stopAll(): void {
    this.#stopAll = true;
  }

  /** Asks for the pages that are there once more, and shows the new ones when all have come. */
  async refresh(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (this.#state.busy !== 'nothing') {
      this.#refreshAgain = true;
      return;
    }
    if (!this.#state.loaded) return this.more();
    await this.#do('refresh', async () => {
      const images = new Map<string, ImageView>();
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await this.#ask(cursor);
        for (const image of page.images) images.set(image.id, image);
        cursor = page.cursor;
        pages++;
      } while (cursor !== undefined && pages < this.#pages);
      this.#images = images;
      this.#cursor = cursor;
      this.#pages = pages;
    });
  }

  /** Takes in what was learned of an image elsewhere. One that is not in the list is not added: it may be of another scope. */
  update(image: ImageView): void {
    const before = this.#images.get(image.id);
    if (before === undefined || JSON.stringify(before) === JSON.stringify(image)) return;
    this.#images.set(image.id, image);
    this.#tell({});
  }

  /** An image is gone. */
  remove(id: string): void {
    if (this.#images.delete(id)) this.#tell({});
  }

  /** Ends all calls. */
  close(): void {
    this.#stop.abort();
    this.#listeners.clear();
  }

  #mayBegin(): boolean {
    return this.#state.busy === 'nothing' && !this.#stop.signal.aborted;
  }

  async #do(busy: 'more' | 'all' | 'refresh', work: () => Promise<void>): Promise<void> {
    this.#tell({ busy, problem: undefined });
    let problem: Problem | undefined;
    try {
      await work();
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      problem = problemOf(thrown);
    }
    this.#tell({ busy: 'nothing', problem, loaded: this.#pages > 0 });
    if (!this.#refreshAgain || problem !== undefined) return;
    this.#refreshAgain = false;
    await this.refresh();
  }

  #ask(cursor: string | undefined): Promise<{ images: ImageView[]; cursor?: string | undefined }> {
    const params = { query: this.#query, ...(cursor === undefined ? {} : { cursor }) };
    return this.#client.call('images.list', params, this.#stop.signal);
  }

  async #addPage(): Promise<void> {
    if (this.#pages > 0 && this.#cursor === undefined) return;
    const page = await this.#ask(this.#cursor);
    for (const image of page.images) this.#images.set(image.id, image);
    this.#cursor = page.cursor;
    this.#pages++;
    this.#tell({ loaded: true });
  }

  #tell(change: Partial<ListingState>): void {
    this.#state = {
      ...this.#state,
      ...change,
      images: [...this.#images.values()],
      more: this.#cursor !== undefined,
    };
    for (const listener of this.#listeners) listener();
  }
}
