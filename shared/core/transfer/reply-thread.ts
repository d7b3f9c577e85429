// A worker thread that answers each message with one message. Touches worker_threads only.
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { CancelledError, LocalFileError } from '../model/index.ts';

const envelope = z.looseObject({ id: z.number() });

interface Waiting<T> {
  resolve: (reply: T) => void;
  reject: (error: unknown) => void;
}

/**
 * One such thread, started at the first message. It never keeps the process alive. What it remembers between messages
 * is lost when it dies: then everything fails from there on.
 */
export class ReplyThread<T> {
  readonly #code: string;
  readonly #schema: z.ZodType<T>;
  readonly #waiting = new Map<number, Waiting<T>>();
  #worker: Worker | undefined;
  #nextId = 0;
  #broken: unknown;

  /**
   * @param code plain CommonJS JavaScript for Node 20, as text, so that it runs from sources and from a single bundle
   *   alike. It gets messages with an `id` and answers each with a message of the same `id`.
   * @param schema what an answer must be
   */
  constructor(code: string, schema: z.ZodType<T>) {
    this.#code = code;
    this.#schema = schema;
  }

  /**
   * Sends a message; they are worked on in order.
   * @throws CancelledError after `close`, LocalFileError when the thread dies
   */
  ask(message: Readonly<Record<string, unknown>>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) return reject(this.#broken);
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#started().postMessage({ ...message, id });
    });
  }

  /** Ends the thread; what is not answered fails with CancelledError. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail(new CancelledError({ operation: 'hash the data', reason: 'the upload stopped' }));
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // Nothing of the environment is needed there, and the loader options of test runners would only slow it.
    const worker = new Worker(this.#code, { eval: true, env: {}, execArgv: [] });
    worker.unref();
    worker.on('message', (message: unknown) => {
      const { id } = envelope.parse(message);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.resolve(this.#schema.parse(message));
    });
    const broken = (cause: unknown) =>
      this.#fail(
        new LocalFileError({
          operation: 'hash the data',
          reason: 'the hash thread ended unexpectedly',
          cause,
        }),
      );
    worker.on('error', broken);
    worker.on('exit', broken);
    this.#worker = worker;
    return worker;
  }

  #fail(error: unknown): void {
    this.#broken ??= error;
    const waiters = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiter of waiters) waiter.reject(error);
  }
}
