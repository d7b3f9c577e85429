// Where the parts of an upload come from: their hashes and their bytes. Two ways: a local file, which threads read and
// hash beside the network, and any other source, whose parts are read once into memory.
import type { ByteSource } from '../model/index.ts';
import { ChunkRing } from './chunk-ring.ts';
import { MemoryFeed, type MemoryFeedOptions } from './memory-feed.ts';
import { type PartPlan, partAt } from './plan.ts';
import { SharedHashes } from './shared-hashes.ts';
import { chunkBytes, SourceFile } from './source-file.ts';

/** Gives the parts of one source, cut in one way. Close it before the source. */
export interface PartFeed {
  /** Parts that may be prepared at once; more lanes than this would only wait. */
  readonly mostPrepared: number;
  /** Bytes that are in the SHA-256 so far. */
  readonly hashedBytes: number;
  /** SHA-256 of the whole in hex, once it is known. */
  readonly sha256: string | undefined;
  /** Takes over what an earlier run found, so that nothing is hashed twice. */
  know(sha256: string | undefined): void;
  /**
   * MD5 of a part in hex; also lets the SHA-256 go over this part.
   * @throws FileChangedError, LocalFileError, CancelledError, and what the source throws
   */
  md5(partNumber: number, signal: AbortSignal): Promise<string>;
  /**
   * As `md5`; the bytes are at hand then, until `free`. Ask in ascending order.
   * @param ahead it will be needed soon, not now
   */
  prepare(partNumber: number, signal: AbortSignal, ahead?: boolean): Promise<string>;
  /**
   * The bytes of a prepared part, as often as they are needed.
   * @param pieceBytes asked before each chunk: the largest size it may have
   */
  bytes(partNumber: number, pieceBytes: () => number): AsyncGenerator<Uint8Array, void>;
  /** What was waited for, when a part was ready only after a time. */
  slowedBy(waitedMs: number, sizeBytes: number): 'disk' | 'hash';
  /** The bytes of a part are needed no more. */
  free(partNumber: number): void;
  /** Drops what was prepared of all other parts. Keep no more than the first ones that will be sent. */
  keepOnly(partNumbers: ReadonlySet<number>): void;
  /** Lets the SHA-256 go over this part; it waits in front of parts that nobody has asked for. */
  release(partNumber: number): void;
  /**
   * Feeds the SHA-256 until everything is in it. Go on with it after a pause by calling it again.
   * @returns the digest in hex; undefined when `signal` aborted first
   */
  runSha256(signal: AbortSignal): Promise<string | undefined>;
  /** Forgets what was known beforehand: the bytes turned out to be others. */
  forget(): Promise<void>;
  /** Resolves when nothing that was asked for is being read any more. */
  idle(): Promise<void>;
  /** Nothing is sent for a while: gives back what only costs memory meanwhile. It may be used again at any time. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** Chooses the way by what the source is. */
export function feedOf(source: ByteSource, plan: PartPlan, options: MemoryFeedOptions): PartFeed {
  return source instanceof SourceFile ? new FileFeed(source, plan) : new MemoryFeed(source, plan, options);
}

/**
 * Threads read and hash in one go. Hashing alone is never as slow as this on a machine that has a core to spare, so what
 * is slower is the disk.
 */
export function diskOrHash(waitedMs: number, sizeBytes: number): 'disk' | 'hash' {
  return sizeBytes / waitedMs < slowestHash ? 'disk' : 'hash';
}

/** Bytes per ms of one of four parts that are hashed side by side: 50 MB/s. */
const slowestHash = 50_000;

/** Parts of a local file: hashed by threads, and read again from the system's memory while they are sent. */
class FileFeed implements PartFeed {
  readonly mostPrepared = Number.POSITIVE_INFINITY;
  readonly slowedBy = diskOrHash;
  readonly #file: SourceFile;
  readonly #plan: PartPlan;
  readonly #hashes: SharedHashes;
  readonly #asked = new Set<Promise<string>>();
  /** Those that no part is using, and those of parts whose bytes are out but not confirmed. */
  readonly #rings: ChunkRing[] = [];
  readonly #lent = new Map<number, ChunkRing>();

  constructor(file: SourceFile, plan: PartPlan) {
    this.#file = file;
    this.#plan = plan;
    this.#hashes = new SharedHashes(file, plan);
  }

  get hashedBytes(): number {
    return this.#hashes.hasher.hashedBytes;
  }

  get sha256(): string | undefined {
    return this.#hashes.hasher.sha256;
  }

  know(sha256: string | undefined): void {
    if (this.sha256 === undefined) this.#hashes.hasher.know(sha256);
  }

  md5(partNumber: number, signal: AbortSignal): Promise<string> {
    return this.prepare(partNumber, signal);
  }

  prepare(partNumber: number, signal: AbortSignal, ahead = false): Promise<string> {
    const md5 = this.#hashes.hasher.md5(partNumber, signal, ahead ? 'ahead' : 'now');
    this.#asked.add(md5);
    const forget = () => this.#asked.delete(md5);
    md5.then(forget, forget);
    return md5;
  }

  async *bytes(partNumber: number, pieceBytes: () => number): AsyncGenerator<Uint8Array, void> {
    const { startByte, sizeBytes } = partAt(this.#plan, partNumber);
    const ring = this.#rings.pop() ?? new ChunkRing(3 * chunkBytes);
    yield* this.#file.chunks(startByte, sizeBytes, ring, pieceBytes);
    // The last bytes may wait in a socket until the service has confirmed the part. One of a part that broke off is not
    // used again at all: a dying connection may still hold on to some of it.
    this.#lent.set(partNumber, ring);
  }

  free(partNumber: number): void {
    const ring = this.#lent.get(partNumber);
    this.#lent.delete(partNumber);
    if (ring !== undefined) this.#rings.push(ring);
  }
  keepOnly(): void {}

  release(partNumber: number): void {
    this.#hashes.hasher.release(partNumber);
  }

  runSha256(signal: AbortSignal): Promise<string | undefined> {
    return this.#hashes.hasher.runSha256(signal);
  }

  forget(): Promise<void> {
    return this.#hashes.renew();
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.#asked);
    // What others are waiting for goes on, and must not be waited for.
    if (this.#hashes.alone) await this.#hashes.hasher.idle();
  }

  async rest(): Promise<void> {
    this.#rings.length = 0;
    await this.#hashes.hasher.rest();
  }

  close(): Promise<void> {
    return this.#hashes.release();
  }
}
