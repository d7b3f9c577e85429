// The hashes of one upload: MD5 of each part before it is sent, SHA-256 of the whole file in order beside it.
// Both walk the file together, so that a cold disk is read once and the second reader finds the bytes in memory.
import { availableParallelism } from 'node:os';
import { HashThread, hashBlockBytes } from './hash-thread.ts';
import { type PartPlan, partAt } from './plan.ts';
import type { SourceFile } from './source-file.ts';

/** Hashes the parts and the whole of one file. Close it before the file. */
export class Hasher {
  readonly #plan: PartPlan;
  readonly #md5Threads: HashThread[];
  readonly #shaThread: HashThread;
  readonly #md5s = new Map<number, Promise<string>>();
  readonly #known = new Map<number, string>();
  readonly #released = new Set<number>();
  readonly #shaJob: number;
  #shaAt = 0;
  #shaPart = 1;
  #sha256: string | undefined;
  #wake: (() => void) | undefined;

  constructor(file: SourceFile, plan: PartPlan) {
    this.#plan = plan;
    // MD5 is the slowest (0.6 GiB/s a core); a second thread pays only where cores are idle.
    const threads = availableParallelism() >= 4 ? 2 : 1;
    this.#md5Threads = Array.from({ length: threads }, () => new HashThread(file));
    this.#shaThread = new HashThread(file);
    this.#shaJob = this.#shaThread.newJob();
  }

  /** Bytes that are in the SHA-256 so far. */
  get hashedBytes(): number {
    return this.#sha256 === undefined ? this.#shaAt : this.#plan.sizeBytes;
  }

  /** SHA-256 of the whole file in hex, once it is known. */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** Takes over what an earlier run found, so that nothing is hashed twice. */
  know(sha256: string | undefined): void {
    this.#sha256 = sha256;
  }

  /**
   * MD5 of a part in hex; computed once. Also lets the SHA-256 go over this part.
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  md5(partNumber: number, signal: AbortSignal): Promise<string> {
    this.release(partNumber);
    const known = this.#known.get(partNumber);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#md5s.get(partNumber);
    if (running !== undefined) return running;
    const part = partAt(this.#plan, partNumber);
    const thread = this.#md5Threads.reduce((a, b) => (b.load < a.load ? b : a));
    const promise = thread.digest('md5', part.startByte, part.sizeBytes, signal).then(
      (digest) => {
        this.#md5s.delete(partNumber);
        this.#known.set(partNumber, digest);
        return digest;
      },
      (error: unknown) => {
        this.#md5s.delete(partNumber);
        throw error;
      },
    );
    // Asked for ahead of need: a failure is met when the part is.
    promise.catch(() => {});
    this.#md5s.set(partNumber, promise);
    return promise;
  }

  /** Lets the SHA-256 go over this part; it waits in front of parts that nobody has asked for. */
  release(partNumber: number): void {
    this.#released.add(partNumber);
    this.#wake?.();
  }

  /**
   * Feeds the SHA-256 until the whole file is in it. Go on with it after a pause by calling it again.
   * @returns the digest in hex; undefined when `signal` aborted first
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async runSha256(signal: AbortSignal): Promise<string | undefined> {
    const onAbort = () => this.#wake?.();
    signal.addEventListener('abort', onAbort);
    try {
      while (this.#sha256 === undefined) {
        if (signal.aborted) return undefined;
        if (!this.#released.has(this.#shaPart)) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
          continue;
        }
        const part = partAt(this.#plan, this.#shaPart);
        const end = part.startByte + part.sizeBytes;
        const length = Math.min(hashBlockBytes, end - this.#shaAt);
        const last = this.#shaAt + length === this.#plan.sizeBytes;
        const digest = await this.#shaThread.update(this.#shaJob, 'sha256', this.#shaAt, length, last);
        this.#shaAt += length;
        if (this.#shaAt === end) this.#shaPart++;
        this.#sha256 = digest;
      }
      return this.#sha256;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Forgets what was known beforehand: the bytes turned out to be others. */
  forget(): void {
    this.#known.clear();
    this.#sha256 = undefined;
  }

  /** Resolves when no part is being hashed any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#md5s.values());
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#md5Threads, this.#shaThread].map((thread) => thread.close()));
  }
}
