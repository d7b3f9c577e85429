// VMDK (VMware's Virtual Disk Format 5.0): one sparse file with its description inside. Descriptions that point to
// other files are refused, and no name in them is ever opened.
import { Bytes, isPowerOfTwo } from '../bytes.ts';
import { DAMAGED, error, GET_AGAIN, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import type { Finding } from '../types.ts';
import { DESCRIPTOR_MARK, descriptorFindings, parseDescriptor } from './vmdk-descriptor.ts';
import { vmdkGuest } from './vmdk-guest.ts';

const SECTOR_BYTES = 512;
const HEADER_BYTES = 79;
const MAX_DESCRIPTOR_BYTES = 64 * 1024;
const MAX_DIRECTORY_BYTES = 64 * 1024;
const FLAG = { compressed: 0x1_0000, markers: 0x2_0000 } as const;
const DEFLATE = 1;
/** The footer is the last sector but one. */
const FOOTER_FROM_END_BYTES = 1024;

/** The header of a sparse file; sizes in sectors, as it has them. */
export interface SparseHeader {
  version: number;
  flags: number;
  capacity: number;
  grainSectors: number;
  descriptorStart: number;
  descriptorSectors: number;
  entriesPerTable: number;
  /** Number.MAX_SAFE_INTEGER: the footer has it. */
  directoryStart: number;
  compression: number;
  isUnclean: boolean;
}

/** Reads VMDK. */
export const vmdk: FormatReader = {
  format: 'vmdk',
  matches: ({ head }) => head.has('KDMV') || head.has('COWD') || head.has(DESCRIPTOR_MARK),
  read: async (probe) => {
    if (probe.head.has('KDMV')) return readSparse(probe);
    return probe.head.has('COWD') ? readEsxSparse(probe) : readDescription(probe);
  },
};

/** A description alone: the data is in other files. */
async function readDescription({ head }: Probe): Promise<Layout> {
  const descriptor = parseDescriptor(head.latin1(0, 32 * 1024));
  return {
    virtualSizeBytes: descriptor.sectors * SECTOR_BYTES,
    variant: descriptor.createType,
    boot: 'unknown',
    findings: [
      error(
        'vmdk-separate-extents',
        'The file only describes a disk; its data is in other files.',
        'Put all into one file, with the other files beside it: qemu-img convert -O qcow2 IN OUT.',
      ),
      // Its kind is what was just said.
      ...descriptorFindings(descriptor).filter(({ code }) => code !== 'vmdk-unsupported-subformat'),
    ],
    refersTo: descriptor.extentNames,
  };
}

async function readEsxSparse({ head }: Probe): Promise<Layout> {
  return {
    virtualSizeBytes: head.u32le(12) * SECTOR_BYTES,
    variant: 'vmfsSparse',
    boot: 'unknown',
    findings: [
      error(
        'vmdk-unsupported-subformat',
        'It is the sparse extent of an ESX snapshot, which is of no use without its description and its parent.',
        'Consolidate the snapshots and export the machine.',
      ),
    ],
  };
}

async function readSparse({ head, file, tail }: Probe): Promise<Layout> {
  if (head.length < SECTOR_BYTES)
    return {
      virtualSizeBytes: head.u64le(12) * SECTOR_BYTES,
      findings: [error('vmdk-truncated', 'The file ends inside its own header.', GET_AGAIN)],
    };
  let header = headerOf(head);
  const virtualSizeBytes = header.capacity * SECTOR_BYTES;
  const findings: Finding[] = [];
  if (header.directoryStart === Number.MAX_SAFE_INTEGER) {
    const footer = footerOf(tail);
    if (!footer)
      findings.push(
        error(
          'vmdk-truncated',
          'The footer that must end the file is missing: it is not complete.',
          GET_AGAIN,
        ),
      );
    else if (!agree(header, footer))
      findings.push(
        error(
          'vmdk-footer-disagrees',
          'The footer at the end of the file tells of another disk than the header.',
          DAMAGED,
        ),
      );
    else header = footer;
  }
  const descriptor = await readDescriptor(file, header);
  if (descriptor) findings.push(...descriptorFindings(descriptor));
  else
    findings.push(
      error(
        'vmdk-no-descriptor',
        'The file is one piece of a disk in several files: it holds no description of the disk.',
        'Convert the disk from its description file: qemu-img convert -O qcow2 DISK.vmdk OUT.',
      ),
    );
  const shape = shapeOf(header);
  if (shape) findings.push(shape);
  else if (findings.length === 0) findings.push(...(await cutFindings(file, header)));
  if (header.isUnclean)
    findings.push(
      warning(
        'vmdk-unclean',
        'The image was not closed cleanly, or is in use.',
        'Shut the machine down and export it again.',
      ),
    );
  const isReadable = !findings.some(({ severity }) => severity === 'error');
  return {
    virtualSizeBytes,
    variant: descriptor?.createType,
    features: (header.flags & FLAG.compressed) === 0 ? [] : ['compressed-grains'],
    findings,
    refersTo: descriptor?.parent === undefined ? [] : [descriptor.parent],
    guest: isReadable ? vmdkGuest(file, header) : undefined,
  };
}

function headerOf(h: Bytes): SparseHeader {
  return {
    version: h.u32le(4),
    flags: h.u32le(8),
    capacity: h.u64le(12),
    grainSectors: h.u64le(20),
    descriptorStart: h.u64le(28),
    descriptorSectors: h.u64le(36),
    entriesPerTable: h.u32le(44),
    directoryStart: h.u64le(56),
    compression: h.u16le(77),
    isUnclean: h.u8(72) !== 0,
  };
}

/** The last three sectors are a mark, the footer, and the mark of the end. */
function footerOf(tail: Bytes): SparseHeader | undefined {
  const footer = tail.slice(Math.max(0, tail.length - FOOTER_FROM_END_BYTES), SECTOR_BYTES);
  return footer.length === SECTOR_BYTES && footer.has('KDMV') && footer.length >= HEADER_BYTES
    ? headerOf(footer)
    : undefined;
}

const agree = (a: SparseHeader, b: SparseHeader) =>
  (
    [
      'version',
      'flags',
      'capacity',
      'grainSectors',
      'descriptorStart',
      'descriptorSectors',
      'entriesPerTable',
      'compression',
    ] as const
  ).every((field) => a[field] === b[field]) && b.directoryStart !== Number.MAX_SAFE_INTEGER;

async function readDescriptor(file: Probe['file'], header: SparseHeader) {
  if (header.descriptorStart === 0 || header.descriptorSectors === 0) return undefined;
  const length = Math.min(header.descriptorSectors * SECTOR_BYTES, MAX_DESCRIPTOR_BYTES);
  const text = (await file.read(header.descriptorStart * SECTOR_BYTES, length)).toString('latin1');
  return text.startsWith(DESCRIPTOR_MARK) ? parseDescriptor(text) : undefined;
}

/** Sizes in the header that cannot be, whatever the file is. */
function shapeOf(h: SparseHeader): Finding | undefined {
  const bad = (message: string) => error('vmdk-bad-header', message, DAMAGED);
  if (h.version < 1 || h.version > 3) return bad(`The header says version ${h.version}.`);
  if (!isPowerOfTwo(h.grainSectors) || h.grainSectors < 8 || h.grainSectors > 2 ** 12)
    return bad('The header gives an impossible size of grains.');
  if (h.entriesPerTable === 0 || h.entriesPerTable > 512) return bad('The header gives impossible tables.');
  if ((h.flags & FLAG.compressed) !== 0 && h.compression !== DEFLATE)
    return bad('The header gives an unknown way to compress.');
  return undefined;
}

/** All tables of grains must lie inside the file; where they do not, the file was cut. */
async function cutFindings(file: Probe['file'], h: SparseHeader): Promise<Finding[]> {
  const tables = Math.ceil(h.capacity / h.grainSectors / h.entriesPerTable);
  const start = h.directoryStart * SECTOR_BYTES;
  const directory = new Bytes(await file.read(start, Math.min(tables * 4, MAX_DIRECTORY_BYTES)));
  let isCut = start + tables * 4 > file.sizeBytes;
  let last = 0;
  for (let at = 0; at + 4 <= directory.length; at += 4) last = Math.max(last, directory.u32le(at));
  const lastTable = new Bytes(await file.read(last * SECTOR_BYTES, h.entriesPerTable * 4));
  if (last > 0 && lastTable.length < h.entriesPerTable * 4) isCut = true;
  for (let at = 0; at + 4 <= lastTable.length; at += 4)
    if (lastTable.u32le(at) * SECTOR_BYTES >= file.sizeBytes) isCut = true;
  if (!isCut) return [];
  return [
    error(
      'vmdk-truncated',
      'The file ends before the data that its tables count: it is not complete.',
      GET_AGAIN,
    ),
  ];
}
