// All bytes of a source in order, read ahead and hashed beside whoever takes them. Touches the source and threads.
import { type ByteSource, CancelledError, type HashName } from '../model/index.ts';
import { StreamHash } from './memory-hash.ts';
import { type RetryRules, retrying } from './retry.ts';
import type { Waits } from './waits.ts';

const MiB = 1024 * 1024;
/** Bytes of one read: of a local file, and of a source for which a read may be a request of its own. */
const blockBytes = { file: 4 * MiB, other: 16 * MiB } as const;
/** Blocks that are being read while one is taken, and blocks that may wait for their hashes. */
const readAhead = 2;
const hashBacklog = 2;

/** One pass over a source. */
export class StreamBytes {
  readonly #source: ByteSource;
  readonly #rules: (signal: AbortSignal) => RetryRules;
  readonly #hash: StreamHash;
  readonly #waits: Waits;
  readonly #stop = new AbortController();
  readonly #reads = new Set<Promise<Uint8Array>>();
  #hashedBytes = 0;
  #digests: Partial<Record<HashName, string>> | undefined;

  /**
   * @param names the hashes to compute
   * @param rules by which a failed read is tried again
   * @param signal ends the pass as `close` does
   * @param waits counts what was waited for
   */
  constructor(
    source: ByteSource,
    names: readonly HashName[],
    rules: (signal: AbortSignal) => RetryRules,
    signal: AbortSignal,
    waits: Waits,
  ) {
    this.#waits = waits;
    if (signal.aborted) this.#stop.abort();
    signal.addEventListener('abort', () => this.#stop.abort(), { once: true, signal: this.#stop.signal });
    this.#source = source;
    this.#rules = rules;
    this.#hash = new StreamHash(names);
  }

  /** Bytes that are in the hashes so far. */
  get hashedBytes(): number {
    return this.#hashedBytes;
  }

  /** The digests in hex, once all bytes have been read and hashed. */
  get digests(): Readonly<Partial<Record<HashName, string>>> | undefined {
    return this.#digests;
  }

  /**
   * The bytes in blocks of at most 16 MiB. The last block is given only after the digests are known: whoever takes it
   * can still refuse it. Call it once.
   * @throws FileChangedError, LocalFileError, CancelledError, and what the source throws
   */
  async *blocks(): AsyncGenerator<Uint8Array> {
    const { sizeBytes } = this.#source.identity;
    const size = this.#source.fd === undefined ? blockBytes.other : blockBytes.file;
    const queue: Promise<Uint8Array>[] = [];
    const hashing: Promise<unknown>[] = [];
    let next = 0;
    for (let at = 0; at < sizeBytes; ) {
      for (; queue.length < readAhead && next < sizeBytes; next += size) {
        queue.push(this.#read(next, Math.min(size, sizeBytes - next)));
      }
      const read = queue.shift();
      if (read === undefined) return;
      const block = await this.#waits.during('disk', read);
      at += block.length;
      const hashed = this.#update(block, at === sizeBytes);
      hashing.push(hashed);
      const due = at === sizeBytes ? hashed : hashing.length > hashBacklog ? hashing.shift() : undefined;
      if (due !== undefined) await this.#waits.during('hash', due);
      yield block;
    }
  }

  /** Ends what is under way; after this nothing reads the source. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#reads);
    await this.#hash.close();
  }

  #read(at: number, length: number): Promise<Uint8Array> {
    const { signal } = this.#stop;
    const operation = `read ${this.#source.identity.path} at byte ${at}`;
    const read = async () => {
      if (signal.aborted) throw new CancelledError({ operation, reason: 'it was stopped' });
      const block = new Uint8Array(new SharedArrayBuffer(length));
      await retrying(this.#rules(signal), operation, () => this.#source.read(at, block, { signal }));
      return block;
    };
    const promise = read();
    this.#reads.add(promise);
    const forget = () => this.#reads.delete(promise);
    promise.then(forget, forget);
    return promise;
  }

  #update(block: Uint8Array, last: boolean): Promise<void> {
    const updated = this.#hash.update(block, last).then((digests) => {
      this.#hashedBytes += block.length;
      if (last) this.#digests = digests;
    });
    // Met when it is waited for; the pass may have been given up before.
    updated.catch(() => {});
    return updated;
  }
}
