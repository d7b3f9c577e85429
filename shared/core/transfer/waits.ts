// What an upload waits for most: its bottleneck, from measured waiting times. Pure: times in, a word out.
import type { Bottleneck } from './types.ts';

/** Half of the weight of what was measured lies in the last 10 seconds. */
const halfLifeMs = 10_000;
/** Less waiting than this, in ms, says nothing yet. */
const leastMs = 1_000;

/** Adds up waiting times, by what was waited for. Older ones fade. */
export class Waits {
  readonly #now: () => number;
  readonly #sums = new Map<Bottleneck, number>();
  #at: number;

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /** Counts a waiting time in ms. */
  add(what: Bottleneck, ms: number): void {
    this.#fade();
    if (ms > 0) this.#sums.set(what, (this.#sums.get(what) ?? 0) + ms);
  }

  /** Waits for something, and counts how long that took. */
  async during<T>(what: Bottleneck, work: Promise<T>): Promise<T> {
    const from = this.#now();
    try {
      return await work;
    } finally {
      this.add(what, this.#now() - from);
    }
  }

  /** Milliseconds of a steady clock, for a time that is counted with `add`. */
  now(): number {
    return this.#now();
  }

  /** What was waited for most lately; undefined while there is too little to tell. */
  get most(): Bottleneck | undefined {
    this.#fade();
    let sum = 0;
    let most: [Bottleneck, number] | undefined;
    for (const [what, ms] of this.#sums) {
      sum += ms;
      if (most === undefined || ms > most[1]) most = [what, ms];
    }
    return sum < leastMs ? undefined : most?.[0];
  }

  /** Forgets everything, after a pause. */
  restart(): void {
    this.#sums.clear();
    this.#at = this.#now();
  }

  #fade(): void {
    const now = this.#now();
    const elapsed = now - this.#at;
    if (elapsed < 200) return;
    const keep = 2 ** (-elapsed / halfLifeMs);
    for (const [what, ms] of this.#sums) this.#sums.set(what, ms * keep);
    this.#at = now;
  }
}
