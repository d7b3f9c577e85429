// A queue of uploads: some at a time, by priority, to be paused, resumed and removed. It starts what it is given, and
// knows nothing of files or clouds.
import { type Clock, systemClock } from '../model/index.ts';
import { asImageBridgeError } from './retry.ts';
import type { Upload, UploadSnapshot } from './types.ts';

/** Where an item stands. `paused`: it waits for `resume`, begun or not. */
export type QueueState = 'waiting' | 'running' | 'paused' | 'done' | 'failed';

/** What an item is given when its turn comes. */
export interface QueueTurn {
  /** Aborted when the item is removed. */
  signal: AbortSignal;
  /** Hands over the upload, so that the queue can pause it and tell how it stands. */
  attach(upload: Pick<Upload, 'pause' | 'resume' | 'snapshot' | 'setPriority'>): void;
}

/** Something to be run in its turn. */
export interface QueueItem {
  /** Unique in the queue. */
  id: string;
  title: string;
  /** Higher ones come first. Default 0. */
  priority?: number | undefined;
  /** Starts an upload, or a whole publish, and settles at its end. Called once. */
  run(turn: QueueTurn): Promise<unknown>;
}

/** How an item stands. */
export interface QueueItemSnapshot {
  id: string;
  title: string;
  priority: number;
  state: QueueState;
  addedAt: Date;
  /** The upload's own snapshot, once there is one. */
  upload?: UploadSnapshot | undefined;
  /** Why it failed. */
  problem?: { kind: string; message: string } | undefined;
}

/** Everything about a queue: whoever has this and listens from then on has missed nothing. */
export interface QueueSnapshot {
  /** Items that may run at once. */
  parallel: number;
  /** True after `pauseAll`, until `resumeAll`. */
  paused: boolean;
  /** In the order in which they come to their turn; those that had it, before. */
  items: QueueItemSnapshot[];
}

/** What happens to an item. The snapshot is the item's after it. */
export interface QueueEvent {
  type: 'added' | 'started' | 'paused' | 'resumed' | 'priority' | 'done' | 'failed' | 'removed';
  at: number;
  item: QueueItemSnapshot;
}

type Attached = Parameters<QueueTurn['attach']>[0];

interface Entry {
  item: QueueItem;
  priority: number;
  order: number;
  addedAt: Date;
  state: QueueState;
  upload: Attached | undefined;
  controller: AbortController;
  /** Settles when a begun item has ended. */
  ended: Promise<void> | undefined;
  problem: { kind: string; message: string } | undefined;
}

/**
 * Runs items, at most `parallel` at once. An item that is paused gives its place to the next one.
 *
 * @example
 * const queue = new UploadQueue({ parallel: 2 });
 * queue.add({ id: path, title: path, run: async ({ signal, attach }) => {
 *   const upload = await startUpload({ path, target, signal, budget }, options);
 *   attach(upload);
 *   return await upload.done;
 * } });
 */
export class UploadQueue {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(event: QueueEvent) => void>();
  readonly #clock: Clock;
  #parallel: number;
  #paused = false;
  #next = 0;
  #idle: (() => void)[] = [];

  constructor(options: { parallel?: number | undefined; clock?: Clock | undefined } = {}) {
    this.#parallel = Math.max(1, options.parallel ?? 2);
    this.#clock = options.clock ?? systemClock;
  }

  /** Adds an item at the end of those of its priority. Returns false when its id is there already. */
  add(item: QueueItem): boolean {
    if (this.#entries.has(item.id)) return false;
    const entry: Entry = {
      item,
      priority: item.priority ?? 0,
      order: this.#next++,
      addedAt: new Date(this.#clock.now()),
      state: 'waiting',
      upload: undefined,
      controller: new AbortController(),
      ended: undefined,
      problem: undefined,
    };
    this.#entries.set(item.id, entry);
    this.#tell('added', entry);
    this.#fill();
    return true;
  }

  /** Everything as it is now. */
  snapshot(): QueueSnapshot {
    const items = [...this.#entries.values()].sort(byTurn).map(snapshotOf);
    return { parallel: this.#parallel, paused: this.#paused, items };
  }

  /** Tells a listener every event from now on; returns what ends it. */
  subscribe(onEvent: (event: QueueEvent) => void): () => void {
    this.#listeners.add(onEvent);
    return () => this.#listeners.delete(onEvent);
  }

  /** Sets how many items may run at once. Those that run go on. */
  setParallel(parallel: number): void {
    this.#parallel = Math.max(1, parallel);
    this.#fill();
  }

  /** Changes an item's priority, and that of its upload. */
  setPriority(id: string, priority: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.priority = priority;
    entry.upload?.setPriority(priority);
    this.#tell('priority', entry);
  }

  /** Pauses one item; its place goes to the next. */
  async pause(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined || (entry.state !== 'running' && entry.state !== 'waiting')) return;
    entry.state = 'paused';
    this.#tell('paused', entry);
    await entry.upload?.pause();
    this.#fill();
  }

  /** Lets a paused item go on when its turn comes. */
  resume(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.state !== 'paused') return;
    entry.state = 'waiting';
    this.#tell('resumed', entry);
    this.#fill();
  }

  /** Pauses everything; nothing starts until `resumeAll`. */
  async pauseAll(): Promise<void> {
    this.#paused = true;
    const running = [...this.#entries.values()].filter((entry) => entry.state === 'running');
    // Waiting in front of the queue: they are the first to go on.
    for (const entry of running) {
      entry.state = 'waiting';
      this.#tell('paused', entry);
    }
    await Promise.all(running.map((entry) => entry.upload?.pause()));
  }

  /** Goes on after `pauseAll`. Items that were paused one by one stay so. */
  resumeAll(): void {
    this.#paused = false;
    this.#fill();
  }

  /**
   * Takes an item out: one that runs is stopped first, as by its signal, and its upload can be gone on with later.
   * Resolves when nothing of it runs any more.
   */
  async remove(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    entry.controller.abort();
    await entry.ended;
    this.#tell('removed', entry);
    this.#fill();
  }

  /** Resolves when every item has ended, or is paused. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#fill();
    });
  }

  #fill(): void {
    const all = [...this.#entries.values()];
    let running = all.filter((entry) => entry.state === 'running').length;
    const waiting = this.#paused ? [] : all.filter((entry) => entry.state === 'waiting').sort(byTurn);
    for (const entry of waiting) {
      if (running >= this.#parallel) break;
      running++;
      this.#start(entry);
    }
    if (running > 0 || (!this.#paused && waiting.length > 0)) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #start(entry: Entry): void {
    entry.state = 'running';
    this.#tell('started', entry);
    if (entry.ended !== undefined) {
      // It was paused. One that is over meanwhile refuses, and its own end tells the rest.
      entry.upload?.resume().catch(() => {});
      return;
    }
    const turn: QueueTurn = {
      signal: entry.controller.signal,
      attach: (upload) => {
        entry.upload = upload;
        // Paused while it was being started.
        if (entry.state !== 'running') upload.pause().catch(() => {});
      },
    };
    entry.ended = (async () => entry.item.run(turn))().then(
      () => this.#end(entry, 'done'),
      (thrown: unknown) => {
        const error = asImageBridgeError(thrown, entry.item.title);
        entry.problem = { kind: error.kind, message: error.message };
        this.#end(entry, 'failed');
      },
    );
  }

  #end(entry: Entry, state: 'done' | 'failed'): void {
    entry.state = state;
    if (this.#entries.get(entry.item.id) === entry) this.#tell(state, entry);
    this.#fill();
  }

  #tell(type: QueueEvent['type'], entry: Entry): void {
    const event = { type, at: this.#clock.now(), item: snapshotOf(entry) };
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // A listener's fault must not stop the queue.
      }
    }
  }
}

const begun = (entry: Entry) => (entry.ended === undefined ? 1 : 0);

/** Those that have begun come first: nobody gains when two uploads are half done. */
const byTurn = (a: Entry, b: Entry) => begun(a) - begun(b) || b.priority - a.priority || a.order - b.order;

function snapshotOf({ item, priority, state, addedAt, upload, problem }: Entry): QueueItemSnapshot {
  return {
    id: item.id,
    title: item.title,
    priority,
    state,
    addedAt,
    ...(upload === undefined ? {} : { upload: upload.snapshot() }),
    ...(problem === undefined ? {} : { problem }),
  };
}
