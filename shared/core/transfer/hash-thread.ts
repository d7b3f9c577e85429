// One hash thread: reads ranges of an open file and hashes them beside the main thread. Touches worker_threads only.
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { CancelledError, LocalFileError } from '../model/index.ts';
import { hashWorkerSource } from './hash-worker-source.ts';
import type { SourceFile } from './source-file.ts';

const replySchema = z.object({
  id: z.number(),
  digest: z.string().optional(),
  shortAt: z.number().optional(),
  failed: z.string().optional(),
});
type Reply = z.infer<typeof replySchema>;

/** How much one message hashes: small enough to stop soon, large enough that messages cost nothing. Bytes. */
export const hashBlockBytes = 16 * 1024 * 1024;

/** A worker thread, started at the first use, that hashes ranges of one file. It never keeps the process alive. */
export class HashThread {
  readonly #file: SourceFile;
  readonly #waiting = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: unknown) => void }
  >();
  #worker: Worker | undefined;
  #nextId = 0;
  #closed = false;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** Messages that are not answered yet. */
  get load(): number {
    return this.#waiting.size;
  }

  /**
   * Hashes a range as one piece of work.
   * @returns the digest in hex
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async digest(algorithm: 'md5' | 'sha256', start: number, size: number, signal?: AbortSignal) {
    const job = this.newJob();
    try {
      for (let at = start; ; at += hashBlockBytes) {
        if (signal?.aborted)
          throw new CancelledError({ operation: 'hash the file', reason: 'it was cancelled' });
        const length = Math.min(hashBlockBytes, start + size - at);
        const done = at + length === start + size;
        const digest = await this.update(job, algorithm, at, length, done);
        if (digest !== undefined) return digest;
      }
    } catch (error) {
      this.drop(job);
      throw error;
    }
  }

  /** A number for a hash that is fed in steps with `update`. */
  newJob(): number {
    return this.#nextId++;
  }

  /**
   * Feeds a range into a job's hash. Steps of a job must be asked for one after the other.
   * @returns the digest in hex after the last step
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async update(
    job: number,
    algorithm: 'md5' | 'sha256',
    position: number,
    length: number,
    last: boolean,
  ): Promise<string | undefined> {
    const id = this.#nextId++;
    const worker = this.#started();
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, job, algorithm, fd: this.#file.fd, position, length, last });
    });
    if (reply.shortAt !== undefined) throw this.#file.changed(`it ends at byte ${reply.shortAt}`);
    if (reply.failed !== undefined) {
      throw new LocalFileError({
        operation: `read ${this.#file.identity.path}`,
        object: this.#file.identity.path,
        reason: `the system answered ${reply.failed}`,
      });
    }
    return reply.digest;
  }

  /** Forgets a job that will not be finished. */
  drop(job: number): void {
    this.#worker?.postMessage({ job, drop: true });
  }

  /** Ends the thread; what is still asked for fails with CancelledError. After this nothing reads the file. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail(new CancelledError({ operation: 'hash the file', reason: 'the upload stopped' }));
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#closed) throw new CancelledError({ operation: 'hash the file', reason: 'the upload stopped' });
    if (this.#worker) return this.#worker;
    const worker = new Worker(hashWorkerSource, {
      eval: true,
      // Nothing of the environment is needed there, and the loader options of test runners would only slow it.
      env: {},
      execArgv: [],
    });
    worker.unref();
    worker.on('message', (message: unknown) => {
      const reply = replySchema.parse(message);
      const waiter = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      waiter?.resolve(reply);
    });
    const broken = (cause: unknown) => {
      this.#worker = undefined;
      this.#fail(
        new LocalFileError({
          operation: 'hash the file',
          reason: 'the hash thread ended unexpectedly',
          cause,
        }),
      );
    };
    worker.on('error', broken);
    worker.on('exit', broken);
    this.#worker = worker;
    return worker;
  }

  #fail(error: unknown): void {
    const waiters = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiter of waiters) waiter.reject(error);
  }
}
