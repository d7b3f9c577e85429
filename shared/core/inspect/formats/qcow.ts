// qcow version 1, the format before qcow2 (QEMU block/qcow.c tells its header).
import type { ByteReader } from '../byte-reader.ts';
import { type Bytes, shown } from '../bytes.ts';
import { DAMAGED, error, GET_AGAIN, TO_QCOW2 } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader, Unpacker } from '../mapped-reader.ts';
import type { Finding } from '../types.ts';
import { QCOW_MAGIC } from './qcow2.ts';

const HEADER_BYTES = 48;
const COMPRESSED = 1n << 63n;

/** Reads qcow. */
export const qcow: FormatReader = {
  format: 'qcow',
  matches: ({ head }) => head.has(QCOW_MAGIC) && head.u32be(4) === 1,
  async read({ head, file }: Probe): Promise<Layout> {
    const virtualSizeBytes = head.u64be(24);
    if (head.length < HEADER_BYTES)
      return {
        virtualSizeBytes,
        findings: [error('qcow-truncated', 'The file ends inside its own header.', GET_AGAIN)],
      };
    const findings: Finding[] = [];
    const backingStart = head.u64be(8);
    const name = shown(head.slice(backingStart, Math.min(1023, head.u32be(16))).buffer.toString('utf8'));
    if (backingStart !== 0)
      findings.push(
        error(
          'qcow-backing-file',
          `The image depends on another file (a backing file, ${JSON.stringify(name)}), which a cloud does not have.`,
          `Flatten it: ${TO_QCOW2}.`,
        ),
      );
    const isEncrypted = head.u32be(36) !== 0;
    if (isEncrypted)
      findings.push(
        error(
          'qcow-encrypted',
          'The image is encrypted inside the qcow format.',
          'Decrypt it first, with qemu-img convert.',
        ),
      );
    const clusterBits = head.u8(32);
    const l2Bits = head.u8(33);
    const isPossible = clusterBits >= 9 && clusterBits <= 16 && l2Bits >= 6 && l2Bits <= 13;
    const l1Entries = Math.ceil(virtualSizeBytes / 2 ** (clusterBits + l2Bits));
    if (!isPossible)
      findings.push(error('qcow-bad-header', 'The header gives impossible sizes of its tables.', DAMAGED));
    else if (head.u64be(40) + l1Entries * 8 > file.sizeBytes)
      findings.push(
        error('qcow-truncated', 'The file ends before the table that its header points to.', GET_AGAIN),
      );
    const isReadable = findings.length === 0;
    return {
      virtualSizeBytes,
      encrypted: isEncrypted,
      findings,
      refersTo: backingStart === 0 ? [] : [name],
      guest: isReadable ? guestOf(file, head, clusterBits, l2Bits) : undefined,
    };
  },
};

function guestOf(file: ByteReader, head: Bytes, clusterBits: number, l2Bits: number): ByteReader {
  const clusterBytes = 2 ** clusterBits;
  const l1Start = head.u64be(40);
  const unpacker = new Unpacker(clusterBytes);
  return mappedReader(file, head.u64be(24), clusterBytes, async (cluster) => {
    const l1 = await entryOf(file, l1Start, Math.floor(cluster / 2 ** l2Bits), 8);
    if (!l1) return 'unreadable';
    const table = l1.u64be(0);
    if (table === 0) return 'zeros';
    const l2 = await entryOf(file, table, cluster % 2 ** l2Bits, 8);
    if (!l2) return 'unreadable';
    const entry = l2.bigBe(0);
    if ((entry & COMPRESSED) === 0n) return entry === 0n ? 'zeros' : { at: Number(entry) };
    const offsetBits = BigInt(63 - clusterBits);
    const start = Number(entry & ((1n << offsetBits) - 1n));
    const length = Number((entry & (COMPRESSED - 1n)) >> offsetBits);
    return unpacker.unpack(file, 'deflate', start, length);
  });
}
