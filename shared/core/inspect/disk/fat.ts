// Looks into a FAT file system for the loaders that UEFI starts: EFI/BOOT/BOOTX64.EFI and its kin (UEFI specification
// §3.5.1.1; Microsoft's FAT specification). Reads directories only, and few of their clusters.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, isPowerOfTwo } from '../bytes.ts';
import type { Architecture } from '../types.ts';

const ENTRY_BYTES = 32;
const MAX_DIRECTORY_BYTES = 32 * 1024;
const MAX_CHAIN = 64;
const ATTRIBUTE = { label: 8, longName: 15 } as const;
/** Names of loaders, and the short names that long ones get on FAT. */
const LOADERS: [RegExp, Architecture][] = [
  [/^BOOTX64\.EFI$/, 'x86_64'],
  [/^BOOTAA64\.EFI$/, 'aarch64'],
  [/^BOOTIA32\.EFI$/, 'x86'],
  [/^BOOTARM\.EFI$/, 'arm'],
  [/^BOOTRI(SCV64|~\d)\.EFI$/, 'riscv64'],
  [/^BOOTLO(ONGARCH64|~\d)\.EFI$/, 'loongarch64'],
];

/** The processor that a loader is for, by its name in upper case. */
export const architectureOf = (name: string): Architecture | undefined =>
  LOADERS.find(([pattern]) => pattern.test(name))?.[1];

/** What UEFI would find. */
export interface Loaders {
  /** Of the loaders that are started without being configured. Empty: there are none. */
  architectures: Architecture[];
}

interface Fat {
  disk: ByteReader;
  start: number;
  bits: 12 | 16 | 32;
  clusterBytes: number;
  tableStart: number;
  rootStart: number;
  rootBytes: number;
  rootCluster: number;
  dataStart: number;
}

/** @returns undefined when there is no FAT file system, or it cannot be read */
export async function readLoaders(disk: ByteReader, startBytes: number): Promise<Loaders | undefined> {
  const fat = fatOf(disk, startBytes, new Bytes(await disk.read(startBytes, 512)));
  if (!fat) return undefined;
  const root = fat.bits === 32 ? await readChain(fat, fat.rootCluster) : await readFixedRoot(fat);
  const inRoot = entriesOf(root);
  const inEfi = await entriesBelow(fat, inRoot, 'EFI');
  const files = inEfi && (await entriesBelow(fat, inEfi, 'BOOT'));
  // A directory that cannot be read may hold anything.
  if (root.length === 0 || !inEfi || !files) return undefined;
  return {
    architectures: files.map(({ name }) => architectureOf(name)).filter((found) => found !== undefined),
  };
}

function fatOf(disk: ByteReader, start: number, h: Bytes): Fat | undefined {
  const sectorBytes = h.u16le(11);
  const clusterSectors = h.u8(13);
  const reserved = h.u16le(14);
  const fatSectors = h.u16le(22) || h.u32le(36);
  const sectors = h.u16le(19) || h.u32le(32);
  const isPossible =
    [512, 1024, 2048, 4096].includes(sectorBytes) &&
    isPowerOfTwo(clusterSectors) &&
    reserved > 0 &&
    fatSectors > 0;
  if (!isPossible) return undefined;
  const rootBytes = h.u16le(17) * ENTRY_BYTES;
  const rootStart = start + (reserved + h.u8(16) * fatSectors) * sectorBytes;
  const dataStart = rootStart + Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const clusters = (start + sectors * sectorBytes - dataStart) / (clusterSectors * sectorBytes);
  return {
    disk,
    start,
    bits: h.u16le(22) === 0 ? 32 : clusters < 4085 ? 12 : 16,
    clusterBytes: clusterSectors * sectorBytes,
    tableStart: start + reserved * sectorBytes,
    rootStart,
    rootBytes,
    rootCluster: h.u32le(44),
    dataStart,
  };
}

const readFixedRoot = async (fat: Fat) =>
  new Bytes(await fat.disk.read(fat.rootStart, Math.min(fat.rootBytes, MAX_DIRECTORY_BYTES)));

/** The bytes of a directory, cluster after cluster; a chain that goes round in circles ends at the limit. */
async function readChain(fat: Fat, first: number): Promise<Bytes> {
  const pieces: Buffer[] = [];
  let left = MAX_DIRECTORY_BYTES;
  let cluster = first;
  for (let i = 0; i < MAX_CHAIN && left > 0 && cluster >= 2; i++) {
    const piece = await fat.disk.read(
      fat.dataStart + (cluster - 2) * fat.clusterBytes,
      Math.min(fat.clusterBytes, left),
    );
    if (piece.length === 0) break;
    pieces.push(piece);
    left -= piece.length;
    cluster = await nextCluster(fat, cluster);
  }
  return new Bytes(Buffer.concat(pieces));
}

/** 0 where the chain ends. */
async function nextCluster(fat: Fat, cluster: number): Promise<number> {
  const entry = new Bytes(await fat.disk.read(fat.tableStart + Math.floor((cluster * fat.bits) / 8), 4));
  const shifted = fat.bits === 12 && cluster % 2 === 1 ? entry.u16le(0) >>> 4 : entry.u16le(0);
  const next =
    fat.bits === 32 ? entry.u32le(0) % 2 ** 28 : fat.bits === 16 ? entry.u16le(0) : shifted % 2 ** 12;
  const end = 2 ** Math.min(fat.bits, 28) - 8;
  return next >= end ? 0 : next;
}

/** Empty where there is no such directory, undefined where it cannot be read. */
async function entriesBelow(fat: Fat, entries: readonly FatEntry[], name: string) {
  const found = entries.find((entry) => entry.name === name);
  if (!found) return [];
  const directory = await readChain(fat, found.cluster);
  return directory.length === 0 ? undefined : entriesOf(directory);
}

interface FatEntry {
  name: string;
  cluster: number;
}

function entriesOf(directory: Bytes): FatEntry[] {
  const entries = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
    const first = directory.u8(at);
    const attributes = directory.u8(at + 11);
    if (first === 0) break;
    if (first === 0xe5 || attributes === ATTRIBUTE.longName || (attributes & ATTRIBUTE.label) !== 0) continue;
    const stem = directory.latin1(at, 8).trimEnd();
    const ending = directory.latin1(at + 8, 3).trimEnd();
    entries.push({
      name: (ending === '' ? stem : `${stem}.${ending}`).toUpperCase(),
      cluster: directory.u16le(at + 20) * 0x1_0000 + directory.u16le(at + 26),
    });
  }
  return entries;
}
