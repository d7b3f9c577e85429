// One hash thread: reads ranges of an open file and hashes them beside the main thread. Touches worker_threads only.
import { endianness } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { CancelledError, LocalFileError } from '../model/index.ts';
import { md5Constants, md5Kernel, md5Lanes, md5Memory } from './hash-md5-kernel.ts';
import { hashWorkerSource } from './hash-worker-source.ts';
import type { SourceFile } from './source-file.ts';

const replySchema = z.object({
  id: z.number(),
  digests: z.array(z.string()).optional(),
  shortAt: z.number().optional(),
  failed: z.string().optional(),
});
type Reply = z.infer<typeof replySchema>;

/** How much of a file one message hashes: small enough to stop soon, large enough that messages cost nothing. Bytes. */
export const hashBlockBytes = 16 * 1024 * 1024;

/** Bytes of each of four messages in memory: together they fit into the cache that a core has for itself. */
const chunk = 128 * 1024;
const memoryPages = md5Memory.data / 65_536 + Math.ceil((md5Lanes * (chunk + 128)) / 65_536);

let md5Module: Uint8Array<ArrayBuffer> | undefined;

/** What a thread for MD5s is started with; undefined where Node runs without WebAssembly or its vectors. */
function md5Data() {
  // The memory of a module is little-endian everywhere, and the views of it are not.
  if (endianness() === 'BE') return undefined;
  md5Module ??= md5Kernel(memoryPages);
  const engine: unknown = Reflect.get(globalThis, 'WebAssembly');
  const validate = engine instanceof Object ? Reflect.get(engine, 'validate') : undefined;
  if (typeof validate !== 'function' || !validate(md5Module)) return undefined;
  const layout = { ...md5Memory, chunk, stride: chunk + 128 };
  return { kernel: md5Module, constants: md5Constants(), memoryPages, layout };
}

/** A range of the file. */
export interface HashRange {
  startByte: number;
  sizeBytes: number;
}

/**
 * A worker thread, started at the first use, that hashes ranges of one file. It works on one message after the other, and
 * keeps the process alive only while it is asked something.
 */
export class HashThread {
  readonly #file: SourceFile;
  readonly #waiting = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: unknown) => void }
  >();
  readonly #md5: ReturnType<typeof md5Data>;
  #worker: Worker | undefined;
  #nextId = 0;
  #closed = false;

  /** @param purpose `md5`: several MD5s side by side will be asked for */
  constructor(file: SourceFile, purpose?: 'md5') {
    this.#file = file;
    this.#md5 = purpose === 'md5' ? md5Data() : undefined;
  }

  /** How many MD5s `md5s` can make at once. */
  get lanes(): number {
    return this.#md5 === undefined ? 1 : md5Lanes;
  }

  /**
   * MD5s of up to `lanes` ranges, in hex. Four take hardly longer than one. Not to be called again before it has ended.
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async md5s(ranges: readonly HashRange[], signal: AbortSignal): Promise<string[]> {
    const [only] = ranges;
    // One alone is faster in the usual way.
    if (ranges.length === 1 && only)
      return [await this.digest('md5', only.startByte, only.sizeBytes, signal)];
    const digests = ranges.map(() => '');
    const longest = Math.max(...ranges.map(({ sizeBytes }) => sizeBytes));
    for (let at = 0; at < longest; at += hashBlockBytes) {
      throwIfAborted(signal);
      const lanes = ranges.map(({ startByte, sizeBytes }) => {
        const length = Math.max(0, Math.min(hashBlockBytes, sizeBytes - at));
        const last = length > 0 && at + length === sizeBytes;
        return { position: startByte + at, length, total: sizeBytes, last };
      });
      const found = (await this.#ask({ lanes, first: at === 0 })).digests ?? [];
      for (const [lane, digest] of found.entries()) if (digest !== '') digests[lane] = digest;
    }
    return digests;
  }

  /**
   * Hashes a range as one piece of work.
   * @returns the digest in hex
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async digest(
    algorithm: 'md5' | 'sha256',
    start: number,
    size: number,
    signal?: AbortSignal,
  ): Promise<string> {
    const job = this.newJob();
    try {
      for (let at = start; ; at += hashBlockBytes) {
        throwIfAborted(signal);
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
    return (await this.#ask({ job, algorithm, position, length, last })).digests?.[0];
  }

  async #ask(message: Readonly<Record<string, unknown>>): Promise<Reply> {
    const id = this.#nextId++;
    const worker = this.#started();
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...message, id, fd: this.#file.fd });
    });
    if (reply.shortAt !== undefined) throw this.#file.changed(`it ends at byte ${reply.shortAt}`);
    if (reply.failed !== undefined) {
      throw new LocalFileError({
        operation: `read ${this.#file.identity.path}`,
        object: this.#file.identity.path,
        reason: `the system answered ${reply.failed}`,
      });
    }
    return reply;
  }

  /** Forgets a job that will not be finished. */
  drop(job: number): void {
    this.#worker?.postMessage({ job, drop: true });
  }

  /** Gives the thread back while nothing is asked of it; it starts anew when something is. Unfinished jobs are lost. */
  async rest(): Promise<void> {
    const worker = this.#worker;
    if (this.#waiting.size > 0 || worker === undefined) return;
    this.#worker = undefined;
    worker.removeAllListeners();
    await worker.terminate();
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
      workerData: this.#md5,
      // It holds a few small objects; an idle heap of the usual size costs more than all of its work.
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
    });
    worker.unref();
    worker.on('message', (message: unknown) => {
      const reply = replySchema.parse(message);
      const waiter = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) worker.unref();
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

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError({ operation: 'hash the file', reason: 'it was cancelled' });
}
