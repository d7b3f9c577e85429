// The disk inside a sparse VMDK: grain directory, grain table, grain.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes } from '../bytes.ts';
import { entryOf, mappedReader, Unpacker } from '../mapped-reader.ts';
import type { SparseHeader } from './vmdk.ts';

const SECTOR_BYTES = 512;
const FLAG_COMPRESSED = 0x1_0000;
/** Place of the grain (8 bytes) and length of what follows (4 bytes). */
const GRAIN_MARKER_BYTES = 12;

/** @param h a header whose sizes were found possible */
export function vmdkGuest(file: ByteReader, h: SparseHeader): ByteReader {
  const grainBytes = h.grainSectors * SECTOR_BYTES;
  const isCompressed = (h.flags & FLAG_COMPRESSED) !== 0;
  const unpacker = new Unpacker(grainBytes);
  return mappedReader(file, h.capacity * SECTOR_BYTES, grainBytes, async (grain) => {
    const index = Math.floor(grain / h.entriesPerTable);
    const directory = await entryOf(file, h.directoryStart * SECTOR_BYTES, index, 4);
    if (!directory) return 'unreadable';
    if (directory.u32le(0) === 0) return 'zeros';
    const table = await entryOf(file, directory.u32le(0) * SECTOR_BYTES, grain % h.entriesPerTable, 4);
    if (!table) return 'unreadable';
    const start = table.u32le(0) * SECTOR_BYTES;
    // 0: not there; 1: there, and zeros.
    if (table.u32le(0) <= 1) return 'zeros';
    if (!isCompressed) return { at: start };
    const marker = new Bytes(await file.read(start, GRAIN_MARKER_BYTES));
    // A grain that does not compress grows a little.
    const length = Math.min(marker.u32le(8), grainBytes * 2);
    return unpacker.unpack(file, 'zlib', start + GRAIN_MARKER_BYTES, length);
  });
}
