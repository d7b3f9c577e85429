// Made-up ports and processes for tests: messages arrive at once, and everything that was sent can be looked at.
import type { MessagePortMain } from 'electron';
import type { Child } from '../engine/engine-process.ts';

type Listener = (event: { data: unknown }) => void;

/** One end of a made-up channel. */
export class FakePort {
  other: FakePort | undefined;
  /** What came in. */
  readonly got: unknown[] = [];
  #listeners = new Map<string, Listener[]>();
  #early: unknown[] = [];
  #isStarted = false;

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }
  postMessage(message: unknown): void {
    this.other?.deliver(structuredClone(message));
  }
  deliver(message: unknown): void {
    this.got.push(message);
    if (this.#isStarted) this.#tell('message', message);
    else this.#early.push(message);
  }
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const message of this.#early.splice(0)) this.#tell('message', message);
  }
  close(): void {
    this.#tell('close', undefined);
    const { other } = this;
    this.other = undefined;
    if (other !== undefined) {
      other.other = undefined;
      other.#tell('close', undefined);
    }
  }
  #tell(event: string, data: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener({ data });
  }
}

/** A made-up `MessageChannelMain`. */
export function fakeChannel(): { port1: MessagePortMain; port2: MessagePortMain } {
  const [port1, port2] = [new FakePort(), new FakePort()];
  port1.other = port2;
  port2.other = port1;
  return { port1, port2 } as unknown as { port1: MessagePortMain; port2: MessagePortMain };
}

/** A made-up process of the engine. */
export class FakeChild implements Child {
  readonly posted: { type: string; port: FakePort }[] = [];
  isKilled = false;
  exit: (code: number, lastLines: string) => void = () => {};

  postMessage(message: { type: string }, ports: readonly unknown[]): void {
    const [port] = ports;
    if (port instanceof FakePort) this.posted.push({ type: message.type, port });
  }
  onExit(listener: (code: number, lastLines: string) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.isKilled = true;
  }
  /** What the engine says on its first port. */
  report(report: unknown): void {
    this.posted[0]?.port.postMessage(report);
  }
}
