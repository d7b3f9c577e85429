// Writes MessagePack into one growing buffer. Knows no types of Terraform.

/** A MessagePack encoder for the shapes Terraform uses. */
export class MsgpackWriter {
  #buffer: Buffer = Buffer.allocUnsafe(256);
  #end = 0;

  #reserve(bytes: number): number {
    const at = this.#end;
    this.#end += bytes;
    if (this.#end > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }

  #byte(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  #head(code: number, size: number, value: number): void {
    const at = this.#reserve(1 + size);
    this.#buffer[at] = code;
    this.#buffer.writeUIntBE(value, at + 1, size);
  }

  nil(): void {
    this.#byte(0xc0);
  }

  /** Extension code 0 with one byte that nobody reads: Terraform's unknown. */
  unknown(): void {
    const at = this.#reserve(3);
    this.#buffer.set([0xd4, 0, 0], at);
  }

  bool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  string(value: string): void {
    const size = Buffer.byteLength(value);
    if (size < 0x20) this.#byte(0xa0 | size);
    else if (size <= 0xff) this.#head(0xd9, 1, size);
    else if (size <= 0xffff) this.#head(0xda, 2, size);
    else this.#head(0xdb, 4, size);
    const at = this.#reserve(size);
    this.#buffer.write(value, at, size, 'utf8');
  }

  binary(value: Uint8Array): void {
    const size = value.length;
    if (size <= 0xff) this.#head(0xc4, 1, size);
    else if (size <= 0xffff) this.#head(0xc5, 2, size);
    else this.#head(0xc6, 4, size);
    const at = this.#reserve(size);
    this.#buffer.set(value, at);
  }

  /** Begins an array of so many values. */
  array(size: number): void {
    if (size < 0x10) this.#byte(0x90 | size);
    else if (size <= 0xffff) this.#head(0xdc, 2, size);
    else this.#head(0xdd, 4, size);
  }

  /** Begins a map of so many pairs. */
  map(size: number): void {
    if (size < 0x10) this.#byte(0x80 | size);
    else if (size <= 0xffff) this.#head(0xde, 2, size);
    else this.#head(0xdf, 4, size);
  }

  /** What was written. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }
}
