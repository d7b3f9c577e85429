// The boot catalogue of an ISO: which firmware it can be started by (El Torito Bootable CD-ROM Format, 1.0).
import type { ByteReader } from '../byte-reader.ts';
import { Bytes } from '../bytes.ts';
import { warning } from '../findings.ts';
import type { Finding } from '../types.ts';
import { ISO_SECTOR_BYTES } from './iso-tree.ts';

const ENTRY_BYTES = 32;
const MAX_ENTRIES = 64;
const BOOTABLE = 0x88;
const SECTION = { more: 0x90, last: 0x91, extension: 0x44 } as const;
const PLATFORM: Record<number, BootEntry['platform']> = { 0: 'bios', 239: 'uefi' };

/** One thing that can be started. */
export interface BootEntry {
  platform: 'bios' | 'uefi' | 'other';
  startBytes: number;
}

/** What the catalogue tells. Never more than 64 entries are looked at. */
export async function readBootCatalog(
  file: ByteReader,
  sector: number,
): Promise<{ entries: BootEntry[]; findings: Finding[] }> {
  const catalog = new Bytes(await file.read(sector * ISO_SECTOR_BYTES, ENTRY_BYTES * MAX_ENTRIES));
  if (!isValid(catalog.slice(0, ENTRY_BYTES))) {
    const message = 'The boot catalogue (El Torito) is damaged or missing.';
    const remedy = 'Get the file again and compare its checksum, or make it anew.';
    return { entries: [], findings: [warning('el-torito-damaged', message, remedy)] };
  }
  const entries: BootEntry[] = [];
  const add = (at: number, platform: number) => {
    if (catalog.u8(at) === BOOTABLE)
      entries.push({
        platform: PLATFORM[platform] ?? 'other',
        startBytes: catalog.u32le(at + 8) * ISO_SECTOR_BYTES,
      });
  };
  // The first entry belongs to the platform of the catalogue itself; others follow in sections.
  add(ENTRY_BYTES, catalog.u8(1));
  let isLast = false;
  for (let at = 2 * ENTRY_BYTES; at + ENTRY_BYTES <= catalog.length && !isLast; ) {
    const kind = catalog.u8(at);
    if (kind !== SECTION.more && kind !== SECTION.last) break;
    isLast = kind === SECTION.last;
    const platform = catalog.u8(at + 1);
    let left = catalog.u16le(at + 2);
    at += ENTRY_BYTES;
    while (left > 0 && at + ENTRY_BYTES <= catalog.length) {
      // An extension belongs to the entry before it.
      if (catalog.u8(at) !== SECTION.extension) {
        add(at, platform);
        left -= 1;
      }
      at += ENTRY_BYTES;
    }
  }
  return { entries, findings: [] };
}

/** The words of the first entry add up to zero, and it ends with a mark. */
function isValid(entry: Bytes): boolean {
  let sum = 0;
  for (let at = 0; at < ENTRY_BYTES; at += 2) sum += entry.u16le(at);
  return entry.u8(0) === 1 && entry.u16le(30) === 0xaa55 && sum % 0x1_0000 === 0;
}
