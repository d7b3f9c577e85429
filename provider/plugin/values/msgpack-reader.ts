// Reads MessagePack one token at a time. Knows no types of Terraform.

/** A token: a whole scalar, or the head of an array or map whose content follows. */
export type Token =
  | { readonly kind: 'nil' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint | number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly value: Buffer }
  | { readonly kind: 'array' | 'map'; readonly size: number };

const NIL: Token = { kind: 'nil' };
const UNKNOWN_TOKEN: Token = { kind: 'unknown' };

/** A MessagePack decoder. Throws RangeError where the bytes end early and TypeError for a code that does not exist. */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True where everything is read. */
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  #unsigned(size: number): number {
    return this.#take(size).readUIntBE(0, size);
  }

  #signed(size: number): number {
    return this.#take(size).readIntBE(0, size);
  }

  #take(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new RangeError('the MessagePack value ends early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  #string(size: number): Token {
    return { kind: 'string', value: this.#take(size).toString('utf8') };
  }

  #long(signed: boolean): Token {
    const bytes = this.#take(8);
    return { kind: 'integer', value: signed ? bytes.readBigInt64BE() : bytes.readBigUInt64BE() };
  }

  /** Skips an extension: its code byte and payload. Whatever it says, the value is unknown. */
  #extension(size: number): Token {
    this.#take(1 + size);
    return UNKNOWN_TOKEN;
  }

  /** The next token. */
  next(): Token {
    const code = this.#bytes[this.#at++];
    if (code === undefined) throw new RangeError('the MessagePack value ends early');
    if (code < 0x80) return { kind: 'integer', value: code };
    if (code < 0x90) return { kind: 'map', size: code & 0x0f };
    if (code < 0xa0) return { kind: 'array', size: code & 0x0f };
    if (code < 0xc0) return this.#string(code & 0x1f);
    if (code >= 0xe0) return { kind: 'integer', value: code - 0x100 };
    switch (code) {
      case 0xc0:
        return NIL;
      case 0xc2:
        return { kind: 'bool', value: false };
      case 0xc3:
        return { kind: 'bool', value: true };
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return { kind: 'binary', value: this.#take(this.#unsigned(1 << (code - 0xc4))) };
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (code - 0xc7)));
      case 0xca:
        return { kind: 'float', value: this.#take(4).readFloatBE() };
      case 0xcb:
        return { kind: 'float', value: this.#take(8).readDoubleBE() };
      case 0xcc:
      case 0xcd:
      case 0xce:
        return { kind: 'integer', value: this.#unsigned(1 << (code - 0xcc)) };
      case 0xcf:
        return this.#long(false);
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return { kind: 'integer', value: this.#signed(1 << (code - 0xd0)) };
      case 0xd3:
        return this.#long(true);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(1 << (code - 0xd9)));
      case 0xdc:
      case 0xdd:
        return { kind: 'array', size: this.#unsigned(2 << (code - 0xdc)) };
      case 0xde:
      case 0xdf:
        return { kind: 'map', size: this.#unsigned(2 << (code - 0xde)) };
      default:
        throw new TypeError(`0x${code.toString(16)} is no MessagePack code`);
    }
  }
}
