// Bounded reads at any offset of a file. Nothing found inside an image is trusted: offsets outside the file read as empty.
import type { FileHandle } from 'node:fs/promises';

/** Most bytes that one read may ask for. */
const MAX_READ_BYTES = 1024 * 1024;

/** Reads small pieces of a file of known size. */
export interface ByteReader {
  readonly sizeBytes: number;
  /** Up to `lengthBytes` bytes from `offset`; shorter, or empty, where the file ends. */
  read(offset: number, lengthBytes: number): Promise<Buffer>;
}

/** A reader that stops at a limit. */
export interface LimitedReader extends ByteReader {
  /** Bytes handed out so far. */
  readonly bytesRead: number;
  readonly reads: number;
  /** True when a read was cut because the limit was reached. */
  readonly exhausted: boolean;
}

/** A reader over an open file. The caller keeps, and closes, the handle. */
export function byteReader(handle: FileHandle, sizeBytes: number): ByteReader {
  return {
    sizeBytes,
    async read(offset, lengthBytes) {
      const length = readable(sizeBytes, offset, lengthBytes);
      const buffer = Buffer.alloc(length);
      if (length === 0) return buffer;
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** A reader over bytes in memory, for tests and for headers already read. */
export function memoryReader(bytes: Uint8Array): ByteReader {
  const sizeBytes = bytes.byteLength;
  return {
    sizeBytes,
    read: async (offset, lengthBytes) =>
      Buffer.from(bytes.subarray(offset, offset + readable(sizeBytes, offset, lengthBytes))),
  };
}

/** Hands out at most `maxBytes` in at most `maxReads` reads; after that everything reads as empty. */
export function limitedReader(reader: ByteReader, maxBytes: number, maxReads: number): LimitedReader {
  let bytesRead = 0;
  let reads = 0;
  let exhausted = false;
  return {
    sizeBytes: reader.sizeBytes,
    get bytesRead() {
      return bytesRead;
    },
    get reads() {
      return reads;
    },
    get exhausted() {
      return exhausted;
    },
    async read(offset, lengthBytes) {
      const wanted = readable(reader.sizeBytes, offset, lengthBytes);
      if (wanted === 0) return Buffer.alloc(0);
      if (reads >= maxReads || bytesRead + wanted > maxBytes) {
        exhausted = true;
        return Buffer.alloc(0);
      }
      // Counted before the wait, so that reads under way at once cannot pass the limit together.
      reads += 1;
      bytesRead += wanted;
      return (await reader.read(offset, wanted)).subarray(0, wanted);
    },
  };
}

/** A part of a file as a file of its own. It never reaches beyond what it is a part of. */
export function sliceReader(reader: ByteReader, startBytes: number, sizeBytes: number): ByteReader {
  const size = Math.max(0, Math.min(sizeBytes, reader.sizeBytes - startBytes));
  return {
    sizeBytes: size,
    read: (offset, lengthBytes) => reader.read(startBytes + offset, readable(size, offset, lengthBytes)),
  };
}

/** How many of the wanted bytes there are, whatever the numbers are. */
function readable(sizeBytes: number, offset: number, lengthBytes: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0 || !(lengthBytes > 0)) return 0;
  return Math.max(0, Math.min(Math.floor(lengthBytes), MAX_READ_BYTES, sizeBytes - offset));
}
