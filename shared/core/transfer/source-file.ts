// The local file that is uploaded: opened once, watched for changes, read by position. Touches the file system only.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ByteSource, FileChangedError, LocalFileError } from '../model/index.ts';
import type { ChunkRing } from './chunk-ring.ts';
import type { FileIdentity } from './types.ts';

/** Largest chunk that is read at a time, in bytes. */
export const chunkBytes = 256 * 1024;

const words: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links go in a circle',
  EIO: 'the disk reports a read error',
  EMFILE: 'too many files are open',
};

/** The code of a Node system error, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function localFileError(operation: string, path: string, cause: unknown): LocalFileError {
  const code = systemCode(cause);
  const known = code === undefined ? undefined : words[code];
  return new LocalFileError({
    operation,
    object: path,
    reason: known ?? `the system answered ${code ?? 'an unknown error'}`,
    cause,
  });
}

/** Says in what two identities differ; undefined when they are the same file. The inode is only a hint and not compared. */
export function identityDifference(before: FileIdentity, now: FileIdentity): string | undefined {
  if (before.sizeBytes !== now.sizeBytes) {
    return `its size was ${before.sizeBytes} bytes and is ${now.sizeBytes} bytes`;
  }
  if (before.mtimeMs !== now.mtimeMs) {
    return `it was last written at ${stamp(before.mtimeMs)} and now at ${stamp(now.mtimeMs)}`;
  }
  return undefined;
}

const stamp = (ms: number) => new Date(ms).toISOString();

/** An open local file. Close it when done. */
export class SourceFile implements ByteSource {
  readonly identity: FileIdentity;
  readonly #handle: FileHandle;
  #users = 1;

  private constructor(handle: FileHandle, identity: FileIdentity) {
    this.#handle = handle;
    this.identity = identity;
  }

  /**
   * Opens a regular file that has at least one byte.
   * @throws LocalFileError when it is missing, unreadable, empty, or not a regular file
   */
  static async open(path: string): Promise<SourceFile> {
    const absolute = resolve(path);
    const operation = `open ${absolute}`;
    let handle: FileHandle | undefined;
    try {
      // Asked before opening: opening a named pipe would wait for a writer.
      refuseOdd(await stat(absolute), absolute);
      handle = await open(absolute, constants.O_RDONLY);
      const stats = await handle.stat();
      refuseOdd(stats, absolute);
      return new SourceFile(handle, identityOf(absolute, stats));
    } catch (error) {
      await handle?.close();
      throw error instanceof LocalFileError ? error : localFileError(operation, absolute, error);
    }
  }

  /** The descriptor's number, valid in all threads of this process while the file is open. */
  get fd(): number {
    return this.#handle.fd;
  }

  /**
   * Makes sure that the file is still the one that was opened, and still stands at its path.
   * @throws FileChangedError when size or mtime differ, or another file stands there now
   * @throws LocalFileError when the system cannot tell
   */
  async check(): Promise<void> {
    const { path } = this.identity;
    let opened: Stats;
    let standing: Stats | undefined;
    try {
      opened = await this.#handle.stat();
      standing = await stat(path).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      });
    } catch (error) {
      throw localFileError(`look at ${path}`, path, error);
    }
    // A build that writes a new file and renames it over the old one leaves our descriptor unchanged.
    const difference =
      identityDifference(this.identity, identityOf(path, opened)) ??
      (standing === undefined
        ? 'it was removed or renamed'
        : identityDifference(this.identity, identityOf(path, standing)));
    if (difference !== undefined) throw this.changed(difference);
  }

  /** The error that says how the file changed. */
  changed(reason: string): FileChangedError {
    const { path } = this.identity;
    return new FileChangedError({
      operation: `upload ${path}`,
      object: path,
      reason: `the file changed since its upload began: ${reason}`,
      hint: 'What is on the server was left alone. Put the old file back and resume, or discard this upload and start again.',
    });
  }

  /**
   * Fills a piece of memory with the bytes from `startByte` on.
   * @throws FileChangedError when the file ends before, LocalFileError when the disk fails
   */
  async read(startByte: number, into: Uint8Array): Promise<void> {
    for (let at = 0; at < into.length; ) {
      const got = await this.#readAt(into.subarray(at), startByte + at);
      if (got === 0) throw this.changed(`it ends at byte ${startByte + at}`);
      at += got;
    }
  }

  /**
   * Reads a range in chunks, by position, so that many ranges can be read at once. A chunk is good until a few more have
   * been asked for: see `ChunkRing`.
   * @param ring where they lie; of one range at a time
   * @param pieceBytes asked before each chunk: the largest size it may have
   * @throws FileChangedError when the file ends inside the range
   * @throws LocalFileError when the disk fails
   */
  async *chunks(
    startByte: number,
    sizeBytes: number,
    ring: ChunkRing,
    pieceBytes = () => chunkBytes,
  ): AsyncGenerator<Uint8Array, void> {
    const end = startByte + sizeBytes;
    for (let at = startByte; at < end; ) {
      const wanted = Math.min(pieceBytes(), end - at);
      const buffer = ring.take(wanted);
      const got = await this.#readAt(buffer, at);
      if (got === 0) throw this.changed(`it ends at byte ${at}`);
      yield got === wanted ? buffer : buffer.subarray(0, got);
      at += got;
    }
  }

  async #readAt(buffer: Uint8Array, at: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, 0, buffer.length, at)).bytesRead;
    } catch (error) {
      throw localFileError(`read ${this.identity.path} at byte ${at}`, this.identity.path, error);
    }
  }

  /** The same open file for one more user, who closes it too. */
  share(): this {
    this.#users++;
    return this;
  }

  /** Closes the descriptor, when this was the last user. No thread of this user may be reading it any more. */
  async close(): Promise<void> {
    if (--this.#users === 0) await this.#handle.close();
  }
}

function refuseOdd(stats: Stats, path: string): void {
  const reason = stats.isDirectory()
    ? 'it is a directory'
    : !stats.isFile()
      ? 'it is not a regular file'
      : stats.size === 0
        ? 'it is empty (0 bytes)'
        : undefined;
  if (reason !== undefined) throw new LocalFileError({ operation: `open ${path}`, object: path, reason });
}

function identityOf(path: string, stats: Stats): FileIdentity {
  return { path, sizeBytes: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino };
}

/**
 * Opens a local file as a source.
 * @throws LocalFileError when it is missing, unreadable, empty, or not a regular file
 */
export const openFile = (path: string): Promise<ByteSource> => SourceFile.open(path);
