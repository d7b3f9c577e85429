// Tells windows what has changed of tasks: together, at most four times a second. Touches nothing else.
import type { Clock } from '@imagebridge/core';
import type { EngineEvent, Totals } from '@imagebridge/desktop-contract';
import type { ListWatcher, TaskList } from './list.ts';
import { Soon } from './timers.ts';
import { totalsOf, viewOf } from './view.ts';

const EVERY_MS = 250;
/** Tasks in one message: more of them would hold the window up. */
const MOST_AT_ONCE = 1000;
/** Half of the weight of the rate that the time left is told by lies in this time. */
const HALF_LIFE_MS = 10_000;

/** Collects changes and emits them. */
export class Announcer implements ListWatcher {
  readonly #list: TaskList;
  readonly #clock: Clock;
  readonly #emit: (event: EngineEvent) => void;
  readonly #soon: Soon;
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastTotals = '';
  #isStopped = false;
  #rate: { value: number; atMs: number } | undefined;

  constructor(list: TaskList, clock: Clock, emit: (event: EngineEvent) => void) {
    this.#list = list;
    this.#clock = clock;
    this.#emit = emit;
    this.#soon = new Soon(clock, () => this.#tell());
  }

  changed(id: string): void {
    this.#changed.add(id);
    this.#schedule();
  }

  removed(id: string): void {
    this.#changed.delete(id);
    this.#removed.add(id);
    this.#schedule();
  }

  /** The totals may have changed, although no task has. */
  totalsChanged(): void {
    this.#schedule();
  }

  /** All tasks together, now. */
  totals(): Totals {
    const now = this.#clock.now();
    const totals = totalsOf(this.#list.all(), this.#list.facts.paused, this.#rate?.value ?? 0);
    return this.#smoothed(totals, now);
  }

  /** The rate of all together jumps when one of them begins or ends; the time left must not. */
  #smoothed(totals: Totals, now: number): Totals {
    const { bytesPerSecond } = totals;
    const before = this.#rate;
    if (bytesPerSecond === 0) {
      this.#rate = undefined;
      return totals;
    }
    const keep = before === undefined ? 0 : 2 ** (-Math.max(0, now - before.atMs) / HALF_LIFE_MS);
    const value = (before?.value ?? 0) * keep + bytesPerSecond * (1 - keep);
    this.#rate = { value, atMs: now };
    return totalsOf(this.#list.all(), this.#list.facts.paused, value);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#soon.schedule(this.#lastMs + EVERY_MS - this.#clock.now());
  }

  #tell(): void {
    this.#lastMs = this.#clock.now();
    const removed = [...this.#removed];
    this.#removed.clear();
    const upserted = [];
    for (const id of this.#changed) {
      if (upserted.length === MOST_AT_ONCE) break;
      this.#changed.delete(id);
      const task = this.#list.get(id);
      if (task !== undefined) upserted.push(viewOf(task));
    }
    if (upserted.length > 0 || removed.length > 0) this.#emit({ type: 'tasks', upserted, removed });
    const totals = this.totals();
    const text = JSON.stringify(totals);
    if (text !== this.#lastTotals) this.#emit({ type: 'totals', totals });
    this.#lastTotals = text;
    if (this.#changed.size > 0) this.#schedule();
  }

  /** Tells what is left to tell, and no more. */
  stop(): void {
    this.#soon.stop();
    this.#isStopped = true;
    if (this.#changed.size > 0 || this.#removed.size > 0) this.#tell();
  }
}
