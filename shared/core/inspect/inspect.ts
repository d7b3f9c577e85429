// What a local file is, before anything is sent. Reads less than 1 MiB, follows no name found inside an image.
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type CallOptions, CancelledError, type DiskFormat, LocalFileError } from '../model/index.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { isQcow, readQcow2 } from './qcow2.ts';
import type { BootHint, Finding, Inspection } from './types.ts';

const SECTOR_BYTES = 512;
const ISO_SECTOR_BYTES = 2048;

/**
 * Inspects a file by its content.
 * @param filePath path of a regular file
 * @throws LocalFileError when it is missing, empty, a directory, or cannot be read
 */
export async function inspectFile(filePath: string, options: CallOptions = {}): Promise<Inspection> {
  const absolute = path.resolve(filePath);
  const fail = (reason: string, hint: string, cause?: unknown) =>
    new LocalFileError({ operation: `inspect ${absolute}`, object: absolute, reason, hint, cause });
  const info = await stat(absolute).catch((cause: unknown) => {
    throw fail(readableReason(cause), 'Check the path and its permissions.', cause);
  });
  if (info.isDirectory()) throw fail('it is a directory', 'Name the image file inside it.');
  if (!info.isFile()) throw fail('it is not a regular file', 'Copy it to a regular file first.');
  if (info.size === 0) throw fail('it is empty (0 bytes)', 'Get or build the image again.');
  const handle = await open(absolute, 'r').catch((cause: unknown) => {
    throw fail(readableReason(cause), 'Check the path and its permissions.', cause);
  });
  try {
    if (options.signal?.aborted) throw new CancelledError({ operation: `inspect ${absolute}` });
    return {
      path: absolute,
      fileSizeBytes: info.size,
      ...(await inspectBytes(byteReader(handle, info.size))),
    };
  } finally {
    await handle.close();
  }
}

/** The part of an inspection that depends on the bytes only. */
export async function inspectBytes(
  reader: ByteReader,
): Promise<Pick<Inspection, 'format' | 'virtualSizeBytes' | 'boot' | 'findings'>> {
  const head = await reader.read(0, 4096);
  if (isQcow(head)) return inspectQcow(reader, head);
  const simple = await otherFormat(reader, head);
  if (simple) return { virtualSizeBytes: reader.sizeBytes, boot: 'unknown', findings: [], ...simple };
  const isoBoot = await isoBootHint(reader);
  if (isoBoot) return { format: 'iso', virtualSizeBytes: reader.sizeBytes, boot: isoBoot, findings: [] };
  const compression = compressionOf(head);
  const boot = diskBootHint(head);
  const findings: Finding[] = compression
    ? [
        {
          severity: 'warning',
          code: 'compressed-file',
          message: `The file is compressed (${compression}); no cloud unpacks it.`,
          remedy: 'Unpack it first.',
        },
      ]
    : boot === 'none'
      ? [
          {
            severity: 'warning',
            code: 'raw-no-partition-table',
            message: 'No known image format and no partition table was found: it is taken as a raw disk.',
            remedy: 'Check that this is the file you mean.',
          },
        ]
      : [];
  return { format: 'raw', virtualSizeBytes: reader.sizeBytes, boot, findings };
}

async function inspectQcow(reader: ByteReader, head: Buffer) {
  const version = head.length >= 8 ? head.readUInt32BE(4) : 0;
  if (version === 1)
    return {
      format: 'qcow' as DiskFormat,
      virtualSizeBytes: head.length >= 32 ? Number(head.readBigUInt64BE(24)) : 0,
      boot: 'unknown' as BootHint,
      findings: [],
    };
  const facts = await readQcow2(reader);
  const cut: Finding = {
    severity: 'error',
    code: 'qcow2-truncated',
    message: 'The file ends inside its own header.',
    remedy: 'Get the file again and compare its checksum.',
  };
  return {
    format: 'qcow2' as DiskFormat,
    virtualSizeBytes: facts?.virtualSizeBytes ?? 0,
    boot: 'unknown' as BootHint,
    findings: facts?.findings ?? [cut],
  };
}

/** The formats that a magic number tells; their insides are not read yet. */
async function otherFormat(
  reader: ByteReader,
  head: Buffer,
): Promise<{ format: DiskFormat; virtualSizeBytes?: number } | undefined> {
  const startsWith = (text: string, at = 0) =>
    head.subarray(at, at + text.length).toString('latin1') === text;
  if (startsWith('KDMV') && head.length >= 20)
    return { format: 'vmdk', virtualSizeBytes: Number(head.readBigUInt64LE(12)) * SECTOR_BYTES };
  if (startsWith('# Disk DescriptorFile')) return { format: 'vmdk' };
  if (startsWith('vhdxfile')) return { format: 'vhdx' };
  if (startsWith('QED\0')) return { format: 'qed' };
  if (head.length >= 0x178 && head.readUInt32LE(0x40) === 0xbeda107f)
    return { format: 'vdi', virtualSizeBytes: Number(head.readBigUInt64LE(0x170)) };
  // A fixed VHD has its only mark in the last sector; a dynamic one also has a copy in the first.
  const footer = startsWith('conectix')
    ? head
    : await reader.read(reader.sizeBytes - SECTOR_BYTES, SECTOR_BYTES);
  if (footer.length >= 56 && footer.subarray(0, 8).toString('latin1') === 'conectix')
    return { format: 'vhd', virtualSizeBytes: Number(footer.readBigUInt64BE(48)) };
  return undefined;
}

/** ISO 9660: volume descriptors from sector 16 on; El Torito is a boot record among them. */
async function isoBootHint(reader: ByteReader): Promise<BootHint | undefined> {
  let found = false;
  for (let sector = 16; sector < 32; sector++) {
    const descriptor = await reader.read(sector * ISO_SECTOR_BYTES, ISO_SECTOR_BYTES);
    if (descriptor.length < 40 || descriptor.subarray(1, 6).toString('latin1') !== 'CD001') break;
    found = true;
    if (descriptor[0] === 0 && descriptor.subarray(7, 30).toString('latin1').startsWith('EL TORITO'))
      return 'el-torito';
    if (descriptor[0] === 255) break;
  }
  return found ? 'none' : undefined;
}

function diskBootHint(head: Buffer): BootHint {
  if (head.subarray(SECTOR_BYTES, SECTOR_BYTES + 8).toString('latin1') === 'EFI PART') return 'gpt';
  return head.length >= SECTOR_BYTES && head.readUInt16LE(510) === 0xaa55 ? 'mbr' : 'none';
}

function compressionOf(head: Buffer): string | undefined {
  const magics: [string, string][] = [
    ['1f8b', 'gzip'],
    ['425a68', 'bzip2'],
    ['fd377a585a00', 'xz'],
    ['28b52ffd', 'zstd'],
  ];
  const hex = head.subarray(0, 6).toString('hex');
  return magics.find(([magic]) => hex.startsWith(magic))?.[1];
}

function readableReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission to read it is denied',
    EPERM: 'permission to read it is denied',
    ENOTDIR: 'part of the path is not a directory',
    ELOOP: 'its symbolic links form a loop',
  };
  return known[code] ?? (code || 'it cannot be read');
}
