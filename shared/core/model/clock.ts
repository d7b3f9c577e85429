// Time as a dependency, so that tests never wait. Imports Node's timers only.
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from './errors.ts';

/** What waits and what tells the time. Inject a fake one in tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Waits.
   * @param ms how long, in milliseconds
   * @throws CancelledError when `signal` aborts first
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real clock. Its timers keep the process alive while something waits on them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (cause) {
      throw new CancelledError({ operation: 'wait', reason: 'it was cancelled', cause });
    }
  },
};

/** What every call that waits takes. */
export interface CallOptions {
  /** Aborting it makes the call throw `CancelledError` soon, and leaves nothing running. */
  signal?: AbortSignal | undefined;
  /** True: the service is asked now. Layers that answer from what was read a moment ago must not. Default: they may. */
  fresh?: boolean | undefined;
}
