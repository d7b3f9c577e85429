// What the upload engine reads from: a local file, an image of a cloud, an archive unpacked on the way. Types only.
import type { CallOptions } from './clock.ts';

/** What a source is, and what must stay as it is while it is sent. Stored in journals; holds no secret. */
export interface SourceIdentity {
  /** Absolute path of a local file. Other sources have a name with a scheme instead: `image:PROFILE/REGION/ID`, `unpacked:PATH`. */
  path: string;
  /** Bytes that `read` gives in all. */
  sizeBytes: number;
  /** Last change in ms since 1970; 0 where a source has none. */
  mtimeMs: number;
  /** Of a local file, else 0. A hint only: some file systems renumber. */
  inode: number;
}

/**
 * Bytes at known positions. Opened by whoever makes it, closed by the engine. All methods throw only
 * `ImageBridgeError`s: `FileChangedError` when the source is no longer what it was, `LocalFileError` when a disk fails,
 * others of the port for sources in a cloud.
 */
export interface ByteSource {
  readonly identity: SourceIdentity;
  /** Descriptor of a local file, valid in all threads of this process until `close`. Absent: bytes come from `read` only. */
  readonly fd?: number | undefined;
  /** SHA-256 of all bytes in hex, where it is known beforehand. */
  readonly sha256?: string | undefined;
  /**
   * Fills `into` with the bytes from `startByte` on. Calls may overlap; a source that can only be read in order makes
   * them wait for each other, and is fast when they come in ascending order.
   */
  read(startByte: number, into: Uint8Array, options?: CallOptions): Promise<void>;
  /** Makes sure that the source is still what it was when it was opened. */
  check(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}
