// All tasks: their order, who is told of changes, and when they are written down.
import type { Clock } from '@imagebridge/core';
import type { Log } from '../context.ts';
import type { Task } from './task.ts';
import { type ListFacts, lineOf, type ReadTasks, writeTasks } from './task-file.ts';
import { breath, Soon } from './timers.ts';

const SAVE_AFTER_MS = 400;
/** Writing takes at most this share of the time. */
const SAVE_SHARE = 20;
const LINES_AT_ONCE = 500;

/** What is told of changes. */
export interface ListWatcher {
  changed(id: string): void;
  removed(id: string): void;
}

/** What the list needs. */
export interface ListOptions {
  dataDir: string;
  clock: Clock;
  log: Log;
  read: ReadTasks;
  /** `trouble` has changed. */
  onTrouble?: (() => void) | undefined;
}

/** The tasks. Change one, then say so by `changed` (what must survive a crash) or `moved` (what need not). */
export class TaskList {
  readonly #tasks = new Map<string, Task>();
  readonly #lines = new WeakMap<Task, string>();
  readonly #options: ListOptions;
  readonly #save: Soon;
  readonly facts: ListFacts;
  #watcher: ListWatcher | undefined;
  #sorted: readonly Task[] | undefined;
  #lastOrder = 0;
  #dirty = false;
  #writing: Promise<void> = Promise.resolve();
  #lastWriteMs = 0;
  #trouble: string | undefined;
  #isStopped = false;

  constructor(options: ListOptions) {
    this.#options = options;
    this.facts = options.read.facts ?? { paused: false, seenUntil: options.clock.now() };
    for (const task of options.read.tasks) {
      this.#tasks.set(task.id, task);
      this.#lastOrder = Math.max(this.#lastOrder, task.order);
    }
    this.#save = new Soon(options.clock, () => void this.flush().catch(() => {}));
    // What ended before the first start is not of this engine's time; what ends from now on is.
    if (options.read.facts === undefined) this.factsChanged();
  }

  /** Tells someone every change from now on. */
  watch(watcher: ListWatcher): void {
    this.#watcher = watcher;
  }

  /** Why the list cannot be written, as a full disk; undefined while it can. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get size(): number {
    return this.#tasks.size;
  }

  get(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  /** The task of an upload. */
  ofUpload(uploadId: string): Task | undefined {
    return this.all().find((task) => task.uploadId === uploadId);
  }

  /** All, in their order. */
  all(): readonly Task[] {
    this.#sorted ??= [...this.#tasks.values()].sort((a, b) => a.order - b.order);
    return this.#sorted;
  }

  /** The order of a task that is put at the end. */
  nextOrder(): number {
    return this.#lastOrder + 1;
  }

  add(task: Task): void {
    this.#tasks.set(task.id, task);
    this.#lastOrder = Math.max(this.#lastOrder, task.order);
    this.#sorted = undefined;
    this.changed(task);
  }

  remove(task: Task): void {
    if (!this.#tasks.delete(task.id)) return;
    this.#sorted = undefined;
    this.#watcher?.removed(task.id);
    this.#scheduleSave();
  }

  /** Puts a task in front of another, or at the end. */
  place(task: Task, before: Task | undefined): void {
    if (task === before) return;
    const others = this.all().filter((one) => one !== task);
    const at = before === undefined ? others.length : others.indexOf(before);
    const low = others[at - 1]?.order ?? (before?.order ?? 0) - 2;
    const high = before?.order ?? low + 2;
    task.order = (low + high) / 2;
    this.#lastOrder = Math.max(this.#lastOrder, task.order);
    this.#sorted = undefined;
    if (task.order > low && task.order < high) {
      this.changed(task);
      return;
    }
    // There is no number in between any more.
    others.splice(at, 0, task);
    others.forEach((one, index) => {
      one.order = index + 1;
      this.changed(one);
    });
  }

  /** Something of a task has changed that must survive a crash. */
  changed(task: Task): void {
    this.#lines.delete(task);
    if (this.#tasks.get(task.id) !== task) return;
    this.#watcher?.changed(task.id);
    this.#scheduleSave();
  }

  /** Something of a task has changed that is only shown. */
  moved(task: Task): void {
    this.#lines.delete(task);
    if (this.#tasks.get(task.id) === task) this.#watcher?.changed(task.id);
  }

  /** A fact of the whole list has changed. */
  factsChanged(): void {
    this.#scheduleSave();
  }

  #scheduleSave(): void {
    this.#dirty = true;
    if (!this.#isStopped) this.#save.schedule(Math.max(SAVE_AFTER_MS, this.#lastWriteMs * SAVE_SHARE));
  }

  /**
   * Writes down what has changed. Resolves when it is on disk.
   * @throws LocalFileError when it cannot be written; told to the log once, and by `trouble`
   */
  async flush(): Promise<void> {
    this.#save.stop();
    const before = this.#writing;
    const writing = before
      .catch(() => {})
      .then(async () => {
        // The folder may have been given up: then it is another engine's list.
        if (!this.#dirty || this.#isStopped) return;
        this.#dirty = false;
        await this.#write();
      });
    this.#writing = writing;
    await writing;
  }

  async #write(): Promise<void> {
    const { clock, dataDir } = this.#options;
    const startedMs = clock.now();
    try {
      const lines: string[] = [];
      for (const task of this.all().filter(isKept)) {
        lines.push(this.#lineOf(task));
        // Of many tasks, so that the loop goes on meanwhile. What changes then is written the next time.
        if (lines.length % LINES_AT_ONCE === 0) await breath();
      }
      await writeTasks(dataDir, this.facts, lines);
      this.#setTrouble(undefined);
    } catch (thrown) {
      this.#scheduleSave();
      this.#setTrouble(thrown instanceof Error ? thrown.message : String(thrown));
      throw thrown;
    } finally {
      this.#lastWriteMs = clock.now() - startedMs;
    }
  }

  #setTrouble(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    if (trouble !== undefined) this.#options.log.warn(trouble);
    this.#options.onTrouble?.();
  }

  #lineOf(task: Task): string {
    let line = this.#lines.get(task);
    if (line === undefined) {
      line = lineOf(task);
      this.#lines.set(task, line);
    }
    return line;
  }

  /** Ends timers: what changes from now on is not written. */
  stop(): void {
    this.#isStopped = true;
    this.#save.stop();
  }
}

/** What others have begun is found again by its journal; only that it goes on here must be known. */
const isKept = ({ origin, elsewhere, cancelling, state }: Task): boolean =>
  origin === 'desktop' ||
  cancelling ||
  (!elsewhere && !['paused', 'attention', 'done', 'cancelled'].includes(state));
