// A thread that hashes parts that are in memory: the MD5 of one, and the SHA-256 of all that it is given in order.
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { CancelledError, LocalFileError } from '../model/index.ts';

// As text, for the same reasons as the other hash threads: see hash-worker-source.ts.
const workerSource = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
let whole = createHash('sha256');
parentPort.on('message', (m) => {
  const reply = { id: m.id };
  if (m.md5) reply.md5 = createHash('md5').update(m.bytes).digest('hex');
  if (m.whole) {
    if (m.first) whole = createHash('sha256');
    whole.update(m.bytes);
  }
  if (m.whole && m.last) reply.sha256 = whole.digest('hex');
  parentPort.postMessage(reply);
});
`;

const replySchema = z.object({ id: z.number(), md5: z.string().optional(), sha256: z.string().optional() });
type Reply = z.infer<typeof replySchema>;

/** What to make of some bytes. */
export interface MemoryHashRequest {
  /** Over shared memory, so that nothing is copied. */
  bytes: Uint8Array;
  /** The MD5 of these bytes is wanted. */
  md5: boolean;
  /** They are the next ones of the SHA-256. */
  whole: boolean;
  /** They are the first ones of it: what was in it before is forgotten. */
  first: boolean;
  /** They are the last ones of it: its digest is in the reply. */
  last: boolean;
}

/** One such thread, started at the first use. It never keeps the process alive. */
export class MemoryHash {
  readonly #waiting = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: unknown) => void }
  >();
  #worker: Worker | undefined;
  #nextId = 0;
  #broken: unknown;

  /**
   * Hashes; requests are worked on in the order they are made in.
   * @throws CancelledError after `close`, LocalFileError when the thread dies
   */
  hash(request: MemoryHashRequest): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) return reject(this.#broken);
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#started().postMessage({ id, ...request });
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail(new CancelledError({ operation: 'hash the data', reason: 'the upload stopped' }));
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(workerSource, { eval: true, env: {}, execArgv: [] });
    worker.unref();
    worker.on('message', (message: unknown) => {
      const reply = replySchema.parse(message);
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    // What was in the SHA-256 is lost with the thread: nothing can go on from here.
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
