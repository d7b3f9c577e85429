// The archive on disk: opened once, recognised by its first bytes, watched for changes. Touches the file system only.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FileChangedError, ImageBridgeError, LocalFileError, UnsupportedError } from '../model/index.ts';
import type { ArchiveFormat } from './types.ts';

/** What tells one state of a local file from another. */
export interface FileState {
  /** Absolute path. */
  path: string;
  sizeBytes: number;
  mtimeMs: number;
  inode: number;
}

const words: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links go in a circle',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system cannot be written',
};

/** The code of a Node system error, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An error of the file system in words. Errors that have words already pass. */
export function localFileError(operation: string, path: string, cause: unknown): ImageBridgeError {
  if (cause instanceof ImageBridgeError) return cause;
  const code = systemCode(cause);
  const known = code === undefined ? undefined : words[code];
  return new LocalFileError({
    operation,
    object: path,
    reason: known ?? `the system answered ${code ?? 'an unknown error'}`,
    ...(code === 'ENOSPC' ? { hint: 'Free some space, or choose another folder.' } : {}),
    cause,
  });
}

/** The state of a file. */
export function stateOf(path: string, stats: Stats): FileState {
  return { path, sizeBytes: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino };
}

/** Says in what two states differ; undefined when they are the same. */
export function stateDifference(before: FileState, now: FileState): string | undefined {
  if (before.sizeBytes !== now.sizeBytes)
    return `its size was ${before.sizeBytes} bytes and is ${now.sizeBytes} bytes`;
  if (before.mtimeMs !== now.mtimeMs)
    return `it was last written at ${new Date(before.mtimeMs).toISOString()} and now at ${new Date(now.mtimeMs).toISOString()}`;
  if (before.inode !== now.inode) return 'another file stands in its place';
  return undefined;
}

const magics: Record<ArchiveFormat, (bytes: Uint8Array) => boolean> = {
  gzip: (b) => b[0] === 0x1f && b[1] === 0x8b,
  bzip2: (b) => b[0] === 0x42 && b[1] === 0x5a && b[2] === 0x68 && (b[3] ?? 0) >= 0x31 && (b[3] ?? 0) <= 0x39,
  xz: (b) => [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00].every((byte, i) => b[i] === byte),
  zstd: (b) =>
    (b[0] === 0x28 && b[1] === 0xb5 && b[2] === 0x2f && b[3] === 0xfd) ||
    // A skippable frame, as some tools put in front.
    ((b[0] ?? 0) >> 4 === 5 && b[1] === 0x2a && b[2] === 0x4d && b[3] === 0x18),
};

/** The wrapper that a file begins with; undefined when it is none that is unpacked here. Needs 6 bytes. */
export function archiveFormatOf(head: Uint8Array): ArchiveFormat | undefined {
  for (const format of ['gzip', 'bzip2', 'xz', 'zstd'] as const) if (magics[format](head)) return format;
  return undefined;
}

/** An archive that is open. Close it when done, after all threads that read it. */
export class ArchiveFile {
  readonly state: FileState;
  readonly format: ArchiveFormat;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, state: FileState, format: ArchiveFormat) {
    this.#handle = handle;
    this.state = state;
    this.format = format;
  }

  /**
   * @throws LocalFileError when the file is missing, unreadable or not a regular file
   * @throws UnsupportedError when it does not begin as one of the four formats does
   */
  static async open(path: string): Promise<ArchiveFile> {
    const absolute = resolve(path);
    const operation = `open ${absolute}`;
    let handle: FileHandle | undefined;
    try {
      // Asked before opening: opening a named pipe would wait for a writer.
      const kind = await stat(absolute);
      if (!kind.isFile())
        throw new LocalFileError({
          operation,
          object: absolute,
          reason: kind.isDirectory() ? 'it is a directory' : 'it is not a regular file',
        });
      handle = await open(absolute, constants.O_RDONLY);
      const head = new Uint8Array(6);
      await handle.read(head, 0, 6, 0);
      const format = archiveFormatOf(head);
      if (format === undefined)
        throw new UnsupportedError({
          operation: `unpack ${absolute}`,
          object: absolute,
          reason: 'it does not begin as a gzip, bzip2, xz or zstd file does',
          hint: 'Unpack it first, or give the file as it is.',
        });
      return new ArchiveFile(handle, stateOf(absolute, await handle.stat()), format);
    } catch (error) {
      await handle?.close();
      throw localFileError(operation, absolute, error);
    }
  }

  /** The descriptor's number, valid in all threads of this process while the file is open. */
  get fd(): number {
    return this.#handle.fd;
  }

  /**
   * Makes sure that the archive is still the one that was opened, and still stands at its path.
   * @throws FileChangedError when size, mtime or inode differ; LocalFileError when the system cannot tell
   */
  async check(): Promise<void> {
    const { path } = this.state;
    let difference: string | undefined;
    try {
      difference = stateDifference(this.state, stateOf(path, await this.#handle.stat()));
      difference ??= stateDifference(this.state, stateOf(path, await stat(path)));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw localFileError(`look at ${path}`, path, error);
      difference = 'it was removed or renamed';
    }
    if (difference === undefined) return;
    throw new FileChangedError({
      operation: `unpack ${path}`,
      object: path,
      reason: `the archive changed since it was opened: ${difference}`,
      hint: 'Put the old archive back and resume, or start again with the new one.',
    });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
