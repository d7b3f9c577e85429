// Work that goes on for a while, as the window sees it: told when it changes, cancelled, and taken off the list.
import { randomUUID } from 'node:crypto';
import { CancelledError, type Clock, ImageBridgeError } from '@imagebridge/core';
import { type Activity, EngineError, type EngineEvent } from '@imagebridge/desktop-contract';
import type { EngineContext, HandlersOf, Log } from '../context.ts';
import { problemOf } from '../problem.ts';
import { ActivityMemory } from './memory.ts';
import type { ActivityLine, Order } from './orders.ts';

// A hundred that are over are more than anybody reads.
const KEPT = 100;
const TELL_MS = 250;

/** What an activity came to. */
export type ActivityEnd = Pick<
  Activity,
  'resultImageId' | 'resultCloud' | 'resultRegion' | 'resultPath' | 'text'
>;

/** How far an activity is. */
export type ActivityProgress = Pick<Activity, 'fraction' | 'doneBytes' | 'totalBytes' | 'text'>;

/** What the work is given. */
export interface Work {
  /** Aborts when the activity is cancelled, or the engine stops. */
  signal: AbortSignal;
  /** Tells how far it is; what is left out stays, `undefined` takes it away. Call it as often as you like. */
  progress(now: ActivityProgress): void;
  /** How the work is cancelled, where aborting the signal would leave something behind. The signal aborts afterwards. */
  onCancel(undo: () => Promise<unknown>): void;
  /** What a user should know once it is cancelled: what goes on, what is left. */
  afterCancel(text: string): void;
}

/** Does what an order says. After an interruption it is called again, and finds its place by itself. */
export type Runner = (order: Order, work: Work) => Promise<ActivityEnd>;

interface Entry {
  order: Order;
  activity: Activity;
  controller: AbortController;
  undo: (() => Promise<unknown>) | undefined;
  cancelText: string | undefined;
  cancelling: boolean;
  done: Promise<void>;
  /** True while a change waits to be told. */
  telling: boolean;
  toldAt: number;
}

/** The activities. Those that go on when the engine ends go on when it starts again. */
export class Activities {
  readonly #run: Runner;
  readonly #memory: ActivityMemory;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #emit: (event: EngineEvent) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #stopped = new AbortController();

  constructor(
    { clock, log, emit, dataDir }: Pick<EngineContext, 'clock' | 'log' | 'emit' | 'dataDir'>,
    run: Runner,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#emit = emit;
    this.#run = run;
    this.#memory = new ActivityMemory(dataDir, log);
  }

  /** The handlers of `activities.*`. */
  readonly handlers: HandlersOf<'activities'> = {
    'activities.cancel': async ({ id }) => {
      await this.cancel(id);
      return null;
    },
    'activities.dismiss': ({ id }) => {
      const entry = this.#entry(id);
      if (entry.activity.state === 'running') {
        throw new EngineError({
          kind: 'conflict',
          message: 'This is still going on.',
          hint: 'Cancel it, or wait until it is over.',
        });
      }
      this.#forget(id);
      return null;
    },
  };

  /** All, the newest first. */
  snapshot(): Activity[] {
    return [...this.#entries.values()].map(({ activity }) => activity).reverse();
  }

  /** Begins; returns its id at once. */
  start(order: Order, line: ActivityLine): string {
    const id = this.#begin(order, line, this.#clock.now());
    this.#remember();
    return id;
  }

  /** Goes on with what went on when the engine ended. */
  restore(): void {
    for (const { order, line, startedAt } of this.#memory.read()) this.#begin(order, line, startedAt);
  }

  /**
   * Cancels one that is going on, and resolves when it is over.
   * @throws EngineError when it cannot be cancelled
   */
  async cancel(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.activity.state !== 'running') return;
    if (!entry.activity.canCancel) {
      throw new EngineError({
        kind: 'conflict',
        message: 'This cannot be cancelled.',
        hint: 'Wait until it is over; it does not take long.',
      });
    }
    entry.cancelling = true;
    const undo = entry.undo;
    entry.undo = undefined;
    try {
      await undo?.();
    } catch (error) {
      this.#log.warn(problemOf(error).message);
    }
    entry.controller.abort();
    await entry.done;
  }

  /** Ends all without undoing anything: what can be gone on with later stays as it is. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const { controller } of this.#entries.values()) controller.abort();
    await Promise.all([...this.#entries.values()].map(({ done }) => done));
    await this.#memory.settled();
  }

  #begin(order: Order, line: ActivityLine, startedAt: number): string {
    const id = randomUUID();
    const entry: Entry = {
      order,
      activity: { ...line, id, kind: order.kind, state: 'running', startedAt },
      controller: new AbortController(),
      undo: undefined,
      cancelText: undefined,
      cancelling: false,
      done: Promise.resolve(),
      telling: false,
      toldAt: 0,
    };
    this.#entries.set(id, entry);
    this.#tellNow(entry);
    entry.done = this.#work(entry);
    return id;
  }

  #running(): Entry[] {
    return [...this.#entries.values()].filter(({ activity }) => activity.state === 'running');
  }

  #remember(): void {
    this.#memory.save(
      this.#running().map(({ order, activity: { cloud, region, imageId, imageName, target, ...rest } }) => ({
        order,
        line: { cloud, region, imageId, imageName, target, canCancel: rest.canCancel },
        startedAt: rest.startedAt,
      })),
    );
  }

  async #work(entry: Entry): Promise<void> {
    const { signal } = entry.controller;
    try {
      const end = await this.#run(entry.order, {
        signal,
        progress: (now) => {
          entry.activity = { ...entry.activity, ...now };
          this.#tell(entry);
        },
        onCancel: (undo) => {
          entry.undo = undo;
        },
        afterCancel: (text) => {
          entry.cancelText = text;
        },
      });
      this.#end(entry, { state: 'done', fraction: 1, ...end });
    } catch (error) {
      const wanted = entry.cancelling || signal.aborted;
      // What is not ours is what an aborted signal throws by itself.
      if (wanted && (error instanceof CancelledError || !(error instanceof ImageBridgeError)))
        this.#end(entry, {
          state: 'cancelled',
          ...(entry.cancelText === undefined ? {} : { text: entry.cancelText }),
        });
      else this.#end(entry, { state: 'failed', problem: problemOf(error) });
    }
  }

  #end(entry: Entry, end: Partial<Activity>): void {
    // What the end of the engine interrupts is not over.
    if (this.#stopped.signal.aborted && end.state !== 'done') return;
    entry.activity = { ...entry.activity, ...end, canCancel: false, endedAt: this.#clock.now() };
    const { kind, cloud, region, imageId, state, problem } = entry.activity;
    const why = problem === undefined ? '' : `: ${problem.message}`;
    this.#log.info(`${kind} of image ${imageId} of ${cloud}/${region}: ${state}${why}`);
    this.#tellNow(entry);
    this.#remember();
    const over = [...this.#entries.values()].filter(({ activity }) => activity.state !== 'running');
    for (const { activity } of over.slice(0, Math.max(0, over.length - KEPT))) this.#forget(activity.id);
  }

  #forget(id: string): void {
    this.#entries.delete(id);
    this.#emit({ type: 'activity-gone', id });
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new EngineError({ kind: 'not-found', message: 'There is no such activity any more.' });
  }

  /** Progress comes many times a second; windows are told four times at most. */
  #tell(entry: Entry): void {
    if (entry.telling) return;
    const waitMs = entry.toldAt + TELL_MS - this.#clock.now();
    if (waitMs <= 0) {
      this.#tellNow(entry);
      return;
    }
    entry.telling = true;
    this.#clock.sleep(waitMs, this.#stopped.signal).then(
      () => {
        entry.telling = false;
        if (entry.activity.state === 'running') this.#tellNow(entry);
      },
      () => {},
    );
  }

  #tellNow(entry: Entry): void {
    entry.toldAt = this.#clock.now();
    this.#emit({ type: 'activity', activity: entry.activity });
  }
}
