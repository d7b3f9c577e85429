// Fields of a header. Bytes that are not there read as zero, so that a cut header cannot make a reader throw.

/** Numbers above 2^53 - 1 are given as this: larger than any file, so every check against a size fails as it should. */
const TOO_LARGE = Number.MAX_SAFE_INTEGER;

/** A piece of a file, read field by field. */
export class Bytes {
  readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  get length(): number {
    return this.buffer.length;
  }

  u8(at: number): number {
    return this.buffer[at] ?? 0;
  }

  u16le(at: number): number {
    return this.u8(at) + this.u8(at + 1) * 0x100;
  }

  u16be(at: number): number {
    return this.u8(at) * 0x100 + this.u8(at + 1);
  }

  u32le(at: number): number {
    return this.u16le(at) + this.u16le(at + 2) * 0x1_0000;
  }

  u32be(at: number): number {
    return this.u16be(at) * 0x1_0000 + this.u16be(at + 2);
  }

  u64le(at: number): number {
    return wide(this.u32le(at + 4), this.u32le(at));
  }

  u64be(at: number): number {
    return wide(this.u32be(at), this.u32be(at + 4));
  }

  bigBe(at: number): bigint {
    return (BigInt(this.u32be(at)) << 32n) | BigInt(this.u32be(at + 4));
  }

  /** True when these very bytes (latin1) stand at `at`. */
  has(text: string, at = 0): boolean {
    return this.latin1(at, text.length) === text;
  }

  latin1(at: number, length: number): string {
    return this.buffer.subarray(at, at + length).toString('latin1');
  }

  slice(at: number, length: number): Bytes {
    return new Bytes(this.buffer.subarray(at, at + length));
  }

  isZero(at = 0, length = this.length): boolean {
    return this.buffer.subarray(at, at + length).every((byte) => byte === 0);
  }

  /** A GUID in the mixed byte order of Microsoft and EFI, in lower case. */
  guid(at: number): string {
    const hex = (from: number, count: number) =>
      this.buffer.subarray(at + from, at + from + count).toString('hex');
    const swapped = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    const first = `${swapped(this.u32le(at), 8)}-${swapped(this.u16le(at + 4), 4)}-${swapped(this.u16le(at + 6), 4)}`;
    return `${first}-${hex(8, 2)}-${hex(10, 6)}`;
  }
}

const wide = (high: number, low: number) => Math.min(TOO_LARGE, high * 0x1_0000_0000 + low);

/** Text out of an image, made fit to be shown: no control characters, no padding, not long. */
export function shown(text: string, maxLength = 255): string {
  return text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, maxLength);
}

/** Size rounded up to whole sectors of 512 bytes, as a server would see it. */
export const wholeSectors = (sizeBytes: number): number => Math.ceil(sizeBytes / 512) * 512;

/** 1, 2, 4, … */
export const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));
