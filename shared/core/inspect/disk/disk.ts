// What a disk holds: partitions, what can start it, which system it is of. The same for a raw file and for the disk inside
// an image.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes } from '../bytes.ts';
import { error, GET_AGAIN, info, warning } from '../findings.ts';
import type { Architecture, BootHint, Finding, ImageFacts, Partition } from '../types.ts';
import { readLoaders } from './fat.ts';
import { type FileSystem, readFileSystem } from './file-system.ts';
import { type Gpt, readGpt } from './gpt.ts';
import { type Mbr, readMbr } from './mbr.ts';

/** Both tables, also those of disks with sectors of 4 KiB. */
const HEAD_BYTES = 8192;
/** Partitions that are looked into. */
const MAX_LOOKS = 8;
const EFI_SYSTEM = 'EFI system';

/** What the disk tells; part of an inspection. */
export type DiskFacts = Pick<
  ImageFacts,
  | 'boot'
  | 'findings'
  | 'partitionTable'
  | 'partitions'
  | 'fileSystem'
  | 'volumeLabel'
  | 'architecture'
  | 'osType'
>;

/** Looks at a disk. Never throws for what is on it. */
export async function readDisk(disk: ByteReader): Promise<DiskFacts> {
  const head = new Bytes(await disk.read(0, HEAD_BYTES));
  if (head.length < Math.min(512, disk.sizeBytes)) return { boot: 'unknown', findings: [] };
  const mbr = readMbr(head.slice(0, 512));
  const gpt = await readGpt(disk, head);
  if (gpt === undefined && (mbr.partitions.length === 0 || hasOwnBootSector(head)))
    return readUnpartitioned(disk, head, mbr);

  const partitions = gpt ? gpt.partitions : mbr.partitions;
  const contents = await lookInto(disk, partitions);
  const efi = await readEfi(disk, partitions);
  return {
    partitionTable: gpt ? 'gpt' : 'mbr',
    partitions: partitions.map((partition, i) => ({ ...partition, fileSystem: contents[i]?.name })),
    boot: bootOf(mbr, gpt, efi !== undefined),
    architecture: efi?.architectures[0] ?? gpt?.architecture,
    osType: osTypeOf(contents),
    findings: [
      ...(gpt?.findings ?? []),
      ...tableFindings(mbr, gpt, partitions, disk.sizeBytes),
      ...contentFindings(contents, efi),
    ],
  };
}

/** File systems of Microsoft begin with a sector of the same form, where a table would only seem to stand. */
const hasOwnBootSector = (head: Bytes) =>
  head.has('NTFS    ', 3) || head.has('EXFAT   ', 3) || head.has('FAT', 54) || head.has('FAT32', 82);

async function readUnpartitioned(disk: ByteReader, head: Bytes, mbr: Mbr): Promise<DiskFacts> {
  const whole = await readFileSystem(disk, 0);
  if (whole)
    return {
      partitionTable: 'none',
      fileSystem: whole.name,
      volumeLabel: whole.label,
      // The first sector of a file system may or may not start something.
      boot: mbr.hasCode ? 'unknown' : 'none',
      findings: [
        info(
          'no-partition-table',
          `The disk holds a file system (${whole.name}) without a partition table.`,
          'As a data disk it is good; a server can start from it only with a kernel of its own.',
        ),
      ],
    };
  const check = 'Check that this is the file you mean.';
  const finding = head.isZero()
    ? warning(
        'empty-disk',
        'The disk begins with zeros, where a partition table or a file system should be.',
        check,
      )
    : warning(
        'no-partition-table',
        'No known image format, partition table or file system was found.',
        check,
      );
  return { partitionTable: 'none', boot: mbr.hasCode ? 'bios' : 'none', findings: [finding] };
}

async function lookInto(
  disk: ByteReader,
  partitions: readonly Partition[],
): Promise<(FileSystem | undefined)[]> {
  const contents: (FileSystem | undefined)[] = [];
  for (const { startBytes } of partitions.slice(0, MAX_LOOKS))
    contents.push(await readFileSystem(disk, startBytes));
  return contents;
}

interface Efi {
  architectures: Architecture[];
  /** Its file system was read; false: it may hold anything. */
  isRead: boolean;
}

async function readEfi(disk: ByteReader, partitions: readonly Partition[]): Promise<Efi | undefined> {
  const system = partitions.find(({ type }) => type === EFI_SYSTEM);
  if (!system) return undefined;
  const loaders = await readLoaders(disk, system.startBytes);
  return { architectures: loaders?.architectures ?? [], isRead: loaders !== undefined };
}

/** Boot code alone is no sign: partitioning programs leave some on disks that hold no system. */
function bootOf(mbr: Mbr, gpt: Gpt | undefined, uefi: boolean): BootHint {
  const bios = mbr.hasCode && (gpt === undefined ? mbr.isActive : gpt.hasBiosBoot);
  if (bios) return uefi ? 'bios+uefi' : 'bios';
  return uefi ? 'uefi' : 'none';
}

function osTypeOf(contents: readonly (FileSystem | undefined)[]): 'linux' | 'windows' | undefined {
  const types = contents.map((content) => content?.osType);
  return types.includes('linux') ? 'linux' : types.includes('windows') ? 'windows' : undefined;
}

function tableFindings(
  mbr: Mbr,
  gpt: Gpt | undefined,
  partitions: readonly Partition[],
  diskBytes: number,
): Finding[] {
  const findings: Finding[] = [];
  if (gpt && !mbr.isProtective)
    findings.push(
      warning(
        'gpt-unprotected',
        'The partition table (GPT) has no protective MBR: some clouds and systems take the disk for an empty one.',
        'Repair a copy with gdisk, or build the image again.',
      ),
    );
  const isReported = gpt?.findings.some(({ code }) => code === 'disk-truncated') ?? false;
  const beyond = partitions.find(
    ({ startBytes, sizeBytes, type }) => type !== 'GPT protective' && startBytes + sizeBytes > diskBytes,
  );
  if (beyond && !isReported)
    findings.push(
      error(
        'disk-truncated',
        `Partition ${beyond.number} ends ${beyond.startBytes + beyond.sizeBytes - diskBytes} bytes behind the end of the disk.`,
        GET_AGAIN,
      ),
    );
  return findings;
}

function contentFindings(contents: readonly (FileSystem | undefined)[], efi: Efi | undefined): Finding[] {
  const findings: Finding[] = [];
  if (efi?.isRead && efi.architectures.length === 0)
    findings.push(
      warning(
        'uefi-no-loader',
        'The EFI system partition has no EFI/BOOT/BOOT*.EFI: firmware without an entry of its own does not find a loader.',
        'Install the loader to the removable path too, e.g. grub-install --removable.',
      ),
    );
  const locked = contents.find((content) => content?.name === 'luks' || content?.name === 'bitlocker');
  if (locked)
    findings.push(
      info(
        'encrypted-partition',
        `A partition is encrypted (${locked.name}): a server asks for its key when it starts.`,
        'Nothing needs to be done, where that is meant.',
      ),
    );
  return findings;
}
