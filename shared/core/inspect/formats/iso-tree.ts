// Finds single files in the directories of an ISO 9660 (ECMA-119 §9.1; Joliet and Rock Ridge names). Bounded.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes } from '../bytes.ts';

/** Size of a sector of such media. */
export const ISO_SECTOR_BYTES = 2048;

const MAX_DIRECTORY_BYTES = 32 * 1024;
const FLAG_DIRECTORY = 2;

/** A directory, or the place of a file. */
export interface IsoDirectory {
  sector: number;
  lengthBytes: number;
  isJoliet: boolean;
}

/** What stands in a directory. */
export interface IsoEntry extends IsoDirectory {
  /** In upper case, without a version. */
  name: string;
  isDirectory: boolean;
}

/** What stands in a directory, as far as its first 32 KiB tell. */
export async function listIso(file: ByteReader, directory: IsoDirectory): Promise<IsoEntry[]> {
  const length = Math.min(directory.lengthBytes, MAX_DIRECTORY_BYTES);
  const bytes = new Bytes(await file.read(directory.sector * ISO_SECTOR_BYTES, length));
  const entries: IsoEntry[] = [];
  for (let at = 0; at + 33 <= bytes.length; ) {
    const size = bytes.u8(at);
    // A record does not cross a sector: the rest of the sector is empty.
    if (size === 0) {
      at = (Math.floor(at / ISO_SECTOR_BYTES) + 1) * ISO_SECTOR_BYTES;
      continue;
    }
    const record = bytes.slice(at, size);
    entries.push({
      name: nameOf(record, directory.isJoliet),
      sector: record.u32le(2),
      lengthBytes: record.u32le(10),
      isDirectory: (record.u8(25) & FLAG_DIRECTORY) !== 0,
      isJoliet: directory.isJoliet,
    });
    at += size;
  }
  return entries;
}

/** Goes down from a directory by names in upper case. Undefined: there is no such thing. */
export async function findIso(
  file: ByteReader,
  from: readonly IsoEntry[],
  ...names: string[]
): Promise<IsoEntry | undefined> {
  let entries = from;
  let found: IsoEntry | undefined;
  for (const [depth, name] of names.entries()) {
    if (depth > 0) entries = found?.isDirectory ? await listIso(file, found) : [];
    found = entries.find((entry) => entry.name === name);
    if (!found) return undefined;
  }
  return found;
}

function nameOf(record: Bytes, isJoliet: boolean): string {
  const length = record.u8(32);
  const raw = record.slice(33, length);
  if (isJoliet) {
    const units = Array.from({ length: Math.floor(raw.length / 2) }, (_, i) => raw.u16be(i * 2));
    return plain(String.fromCharCode(...units));
  }
  return plain(rockRidgeName(record, 33 + length + ((length + 1) % 2)) ?? raw.latin1(0, length));
}

const plain = (name: string) =>
  name
    .replace(/;\d+$/, '')
    .replace(/(?<=.)\.$/, '')
    .toUpperCase();

/** Rock Ridge keeps the true name behind the record, in fields of their own. */
function rockRidgeName(record: Bytes, start: number): string | undefined {
  for (let at = start; at + 5 <= record.length; ) {
    const length = record.u8(at + 2);
    if (length < 4) return undefined;
    if (record.has('NM', at)) return record.latin1(at + 5, length - 5);
    at += length;
  }
  return undefined;
}
