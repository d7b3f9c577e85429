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

/** A reader over an open file. The caller keeps, and closes, the handle. */
export function byteReader(handle: FileHandle, sizeBytes: number): ByteReader {
  return {
    sizeBytes,
    async read(offset, lengthBytes) {
      const length = Math.min(lengthBytes, MAX_READ_BYTES, Math.max(0, sizeBytes - offset));
      if (!Number.isSafeInteger(offset) || offset < 0 || length <= 0) return Buffer.alloc(0);
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** A reader over bytes in memory, for tests and for headers already read. */
export function memoryReader(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.byteLength,
    read: async (offset, lengthBytes) =>
      offset < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(offset, offset + lengthBytes)),
  };
}
