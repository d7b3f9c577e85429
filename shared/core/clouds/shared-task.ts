// One piece of work for many callers: it runs once, and ends when nobody waits for it any more.
import { CancelledError } from '../model/index.ts';

/** Runs a task at most once at a time. */
export class SharedTask<T> {
  #running: { promise: Promise<T>; controller: AbortController; waiters: number } | undefined;

  /**
   * Joins the run under way, or starts one.
   * @param start the work; its signal aborts when the last caller has gone
   * @param signal of this caller: aborting it ends the waiting of this caller only
   */
  async run(start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const gone = () => new CancelledError({ operation: 'wait', reason: 'it was cancelled' });
    if (signal?.aborted) throw gone();
    if (!this.#running) {
      const controller = new AbortController();
      const run = { promise: start(controller.signal), controller, waiters: 0 };
      this.#running = run;
      const done = () => {
        if (this.#running === run) this.#running = undefined;
      };
      run.promise.then(done, done);
    }
    const run = this.#running;
    run.waiters += 1;
    let onAbort: (() => void) | undefined;
    try {
      if (!signal) return await run.promise;
      return await new Promise<T>((resolve, reject) => {
        onAbort = () => reject(gone());
        signal.addEventListener('abort', onAbort, { once: true });
        run.promise.then(resolve, reject);
      });
    } finally {
      run.waiters -= 1;
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      if (run.waiters === 0 && this.#running === run) {
        this.#running = undefined;
        run.controller.abort();
      }
    }
  }
}
