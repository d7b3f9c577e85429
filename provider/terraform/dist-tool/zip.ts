// Writes zip files that are the same for the same content: fixed times, sorted names, the mode of each file. Touches nothing.
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** A file of an archive. */
export interface ZipEntry {
  /** With slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
}

// 1980-01-01 00:00, the earliest that the format has.
const DATE = 0x21;
const TIME = 0;
const UNIX = 3;
const DEFLATED = 8;
const VERSION = 20;
const UTF8_NAMES = 0x800;

/** The bytes of a zip file. Entries must be smaller than 4 GiB. */
export async function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, executable } of sorted) {
    const packed = await deflate(bytes, { level: 9 });
    const nameBytes = Buffer.from(name);
    // What the local header and the directory have in common.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(TIME, 6);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes]);
    const more = Buffer.alloc(14);
    // Comment, disk and internal attributes are 0.
    more.writeUInt32LE(((0o100_000 | (executable ? 0o755 : 0o644)) << 16) >>> 0, 6);
    more.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.of(VERSION, UNIX), common, more, nameBytes);
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(sorted.length, 4);
  end.writeUInt16LE(sorted.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}
