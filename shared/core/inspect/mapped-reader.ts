// The disk that a server would see, read through the block tables of an image. Bounded: a read touches few blocks.
import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { Bytes } from './bytes.ts';
import { unpackZstdFrame } from './zstd.ts';

/** Most bytes that one read of the disk gives; with blocks of 512 bytes that is 128 of them. */
const MAX_GUEST_READ_BYTES = 64 * 1024;
/** Most bytes that packed blocks of one image are unpacked to: packed bytes are few, and could keep a processor busy. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;
/** Larger packed blocks are not read: a few of them would use up what an inspection may read. */
const MAX_PACKED_BLOCK_BYTES = 256 * 1024;

/** Where a block is: at a position of the file, here in memory, nowhere (zeros), or somewhere that cannot be read. */
export type Place = { at: number } | { bytes: Buffer } | 'zeros' | 'unreadable';

/**
 * A disk in blocks of equal size.
 * @param locate says where block number n is
 */
export function mappedReader(
  file: ByteReader,
  sizeBytes: number,
  blockBytes: number,
  locate: (block: number) => Promise<Place>,
): ByteReader {
  return {
    sizeBytes,
    async read(offset, lengthBytes) {
      if (!Number.isSafeInteger(offset) || offset < 0) return Buffer.alloc(0);
      const end = Math.min(sizeBytes, offset + Math.min(lengthBytes, MAX_GUEST_READ_BYTES));
      const pieces: Buffer[] = [];
      for (let at = offset; at < end; ) {
        const within = at % blockBytes;
        const wanted = Math.min(blockBytes - within, end - at);
        const piece = await readPlace(file, await locate((at - within) / blockBytes), within, wanted);
        // What cannot be read ends the read: nothing is made up.
        if (piece === undefined) break;
        pieces.push(piece);
        at += wanted;
      }
      return Buffer.concat(pieces);
    },
  };
}

async function readPlace(
  file: ByteReader,
  place: Place,
  within: number,
  wanted: number,
): Promise<Buffer | undefined> {
  if (place === 'unreadable') return undefined;
  const block = Buffer.alloc(wanted);
  if (place === 'zeros') return block;
  if ('bytes' in place) {
    if (place.bytes.length < within + wanted) return undefined;
    place.bytes.copy(block, 0, within, within + wanted);
  } else {
    const read = await file.read(place.at + within, wanted);
    if (read.length === 0) return undefined;
    read.copy(block);
  }
  return block;
}

/** Reads one entry of a table of numbers in the file. */
export async function entryOf(
  file: ByteReader,
  tableStart: number,
  index: number,
  entryBytes: number,
): Promise<Bytes | undefined> {
  const bytes = await file.read(tableStart + index * entryBytes, entryBytes);
  return bytes.length === entryBytes ? new Bytes(bytes) : undefined;
}

/** Unpacks blocks, remembers the last one, and stops when it was asked for too much. */
export class Unpacker {
  readonly #blockBytes: number;
  #unpackedBytes = 0;
  #last: { start: number; place: Place } | undefined;

  /** @param blockBytes size of an unpacked block; a block that would be larger is not unpacked */
  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  /** @param kind `zlib` and `zstd` have headers of their own, `deflate` has none */
  async unpack(
    file: ByteReader,
    kind: 'zlib' | 'deflate' | 'zstd',
    start: number,
    lengthBytes: number,
  ): Promise<Place> {
    if (this.#last?.start === start) return this.#last.place;
    this.#unpackedBytes += this.#blockBytes;
    if (this.#unpackedBytes > MAX_UNPACKED_BYTES || lengthBytes > MAX_PACKED_BLOCK_BYTES) return 'unreadable';
    const place = unpacked(kind, await file.read(start, lengthBytes), this.#blockBytes);
    this.#last = { start, place };
    return place;
  }
}

function unpacked(kind: 'zlib' | 'deflate' | 'zstd', packed: Buffer, blockBytes: number): Place {
  // The end of the packed bytes is known only in whole sectors: what is cut or follows is no fault.
  const options = { maxOutputLength: blockBytes, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    if (kind === 'zstd') return { bytes: unpackZstdFrame(packed, blockBytes) };
    return { bytes: kind === 'zlib' ? inflateSync(packed, options) : inflateRawSync(packed, options) };
  } catch {
    return 'unreadable';
  }
}
