// Both ends of a line inside one process, for tests and for an engine in the same process.
import type { Transport } from './transport.ts';

/**
 * Two connected ends. Messages are copied as JSON, so that nothing passes which a real line would not carry.
 */
export function transportPair(): [Transport, Transport] {
  const ends = [new End(), new End()] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return [ends[0], ends[1]];
}

class End implements Transport {
  other: End | undefined;
  #listener: ((message: unknown) => void) | undefined;
  #early: unknown[] = [];
  #closers: (() => void)[] = [];
  #closed = false;

  send(message: unknown): void {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    if (!this.#closed) queueMicrotask(() => this.other?.deliver(copy));
  }

  deliver(message: unknown): void {
    if (this.#closed) return;
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#closers.push(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const closer of this.#closers.splice(0)) closer();
    queueMicrotask(() => this.other?.close());
  }
}
