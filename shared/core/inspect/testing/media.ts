// Small ISO files, archives and packed files for tests. Written from the specifications, so that the readers have something
// to disagree with.
import { deflateRawSync, gzipSync } from 'node:zlib';
import { fat12, gptDisk, mbrDisk } from './disks.ts';

const SECTOR = 2048;

/** How an ISO is made. */
export interface IsoMaking {
  /** What El Torito offers, in this order. Empty: there is no boot catalogue. */
  boots?: ('bios' | 'uefi')[];
  label?: string;
  joliet?: boolean;
  udf?: boolean;
  /** Leaves ISO 9660 out; only with `udf`. */
  onlyUdf?: boolean;
  /** The first sectors are those of a disk. */
  hybrid?: 'mbr' | 'gpt';
  /** Text of `.disk/info`. */
  info?: string;
  /** Sectors that the file system claims to have. Default: as many as the file has. */
  claimedSectors?: number;
  change?: (file: Buffer) => void;
}

const PLATFORM = { bios: 0, uefi: 0xef };

/** 1 MiB of ISO: descriptors from sector 16, root directory in 40, catalogue in 50, a FAT file system in 60, UDF in 256. */
export function isoOf(making: IsoMaking = {}): Buffer {
  const { boots = [], label = 'TEST', joliet = false, udf = false, onlyUdf = false, hybrid, info } = making;
  const file = Buffer.alloc(1024 * 1024);
  if (hybrid === 'gpt') gptDisk().copy(file, 0, 0, 16 * SECTOR);
  if (hybrid === 'mbr') mbrDisk().copy(file, 0, 0, 512);
  const descriptors: Buffer[] = [];
  if (!onlyUdf) {
    descriptors.push(volume(1, label, making.claimedSectors ?? file.length / SECTOR, 40));
    if (boots.length > 0) descriptors.push(bootRecord());
    if (joliet) descriptors.push(volume(2, label, file.length / SECTOR, 42));
    descriptors.push(marked(255, 'CD001'));
  }
  if (udf || onlyUdf) descriptors.push(marked(0, 'BEA01'), marked(0, 'NSR03'), marked(0, 'TEA01'));
  for (const [i, descriptor] of descriptors.entries()) descriptor.copy(file, (16 + i) * SECTOR);
  if (udf || onlyUdf) udfVolume(file, label);
  writeTree(file, info, joliet);
  if (boots.length > 0) catalogue(boots).copy(file, 50 * SECTOR);
  if (boots.includes('uefi')) fat12().copy(file, 60 * SECTOR);
  making.change?.(file);
  return file;
}

function marked(type: number, id: string): Buffer {
  const descriptor = Buffer.alloc(SECTOR);
  descriptor[0] = type;
  descriptor.write(id, 1, 'latin1');
  descriptor[6] = 1;
  return descriptor;
}

function volume(type: 1 | 2, label: string, sectors: number, root: number): Buffer {
  const descriptor = marked(type, 'CD001');
  if (type === 2) descriptor.write('%/E', 88, 'latin1');
  if (type === 1) descriptor.write(label.padEnd(32), 40, 'latin1');
  descriptor.writeUInt32LE(sectors, 80);
  descriptor.writeUInt16LE(SECTOR, 128);
  record('\0', root, SECTOR, true, false).copy(descriptor, 156);
  return descriptor;
}

function bootRecord(): Buffer {
  const descriptor = marked(0, 'CD001');
  descriptor.write('EL TORITO SPECIFICATION', 7, 'latin1');
  descriptor.writeUInt32LE(50, 71);
  return descriptor;
}

/** A record of a directory; names of Joliet have 16 bits a letter, others carry a Rock Ridge name. */
function record(name: string, sector: number, length: number, isDirectory: boolean, joliet: boolean): Buffer {
  const id = joliet ? Buffer.from(name, 'utf16le').swap16() : Buffer.from(name, 'latin1');
  const padding = Buffer.alloc((id.length + 1) % 2);
  const rockRidge =
    joliet || name === '\0'
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from([0x4e, 0x4d, 5 + id.length, 1, 0]), id]);
  const bytes = Buffer.concat([Buffer.alloc(33), id, padding, rockRidge]);
  bytes[0] = bytes.length;
  bytes.writeUInt32LE(sector, 2);
  bytes.writeUInt32LE(length, 10);
  bytes[25] = isDirectory ? 2 : 0;
  bytes[32] = id.length;
  return bytes;
}

function writeTree(file: Buffer, info: string | undefined, joliet: boolean): void {
  if (info === undefined) return;
  for (const isJoliet of joliet ? [false, true] : [false]) {
    const root = isJoliet ? 42 : 40;
    record('.disk', root + 1, SECTOR, true, isJoliet).copy(file, root * SECTOR);
    record('info', 45, info.length, false, isJoliet).copy(file, (root + 1) * SECTOR);
  }
  file.write(info, 45 * SECTOR, 'latin1');
}

function catalogue(boots: readonly ('bios' | 'uefi')[]): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  const [first = 'bios', ...others] = boots;
  bytes[0] = 1;
  bytes[1] = PLATFORM[first];
  bytes.writeUInt16LE(0xaa55, 30);
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += bytes.readUInt16LE(at);
  bytes.writeUInt16LE(0x1_0000 - (sum % 0x1_0000), 28);
  const entry = (at: number) => {
    bytes[at] = 0x88;
    bytes.writeUInt16LE(4, at + 6);
    bytes.writeUInt32LE(60, at + 8);
  };
  entry(32);
  for (const [i, boot] of others.entries()) {
    bytes[64 + i * 64] = i === others.length - 1 ? 0x91 : 0x90;
    bytes[65 + i * 64] = PLATFORM[boot];
    bytes.writeUInt16LE(1, 66 + i * 64);
    entry(96 + i * 64);
  }
  return bytes;
}

function udfVolume(file: Buffer, label: string): void {
  file.writeUInt16LE(2, 256 * SECTOR);
  file.writeUInt32LE(SECTOR * 16, 256 * SECTOR + 16);
  file.writeUInt32LE(260, 256 * SECTOR + 20);
  file.writeUInt16LE(1, 260 * SECTOR);
  file[260 * SECTOR + 24] = 8;
  file.write(label, 260 * SECTOR + 25, 'latin1');
  file[260 * SECTOR + 24 + 31] = label.length + 1;
}

/** A tar archive of members with these names, 512 bytes each. */
export function tarOf(...names: string[]): Buffer {
  const members = names.map((name) => {
    const member = Buffer.alloc(1024);
    member.write(name, 'latin1');
    member.write('00000001000', 124, 'latin1');
    member.write('ustar\x0000', 257, 'latin1');
    return member;
  });
  return Buffer.concat([...members, Buffer.alloc(1024)]);
}

/** gzip. */
export const gzOf = (bytes: Buffer): Buffer => gzipSync(bytes);

/** A frame of zstd that stores its bytes as they are, and tells their number. */
export function zstOf(bytes: Buffer): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(bytes.length, 5);
  const block = Buffer.alloc(3);
  block.writeUIntLE(1 + bytes.length * 8, 0, 3);
  return Buffer.concat([header, block, bytes]);
}

/** The frame of an xz file, whose only block tells that it unpacks to `unpackedBytes`. The packed bytes mean nothing. */
export function xzOf(unpackedBytes: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(100));
  const block = Buffer.concat([packed], Math.ceil(packed.length / 4) * 4);
  const index = Buffer.concat([Buffer.from([0, 1]), varint(packed.length), varint(unpackedBytes)]);
  const padded = Buffer.concat([index], Math.ceil(index.length / 4) * 4 + 4);
  const footer = Buffer.alloc(12);
  footer.writeUInt32LE(padded.length / 4 - 1, 4);
  footer.write('YZ', 10, 'latin1');
  const header = Buffer.concat([Buffer.from('fd377a585a00', 'hex')], 12);
  return Buffer.concat([header, block, padded, footer]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
