// Which tasks run: so many at once, in the order of the list. Starts runs and settles their ends.
import type { Clock, TransferBudget } from '@imagebridge/core';
import type { EngineEvent, Problem } from '@imagebridge/desktop-contract';
import type { EngineContext } from '../context.ts';
import { causeOf, judgeFailure, type WaitReason, waitBeforeTryMs } from './failures.ts';
import { historyOf } from './history-entry.ts';
import type { TaskList } from './list.ts';
import type { Published } from './publish.ts';
import { Run, type RunEnd, type RunTools, type StopReason } from './run.ts';
import { type Need, note, noteMoment, placeOf, type Task } from './task.ts';
import { breath } from './timers.ts';
import { still } from './view.ts';

/** Tasks that only wait for their service's work do not hold a place; but there are not more of them than this. */
const MOST_IMPORTING = 16;

/** Nothing has moved for so long after an address was lost: it was the one. In ms. */
const STANDSTILL_MS = 4_000;
/** How often it is looked for after one loss: later the upload's own limits of time have found it. */
const STANDSTILL_LOOKS = 15;

/** What the queue needs. */
export interface QueueOptions {
  context: EngineContext;
  list: TaskList;
  budget: TransferBudget;
  onReplaced: RunTools['onReplaced'];
  /** A task turned out to be in the hands of another process. */
  onElsewhere(task: Task): void;
}

/** The queue. */
export class Queue {
  readonly #options: QueueOptions;
  readonly #runs = new Map<string, Run>();
  /** Tasks that are tried again by themselves. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #tries = new Map<string, { tries: number; why: WaitReason; confirmedBytes: number }>();
  readonly #clock: Clock;
  /** Reasons why nothing is begun. */
  readonly #held = new Set<'starting' | 'asleep' | 'stopped'>(['starting']);
  /** Clouds whose credentials were told to be wrong. */
  readonly #refused = new Set<string>();
  /** Clouds that have answered a question of their API. */
  readonly #reached = new Set<string>();
  #online = true;
  #doneSinceEmpty = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#clock = options.context.clock;
  }

  /** The run of a task, while it has one. */
  runOf(task: Task): Run | undefined {
    return this.#runs.get(task.id);
  }

  /** Runs of uploads whose journal may not be known to their task yet. */
  get isBeginning(): boolean {
    return [...this.#runs.values()].some(({ upload }) => upload === undefined);
  }

  get online(): boolean {
    return this.#online;
  }

  /** The network is there, or away. */
  setOnline(online: boolean): void {
    this.#online = online;
    if (!online) return;
    for (const id of [...this.#waiting.keys()]) this.#again(id);
    for (const { task } of this.#runs.values()) if (task.state === 'waiting-network') void this.restart(task);
  }

  /** Begins a run anew: connections that died unnoticed, and waits, are over then. What was sent stays. */
  async restart(task: Task): Promise<void> {
    await this.stop(task, 'hold');
    this.fill();
  }

  /**
   * The machine has lost an address. What waits is tried at once. Connections that went by it are dead without a word: uploads of
   * which nothing moves for a while are begun anew. One that would start from 0 is left alone: it may go by another address.
   * @throws CancelledError when `signal` aborts
   */
  async addressLost(signal: AbortSignal): Promise<void> {
    this.setOnline(this.#online);
    const watched = new Map([...this.#runs.values()].map((run) => [run, run.movedBytes]));
    // Parts that go by another address may hide for a while that one is dead.
    for (let look = 0; look < STANDSTILL_LOOKS && watched.size > 0; look++) {
      await this.#clock.sleep(STANDSTILL_MS, signal);
      for (const [run, movedBytes] of watched) {
        const { task } = run;
        const hasMoved = run.movedBytes !== movedBytes;
        if (hasMoved) watched.set(run, run.movedBytes);
        else watched.delete(run);
        if (hasMoved || movedBytes === undefined || this.runOf(task) !== run) continue;
        note(
          task,
          this.#clock.now(),
          'The network of this machine has changed: the upload goes on over the new one.',
        );
        await this.restart(task);
      }
    }
  }

  /** Profiles have changed, so credentials may be good again: whoever is refused now is told, and what waits tries at once. */
  credentialsChanged(): void {
    this.#refused.clear();
    this.#reached.clear();
    for (const id of [...this.#waiting.keys()]) this.#again(id);
  }

  /** A cloud has answered. */
  reached(cloud: string): void {
    this.#reached.add(cloud);
  }

  /** True when the cloud of a task has answered before: no upload begins without. */
  #wasReached(task: Task): boolean {
    const { cloud } = placeOf(task);
    const hasBegun = (one: Task) => one.uploadId !== undefined && placeOf(one).cloud === cloud;
    return this.#reached.has(cloud) || this.#options.list.all().some(hasBegun);
  }

  /** Nothing is begun while it is held for any reason. */
  hold(reason: 'starting' | 'asleep' | 'stopped', isHeld: boolean): void {
    if (isHeld) this.#held.add(reason);
    else this.#held.delete(reason);
    this.fill();
  }

  /** Puts a task into the queue. */
  enqueue(task: Task): void {
    this.#forgetWait(task.id);
    task.state = 'queued';
    const progress = still(task.progress);
    if (progress !== undefined) task.progress = progress;
    delete task.problem;
    delete task.need;
    delete task.endedAt;
    this.#options.list.changed(task);
    this.fill();
  }

  /** Begins what there is room for. */
  fill(): void {
    const { list, context } = this.#options;
    if (this.#held.size > 0 || list.facts.paused) return;
    const { parallel } = context.settings.get();
    const runs = [...this.#runs.values()];
    let sending = runs.filter((run) => run.isSending).length;
    if (runs.length - sending >= MOST_IMPORTING) return;
    for (const task of list.all()) {
      if (sending >= parallel) return;
      if (task.state !== 'queued' || task.cancelling || this.#runs.has(task.id)) continue;
      this.#begin(task);
      sending++;
    }
  }

  #begin(task: Task): void {
    const { context, list, budget, onReplaced } = this.#options;
    const { clouds, engine, clock } = context;
    const run = new Run(task, {
      ...{ clock, clouds, engine, budget, list, onReplaced },
      online: () => this.#online,
      onImporting: () => this.fill(),
    });
    this.#runs.set(task.id, run);
    run.ended
      .then((end) => this.#settle(task, end))
      .catch((thrown: unknown) => {
        context.log.warn(`The end of the upload of ${task.path} failed: ${String(thrown)}`);
      })
      .finally(() => {
        this.#runs.delete(task.id);
        list.changed(task);
        this.fill();
        this.#tellEmpty();
      });
  }

  /** Stops a task, whether it runs or waits for its turn. */
  async stop(task: Task, reason: StopReason): Promise<void> {
    this.#forgetWait(task.id);
    const run = this.#runs.get(task.id);
    if (run !== undefined) {
      await run.stop(reason);
      await this.#gone(task.id, run);
      return;
    }
    if (task.state !== 'queued' && task.state !== 'waiting-network') return;
    task.state = reason === 'pause' ? 'paused' : 'queued';
    this.#options.list.changed(task);
  }

  async #gone(id: string, run: Run): Promise<void> {
    while (this.#runs.get(id) === run) await breath();
  }

  /** Stops everything that runs, to go on later. */
  async stopAll(): Promise<void> {
    // What waits to be tried again loses its timer here: from now on it waits for its turn.
    const waiting = [...this.#waiting.keys()].flatMap((id) => this.#options.list.get(id) ?? []);
    const running = [...this.#runs.values()].map(({ task }) => task);
    await Promise.all([...waiting, ...running].map((task) => this.stop(task, 'hold')));
  }

  /** Does at once what waits to be tried again. */
  #again(id: string): void {
    const { list } = this.#options;
    this.#forgetWait(id);
    const task = list.get(id);
    if (task?.state === 'waiting-network' && !task.elsewhere) this.enqueue(task);
  }

  #forgetWait(id: string): void {
    this.#waiting.get(id)?.abort();
    this.#waiting.delete(id);
  }

  async #settle(task: Task, end: RunEnd): Promise<void> {
    const progress = still(task.progress);
    if (progress !== undefined) task.progress = progress;
    switch (end.kind) {
      case 'published':
        return this.#done(task, end.made);
      case 'aborted':
        // Whoever cancels settles it.
        if (task.cancelling) return;
        note(task, this.#clock.now(), 'Another program gave this upload up.');
        return this.finish(task, 'cancelled');
      case 'stopped':
        if (end.reason !== 'cancel') task.state = end.reason === 'pause' ? 'paused' : 'queued';
        return;
      case 'failed':
        return this.#failed(task, end.thrown, end.reason);
    }
  }

  async #done(task: Task, made: Published): Promise<void> {
    this.#refused.delete(placeOf(task).cloud);
    task.imageId = made.image.id;
    if (made.sha256 !== undefined) task.sha256 = made.sha256;
    task.sentBytes = Math.max(task.sentBytes ?? 0, made.sentBytes);
    task.partsSkipped = made.partsSkipped;
    if (task.progress !== undefined) {
      const { totalBytes, partsTotal } = task.progress;
      task.progress = { ...task.progress, confirmedBytes: totalBytes, fraction: 1, partsDone: partsTotal };
    }
    if (made.skipped)
      note(
        task,
        this.#clock.now(),
        'The cloud has an image of this name with the same content: nothing was sent.',
      );
    await this.finish(task, 'done');
    this.#doneSinceEmpty++;
    this.#tell('done', task);
    this.#options.context.emit({ type: 'images-changed', ...cloudOf(task) });
  }

  /** A task is over: it goes to the history. */
  async finish(task: Task, state: 'done' | 'cancelled'): Promise<void> {
    const { context, list } = this.#options;
    // What could not be done is history as a failure, although it was the user who gave it up.
    const outcome = state === 'done' ? 'done' : task.need === undefined ? 'cancelled' : 'failed';
    const entry = historyOf(task, outcome, this.#clock.now());
    task.state = state;
    task.elsewhere = false;
    task.endedAt = this.#clock.now();
    delete task.problem;
    delete task.need;
    this.#tries.delete(task.id);
    list.changed(task);
    if (entry !== undefined) await context.history.add(entry);
  }

  async #failed(task: Task, thrown: unknown, reason: StopReason | undefined): Promise<void> {
    const { list, onElsewhere } = this.#options;
    const verdict = await judgeFailure(thrown, task.path, this.#wasReached(task));
    if (verdict.kind === 'elsewhere') {
      task.uploadId = verdict.uploadId;
      task.state = 'paused';
      list.changed(task);
      return onElsewhere(task);
    }
    if (verdict.kind === 'attention') return this.attention(task, verdict.need, verdict.problem);
    if (reason === 'pause') {
      // It failed while it was being paused: it must not go on by itself.
      task.state = 'paused';
      return list.changed(task);
    }
    const attempt = this.#countTry(task, verdict.why);
    const waitMs = waitBeforeTryMs(verdict.why, attempt);
    if (waitMs === undefined) return this.attention(task, 'retry', verdict.problem);
    const when = waitMs < 1000 ? 'at once' : `in ${Math.round(waitMs / 1000)} s`;
    const words = `${verdict.problem.message} It is tried again ${when}.`;
    noteMoment(task, this.#clock.now(), words, {
      type: 'retry',
      attempt,
      waitMs,
      cause: causeOf(verdict.problem),
    });
    task.state = 'waiting-network';
    task.problem = verdict.problem;
    list.changed(task);
    const controller = new AbortController();
    this.#waiting.set(task.id, controller);
    this.#clock.sleep(waitMs, controller.signal).then(
      () => this.#again(task.id),
      () => {},
    );
  }

  /** Tries that failed in a row for one reason; what has moved in between begins a new row. */
  #countTry(task: Task, why: WaitReason): number {
    const confirmedBytes = task.progress?.confirmedBytes ?? 0;
    const before = this.#tries.get(task.id);
    const isSame = before?.why === why && confirmedBytes <= before.confirmedBytes;
    const tries = isSame ? before.tries + 1 : 1;
    this.#tries.set(task.id, { tries, why, confirmedBytes });
    return tries;
  }

  /** A task needs the user. */
  attention(task: Task, need: Need, problem: Problem): void {
    const progress = still(task.progress);
    if (progress !== undefined) task.progress = progress;
    // Whoever lets it go on lets it be tried as often as before.
    this.#tries.delete(task.id);
    task.state = 'attention';
    task.need = need;
    task.problem = problem;
    // What stopped an upload is in its own timeline.
    if (task.uploadId === undefined || need === 'give-up')
      noteMoment(task, this.#clock.now(), problem.message, {
        ...{ type: 'state', state: 'attention', cause: causeOf(problem) },
      });
    this.#options.list.changed(task);
    const { cloud } = placeOf(task);
    if (need === 'sign-in' && this.#refused.has(cloud)) return;
    if (need === 'sign-in') this.#refused.add(cloud);
    const key = need === 'sign-in' ? 'credentials' : need === 'accept-file' ? 'file-changed' : 'attention';
    this.#tell(key, task, problem);
  }

  #tell(key: Extract<EngineEvent, { type: 'notice' }>['key'], task: Task, problem?: Problem): void {
    const { cloud, imageName } = placeOf(task);
    const values = { name: imageName || task.fileName, file: task.fileName, cloud };
    this.#options.context.emit({ type: 'notice', key, values, problem, taskId: task.id });
  }

  #tellEmpty(): void {
    const { list, context } = this.#options;
    if (this.#doneSinceEmpty === 0 || this.#runs.size > 0) return;
    const isLeft = list.all().some(({ state }) => ['queued', 'waiting-network', 'paused'].includes(state));
    if (isLeft) return;
    // Of a single upload its own end has told enough.
    if (this.#doneSinceEmpty > 1)
      context.emit({ type: 'notice', key: 'queue-empty', values: { count: String(this.#doneSinceEmpty) } });
    this.#doneSinceEmpty = 0;
  }
}

const cloudOf = (task: Task) => {
  const { cloud, region } = placeOf(task);
  return { cloud, region };
};
