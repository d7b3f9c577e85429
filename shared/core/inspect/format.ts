// What a reader of one format is handed, and what it gives. Types only.
import type { ByteReader } from './byte-reader.ts';
import type { Bytes } from './bytes.ts';
import type { ImageFacts } from './types.ts';

/** Bytes from the start of the file that every format is recognised by; enough for the descriptors of an ISO. */
export const HEAD_BYTES = 64 * 1024;
/** Bytes from the end of the file: the footers of VHD, VMDK and DMG. */
export const TAIL_BYTES = 1536;

/** What a file is recognised by. */
export interface Probe {
  readonly file: ByteReader;
  readonly head: Bytes;
  /** Ends where the file ends. */
  readonly tail: Bytes;
}

/** What a format tells. Absent facts are those of a plain, unencrypted disk. */
export interface Layout extends Partial<ImageFacts> {
  virtualSizeBytes: number;
  /** The disk as a server would see it. Absent where it cannot be read. */
  guest?: ByteReader | undefined;
}

/** A reader of one format. Stateless. */
export interface FormatReader {
  /** See `ImageFacts.format`. */
  readonly format: string;
  /** True when the file claims to be of this format. */
  matches(probe: Probe): boolean;
  /** Never throws for what is in the file; throws what the reader throws when the disk fails. */
  read(probe: Probe): Promise<Layout>;
}
