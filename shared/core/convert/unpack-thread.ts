// The main thread's side of an unpacking thread: requests in order, faults in words. Touches worker_threads only.
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import {
  CancelledError,
  type ImageBridgeError,
  IntegrityError,
  LocalFileError,
  RefusedError,
  UnsupportedError,
} from '../model/index.ts';
import type { ArchiveFile } from './archive-file.ts';
import {
  type ThreadRequest,
  type ThreadStart,
  type UnpackedEntry,
  unpackThreadSource,
} from './unpack-thread-source.ts';

/** Largest window (zstd) or dictionary (xz) that is given to an archive, in bytes. */
export const maxWindowBytes = 128 * 1024 * 1024;

/** The form of an `UnpackedEntry`. */
export const entrySchema = z.object({
  position: z.number(),
  state: z.array(z.number()).readonly(),
  unpackedBytes: z.number(),
});

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), length: z.number(), more: z.boolean() }),
  z.object({ kind: z.literal('progress'), readBytes: z.number(), unpackedBytes: z.number() }),
  z.object({
    kind: z.literal('measured'),
    sizeBytes: z.number(),
    sha256: z.string(),
    tail: z.instanceof(Uint8Array),
    entries: z.array(entrySchema),
  }),
  z.object({ kind: z.literal('over'), position: z.number() }),
  z.object({
    kind: z.literal('fault'),
    fault: z.enum(['truncated', 'damaged', 'garbage', 'unsupported']),
    position: z.number(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('failed'), code: z.string() }),
]);
type Reply = z.infer<typeof replySchema>;
type Fault = Extract<Reply, { kind: 'fault' }>;

/** How to unpack by hand, for messages. */
const commands = { gzip: 'gzip', bzip2: 'bzip2', xz: 'xz', zstd: 'zstd --long=31' } as const;

function faultError(file: ArchiveFile, { fault, position, reason }: Fault): ImageBridgeError {
  const { path } = file.state;
  const quoted = `'${path.replaceAll("'", `'\\''`)}'`;
  const details = {
    operation: `unpack ${path}`,
    object: path,
    code: undefined,
    reason: `at byte ${position} of the ${file.format} archive, ${reason}`,
  };
  if (fault === 'unsupported')
    return new UnsupportedError({
      ...details,
      hint: `Unpack it by hand and give the unpacked file: ${commands[file.format]} -dc ${quoted} > FILE`,
    });
  const hints = {
    truncated:
      'It is incomplete: fetch or make it again, and compare its size and checksum with the original.',
    damaged: 'It is damaged: fetch or make it again, and compare its checksum with the original.',
    garbage:
      'Something was put behind the archive, or it was damaged: fetch it again, or unpack it by hand and give the unpacked file.',
  };
  return new IntegrityError({ ...details, hint: hints[fault] });
}

/** What a measuring pass found out. */
export interface Measured {
  sizeBytes: number;
  sha256: string;
  tail: Uint8Array;
  /** Where unpacking can begin besides at the beginning, in ascending order. */
  entries: readonly UnpackedEntry[];
}

/** A thread that unpacks one archive, from its beginning or from one of its entries on. It keeps the process alive only while somebody waits for it. Close it before the archive. */
export class UnpackThread {
  /** What `fill` puts its bytes into. Of this thread alone, so that one that is being ended writes into nobody else's. */
  readonly memory: Uint8Array;
  readonly #file: ArchiveFile;
  readonly #worker: Worker;
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: unknown) => void }[] = [];
  #onProgress: ((readBytes: number, unpackedBytes: number) => void) | undefined;
  #ended: ImageBridgeError | undefined;

  constructor(file: ArchiveFile, memoryBytes: number, from?: UnpackedEntry) {
    this.#file = file;
    const memory = new SharedArrayBuffer(memoryBytes);
    this.memory = new Uint8Array(memory);
    const start: ThreadStart = { fd: file.fd, format: file.format, maxWindowBytes, memory, from };
    this.#worker = new Worker(unpackThreadSource, { eval: true, workerData: start, execArgv: [] });
    this.#worker.on('message', (message) => this.#take(message));
    this.#worker.on('error', (error) => this.#end(this.#broken(error)));
    this.#worker.on('exit', () => this.#end(this.#broken(undefined)));
  }

  /**
   * Puts the next `length` bytes into `memory` from `offset` on.
   * @param last true when the content must end there; the last checksums are verified then
   * @returns the bytes that came, less than `length` at the content's end; whether more follow, told only with `last`
   * @throws IntegrityError, UnsupportedError, LocalFileError, CancelledError
   */
  async fill(offset: number, length: number, last: boolean): Promise<{ length: number; more: boolean }> {
    return this.#done(await this.#ask({ kind: 'fill', offset, length, last }));
  }

  /** Unpacks and drops bytes. Errors as of `fill`. */
  async skip(length: number): Promise<{ length: number; more: boolean }> {
    return this.#done(await this.#ask({ kind: 'skip', length }));
  }

  /**
   * Unpacks everything, counts and hashes. Errors as of `fill`, and
   * @throws RefusedError when more than `maxBytes` come out
   */
  async measure(
    maxBytes: number,
    tailBytes: number,
    onProgress: (readBytes: number, unpackedBytes: number) => void,
  ): Promise<Measured> {
    this.#onProgress = onProgress;
    const reply = await this.#ask({ kind: 'measure', maxBytes, tailBytes });
    if (reply.kind === 'measured') {
      const { kind: _, ...measured } = reply;
      return measured;
    }
    const { path, sizeBytes } = this.#file.state;
    if (reply.kind !== 'over') throw this.#broken(reply);
    throw new RefusedError({
      operation: `unpack ${path}`,
      object: path,
      reason: `more than ${maxBytes} bytes came out of the first ${reply.position} of its ${sizeBytes} bytes, and that is the most that may`,
      hint: 'It is larger inside than the target takes, or made to exhaust whoever unpacks it.',
    });
  }

  /** Ends the thread at once, whatever it is at; who waits gets a CancelledError. */
  async close(): Promise<void> {
    const { path } = this.#file.state;
    this.#end(new CancelledError({ operation: `unpack ${path}`, object: path, reason: 'it was closed' }));
    await this.#worker.terminate();
  }

  #ask(request: ThreadRequest): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(request);
    });
  }

  #done(reply: Reply): { length: number; more: boolean } {
    if (reply.kind === 'done') return reply;
    throw this.#broken(reply);
  }

  #take(message: unknown): void {
    const reply = replySchema.parse(message);
    if (this.#ended) return;
    if (reply.kind === 'progress') this.#onProgress?.(reply.readBytes, reply.unpackedBytes);
    else if (reply.kind === 'fault') this.#end(faultError(this.#file, reply));
    else if (reply.kind === 'failed') {
      const { path } = this.#file.state;
      this.#end(
        new LocalFileError({
          operation: `read ${path}`,
          object: path,
          reason: reply.code === 'EIO' ? 'the disk reports an error' : `the system answered ${reply.code}`,
        }),
      );
    } else {
      this.#waiting.shift()?.resolve(reply);
      if (this.#waiting.length === 0) this.#worker.unref();
    }
  }

  /** What happened first stays; all that wait, and all that ask later, are told. */
  #end(error: ImageBridgeError): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    this.#worker.unref();
  }

  #broken(cause: unknown): LocalFileError {
    const { path } = this.#file.state;
    return new LocalFileError({
      operation: `unpack ${path}`,
      object: path,
      reason: 'the thread that unpacks it ended unexpectedly',
      hint: 'There may be too little memory.',
      cause,
    });
  }
}
