// Events on their way to a reader that may be slow. Pure.
import type { UploadEvent } from './types.ts';

/**
 * An asynchronous sequence of events for one reader. Of progress only the newest waits; everything else is kept, which
 * is little.
 */
export class EventQueue implements AsyncIterable<UploadEvent> {
  readonly #events: UploadEvent[] = [];
  #over = false;
  #wake: () => void = () => {};

  /** Events that wait for the reader. */
  get length(): number {
    return this.#events.length;
  }

  /** Adds an event. */
  push(event: UploadEvent): void {
    if (this.#over) return;
    if (event.type === 'progress' && this.#events.at(-1)?.type === 'progress') this.#events.pop();
    this.#events.push(event);
    this.#wake();
  }

  /** Ends the sequence after what waits already. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<UploadEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#over) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
