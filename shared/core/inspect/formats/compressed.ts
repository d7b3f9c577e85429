// Files packed as a whole. What is inside is not looked at; the size it will have is told where the file tells it.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, wholeSectors } from '../bytes.ts';
import { warning } from '../findings.ts';
import type { FormatReader } from '../format.ts';
import type { Compression } from '../types.ts';

const MAGICS: [magic: string, name: Compression, tool: string][] = [
  ['\x1f\x8b\x08', 'gz', 'gunzip -k IN'],
  ['BZh', 'bz2', 'bunzip2 -k IN'],
  ['\xfd7zXZ\0', 'xz', 'xz -dk IN'],
  ['\x28\xb5\x2f\xfd', 'zst', 'zstd -dk IN'],
  ['\x04\x22\x4d\x18', 'lz4', 'lz4 -dk IN'],
];
/** An index of this size tells of some ten thousand blocks. */
const MAX_XZ_INDEX_BYTES = 256 * 1024;
const XZ_FOOTER_BYTES = 12;

const magicOf = (head: Bytes) =>
  MAGICS.find(([magic, name]) => head.has(magic) && (name !== 'bz2' || head.has('1AY&SY', 4)));

/** Reads packed files. qemu-img takes them for raw disks. */
export const compressed: FormatReader = {
  format: 'raw',
  matches: ({ head }) => magicOf(head) !== undefined,
  async read({ head, file }) {
    const [, compression, tool] = magicOf(head) ?? ['', 'gz' as const, ''];
    return {
      virtualSizeBytes: wholeSectors(file.sizeBytes),
      boot: 'unknown',
      compression,
      unpackedSizeBytes:
        compression === 'xz' ? await xzSize(file) : compression === 'zst' ? zstdSize(head) : undefined,
      findings: [
        warning(
          'compressed',
          `The file is compressed (${compression}): a cloud would store the packed bytes as if they were a disk.`,
          `Unpack it first: ${tool}.`,
        ),
      ],
    };
  },
};

/** The index at the end lists the blocks with their sizes. Files of several streams do not tell the whole size there. */
async function xzSize(file: ByteReader): Promise<number | undefined> {
  const footer = new Bytes(await file.read(file.sizeBytes - XZ_FOOTER_BYTES, XZ_FOOTER_BYTES));
  const indexBytes = (footer.u32le(4) + 1) * 4;
  if (!footer.has('YZ', 10) || indexBytes > MAX_XZ_INDEX_BYTES) return undefined;
  const index = new Bytes(await file.read(file.sizeBytes - XZ_FOOTER_BYTES - indexBytes, indexBytes));
  if (index.length !== indexBytes || index.u8(0) !== 0) return undefined;
  let at = 1;
  const next = () => {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = index.u8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  const records = next();
  let packedBytes = 0;
  let unpackedBytes = 0;
  for (let i = 0; i < records && at < index.length; i++) {
    packedBytes += Math.ceil(next() / 4) * 4;
    unpackedBytes += next();
  }
  const streamBytes = XZ_FOOTER_BYTES + packedBytes + indexBytes + XZ_FOOTER_BYTES;
  return streamBytes === file.sizeBytes && Number.isSafeInteger(unpackedBytes) ? unpackedBytes : undefined;
}

/** The header of the first frame may tell its size; a file is one frame as a rule (RFC 8878 §3.1.1.1). */
function zstdSize(head: Bytes): number | undefined {
  const descriptor = head.u8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >>> 6) {
    case 0:
      return isSingleSegment ? head.u8(at) : undefined;
    case 1:
      return head.u16le(at) + 256;
    case 2:
      return head.u32le(at);
    default:
      return head.u64le(at);
  }
}
