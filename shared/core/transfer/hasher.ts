// The hashes of one local file that is uploaded: MD5 of each part before it is sent, SHA-256 of the whole file in order
// beside it. Both walk the file together, so that a cold disk is read once and the second reader finds the bytes in memory.
import { type HashUrgency, PartHashes } from './hash-parts.ts';
import { HashThread, hashBlockBytes } from './hash-thread.ts';
import { type PartPlan, partAt } from './plan.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Hashes the parts and the whole of one file. Close it before the file.
 *
 * Several uploads of the same file, cut in the same way, may share one: everything but `close` may be called by any of them
 * at any time, each with a signal of its own. Everything is computed once, and a signal ends only the wait of its caller.
 */
export class Hasher {
  readonly #plan: PartPlan;
  readonly #parts: PartHashes;
  readonly #shaThread: HashThread;
  readonly #released = new Set<number>();
  readonly #shaJob: number;
  #shaAt = 0;
  #shaPart = 1;
  #sha256: string | undefined;
  #shaRun: Promise<void> | undefined;
  /** Callers of `runSha256` that have not been aborted. */
  #shaCallers = 0;
  #wake: () => void = () => {};

  constructor(file: SourceFile, plan: PartPlan) {
    this.#plan = plan;
    this.#parts = new PartHashes(file, plan);
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
    this.#wake();
  }

  /**
   * MD5 of a part in hex; computed once. Also lets the SHA-256 go over this part.
   * @param urgency `ahead`: it will be needed soon; asking for eight parts ahead keeps the thread at its best
   * @throws FileChangedError, LocalFileError; CancelledError when `signal` aborts first
   */
  md5(partNumber: number, signal: AbortSignal, urgency: HashUrgency = 'now'): Promise<string> {
    this.release(partNumber);
    return this.#parts.md5(partNumber, signal, urgency);
  }

  /** Lets the SHA-256 go over this part; it waits in front of parts that nobody has asked for. */
  release(partNumber: number): void {
    this.#released.add(partNumber);
    this.#wake();
  }

  /**
   * Feeds the SHA-256 until the whole file is in it. Go on with it after a pause by calling it again.
   * @returns the digest in hex; undefined when `signal` aborted first
   * @throws FileChangedError, LocalFileError, CancelledError
   */
  async runSha256(signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    let onAbort = () => {};
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal.addEventListener('abort', onAbort, { once: true });
    });
    this.#shaCallers++;
    try {
      while (this.#sha256 === undefined && !signal.aborted) {
        this.#shaRun ??= this.#feedSha256();
        await Promise.race([this.#shaRun, aborted]);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#shaCallers--;
      this.#wake();
    }
    // The last one to go leaves nothing running.
    if (this.#shaCallers === 0) await this.#shaRun?.catch(() => {});
    return this.#sha256;
  }

  async #feedSha256(): Promise<void> {
    try {
      while (this.#sha256 === undefined && this.#shaCallers > 0) {
        if (!this.#released.has(this.#shaPart)) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        const part = partAt(this.#plan, this.#shaPart);
        const end = part.startByte + part.sizeBytes;
        const length = Math.min(hashBlockBytes, end - this.#shaAt);
        const last = this.#shaAt + length === this.#plan.sizeBytes;
        const digest = await this.#shaThread.update(this.#shaJob, 'sha256', this.#shaAt, length, last);
        this.#shaAt += length;
        if (this.#shaAt === end) this.#shaPart++;
        // It may have become known in another way meanwhile.
        this.#sha256 ??= digest;
      }
    } finally {
      this.#shaRun = undefined;
    }
  }

  /** Resolves when no part is being hashed any more. */
  async idle(): Promise<void> {
    await this.#parts.idle();
  }

  /** Gives the threads back that have nothing to do; what is asked for later starts them anew. */
  async rest(): Promise<void> {
    // Half of a SHA-256 is in its thread only.
    const isHashed = this.#sha256 !== undefined && this.#shaRun === undefined;
    await Promise.all([this.#parts.rest(), isHashed ? this.#shaThread.rest() : undefined]);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all([this.#parts.close(), this.#shaThread.close()]);
  }
}
