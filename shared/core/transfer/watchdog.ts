// Notices that nothing moves any more, and that the machine was asleep. Pure: times and counters in, findings out.

/** A gap between two looks that only a sleeping machine (or a clock that was set) makes, in ms beyond the usual. */
const sleepMs = 30_000;

/** What a look found. */
export interface WatchFinding {
  /** How long nothing has moved, in ms; only once it is longer than the set time. */
  stalledMs?: number | undefined;
  /** True at the first look that finds it. */
  newlyStalled: boolean;
  /** How long the machine seems to have been away, in ms. */
  sleptMs?: number | undefined;
}

/** Looks at an upload every so often. */
export class Watchdog {
  readonly #stalledAfterMs: number;
  #seen: { wallMs: number; steadyMs: number };
  #moved = -1;
  #movedAtMs: number;
  #told = false;

  /** @param stalledAfterMs how long nothing may move, in ms */
  constructor(stalledAfterMs: number, wallMs: number, steadyMs: number) {
    this.#stalledAfterMs = stalledAfterMs;
    this.#seen = { wallMs, steadyMs };
    this.#movedAtMs = steadyMs;
  }

  /**
   * One look.
   * @param moved a number that changes when anything moves; undefined: nothing is meant to move now
   * @param usualMs the usual time between two looks
   */
  look(wallMs: number, steadyMs: number, moved: number | undefined, usualMs: number): WatchFinding {
    // The steady clock stands still in a sleep on some systems, and the wall clock may be set: either tells.
    const gapMs = Math.max(wallMs - this.#seen.wallMs, steadyMs - this.#seen.steadyMs) - usualMs;
    this.#seen = { wallMs, steadyMs };
    const slept = gapMs >= sleepMs;
    if (moved !== this.#moved || moved === undefined || slept) {
      this.#moved = moved ?? -1;
      this.#movedAtMs = steadyMs;
      this.#told = false;
      return slept ? { newlyStalled: false, sleptMs: gapMs } : { newlyStalled: false };
    }
    const stalledMs = steadyMs - this.#movedAtMs;
    if (stalledMs < this.#stalledAfterMs) return { newlyStalled: false };
    const newlyStalled = !this.#told;
    this.#told = true;
    return { stalledMs, newlyStalled };
  }
}
