// Lets callers pass at a rate, and only so many at once, in the order in which they came. Imports types only.
import type { Clock } from '@imagebridge/core';

/** What a turnstile holds to. */
export interface TurnstileLimits {
  /** Callers per second in the long run; as many as pass in a second may pass together after a pause. */
  readonly perSecond: number;
  /** Callers inside at once. */
  readonly parallel: number;
}

interface Waiting {
  admit(): void;
}

/** One line of callers. */
export class Turnstile {
  readonly #limits: TurnstileLimits;
  readonly #clock: Clock;
  readonly #cancelled: () => Error;
  /** In the order of their coming. A set, so that leaving the line costs the same wherever one stands. */
  readonly #waiting = new Set<Waiting>();
  #inside = 0;
  #tokens: number;
  #filledAtMs: number;
  #sleeping = false;

  /** @param cancelled makes the error of a caller that has aborted */
  constructor(limits: TurnstileLimits, clock: Clock, cancelled: () => Error) {
    this.#limits = limits;
    this.#clock = clock;
    this.#cancelled = cancelled;
    this.#tokens = this.#burst;
    this.#filledAtMs = clock.now();
  }

  /**
   * Waits for the caller's turn.
   * @returns called once when the caller is through
   * @throws the error of `cancelled` when `signal` aborts first
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw this.#cancelled();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(this.#cancelled());
      };
      const waiting: Waiting = {
        admit: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
      this.#advance();
    });
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#inside -= 1;
      this.#advance();
    };
  }

  /** True when a caller would have to wait for somebody to leave. */
  get isFull(): boolean {
    return this.#inside >= this.#limits.parallel;
  }

  get #burst(): number {
    return Math.max(1, this.#limits.perSecond);
  }

  #advance(): void {
    this.#fill();
    for (const first of this.#waiting) {
      if (this.isFull || this.#tokens < 1) break;
      this.#tokens -= 1;
      this.#inside += 1;
      this.#waiting.delete(first);
      first.admit();
    }
    // Where the line waits for somebody to leave, that one's leaving goes on with it.
    if (this.#waiting.size > 0 && this.#tokens < 1) this.#goOnLater();
  }

  #fill(): void {
    const nowMs = this.#clock.now();
    // A clock that was set back gives nothing, and takes nothing.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#limits.perSecond);
  }

  #goOnLater(): void {
    if (this.#sleeping) return;
    this.#sleeping = true;
    const waitMs = Math.ceil(((1 - this.#tokens) / this.#limits.perSecond) * 1000);
    const goOn = () => {
      this.#sleeping = false;
      this.#advance();
    };
    this.#clock.sleep(waitMs).then(goOn, goOn);
  }
}
