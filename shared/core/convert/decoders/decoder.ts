// What decoders and the thread they run in agree on. Types only.

/** Why an archive cannot be unpacked. */
export type UnpackFault =
  /** It ends too early. */
  | 'truncated'
  /** A checksum or a structure is wrong. */
  | 'damaged'
  /** Bytes after its end that belong to nothing. */
  | 'garbage'
  /** Legal, but not taken here. */
  | 'unsupported';

/** The archive's bytes, in order, through a buffer that decoders look into directly. */
export interface DecoderInput {
  /** Valid from `at` to `end`. Replaced and moved by `fill` only. */
  readonly buffer: Uint8Array;
  /** The next byte; decoders move it. */
  at: number;
  readonly end: number;
  /** Position in the archive of `buffer[at]`. */
  position(): number;
  /**
   * Sees to it that `count` bytes (at most 256 KiB) lie between `at` and `end`.
   * @returns false when the archive ends before that; what is left can be read
   */
  fill(count: number): boolean;
  /** Goes on at another position of the archive. */
  seek(position: number): void;
}

/** What a decoder may use besides JavaScript itself. */
export interface DecoderTools {
  /** Throws: the archive is not as it should be at that position of it. */
  fail(fault: UnpackFault, position: number, reason: string): never;
  /** As of node:zlib: CRC-32 of bytes, going on from an earlier value. */
  crc32(bytes: Uint8Array, value: number): number;
  /** XXH64 in steps, of which zstd stores the lower half. */
  xxHash64(): { update(bytes: Uint8Array): void; lowHalf(): number };
  /** CRC-64 (ECMA-182, reflected) in steps, as xz stores it: the lower and the upper half. */
  crc64(): { update(bytes: Uint8Array): void; halves(): [number, number] };
  /** LZMA2 into a dictionary of that size. */
  lzma2(
    input: DecoderInput,
    fail: DecoderTools['fail'],
    dictionaryBytes: number,
  ): Generator<Uint8Array, void>;
  /** As of node:crypto. */
  createHash(algorithm: 'sha256'): { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
  /** As of node:zlib. */
  createInflateRaw(options: { chunkSize: number }): InflateStream;
  /** Largest window or dictionary that an archive may ask for, in bytes. */
  maxWindowBytes: number;
}

/** What is used of node:zlib's raw inflater. */
export interface InflateStream extends AsyncIterable<Uint8Array> {
  /** Bytes of input that were used up. */
  readonly bytesWritten: number;
  write(bytes: Uint8Array): boolean;
  end(): void;
  on(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Unpacks a whole archive: all members, frames or streams. Each chunk is valid until the next one is asked for.
 *
 * The functions are sent to a thread as text, because the product is bundled into single files. So each one is complete
 * in itself: it uses its parameters and JavaScript's own globals, nothing of its module.
 */
export type Decoder = (
  input: DecoderInput,
  tools: DecoderTools,
) => Generator<Uint8Array> | AsyncGenerator<Uint8Array>;
