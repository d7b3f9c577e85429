// Waiting on the engine's clock: work that is done soon and once, and waits that end early. Touches the clock only.
import type { Clock } from '@imagebridge/core';

/** Work that is asked for often and done seldom. */
export class Soon {
  readonly #clock: Clock;
  readonly #work: () => void;
  #waiting: AbortController | undefined;

  /** @param work must not throw */
  constructor(clock: Clock, work: () => void) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Does the work after so many ms, unless it is going to be done already. */
  schedule(afterMs: number): void {
    if (this.#waiting !== undefined) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#clock.sleep(Math.max(0, afterMs), waiting.signal).then(
      () => {
        this.#waiting = undefined;
        this.#work();
      },
      () => {},
    );
  }

  /** What was going to be done is not done. */
  stop(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
  }
}

/**
 * Does something with each of many, a few at a time, in order.
 * @throws what the work throws; those that have begun then go on
 */
export async function eachOf<T>(
  many: readonly T[],
  atOnce: number,
  work: (one: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < many.length; index = next++) {
      const one = many[index];
      if (one !== undefined) await work(one, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, many.length) }, lane));
}

/** Settles as the work does, or rejects when it takes longer than that. The work itself goes on. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const over = new AbortController();
  const timeout = clock.sleep(ms, over.signal).then(
    () => {
      throw late();
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    over.abort();
  }
}

/** Lets everything else have its turn. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
