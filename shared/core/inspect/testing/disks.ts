// Small disks for tests: with a GPT and an EFI system partition, with an MBR. Written from the specifications, so that the
// readers have something to disagree with.
import { crc32 } from 'node:zlib';

/** Bytes in a MiB. */
export const MIB = 1024 * 1024;
const SECTOR = 512;
const EFI_SYSTEM = '28732ac11ff8d211ba4b00a0c93ec93b';
const LINUX = 'af3dc60f838472478e793d69d8477de4';
const ENTRIES = 128;

/**
 * 1 MiB with a GPT, an EFI system partition (FAT12 with a loader) and an ext4 file system.
 * @param second type of the second partition, as its bytes stand on the disk
 */
export function gptDisk(loader = 'BOOTX64 EFI', second = LINUX): Buffer {
  const disk = Buffer.alloc(1 * MIB);
  const sectors = disk.length / SECTOR;
  protect(disk, sectors);
  const entries = Buffer.alloc(ENTRIES * 128);
  entry(entries, 0, EFI_SYSTEM, 64, 191);
  entry(entries, 1, second, 192, 255);
  writeTable(disk, entries, 1, sectors - 1, 2);
  writeTable(disk, entries, sectors - 1, 1, sectors - 33);
  fat12(loader).copy(disk, 64 * SECTOR);
  disk.writeUInt16LE(0xef53, 192 * SECTOR + 0x438);
  disk.writeUInt32LE(0x40, 192 * SECTOR + 0x460);
  return disk;
}

function protect(disk: Buffer, sectors: number): void {
  disk[446 + 4] = 0xee;
  disk.writeUInt32LE(1, 446 + 8);
  disk.writeUInt32LE(sectors - 1, 446 + 12);
  disk.writeUInt16LE(0xaa55, 510);
}

function entry(entries: Buffer, index: number, type: string, first: number, last: number): void {
  Buffer.from(type, 'hex').copy(entries, index * 128);
  entries.fill(index + 1, index * 128 + 16, index * 128 + 32);
  entries.writeBigUInt64LE(BigInt(first), index * 128 + 32);
  entries.writeBigUInt64LE(BigInt(last), index * 128 + 40);
}

/** Writes a header at sector `at`, and its entries at sector `entriesAt`. */
function writeTable(disk: Buffer, entries: Buffer, at: number, other: number, entriesAt: number): void {
  const header = Buffer.alloc(92);
  header.write('EFI PART', 'latin1');
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(92, 12);
  header.writeBigUInt64LE(BigInt(at), 24);
  header.writeBigUInt64LE(BigInt(other), 32);
  header.writeBigUInt64LE(34n, 40);
  header.writeBigUInt64LE(BigInt(disk.length / SECTOR - 34), 48);
  header.writeBigUInt64LE(BigInt(entriesAt), 72);
  header.writeUInt32LE(ENTRIES, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header), 16);
  header.copy(disk, at * SECTOR);
  entries.copy(disk, entriesAt * SECTOR);
}

/** 64 KiB of FAT12: /EFI/BOOT and a loader in it. */
export function fat12(loader = 'BOOTX64 EFI'): Buffer {
  const fat = Buffer.alloc(64 * 1024);
  fat.write('\xeb\x3c\x90mkfs.fat', 'latin1');
  fat.writeUInt16LE(SECTOR, 11);
  fat[13] = 1; // sectors per cluster
  fat.writeUInt16LE(1, 14); // reserved sectors
  fat[16] = 1; // tables
  fat.writeUInt16LE(16, 17); // entries of the root
  fat.writeUInt16LE(128, 19); // sectors
  fat.writeUInt16LE(1, 22); // sectors per table
  fat.write('NO NAME    FAT12   ', 43, 'latin1');
  fat.writeUInt16LE(0xaa55, 510);
  Buffer.from('f8fffffffffffffff0', 'hex').copy(fat, SECTOR);
  const name = (at: number, text: string, attribute: number, cluster: number) => {
    fat.write(text.padEnd(11), at, 'latin1');
    fat[at + 11] = attribute;
    fat.writeUInt16LE(cluster, at + 26);
  };
  const cluster = (number: number) => (3 + number - 2) * SECTOR;
  name(2 * SECTOR, 'EFI', 0x10, 2);
  name(cluster(2), 'BOOT', 0x10, 3);
  name(cluster(3), loader, 0x20, 4);
  return fat;
}

/** 64 KiB with boot code and one active Linux partition. */
export function mbrDisk(change: (disk: Buffer) => void = () => {}): Buffer {
  const disk = Buffer.alloc(64 * 1024);
  Buffer.from([0xfa, 0xf4, 0xeb, 0xfd]).copy(disk);
  disk[446] = 0x80;
  disk[446 + 4] = 0x83;
  disk.writeUInt32LE(64, 446 + 8);
  disk.writeUInt32LE(64, 446 + 12);
  disk.writeUInt16LE(0xaa55, 510);
  change(disk);
  return disk;
}
