// Keeps a token in memory: renews it in good time, and asks once for many callers. Imports the model.
import type { CallOptions, Clock } from '../model/index.ts';
import { SharedTask } from './shared-task.ts';

/** One identity's token. */
export class TokenCache<T extends { expiresAtMs: number }> {
  readonly #fetch: (signal: AbortSignal) => Promise<T>;
  readonly #clock: Clock;
  readonly #renewBeforeMs: number;
  readonly #task = new SharedTask<T>();
  #token: T | undefined;

  /**
   * @param fetch gets a new token
   * @param renewBeforeMs how long a token must be good yet to be used
   */
  constructor(fetch: (signal: AbortSignal) => Promise<T>, clock: Clock, renewBeforeMs: number) {
    this.#fetch = fetch;
    this.#clock = clock;
    this.#renewBeforeMs = renewBeforeMs;
  }

  /** A token that is good for a while yet. */
  async get(options: CallOptions = {}): Promise<T> {
    const token = this.#token;
    if (token && token.expiresAtMs - this.#renewBeforeMs > this.#clock.now()) return token;
    return this.#task.run(async (signal) => {
      const fresh = await this.#fetch(signal);
      this.#token = fresh;
      return fresh;
    }, options.signal);
  }

  /** Forgets a token that a service refused; one that has replaced it meanwhile stays. */
  discard(token: T): void {
    if (this.#token === token) this.#token = undefined;
  }
}
