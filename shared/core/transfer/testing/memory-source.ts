// A source without a descriptor, over bytes in memory, that remembers how it was read. For tests of this folder only.
import { type ByteSource, type CallOptions, CancelledError } from '../../model/index.ts';

/** A `ByteSource` that can fail. */
export class MemorySource implements ByteSource {
  readonly identity: ByteSource['identity'];
  readonly bytes: Buffer;
  sha256: string | undefined;
  /** First byte of each read, in the order they began. */
  readonly reads: number[] = [];
  underWay = 0;
  closed = 0;
  /** Decides what goes wrong with a read. */
  mishap: (startByte: number) => Error | undefined = () => undefined;
  /** Decides what a check finds. */
  changed: () => Error | undefined = () => undefined;

  constructor(bytes: Buffer, path = 'image:prod/region-1/7') {
    this.bytes = bytes;
    this.identity = { path, sizeBytes: bytes.length, mtimeMs: 0, inode: 0 };
  }

  async read(startByte: number, into: Uint8Array, options: CallOptions = {}): Promise<void> {
    this.reads.push(startByte);
    this.underWay++;
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (options.signal?.aborted)
        throw new CancelledError({ operation: 'read', reason: 'it was cancelled' });
      const error = this.mishap(startByte);
      if (error !== undefined) throw error;
      into.set(this.bytes.subarray(startByte, startByte + into.length));
    } finally {
      this.underWay--;
    }
  }

  async check(): Promise<void> {
    const error = this.changed();
    if (error !== undefined) throw error;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}
