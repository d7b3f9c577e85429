// What all transports have in common, whatever carries their messages.
import type { Transport } from './transport.ts';

/** What carries the messages of a line. */
export interface Carrier {
  send(message: unknown): void;
  close(): void;
}

/** A transport over a carrier, which tells it what arrives (`deliver`) and when it has ended (`closed`). */
export class Line implements Transport {
  readonly #carrier: Carrier;
  #listener: ((message: unknown) => void) | undefined;
  readonly #early: unknown[] = [];
  readonly #closers: (() => void)[] = [];
  #isClosed = false;

  /** @param carrier is not used any more once the line is closed */
  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  send(message: unknown): void {
    if (!this.#isClosed) this.#carrier.send(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#closers.push(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#carrier.close();
    this.closed();
  }

  /** A message has arrived. */
  deliver(message: unknown): void {
    if (this.#isClosed) return;
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }

  /** The carrier has ended. */
  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const closer of this.#closers.splice(0)) closer();
  }
}

/** What is used of a message port of Electron's main process. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** Makes a line of a port, and starts the port. */
export function portLine(port: Port): Transport {
  const line = new Line({ send: (message) => port.postMessage(message), close: () => port.close() });
  port.on('message', ({ data }) => line.deliver(data));
  port.on('close', () => line.closed());
  port.start();
  return line;
}
