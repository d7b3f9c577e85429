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
  /** As `fill`, but fails (`truncated`, inside of `what`) when the archive ends before that. */
  need(count: number, what: string): void;
  /** Goes on at another position of the archive. */
  seek(position: number): void;
}

/** A place in the archive where unpacking can begin: a member, a frame, a block. */
export interface EntryPoint {
  /** Position in the archive. */
  position: number;
  /** What the decoder must know there; its own affair. */
  state: readonly number[];
}

/** What a decoder may use besides JavaScript itself. */
export interface DecoderTools {
  /** Where to begin instead of at the archive's beginning; one that was told to `entry`. */
  from: EntryPoint | undefined;
  /** Tells of a place to begin, when all bytes before it have been given. */
  entry(position: number, state: readonly number[]): void;
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
  zstdEntropy(block: Uint8Array, literals: Uint8Array, damaged: (reason: string) => never): ZstdEntropy;
  /** As of node:crypto. */
  createHash(algorithm: 'sha256'): { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
  /** As of node:zlib. */
  createInflateRaw(options: { chunkSize: number }): ZlibStream;
  /** As of node:zlib, where this Node has it. */
  createZstdDecompress?: ((options: { chunkSize: number }) => ZlibStream) | undefined;
  pump(stream: ZlibStream, next: () => Uint8Array | undefined): AsyncGenerator<Uint8Array>;
  zstdFrames(input: DecoderInput, tools: DecoderTools): Generator<ZstdFrame>;
  zstdBlock(input: DecoderInput, tools: DecoderTools, frame: ZstdFrame): ZstdBlock;
  /** Largest window or dictionary that an archive may ask for, in bytes. */
  maxWindowBytes: number;
}

/** What is used of node:zlib's streams. */
export interface ZlibStream extends AsyncIterable<Uint8Array> {
  /** Bytes of input that were used up. */
  readonly bytesWritten: number;
  write(bytes: Uint8Array): boolean;
  end(): void;
  destroy(error: Error): void;
  on(event: 'drain' | 'close', listener: () => void): unknown;
}

/** The header of a zstd frame. */
export interface ZstdFrame {
  /** Position of its first byte in the archive. */
  start: number;
  headerBytes: number;
  windowBytes: number;
  /** Undefined where the header does not tell. */
  contentBytes: number | undefined;
  /** True when a checksum of 4 bytes follows the last block. */
  checksum: boolean;
}

/** The head of a block of a zstd frame. */
export interface ZstdBlock {
  start: number;
  last: boolean;
  /** 0 stored, 1 one byte repeated, 2 compressed. */
  type: number;
  /** Of the content for types 0 and 1, of the compressed data for type 2. */
  size: number;
  storedBytes: number;
  /** Most that it may unpack to. */
  mostBytes: number;
}

/** A table of finite state entropy codes. */
export interface FseTable {
  log: number;
  /** Per state: base of the next state << 16, bits to read << 8, symbol. */
  entries: Uint32Array;
}

/** The entropy coding of zstd; positions of bytes and bits are those in the block's buffer. */
export interface ZstdEntropy {
  /** @param frequencies per symbol; -1 stands for less than one */
  fseOf(frequencies: Int16Array, symbols: number, log: number): FseTable;
  /** Reads a table's description from byte `at`; gives the byte after it. */
  readFse(at: number, end: number, maxLog: number, maxSymbol: number): { at: number; fse: FseTable };
  /** The bit below the end mark of a stream that is read backwards. */
  lastBit(start: number, end: number): number;
  /** Up to 25 bits from bit `position` on. */
  bitsAt(position: number, count: number): number;
  /** Reads a Huffman table, which stays for `readCodes`; gives the byte after it. */
  readHuffman(start: number, end: number): number;
  /** Decodes one stream of Huffman codes into the literals. */
  readCodes(start: number, end: number, to: number, toEnd: number): void;
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
