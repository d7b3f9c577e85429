// Archives as sources of their unpacked bytes, without a file in between. Touches the archive and the state directory.
import {
  type CallOptions,
  CancelledError,
  InvalidInputError,
  LocalFileError,
  type SourceIdentity,
} from '../model/index.ts';
import { ArchiveFile } from './archive-file.ts';
import { measureArchive } from './measure.ts';
import type { ArchiveFormat, UnpackedSource, UnpackOptions } from './types.ts';
import { type Measured, UnpackThread } from './unpack-thread.ts';
import { UnpackWindow } from './unpack-window.ts';

/**
 * Opens a gzip, bzip2, xz or zstd file as a source of its content: all members, streams or frames. At the first time a
 * measuring pass unpacks it once, because an upload must know its size before it is planned, and its hash to know what
 * it is; no field of these formats can be believed for both. What was found out is remembered in `options.stateDir`.
 *
 * Reads are fast in ascending order; see `UnpackWindow` for what happens else. Memory: 12 MiB, some 5 MiB for the
 * decoder, and the window that the archive was compressed with (gzip 32 KiB, bzip2 4 MiB, zstd and xz up to 128 MiB).
 * @throws LocalFileError when the file cannot be read or is empty inside; UnsupportedError when it is none of the four
 *   formats, or needs what is not given here; IntegrityError naming the byte when it is damaged, cut short, or followed by
 *   something else; RefusedError when more comes out than `maxUnpackedBytes`; FileChangedError; CancelledError
 */
export async function openUnpacked(path: string, options: UnpackOptions): Promise<UnpackedSource> {
  const file = await ArchiveFile.open(path);
  try {
    const measured = await measureArchive(file, options);
    if (measured.sizeBytes === 0)
      throw new LocalFileError({
        operation: `unpack ${file.state.path}`,
        object: file.state.path,
        reason: 'it is empty inside (0 bytes)',
      });
    return new Unpacked(file, measured);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What `unpackedHead` gives. */
export interface UnpackedHead {
  archiveFormat: ArchiveFormat;
  bytes: Uint8Array;
  /** True when the content ends there. */
  complete: boolean;
}

/**
 * The first bytes of an archive's content, without a look at the rest.
 * @throws the same as `openUnpacked`, but only for what it saw
 */
export async function unpackedHead(
  path: string,
  bytes: number,
  options: CallOptions = {},
): Promise<UnpackedHead> {
  const file = await ArchiveFile.open(path);
  const thread = new UnpackThread(file, bytes);
  const stop = () => void thread.close();
  options.signal?.addEventListener('abort', stop);
  try {
    if (options.signal?.aborted)
      throw new CancelledError({ operation: `unpack ${file.state.path}`, reason: 'it was cancelled' });
    const { length } = await thread.fill(0, bytes, false);
    return { archiveFormat: file.format, bytes: thread.memory.slice(0, length), complete: length < bytes };
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await thread.close();
    await file.close();
  }
}

class Unpacked implements UnpackedSource {
  readonly identity: SourceIdentity;
  readonly sha256: string;
  readonly tail: Uint8Array;
  readonly #file: ArchiveFile;
  readonly #window: UnpackWindow;

  constructor(file: ArchiveFile, measured: Measured) {
    const { path, mtimeMs, inode } = file.state;
    this.identity = { path: `unpacked:${path}`, sizeBytes: measured.sizeBytes, mtimeMs, inode };
    this.sha256 = measured.sha256;
    this.tail = measured.tail;
    this.#file = file;
    this.#window = new UnpackWindow(file, measured);
  }

  get archiveFormat(): ArchiveFormat {
    return this.#file.format;
  }

  get archivePath(): string {
    return this.#file.state.path;
  }

  get archiveSizeBytes(): number {
    return this.#file.state.sizeBytes;
  }

  /** How often unpacking began. */
  get starts(): number {
    return this.#window.starts;
  }

  async read(startByte: number, into: Uint8Array, options: CallOptions = {}): Promise<void> {
    const { sizeBytes } = this.identity;
    if (!Number.isSafeInteger(startByte) || startByte < 0 || startByte + into.length > sizeBytes)
      throw new InvalidInputError({
        operation: `read ${into.length} bytes from byte ${startByte} of ${this.identity.path}`,
        reason: `it has ${sizeBytes} bytes`,
      });
    await this.#window.read(startByte, into, options.signal);
  }

  async check(): Promise<void> {
    await this.#file.check();
  }

  async close(): Promise<void> {
    await this.#window.close();
    await this.#file.close();
  }
}
