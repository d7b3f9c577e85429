// The GUID partition table (UEFI specification, chapter 5): header, entries, and the copy at the end of the disk.
import { crc32 } from 'node:zlib';
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, isPowerOfTwo } from '../bytes.ts';
import { error, GET_AGAIN, info, warning } from '../findings.ts';
import type { Architecture, Finding, Partition } from '../types.ts';

const SIGNATURE = 'EFI PART';
const HEADER_BYTES = 92;
const MAX_ENTRIES_BYTES = 64 * 1024;
const MAX_LISTED = 32;
/** Sectors of disks that show 4 KiB ones are tried too. */
const SECTOR_SIZES = [512, 4096];
const LEGACY_BOOTABLE = 4;

const TYPES: Record<string, [name: string, architecture?: Architecture]> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': ['EFI system'],
  '21686148-6449-6e6f-744e-656564454649': ['BIOS boot'],
  '83bd6b9d-7f41-11dc-be0b-001560b84f0f': ['FreeBSD boot'],
  '0fc63daf-8483-4772-8e79-3d69d8477de4': ['Linux file system'],
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709': ['Linux root', 'x86_64'],
  'b921b045-1df0-41c3-af44-4c6f280d3fae': ['Linux root', 'aarch64'],
  '72ec70a6-cf74-40e6-bd49-4bda08e8f224': ['Linux root', 'riscv64'],
  '77055800-792c-4f94-b39a-98c91b762bb6': ['Linux root', 'loongarch64'],
  'bc13c2ff-59e6-4262-a352-b275fd6f7172': ['Linux boot'],
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915': ['Linux home'],
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': ['Linux swap'],
  'e6d6d379-f507-44c2-a23c-238f2a3df928': ['Linux LVM'],
  'a19d880f-05fc-4d3b-a006-743f0f84911e': ['Linux RAID'],
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': ['Microsoft basic data'],
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': ['Microsoft reserved'],
  'de94bba4-06d1-4d40-a16a-bfd50179d6ac': ['Windows recovery'],
};
/** Partitions that code of a BIOS goes on with. */
const BIOS_BOOT = ['BIOS boot', 'FreeBSD boot'];
const UNUSED = '00000000-0000-0000-0000-000000000000';

/** What the table tells. */
export interface Gpt {
  partitions: Partition[];
  /** Code of a BIOS can find its next stage: there is a partition for it, or one that is marked for it. */
  hasBiosBoot: boolean;
  architecture: Architecture | undefined;
  findings: Finding[];
}

/** True when the start of a disk holds the mark of a GPT. */
export const hasGptSignature = (head: Bytes): boolean =>
  SECTOR_SIZES.some((sectorBytes) => head.has(SIGNATURE, sectorBytes));

/** @returns undefined when there is no such table */
export async function readGpt(disk: ByteReader, head: Bytes): Promise<Gpt | undefined> {
  const sectorBytes = SECTOR_SIZES.find((size) => head.has(SIGNATURE, size));
  if (sectorBytes === undefined) return undefined;
  const header = head.slice(sectorBytes, sectorBytes);
  const damaged = (message: string): Gpt => ({
    partitions: [],
    hasBiosBoot: false,
    architecture: undefined,
    findings: [warning('gpt-damaged', message, 'Repair a copy with sgdisk -v, or build the image again.')],
  });
  const headerBytes = header.u32le(12);
  if (headerBytes < HEADER_BYTES || headerBytes > header.length || !isIntact(header, headerBytes))
    return damaged('The header of the partition table (GPT) has a wrong checksum.');
  const entryBytes = header.u32le(84);
  const count = header.u32le(80);
  if (!isPowerOfTwo(entryBytes) || entryBytes < 128 || entryBytes > 4096 || count > 1024)
    return damaged('The partition table (GPT) gives impossible sizes.');
  const length = Math.min(count * entryBytes, MAX_ENTRIES_BYTES);
  const entries = new Bytes(await disk.read(header.u64le(72) * sectorBytes, length));
  const isWhole = entries.length === count * entryBytes;
  if (isWhole && crc32(entries.buffer) !== header.u32le(88))
    return damaged('The entries of the partition table (GPT) have a wrong checksum.');
  return {
    ...listEntries(entries, entryBytes, sectorBytes),
    findings: await copyFindings(disk, header, sectorBytes),
  };
}

function isIntact(header: Bytes, headerBytes: number): boolean {
  const copy = Buffer.from(header.buffer.subarray(0, headerBytes));
  copy.fill(0, 16, 20);
  return crc32(copy) === header.u32le(16);
}

function listEntries(entries: Bytes, entryBytes: number, sectorBytes: number) {
  const partitions: Partition[] = [];
  let hasBiosBoot = false;
  let architecture: Architecture | undefined;
  for (let at = 0; at + entryBytes <= entries.length && partitions.length < MAX_LISTED; at += entryBytes) {
    const guid = entries.guid(at);
    if (guid === UNUSED) continue;
    const [type, processor] = TYPES[guid] ?? [guid];
    architecture ??= processor;
    hasBiosBoot ||= BIOS_BOOT.includes(type) || (entries.u8(at + 48) & LEGACY_BOOTABLE) !== 0;
    const first = entries.u64le(at + 32);
    partitions.push({
      number: at / entryBytes + 1,
      startBytes: first * sectorBytes,
      sizeBytes: Math.max(0, entries.u64le(at + 40) + 1 - first) * sectorBytes,
      type,
    });
  }
  return { partitions, hasBiosBoot, architecture };
}

/** The copy ends the disk that the table was made for. */
async function copyFindings(disk: ByteReader, header: Bytes, sectorBytes: number): Promise<Finding[]> {
  const copyAt = header.u64le(32) * sectorBytes;
  const lack = copyAt + sectorBytes - disk.sizeBytes;
  if (lack > 0)
    return [
      error(
        'disk-truncated',
        `The partition table was made for a disk that is ${lack} bytes larger: the end of this one is missing.`,
        GET_AGAIN,
      ),
    ];
  const copy = new Bytes(await disk.read(copyAt, 8));
  if (copy.length === 8 && !copy.has(SIGNATURE))
    return [
      warning(
        'gpt-no-copy',
        'The copy of the partition table (GPT) is missing where the table says it is.',
        'Repair a copy: sgdisk -e IN.',
      ),
    ];
  if (lack < -sectorBytes)
    return [
      info(
        'gpt-copy-not-at-end',
        'The disk was made larger after it was partitioned; the copy of the partition table is not at its end.',
        'Nothing needs to be done: systems move it when they grow their partition. Or: sgdisk -e IN.',
      ),
    ];
  return [];
}
