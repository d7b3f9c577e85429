// Calls that several callers ask for at once and that run once. Imports types only.

interface Running<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Runs calls by key, each at most once at a time. All callers of a run get its result or its error; nothing is kept
 * afterwards. A caller that aborts leaves; the run ends early only when nobody waits for it any more.
 */
export class SharedCalls<T> {
  readonly #running = new Map<string, Running<T>>();
  readonly #cancelled: () => Error;

  /** @param cancelled makes the error of a caller that has aborted */
  constructor(cancelled: () => Error) {
    this.#cancelled = cancelled;
  }

  /**
   * Joins the run of this key that is under way, or starts one.
   * @param start the work; its signal aborts when the last caller has gone
   * @param signal of this caller
   */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (signal?.aborted) throw this.#cancelled();
    const run = this.#running.get(key) ?? this.#begin(key, start);
    run.waiters += 1;
    let leave: (() => void) | undefined;
    try {
      if (signal === undefined) return await run.promise;
      return await new Promise<T>((resolve, reject) => {
        leave = () => reject(this.#cancelled());
        signal.addEventListener('abort', leave, { once: true });
        run.promise.then(resolve, reject);
      });
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave);
      run.waiters -= 1;
      if (run.waiters === 0) this.#end(key, run);
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const run = { promise: start(controller.signal), controller, waiters: 0 };
    this.#running.set(key, run);
    const done = () => this.#forget(key, run);
    run.promise.then(done, done);
    return run;
  }

  #end(key: string, run: Running<T>): void {
    if (this.#running.get(key) !== run) return;
    this.#forget(key, run);
    run.controller.abort();
  }

  #forget(key: string, run: Running<T>): void {
    if (this.#running.get(key) === run) this.#running.delete(key);
  }
}
