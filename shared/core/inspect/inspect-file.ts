// Inspects a file on a disk of this machine.
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type CallOptions, LocalFileError } from '../model/index.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { nameFiles } from './findings.ts';
import { inspectSource } from './inspect.ts';
import type { Inspection } from './types.ts';

/** What `stat` counts blocks in. */
const STAT_BLOCK_BYTES = 512;

/**
 * Inspects a file by its content.
 * @param filePath path of a regular file; the remedies of findings name it
 * @throws LocalFileError when it is missing, a directory, or cannot be read; CancelledError when the signal aborts
 */
export async function inspectFile(filePath: string, options: CallOptions = {}): Promise<Inspection> {
  const absolute = path.resolve(filePath);
  const fail = (reason: string, hint: string, cause?: unknown) =>
    new LocalFileError({ operation: `inspect ${absolute}`, object: absolute, reason, hint, cause });
  const unreadable = (cause: unknown): never => {
    throw fail(readableReason(cause), 'Check the path and its permissions.', cause);
  };
  // Before it is opened: to open a named pipe would wait for a writer.
  const before = await stat(absolute).catch(unreadable);
  if (before.isDirectory()) throw fail('it is a directory', 'Name the image file inside it.');
  if (!before.isFile()) throw fail('it is not a regular file', 'Copy it to a regular file first.');
  const handle = await open(absolute, 'r').catch(unreadable);
  try {
    const { size, blocks } = await handle.stat().catch(unreadable);
    const facts = await inspectSource(failing(handle, size, unreadable), options);
    return {
      path: absolute,
      fileSizeBytes: size,
      // Windows does not tell.
      ...(blocks === undefined ? {} : { allocatedBytes: blocks * STAT_BLOCK_BYTES }),
      ...facts,
      findings: facts.findings.map((finding) => nameFiles(finding, absolute)),
    };
  } finally {
    await handle.close();
  }
}

/** A disk that fails is told as what it is. */
function failing(handle: FileHandle, sizeBytes: number, fail: (cause: unknown) => never): ByteReader {
  const reader = byteReader(handle, sizeBytes);
  return { sizeBytes, read: (offset, lengthBytes) => reader.read(offset, lengthBytes).catch(fail) };
}

function readableReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission to read it is denied',
    EPERM: 'permission to read it is denied',
    ENOTDIR: 'part of the path is not a directory',
    ELOOP: 'its symbolic links form a loop',
    EIO: 'the disk fails to read it',
  };
  return known[code] ?? (code || 'it cannot be read');
}
