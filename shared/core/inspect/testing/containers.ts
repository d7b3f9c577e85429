// Small images of every format that has tables, around a given disk. Written from the specifications, so that the readers
// have something to disagree with.
import { deflateRawSync, deflateSync } from 'node:zlib';
import { complementSum, crc32c } from '../checksum.ts';
import { MIB } from './disks.ts';

const KIB = 1024;
const SECTOR = 512;

/** Puts pieces at their places. */
function laidOut(pieces: [at: number, bytes: Buffer][]): Buffer {
  const file = Buffer.alloc(Math.max(...pieces.map(([at, bytes]) => at + bytes.length)));
  for (const [at, bytes] of pieces) bytes.copy(file, at);
  return file;
}

/** A number for each block of `blockBytes` of the disk: what `place` gives, or `hole` for zeros. */
function table<T>(disk: Buffer, blockBytes: number, hole: T, place: (data: Buffer, index: number) => T): T[] {
  return Array.from({ length: Math.ceil(disk.length / blockBytes) }, (_, i) => {
    const data = disk.subarray(i * blockBytes, (i + 1) * blockBytes);
    return data.every((byte) => byte === 0) ? hole : place(data, i);
  });
}

const numbers = (values: bigint[], write: 'writeBigUInt64BE' | 'writeBigUInt64LE', length = 0) => {
  const bytes = Buffer.alloc(Math.max(length, values.length * 8));
  for (const [i, value] of values.entries()) bytes[write](value, i * 8);
  return bytes;
};
const words = (values: number[], write: 'writeUInt32LE' | 'writeUInt32BE', length = 0) => {
  const bytes = Buffer.alloc(Math.max(length, values.length * 4));
  for (const [i, value] of values.entries()) bytes[write](value, i * 4);
  return bytes;
};

/** How a qcow2 is made. */
export interface Qcow2Making {
  version?: 2 | 3;
  /** Clusters are deflated. */
  compressed?: boolean;
  /** L2 entries with subclusters. */
  extended?: boolean;
  /** Changes the first cluster. */
  change?: (header: Buffer) => void;
}

/** qcow2 with clusters of 64 KiB: header, refcount table, refcount block, L1, L2, data. */
export function qcow2Of(disk: Buffer, making: Qcow2Making = {}): Buffer {
  const { version = 3, compressed = false, extended = false, change = () => {} } = making;
  const cluster = 64 * KIB;
  const pieces: [number, Buffer][] = [];
  let next = 5 * cluster;
  const entries = table(disk, cluster, 0n, (data) => {
    const bytes = compressed ? deflateRawSync(data) : Buffer.concat([data], cluster);
    const at = BigInt(next);
    pieces.push([next, bytes]);
    next += compressed ? bytes.length : cluster;
    if (!compressed) return at | (1n << 63n);
    // 62 - (cluster bits - 8) bits of offset, then the number of further sectors.
    const sectors = BigInt(Math.floor((Number(at % 512n) + bytes.length - 1) / SECTOR));
    return (1n << 62n) | (sectors << 54n) | at;
  });
  const header = Buffer.alloc(cluster);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(BigInt(disk.length), 24);
  header.writeUInt32BE(1, 36);
  header.writeBigUInt64BE(BigInt(3 * cluster), 40);
  header.writeBigUInt64BE(BigInt(cluster), 48);
  header.writeUInt32BE(1, 56);
  if (version === 3) {
    header.writeBigUInt64BE(extended ? 16n : 0n, 72);
    header.writeUInt32BE(4, 96);
    header.writeUInt32BE(104, 100);
  }
  change(header);
  const counts = Buffer.alloc(cluster);
  for (let i = 0; i * cluster < next; i++) counts.writeUInt16BE(1, i * 2);
  // All 32 subclusters of a cluster are there.
  const l2 = extended ? entries.flatMap((e) => [e, e === 0n ? 0n : 0xffff_ffffn]) : entries;
  pieces.push(
    [0, header],
    [cluster, numbers([BigInt(2 * cluster)], 'writeBigUInt64BE', cluster)],
    [2 * cluster, counts],
    [3 * cluster, numbers([BigInt(4 * cluster) | (1n << 63n)], 'writeBigUInt64BE', cluster)],
    [4 * cluster, numbers(l2, 'writeBigUInt64BE', cluster)],
  );
  return laidOut(pieces);
}

/** qcow version 1 with clusters of 4 KiB, which may be deflated. */
export function qcowOf(disk: Buffer, compressed = false): Buffer {
  const cluster = 4 * KIB;
  const pieces: [number, Buffer][] = [];
  let next = 3 * cluster;
  const entries = table(disk, cluster, 0n, (data) => {
    const bytes = compressed ? deflateRawSync(data) : Buffer.concat([data], cluster);
    const at = BigInt(next);
    pieces.push([next, bytes]);
    next += bytes.length;
    return compressed ? (1n << 63n) | (BigInt(bytes.length) << 51n) | at : at;
  });
  const header = Buffer.alloc(48);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(1, 4);
  header.writeBigUInt64BE(BigInt(disk.length), 24);
  header[32] = 12;
  header[33] = 9;
  header.writeBigUInt64BE(BigInt(cluster), 40);
  pieces.push(
    [0, header],
    [cluster, numbers([BigInt(2 * cluster)], 'writeBigUInt64BE', cluster)],
    [2 * cluster, numbers(entries, 'writeBigUInt64BE', cluster)],
  );
  return laidOut(pieces);
}

/** QED with clusters of 64 KiB. */
export function qedOf(disk: Buffer, change: (header: Buffer) => void = () => {}): Buffer {
  const cluster = 64 * KIB;
  const pieces: [number, Buffer][] = [];
  let next = 3 * cluster;
  const entries = table(disk, cluster, 0n, (data) => {
    pieces.push([next, Buffer.concat([data], cluster)]);
    next += cluster;
    return BigInt(next - cluster);
  });
  const header = Buffer.alloc(cluster);
  header.write('QED\0', 'latin1');
  header.writeUInt32LE(cluster, 4);
  header.writeUInt32LE(1, 8);
  header.writeUInt32LE(1, 12);
  header.writeBigUInt64LE(BigInt(cluster), 40);
  header.writeBigUInt64LE(BigInt(disk.length), 48);
  change(header);
  pieces.push(
    [0, header],
    [cluster, numbers([BigInt(2 * cluster)], 'writeBigUInt64LE', cluster)],
    [2 * cluster, numbers(entries, 'writeBigUInt64LE', cluster)],
  );
  return laidOut(pieces);
}

/** VDI with blocks of 64 KiB. */
export function vdiOf(disk: Buffer, change: (header: Buffer) => void = () => {}): Buffer {
  const block = 64 * KIB;
  const dataStart = 4 * KIB;
  const pieces: [number, Buffer][] = [];
  let used = 0;
  const entries = table(disk, block, 0xffff_ffff, (data) => {
    pieces.push([dataStart + used * block, Buffer.concat([data], block)]);
    return used++;
  });
  const header = Buffer.alloc(512);
  header.write('<<< VirtualBox Disk Image >>>\n', 'latin1');
  header.writeUInt32LE(0xbeda107f, 0x40);
  header.writeUInt32LE(0x1_0001, 0x44);
  header.writeUInt32LE(1, 0x4c);
  header.writeUInt32LE(512, 0x154);
  header.writeUInt32LE(dataStart, 0x158);
  header.writeBigUInt64LE(BigInt(disk.length), 0x170);
  header.writeUInt32LE(block, 0x178);
  header.writeUInt32LE(entries.length, 0x180);
  header.writeUInt32LE(used, 0x184);
  change(header);
  pieces.push([0, header], [512, words(entries, 'writeUInt32LE', dataStart - 512)]);
  return laidOut(pieces);
}

/** Parallels' format with blocks of 64 KiB. */
export function parallelsOf(disk: Buffer): Buffer {
  const blockSectors = 128;
  const pieces: [number, Buffer][] = [];
  let next = 1;
  const entries = table(disk, blockSectors * SECTOR, 0, (data) => {
    pieces.push([next * blockSectors * SECTOR, Buffer.concat([data], blockSectors * SECTOR)]);
    return next++;
  });
  const header = Buffer.alloc(64);
  header.write('WithouFreSpacExt', 'latin1');
  header.writeUInt32LE(2, 16);
  header.writeUInt32LE(blockSectors, 28);
  header.writeUInt32LE(entries.length, 32);
  header.writeBigUInt64LE(BigInt(disk.length / SECTOR), 36);
  pieces.push([0, header], [64, words(entries, 'writeUInt32LE', blockSectors * SECTOR - 64)]);
  return laidOut(pieces);
}

/** How a sparse VMDK is made. */
export interface VmdkMaking {
  /** Grains are deflated, and the footer has the place of the directory. */
  stream?: boolean;
  /** Changes the description. */
  describe?: (text: string) => string;
  change?: (header: Buffer) => void;
  changeFooter?: (footer: Buffer) => void;
}

/** A description of a VMDK. */
export const vmdkDescription = (createType: string, extent: string): string =>
  `# Disk DescriptorFile\nversion=1\nCID=1234abcd\nparentCID=ffffffff\ncreateType="${createType}"\n\n# Extent description\n${extent}\n\n# The Disk Data Base\nddb.adapterType = "ide"\n`;

/** VMDK with grains of 64 KiB: header, description, directory, table, grains. */
export function vmdkOf(disk: Buffer, making: VmdkMaking = {}): Buffer {
  const { stream = false, describe = (text) => text } = making;
  const grain = 128 * SECTOR;
  const [descriptionAt, directoryAt, tableAt] = [1, 3, 4];
  const pieces: [number, Buffer][] = [];
  let next = 128;
  const entries = table(disk, grain, 0, (data, i) => {
    const at = next;
    const packed = stream ? deflateSync(data) : Buffer.concat([data], grain);
    const marker = Buffer.alloc(stream ? 12 : 0);
    if (stream) marker.writeBigUInt64LE(BigInt(i * 128));
    if (stream) marker.writeUInt32LE(packed.length, 8);
    pieces.push([at * SECTOR, Buffer.concat([marker, packed])]);
    next += Math.ceil((marker.length + packed.length) / SECTOR);
    return at;
  });
  const header = (isFooter: boolean) => {
    const bytes = Buffer.alloc(SECTOR);
    bytes.write('KDMV', 'latin1');
    bytes.writeUInt32LE(stream ? 3 : 1, 4);
    bytes.writeUInt32LE(stream ? 0x3_0001 : 3, 8);
    bytes.writeBigUInt64LE(BigInt(disk.length / SECTOR), 12);
    bytes.writeBigUInt64LE(128n, 20);
    bytes.writeBigUInt64LE(BigInt(descriptionAt), 28);
    bytes.writeBigUInt64LE(2n, 36);
    bytes.writeUInt32LE(512, 44);
    bytes.writeBigUInt64LE(stream && !isFooter ? 0xffff_ffff_ffff_ffffn : BigInt(directoryAt), 56);
    bytes.writeBigUInt64LE(128n, 64);
    bytes.write('\n \r\n', 73, 'latin1');
    bytes.writeUInt16LE(stream ? 1 : 0, 77);
    return bytes;
  };
  const first = header(false);
  making.change?.(first);
  const kind = stream ? 'streamOptimized' : 'monolithicSparse';
  const text = describe(vmdkDescription(kind, `RW ${disk.length / SECTOR} SPARSE "disk.vmdk"`));
  pieces.push(
    [0, first],
    [descriptionAt * SECTOR, Buffer.concat([Buffer.from(text, 'latin1')], 1024)],
    [directoryAt * SECTOR, words([tableAt], 'writeUInt32LE', SECTOR)],
    [tableAt * SECTOR, words(entries, 'writeUInt32LE', 2048)],
  );
  if (stream) {
    const footer = header(true);
    making.changeFooter?.(footer);
    pieces.push([(next + 1) * SECTOR, footer], [(next + 2) * SECTOR, Buffer.alloc(SECTOR)]);
  }
  return laidOut(pieces);
}

/** How a VHD is made. */
export interface VhdMaking {
  kind?: 'fixed' | 'dynamic' | 'differencing';
  creator?: string;
  /** Changes the footer before its checksum is made. */
  change?: (footer: Buffer) => void;
}

/** VHD; the blocks of a dynamic one have 64 KiB. */
export function vhdOf(disk: Buffer, making: VhdMaking = {}): Buffer {
  const { kind = 'dynamic', creator = 'win ', change = () => {} } = making;
  const footer = Buffer.alloc(SECTOR);
  footer.write('conectix', 'latin1');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x1_0000, 12);
  footer.writeBigUInt64BE(kind === 'fixed' ? 0xffff_ffff_ffff_ffffn : 512n, 16);
  footer.write(creator, 28, 'latin1');
  footer.writeBigUInt64BE(BigInt(disk.length), 40);
  footer.writeBigUInt64BE(BigInt(disk.length), 48);
  footer.writeUInt16BE(Math.ceil(disk.length / SECTOR / 68), 56);
  footer[58] = 4;
  footer[59] = 17;
  footer.writeUInt32BE({ fixed: 2, dynamic: 3, differencing: 4 }[kind], 60);
  change(footer);
  footer.writeUInt32BE(complementSum(footer, 64), 64);
  if (kind === 'fixed') return Buffer.concat([disk, footer]);

  const block = 64 * KIB;
  const tableAt = 1536;
  const pieces: [number, Buffer][] = [];
  let next = 2048;
  const entries = table(disk, block, 0xffff_ffff, (data) => {
    const bitmap = Buffer.alloc(SECTOR, 0xff);
    pieces.push([next, Buffer.concat([bitmap, data], SECTOR + block)]);
    next += SECTOR + block;
    return (next - SECTOR - block) / SECTOR;
  });
  const header = Buffer.alloc(1024);
  header.write('cxsparse', 'latin1');
  header.writeBigUInt64BE(0xffff_ffff_ffff_ffffn, 8);
  header.writeBigUInt64BE(BigInt(tableAt), 16);
  header.writeUInt32BE(0x1_0000, 24);
  header.writeUInt32BE(entries.length, 28);
  header.writeUInt32BE(block, 32);
  header.writeUInt32BE(complementSum(header, 36), 36);
  pieces.push([0, footer], [512, header], [tableAt, words(entries, 'writeUInt32BE', 512)], [next, footer]);
  return laidOut(pieces);
}

const VHDX_GUIDS = {
  blocks: '6677c22d23f600429d64115e9bfd4a08',
  metadata: '06a27c8b90479a4bb8fe575f050f886e',
  fileParameters: '3767a1ca36fa434db3b633f0aa44e76b',
  virtualSize: '2442a52f1bcd7648b2115dbed83bf4b8',
  sectorSize: '1dbf41816fa90947ba47f233a8faab5f',
};

/** How a VHDX is made. */
export interface VhdxMaking {
  hasParent?: boolean;
  hasLog?: boolean;
}

/** VHDX with blocks of 1 MiB; the disk has 1 MiB at most. */
export function vhdxOf(disk: Buffer, making: VhdxMaking = {}): Buffer {
  const [metadataAt, blocksAt, dataAt] = [512 * KIB, 576 * KIB, 1 * MIB];
  const header = Buffer.alloc(4 * KIB);
  header.write('head', 'latin1');
  header.writeBigUInt64LE(1n, 8);
  if (making.hasLog) header.fill(7, 48, 64);
  header.writeUInt16LE(1, 66);
  header.writeUInt32LE(crc32c(header, 4), 4);

  const regions = Buffer.alloc(64 * KIB);
  regions.write('regi', 'latin1');
  regions.writeUInt32LE(2, 8);
  const region = (at: number, guid: string, start: number, length: number) => {
    Buffer.from(guid, 'hex').copy(regions, at);
    regions.writeBigUInt64LE(BigInt(start), at + 16);
    regions.writeUInt32LE(length, at + 24);
  };
  region(16, VHDX_GUIDS.blocks, blocksAt, 64 * KIB);
  region(48, VHDX_GUIDS.metadata, metadataAt, 64 * KIB);
  regions.writeUInt32LE(crc32c(regions, 4), 4);

  const metadata = Buffer.alloc(64 * KIB);
  metadata.write('metadata', 'latin1');
  metadata.writeUInt16LE(3, 10);
  const item = (index: number, guid: string, offset: number, length: number) => {
    Buffer.from(guid, 'hex').copy(metadata, 32 + index * 32);
    metadata.writeUInt32LE(offset, 32 + index * 32 + 16);
    metadata.writeUInt32LE(length, 32 + index * 32 + 20);
  };
  item(0, VHDX_GUIDS.fileParameters, 4096, 8);
  item(1, VHDX_GUIDS.virtualSize, 4104, 8);
  item(2, VHDX_GUIDS.sectorSize, 4112, 4);
  metadata.writeUInt32LE(1 * MIB, 4096);
  metadata.writeUInt32LE(making.hasParent ? 2 : 0, 4100);
  metadata.writeBigUInt64LE(BigInt(disk.length), 4104);
  metadata.writeUInt32LE(512, 4112);
  return laidOut([
    [0, Buffer.from('vhdxfile', 'latin1')],
    [64 * KIB, header],
    [128 * KIB, header],
    [192 * KIB, regions],
    [256 * KIB, regions],
    [metadataAt, metadata],
    [blocksAt, numbers([BigInt(dataAt) | 6n], 'writeBigUInt64LE')],
    [dataAt, disk],
  ]);
}

/** The header of a ZVHD or ZVHD2 in front of bytes that mean nothing. */
export function zvhdOf(mark: 'stream' | 'z2strm', virtualSizeBytes: number): Buffer {
  const file = Buffer.alloc(16 * KIB, 0xa5);
  const header = Buffer.alloc(4 * KIB);
  header.write(mark, 'latin1');
  header.writeBigUInt64LE(BigInt(virtualSizeBytes), 40);
  header.writeBigUInt64LE(BigInt(virtualSizeBytes), 48);
  header.writeBigUInt64LE(8192n, 96);
  header.writeBigUInt64LE(12288n, 104);
  header.writeUInt32LE(complementSum(header.subarray(0, 512), 64), 64);
  header.copy(file);
  return file;
}

/** The header of a LUKS disk in front of bytes that mean nothing. */
export function luksDisk(version: 1 | 2): Buffer {
  const file = Buffer.alloc(64 * KIB, 0xa5);
  file.fill(0, 0, 592);
  file.write('LUKS\xba\xbe', 'latin1');
  file.writeUInt16BE(version, 6);
  file.writeUInt32BE(64, 104);
  return file;
}
