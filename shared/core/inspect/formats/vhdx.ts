// VHDX (Microsoft's specification [MS-VHDX]): two headers, two region tables, metadata, a block table. Little-endian.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, isPowerOfTwo } from '../bytes.ts';
import { crc32c } from '../checksum.ts';
import { DAMAGED, error, GET_AGAIN } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader } from '../mapped-reader.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const HEADERS_AT = [64 * KIB, 128 * KIB];
const REGION_TABLES_AT = [192 * KIB, 256 * KIB];
const MAX_ENTRIES = 2047;
const REGION = {
  blocks: '2dc27766-f623-4200-9d64-115e9bfd4a08',
  metadata: '8b7ca206-4790-4b9a-b8fe-575f050f886e',
} as const;
const ITEM = {
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  virtualSize: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  sectorSize: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
} as const;
/** Of the table of blocks so much is looked through for the end of the image. */
const MAX_TABLE_BYTES = 256 * KIB;
const PARENT = 2;
/** States of a block that hold data: fully, or in part. */
const HOLDS_DATA = [6, 7];

/** Reads VHDX. */
export const vhdx: FormatReader = {
  format: 'vhdx',
  matches: ({ head }) => head.has('vhdxfile'),
  read: readVhdx,
};

interface Metadata {
  virtualSizeBytes: number;
  blockBytes: number;
  sectorBytes: number;
  hasParent: boolean;
}

async function readVhdx({ file }: Probe): Promise<Layout> {
  const failed = (code: string, message: string, remedy: string): Layout => ({
    virtualSizeBytes: 0,
    boot: 'unknown',
    findings: [error(code, message, remedy)],
  });
  const header = await currentHeader(file);
  const regions = await readRegions(file);
  const metadataStart = regions?.get(REGION.metadata);
  if (!header || !regions || metadataStart === undefined)
    return file.sizeBytes < 1 * MIB
      ? failed('vhdx-truncated', 'The file ends inside its own headers.', GET_AGAIN)
      : failed('vhdx-bad-header', 'No header of the file is intact.', DAMAGED);
  const metadata = await readMetadata(file, metadataStart);
  if (!metadata)
    return failed('vhdx-truncated', 'The description of the disk is missing or makes no sense.', GET_AGAIN);

  const findings = [];
  if (metadata.hasParent)
    findings.push(
      error(
        'vhdx-differencing',
        'The image holds only the differences to another disk, which a cloud does not have.',
        'Merge it into its parent (Merge-VHD), and take the parent.',
      ),
    );
  if (!header.isZero(48, 16))
    findings.push(
      error(
        'vhdx-log',
        'The image was not closed cleanly: its log holds changes that are not in the disk yet.',
        'Let a tool write them: qemu-img check -r all IN.',
      ),
    );
  const blocksStart = regions.get(REGION.blocks) ?? file.sizeBytes;
  const isComplete = await holdsAllBlocks(file, metadata, blocksStart);
  if (!isComplete)
    findings.push(
      error('vhdx-truncated', 'The file ends before the blocks that its table counts.', GET_AGAIN),
    );
  return {
    virtualSizeBytes: metadata.virtualSizeBytes,
    findings,
    guest: isComplete && !metadata.hasParent ? guestOf(file, metadata, blocksStart) : undefined,
  };
}

/** Of the two headers the intact one with the higher number counts. */
async function currentHeader(file: ByteReader): Promise<Bytes | undefined> {
  let current: Bytes | undefined;
  for (const at of HEADERS_AT) {
    const header = new Bytes(await file.read(at, 4 * KIB));
    if (!header.has('head') || crc32c(header.buffer, 4) !== header.u32le(4)) continue;
    if (!current || header.u64le(8) > current.u64le(8)) current = header;
  }
  return current;
}

/** Where the regions begin, by GUID; undefined where no table is intact. */
async function readRegions(file: ByteReader): Promise<Map<string, number> | undefined> {
  for (const at of REGION_TABLES_AT) {
    const table = new Bytes(await file.read(at, 64 * KIB));
    const count = table.u32le(8);
    if (!table.has('regi') || count > MAX_ENTRIES || crc32c(table.buffer, 4) !== table.u32le(4)) continue;
    const entries = Array.from({ length: count }, (_, i) => 16 + i * 32);
    return new Map(entries.map((entry) => [table.guid(entry), table.u64le(entry + 16)]));
  }
  return undefined;
}

async function readMetadata(file: ByteReader, start: number): Promise<Metadata | undefined> {
  const table = new Bytes(await file.read(start, 64 * KIB));
  const count = table.u16le(10);
  if (!table.has('metadata') || count > MAX_ENTRIES) return undefined;
  const items = new Map<string, number>();
  for (let i = 0; i < count; i++) items.set(table.guid(32 + i * 32), table.u32le(32 + i * 32 + 16));
  const item = async (guid: string, length: number) => {
    const offset = items.get(guid);
    const bytes = offset === undefined ? Buffer.alloc(0) : await file.read(start + offset, length);
    return bytes.length === length ? new Bytes(bytes) : undefined;
  };
  const parameters = await item(ITEM.fileParameters, 8);
  const size = await item(ITEM.virtualSize, 8);
  const sector = await item(ITEM.sectorSize, 4);
  if (!parameters || !size || !sector) return undefined;
  const [blockBytes, sectorBytes] = [parameters.u32le(0), sector.u32le(0)];
  if (!isPowerOfTwo(blockBytes) || blockBytes < MIB || blockBytes > 256 * MIB) return undefined;
  if (sectorBytes !== 512 && sectorBytes !== 4096) return undefined;
  return {
    virtualSizeBytes: size.u64le(0),
    blockBytes,
    sectorBytes,
    hasParent: (parameters.u32le(4) & PARENT) !== 0,
  };
}

async function holdsAllBlocks(file: ByteReader, metadata: Metadata, blocksStart: number): Promise<boolean> {
  const blocks = Math.ceil(metadata.virtualSizeBytes / metadata.blockBytes);
  const table = new Bytes(await file.read(blocksStart, Math.min(blocks * 8, MAX_TABLE_BYTES)));
  if (blocks > 0 && table.length < 8) return false;
  let end = 0;
  for (let at = 0; at + 8 <= table.length; at += 8)
    if (HOLDS_DATA.includes(table.u8(at) & 7)) end = Math.max(end, placeOf(table, at) + metadata.blockBytes);
  // The last block may be larger than what is left of the disk.
  return (
    end <= file.sizeBytes + metadata.blockBytes - 1 - ((metadata.virtualSizeBytes - 1) % metadata.blockBytes)
  );
}

const placeOf = (table: Bytes, at: number) => Math.floor(table.u64le(at) / MIB) * MIB;

function guestOf(file: ByteReader, metadata: Metadata, blocksStart: number): ByteReader {
  const { virtualSizeBytes, blockBytes, sectorBytes } = metadata;
  // After so many blocks the table has an entry of another kind.
  const blocksPerChunk = (2 ** 23 * sectorBytes) / blockBytes;
  return mappedReader(file, virtualSizeBytes, blockBytes, async (block) => {
    const index = block + Math.floor(block / blocksPerChunk);
    const entry = await entryOf(file, blocksStart, index, 8);
    if (!entry) return 'unreadable';
    const holdsData = HOLDS_DATA.includes(entry.u8(0) & 7);
    return holdsData ? { at: placeOf(entry, 0) } : 'zeros';
  });
}
