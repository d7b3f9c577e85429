// Reading from any position of something that comes as a stream: a download that is gone on with as long as the reads follow
// one another, and begun anew where they jump.
import type { CallOptions } from '../model/index.ts';

/** What is read. */
export interface Streamed {
  /** The bytes from a position on. */
  open(startByte: number, options: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** The error for a stream that ends too soon. */
  short(at: number): Error;
}

/** Reads wait for each other, because one stream serves them all. */
export class SequentialReader {
  readonly #from: Streamed;
  #stream: { at: number; chunks: AsyncIterator<Uint8Array>; rest: Uint8Array } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(from: Streamed) {
    this.#from = from;
  }

  /** Fills `into`. */
  read(startByte: number, into: Uint8Array, options: CallOptions = {}): Promise<void> {
    const turn = this.#turn.then(() => this.#read(startByte, into, options));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #read(startByte: number, into: Uint8Array, { signal }: CallOptions): Promise<void> {
    if (this.#stream?.at !== startByte) {
      await this.#leave();
      const body = await this.#from.open(startByte, { signal });
      this.#stream = { at: startByte, chunks: body[Symbol.asyncIterator](), rest: new Uint8Array() };
    }
    const stream = this.#stream;
    try {
      for (let filled = 0; filled < into.length; ) {
        if (stream.rest.length === 0) {
          const { done, value } = await stream.chunks.next();
          if (done) throw this.#from.short(startByte + filled);
          stream.rest = value;
          continue;
        }
        const taken = stream.rest.subarray(0, into.length - filled);
        into.set(taken, filled);
        stream.rest = stream.rest.subarray(taken.length);
        filled += taken.length;
        stream.at += taken.length;
      }
    } catch (error) {
      await this.#leave();
      throw error;
    }
  }

  /** Ends the stream, after the reads that were asked for. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    await stream?.chunks.return?.().catch(() => {});
  }
}

/** Most inspections read some dozens of small pieces that lie together: each block is asked for once. */
export function inBlocks(sizeBytes: number, read: (at: number, length: number) => Promise<Buffer>) {
  const blockBytes = 128 * 1024;
  const blocks = new Map<number, Promise<Buffer>>();
  return async (at: number, length: number): Promise<Buffer> => {
    const end = Math.min(at + length, sizeBytes);
    const pieces: Buffer[] = [];
    for (let index = Math.floor(at / blockBytes); index * blockBytes < end; index++) {
      const start = index * blockBytes;
      const block = blocks.get(index) ?? read(start, blockBytes);
      blocks.set(index, block);
      pieces.push((await block).subarray(Math.max(0, at - start), end - start));
    }
    return Buffer.concat(pieces);
  };
}
