// A request body that is streamed: cuts the source's chunks small, so that progress shows on a slow line, and can be
// stopped for good. Touches nothing but its source.
import type { IdleTimer } from './idle-timer.ts';

// Large chunks hide progress from the idle timer: 1 MiB takes minutes on a bad line.
const SLICE_BYTES = 256 * 1024;

/** The body of one attempt. Iterate it once. */
export class UploadBody implements AsyncIterable<Uint8Array> {
  readonly #source: () => AsyncIterable<Uint8Array>;
  readonly #timer: IdleTimer;
  #iterator: AsyncIterator<Uint8Array> | undefined;
  #chunk: Uint8Array | undefined;
  #stopped = false;
  #pending: Promise<unknown> | undefined;
  #failure: { error: unknown } | undefined;
  #sentBytes = 0;

  /**
   * @param source gives the bytes; called at most once, when the first byte is asked for
   * @param timer touched whenever the network takes bytes, paused while the source is waited for
   */
  constructor(source: () => AsyncIterable<Uint8Array>, timer: IdleTimer) {
    this.#source = source;
    this.#timer = timer;
  }

  /** What the source threw, when it threw. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  /** Bytes handed to the network. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => this.#next(),
      return: async () => {
        await this.stop();
        return { done: true, value: undefined };
      },
    };
  }

  /** Ends the source. Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#chunk = undefined;
    const iterator = this.#iterator;
    this.#iterator = undefined;
    await this.#pending;
    try {
      await iterator?.return?.();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#stopped) return { done: true, value: undefined };
    if (this.#chunk === undefined || this.#chunk.byteLength === 0) {
      const got = await this.#pull();
      if (got === undefined || this.#stopped) return { done: true, value: undefined };
      this.#chunk = got;
    }
    this.#timer.touch();
    const slice = this.#chunk.subarray(0, SLICE_BYTES);
    this.#chunk = this.#chunk.subarray(slice.byteLength);
    this.#sentBytes += slice.byteLength;
    return { done: false, value: slice };
  }

  async #pull(): Promise<Uint8Array | undefined> {
    this.#timer.pause();
    try {
      this.#iterator ??= this.#source()[Symbol.asyncIterator]();
      for (;;) {
        const step = this.#iterator.next();
        this.#pending = step.catch(() => undefined);
        const result = await step;
        if (result.done) {
          this.#iterator = undefined;
          this.#stopped = true;
          return undefined;
        }
        if (result.value.byteLength > 0) return result.value;
      }
    } catch (error) {
      this.#failure ??= { error };
      this.#iterator = undefined;
      throw error;
    } finally {
      this.#pending = undefined;
      this.#timer.touch();
    }
  }
}
