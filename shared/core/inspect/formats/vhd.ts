// VHD, which qemu calls vpc: fixed, dynamic and differencing (Microsoft's Virtual Hard Disk Image Format Specification).
// All its numbers are big-endian; the footer ends the file, and a dynamic disk has a copy of it at the start.
import { type ByteReader, sliceReader } from '../byte-reader.ts';
import { Bytes, isPowerOfTwo } from '../bytes.ts';
import { complementSum } from '../checksum.ts';
import { DAMAGED, error, GET_AGAIN, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader } from '../mapped-reader.ts';
import type { Finding } from '../types.ts';

const COOKIE = 'conectix';
const FOOTER_BYTES = 512;
const DYNAMIC_HEADER_BYTES = 1024;
const SECTOR_BYTES = 512;
const TYPES: Record<number, 'fixed' | 'dynamic' | 'differencing'> = {
  2: 'fixed',
  3: 'dynamic',
  4: 'differencing',
};
/** Programs whose disks qemu takes at their stated size; for others the geometry counts. */
const SIZE_COUNTS = ['win ', 'qem2', 'd2v ', 'CTXS', 'tap\0', 'wa\0\0'];
/** The geometry of a disk that is too large for one. */
const LARGEST_GEOMETRY = 65_535 * 16 * 255 * SECTOR_BYTES;
/** Entries of the block table that are looked through for the end of the image. */
const MAX_TABLE_BYTES = 256 * 1024;
const UNUSED = 0xffff_ffff;

const footerOf = ({ tail }: Probe) => tail.slice(Math.max(0, tail.length - FOOTER_BYTES), FOOTER_BYTES);

/** Reads VHD. */
export const vhd: FormatReader = {
  format: 'vhd',
  matches: (probe) => probe.head.has(COOKIE) || footerOf(probe).has(COOKIE),
  read: readVhd,
};

async function readVhd(probe: Probe): Promise<Layout> {
  const { head, file } = probe;
  const atEnd = footerOf(probe);
  const hasEnd = atEnd.length === FOOTER_BYTES && atEnd.has(COOKIE);
  const footer = hasEnd ? atEnd : head.slice(0, FOOTER_BYTES);
  const variant = TYPES[footer.u32be(60)];
  const { virtualSizeBytes, findings } = sizeOf(footer);
  if (!isIntact(footer))
    findings.push(error('vhd-bad-checksum', 'The checksum of the footer is wrong.', DAMAGED));
  if (variant === undefined)
    findings.push(
      error('vhd-bad-header', `The footer gives an unknown kind of disk (${footer.u32be(60)}).`, DAMAGED),
    );
  if (!hasEnd)
    findings.push(
      error('vhd-truncated', 'The footer that must end the file is missing: it is not complete.', GET_AGAIN),
    );
  if (variant === 'differencing')
    findings.push(
      error(
        'vhd-differencing',
        'The image holds only the differences to another disk, which a cloud does not have.',
        'Merge it into its parent with the tool that made it, and take the parent.',
      ),
    );
  if (variant === 'fixed') {
    const missing = footer.u64be(48) + FOOTER_BYTES - file.sizeBytes;
    if (missing > 0)
      findings.push(
        error('vhd-truncated', `The disk lacks ${missing} bytes: the file is not complete.`, GET_AGAIN),
      );
    return { virtualSizeBytes, variant, findings, guest: sliceReader(file, 0, virtualSizeBytes) };
  }
  const sparse = variant === undefined ? undefined : await readDynamic(file, footer, virtualSizeBytes);
  if (sparse && 'finding' in sparse) findings.push(sparse.finding);
  const guest = variant === 'dynamic' && sparse && 'guest' in sparse ? sparse.guest : undefined;
  return { virtualSizeBytes, variant, findings, guest };
}

const isIntact = (footer: Bytes) =>
  footer.length === FOOTER_BYTES && complementSum(footer.buffer, 64) === footer.u32be(64);

/** Two sizes stand in a footer. Which one a server sees depends on the program that wrote it. */
function sizeOf(footer: Bytes): { virtualSizeBytes: number; findings: Finding[] } {
  const stated = footer.u64be(48);
  const geometry = footer.u16be(56) * footer.u8(58) * footer.u8(59) * SECTOR_BYTES;
  const isStated = SIZE_COUNTS.includes(footer.latin1(28, 4)) || geometry === LARGEST_GEOMETRY;
  if (isStated || geometry === 0) return { virtualSizeBytes: stated, findings: [] };
  const findings =
    geometry < stated
      ? [
          warning(
            'vhd-geometry',
            `The footer tells two sizes, ${stated} bytes and by its geometry ${geometry}: clouds that use qemu cut the disk to the smaller.`,
            'Convert it with the size that counts: qemu-img convert -O qcow2 --image-opts driver=vpc,force_size_calc=current_size,file.filename=IN OUT.',
          ),
        ]
      : [];
  return { virtualSizeBytes: geometry, findings };
}

/** A dynamic disk has a header of its own, and a table of its blocks. */
async function readDynamic(
  file: ByteReader,
  footer: Bytes,
  virtualSizeBytes: number,
): Promise<{ finding: Finding } | { guest: ByteReader }> {
  const header = new Bytes(await file.read(footer.u64be(16), DYNAMIC_HEADER_BYTES));
  const blockBytes = header.u32be(32);
  const entries = header.u32be(28);
  const tableStart = header.u64be(16);
  const isSound =
    header.has('cxsparse') &&
    complementSum(header.buffer, 36) === header.u32be(36) &&
    isPowerOfTwo(blockBytes) &&
    blockBytes >= SECTOR_BYTES &&
    entries * blockBytes >= virtualSizeBytes;
  if (!isSound)
    return { finding: error('vhd-bad-header', 'The header of the dynamic disk makes no sense.', DAMAGED) };
  // In front of each block stands a bitmap of its sectors.
  const bitmapBytes = Math.ceil(blockBytes / SECTOR_BYTES / 8 / SECTOR_BYTES) * SECTOR_BYTES;
  const table = new Bytes(await file.read(tableStart, Math.min(entries * 4, MAX_TABLE_BYTES)));
  let lastSector = 0;
  for (let at = 0; at + 4 <= table.length; at += 4) {
    const sector = table.u32be(at);
    if (sector !== UNUSED) lastSector = Math.max(lastSector, sector);
  }
  if (tableStart + entries * 4 > file.sizeBytes || lastSector * SECTOR_BYTES >= file.sizeBytes)
    return {
      finding: error('vhd-truncated', 'The file ends before the blocks that its table counts.', GET_AGAIN),
    };
  const guest = mappedReader(file, virtualSizeBytes, blockBytes, async (block) => {
    const entry = block < entries ? await entryOf(file, tableStart, block, 4) : undefined;
    if (!entry) return 'unreadable';
    const sector = entry.u32be(0);
    return sector === UNUSED ? 'zeros' : { at: sector * SECTOR_BYTES + bitmapBytes };
  });
  return { guest };
}
