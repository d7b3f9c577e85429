// Lets a few pieces of work go on at a time.
import { CancelledError } from '@imagebridge/core';
import type { Work } from './activities.ts';

/** Lets a few work at a time; the others wait in the order in which they came. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param most how many may work at once */
  constructor(most: number) {
    this.#free = most;
  }

  /** @throws CancelledError when the work is cancelled first */
  async take(work: Work): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    work.progress({ text: 'waits for its turn' });
    await new Promise<void>((resolve, reject) => {
      const cancel = () => {
        this.#waiting.delete(go);
        reject(new CancelledError({ operation: 'wait', reason: 'it was cancelled' }));
      };
      const go = () => {
        work.signal.removeEventListener('abort', cancel);
        resolve();
      };
      work.signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.add(go);
    });
  }

  /** To be called once for each `take`. */
  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
