// The master boot record: boot code and the four primary partitions. Pure.
import type { Bytes } from '../bytes.ts';
import type { Partition } from '../types.ts';

const SECTOR_BYTES = 512;
const TABLE_AT = 446;
const BOOT_CODE_BYTES = 440;
/** Where GRUB 2 has its name. */
const GRUB_AT = 0x180;
const PROTECTIVE = 0xee;
const EFI_SYSTEM = 0xef;

const TYPES: Record<number, string> = {
  1: 'FAT12',
  4: 'FAT16',
  5: 'extended',
  6: 'FAT16',
  7: 'NTFS or exFAT',
  11: 'FAT32',
  12: 'FAT32',
  14: 'FAT16',
  15: 'extended',
  39: 'Windows recovery',
  130: 'Linux swap',
  131: 'Linux file system',
  133: 'extended',
  142: 'Linux LVM',
  165: 'FreeBSD',
  166: 'OpenBSD',
  238: 'GPT protective',
  239: 'EFI system',
  253: 'Linux RAID',
};

/** What the first sector tells. */
export interface Mbr {
  /** The mark that firmware asks for, and code before it. */
  hasCode: boolean;
  /** The code has something to go on with: an active partition, or it is GRUB's, which knows by itself. */
  isActive: boolean;
  /** Empty where the table makes no sense: then the sector is something else, e.g. that of a file system. */
  partitions: Partition[];
  hasEfiSystem: boolean;
  /** The table stands for a GPT, and guards it against programs that do not know GPT. */
  isProtective: boolean;
}

/** Reads the first sector of a disk. */
export function readMbr(sector: Bytes): Mbr {
  const hasMark = sector.length >= SECTOR_BYTES && sector.u16le(510) === 0xaa55;
  const entries = [0, 1, 2, 3].map((i) => sector.slice(TABLE_AT + i * 16, 16));
  const used = entries.map((entry, i) => ({ entry, number: i + 1 })).filter(({ entry }) => !entry.isZero());
  const isTable = hasMark && used.every(({ entry }) => (entry.u8(0) & 0x7f) === 0 && entry.u32le(12) > 0);
  const partitions = isTable
    ? used.map(({ entry, number }) => ({
        number,
        startBytes: entry.u32le(8) * SECTOR_BYTES,
        sizeBytes: entry.u32le(12) * SECTOR_BYTES,
        type: TYPES[entry.u8(4)] ?? `0x${entry.u8(4).toString(16).padStart(2, '0')}`,
      }))
    : [];
  const has = (type: number) => isTable && used.some(({ entry }) => entry.u8(4) === type);
  return {
    hasCode: hasMark && !sector.isZero(0, BOOT_CODE_BYTES),
    isActive: (isTable && used.some(({ entry }) => entry.u8(0) === 0x80)) || sector.has('GRUB', GRUB_AT),
    partitions,
    hasEfiSystem: has(EFI_SYSTEM),
    isProtective: has(PROTECTIVE),
  };
}
