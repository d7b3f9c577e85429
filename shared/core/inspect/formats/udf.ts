// The label of a UDF file system (ECMA-167 part 3): anchor in sector 256, then the primary volume descriptor.
import type { ByteReader } from '../byte-reader.ts';
import { Bytes, shown } from '../bytes.ts';
import { ISO_SECTOR_BYTES } from './iso-tree.ts';

const ANCHOR_SECTOR = 256;
const TAG = { primary: 1, anchor: 2, terminator: 8 } as const;
const MAX_DESCRIPTORS = 16;
const LABEL_AT = 24;
const LABEL_BYTES = 32;

/** Empty where there is none. */
export async function udfLabel(file: ByteReader): Promise<string> {
  const anchor = new Bytes(await file.read(ANCHOR_SECTOR * ISO_SECTOR_BYTES, 512));
  if (anchor.u16le(0) !== TAG.anchor) return '';
  const start = anchor.u32le(20) * ISO_SECTOR_BYTES;
  for (let i = 0; i < MAX_DESCRIPTORS; i++) {
    const descriptor = new Bytes(await file.read(start + i * ISO_SECTOR_BYTES, 512));
    const tag = descriptor.u16le(0);
    if (tag === TAG.primary) return textOf(descriptor.slice(LABEL_AT, LABEL_BYTES));
    if (descriptor.length === 0 || tag === TAG.terminator) break;
  }
  return '';
}

/** Its first byte tells the width of the characters (8 or 16 bits), its last one how many bytes are in use. */
function textOf(field: Bytes): string {
  const used = Math.min(field.u8(LABEL_BYTES - 1), LABEL_BYTES - 1);
  if (field.u8(0) === 8) return shown(field.latin1(1, used - 1));
  const units = Array.from({ length: Math.floor((used - 1) / 2) }, (_, i) => field.u16be(1 + i * 2));
  return shown(String.fromCharCode(...units));
}
