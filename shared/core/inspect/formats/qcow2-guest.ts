// The disk inside a qcow2: guest offset, L1, L2, cluster (QEMU docs/interop/qcow2.rst, cluster mapping).
import type { ByteReader } from '../byte-reader.ts';
import { entryOf, mappedReader, type Place, Unpacker } from '../mapped-reader.ts';
import type { Qcow2Header } from './qcow2.ts';

const OFFSET_MASK = 0x00ff_ffff_ffff_fe00n;
const COMPRESSED = 1n << 62n;
const READS_AS_ZEROS = 1n;
const EXTENDED_L2 = 16;
const SUBCLUSTERS = 32;

/** @param h a header whose sizes were found possible */
export function qcow2Guest(file: ByteReader, h: Qcow2Header): ByteReader {
  const clusterBytes = 2 ** h.clusterBits;
  const isExtended = (h.features & EXTENDED_L2) !== 0;
  const entryBytes = isExtended ? 16 : 8;
  const l2Entries = clusterBytes / entryBytes;
  const parts = isExtended ? SUBCLUSTERS : 1;
  const partBytes = clusterBytes / parts;
  const unpacker = new Unpacker(clusterBytes);

  return mappedReader(file, h.virtualSizeBytes, partBytes, async (block) => {
    const cluster = Math.floor(block / parts);
    const part = block % parts;
    const l1Index = Math.floor(cluster / l2Entries);
    if (l1Index >= h.l1Entries) return 'unreadable';
    const l1 = await entryOf(file, h.l1Start, l1Index, 8);
    if (!l1) return 'unreadable';
    const table = Number(l1.bigBe(0) & OFFSET_MASK);
    if (table === 0) return 'zeros';
    const l2 = await entryOf(file, table, cluster % l2Entries, entryBytes);
    if (!l2) return 'unreadable';
    const entry = l2.bigBe(0);
    if ((entry & COMPRESSED) !== 0n) return compressed(entry, part * partBytes);
    const start = Number(entry & OFFSET_MASK);
    if (isExtended) {
      const isAllocated = Math.floor(l2.u32be(12) / 2 ** part) % 2 === 1;
      return isAllocated ? { at: start + part * partBytes } : 'zeros';
    }
    const isHole = start === 0 || (h.version >= 3 && (entry & READS_AS_ZEROS) !== 0n);
    return isHole ? 'zeros' : { at: start };
  });

  async function compressed(entry: bigint, skip: number): Promise<Place> {
    const offsetBits = BigInt(62 - (h.clusterBits - 8));
    const start = Number(entry & ((1n << offsetBits) - 1n));
    const sectors = Number((entry & (COMPRESSED - 1n)) >> offsetBits) + 1;
    const length = sectors * 512 - (start % 512);
    const place = await unpacker.unpack(file, h.zstd ? 'zstd' : 'deflate', start, length);
    if (skip === 0 || typeof place === 'string' || !('bytes' in place)) return place;
    return { bytes: place.bytes.subarray(skip) };
  }
}
