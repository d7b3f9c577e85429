// Recognises a file system (or what else a partition holds) by its first bytes.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, shown } from '../bytes.ts';

const SUPERBLOCK_BYTES = 4096;
const BTRFS_AT = 0x1_0040;

/** What was recognised. */
export interface FileSystem {
  name: string;
  label: string | undefined;
  osType: 'linux' | 'windows' | undefined;
}

/** @returns undefined when nothing was recognised */
export async function readFileSystem(disk: ByteReader, startBytes: number): Promise<FileSystem | undefined> {
  const b = new Bytes(await disk.read(startBytes, SUPERBLOCK_BYTES));
  const linux = (name: string, label = ''): FileSystem => ({
    name,
    label: shown(label) || undefined,
    osType: 'linux',
  });
  if (b.u16le(0x438) === 0xef53) return linux(extName(b), b.latin1(0x478, 16).split('\0', 1)[0]);
  if (b.has('XFSB')) return linux('xfs', b.latin1(108, 12).split('\0', 1)[0]);
  if (b.has('LUKS\xba\xbe')) return linux('luks');
  if (b.has('LABELONE', 512) || b.has('LABELONE')) return linux('lvm');
  if (b.has('SWAPSPACE2', SUPERBLOCK_BYTES - 10)) return linux('swap');
  if (b.has('hsqs')) return linux('squashfs');
  if (b.u32le(1024) === 0xe0f5e1e2) return linux('erofs');
  if (b.u32le(1024) === 0xf2f52010) return linux('f2fs');
  if (b.has('-FVE-FS-', 3)) return { name: 'bitlocker', label: undefined, osType: 'windows' };
  if (b.has('NTFS    ', 3)) return { name: 'ntfs', label: undefined, osType: 'windows' };
  if (b.has('EXFAT   ', 3)) return { name: 'exfat', label: undefined, osType: undefined };
  if (b.u16le(510) === 0xaa55) {
    if (b.has('FAT32   ', 82)) return { name: 'vfat', label: fatLabel(b, 71), osType: undefined };
    if (b.has('FAT1', 54)) return { name: 'vfat', label: fatLabel(b, 43), osType: undefined };
  }
  const far = new Bytes(await disk.read(startBytes + BTRFS_AT, 8));
  return far.has('_BHRfS_M') ? linux('btrfs') : undefined;
}

/** The three generations differ in features: extents and what came with them are of ext4, a journal is of ext3. */
function extName(b: Bytes): string {
  const [compatible, incompatible, readOnly] = [b.u32le(0x45c), b.u32le(0x460), b.u32le(0x464)];
  if ((incompatible & 0x2c0) !== 0 || (readOnly & 0x78) !== 0) return 'ext4';
  return (compatible & 4) === 0 ? 'ext2' : 'ext3';
}

function fatLabel(b: Bytes, at: number): string | undefined {
  const label = shown(b.latin1(at, 11));
  return label === '' || label === 'NO NAME' ? undefined : label;
}
