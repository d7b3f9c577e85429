// The bandwidth limit: a token bucket that all parts of an upload share. Pure but for the clock it is given.
import type { Clock } from '../model/index.ts';
import { chunkBytes } from './source-file.ts';

/** Longest sleep in ms: how late a changed limit is noticed. */
const napMs = 200;

/** Holds senders back so that together they stay under the limit. Can be changed at any time. */
export class Throttle {
  readonly #clock: Clock;
  #limit: number | undefined;
  /** Bytes that may go at once; negative after a chunk that was larger than what was saved up. */
  #tokens = 0;
  #filledAt: number;

  constructor(clock: Clock, bytesPerSecond?: number) {
    this.#clock = clock;
    this.#filledAt = clock.now();
    this.set(bytesPerSecond);
  }

  /** Sets the limit in bytes per second; undefined, zero or less: none. */
  set(bytesPerSecond: number | undefined): void {
    this.#limit = bytesPerSecond !== undefined && bytesPerSecond > 0 ? bytesPerSecond : undefined;
    this.#tokens = 0;
    this.#filledAt = this.#clock.now();
  }

  /** Size of the next chunk, in bytes: small under a low limit, so that the stream stays smooth. */
  pieceBytes(): number {
    if (this.#limit === undefined) return chunkBytes;
    return Math.max(4096, Math.min(chunkBytes, Math.floor(this.#limit / 8)));
  }

  /**
   * Waits until these bytes may be sent.
   * @throws CancelledError when `signal` aborts first
   */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    while (this.#limit !== undefined) {
      const now = this.#clock.now();
      // A clock that was set back must not make a debt of the time that it takes back.
      const saved = this.#tokens + (Math.max(0, now - this.#filledAt) / 1000) * this.#limit;
      // What was not used in a pause may not come out as a burst later: a quarter of a second is kept.
      this.#tokens = Math.min(saved, this.#limit / 4);
      this.#filledAt = now;
      if (this.#tokens >= 0) {
        this.#tokens -= bytes;
        return;
      }
      const waitMs = Math.ceil((-this.#tokens / this.#limit) * 1000);
      await this.#clock.sleep(Math.min(waitMs, napMs), signal);
    }
  }
}
