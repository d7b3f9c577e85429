// The entropy coding of zstd (RFC 8878 §4): FSE tables, Huffman tables, bits that are read backwards.
// Self-contained: runs as text in a thread.
import type { FseTable, ZstdEntropy } from './decoder.ts';

/**
 * @param block the bytes of the block at hand, with room before and after it, for reads that go over its ends before
 *   that is noticed
 * @param literals where `readCodes` puts what it decodes
 * @param damaged throws
 */
export function zstdEntropy(
  block: Uint8Array,
  literals: Uint8Array,
  damaged: (reason: string) => never,
): ZstdEntropy {
  const highestBit = (value: number) => 31 - Math.clz32(value);

  const fseOf = (frequencies: Int16Array, symbols: number, log: number): FseTable => {
    const size = 1 << log;
    const entries = new Uint32Array(size);
    const next = new Uint16Array(symbols);
    let high = size;
    for (let s = 0; s < symbols; s++) {
      const many = frequencies[s] as number;
      next[s] = many === -1 ? 1 : many;
      if (many === -1) entries[--high] = s;
    }
    const step = (size >> 1) + (size >> 3) + 3;
    let at = 0;
    for (let s = 0; s < symbols; s++) {
      for (let i = 0; i < (frequencies[s] as number); i++) {
        entries[at] = s;
        do at = (at + step) & (size - 1);
        while (at >= high);
      }
    }
    for (let i = 0; i < size; i++) {
      const s = entries[i] as number;
      const state = next[s] as number;
      next[s] = state + 1;
      const bits = log - highestBit(state);
      entries[i] = ((((state << bits) - size) << 16) | (bits << 8) | s) >>> 0;
    }
    return { log, entries };
  };

  const frequencies = new Int16Array(256);
  /** Reads a table's description from `at`; gives the position after it. */
  const readFse = (
    at: number,
    end: number,
    maxLog: number,
    maxSymbol: number,
  ): { at: number; fse: FseTable } => {
    let position = at * 8;
    const peek = () => {
      const b = position >>> 3;
      const word = (block[b] as number) | ((block[b + 1] as number) << 8) | ((block[b + 2] as number) << 16);
      return (word >>> (position & 7)) & 0xffff;
    };
    const log = (peek() & 15) + 5;
    if (log > maxLog) damaged('a table is larger than it may be');
    position += 4;
    let left = 1 << log;
    let symbols = 0;
    frequencies.fill(0);
    while (left > 0) {
      if (symbols > maxSymbol || position > end * 8) damaged('a table of frequencies is not legal');
      const bits = highestBit(left + 1) + 1;
      const lowMask = (1 << (bits - 1)) - 1;
      const threshold = (1 << bits) - 2 - left;
      let value = peek() & ((1 << bits) - 1);
      if ((value & lowMask) < threshold) {
        value &= lowMask;
        position += bits - 1;
      } else {
        if (value > lowMask) value -= threshold;
        position += bits;
      }
      const many = value - 1;
      left -= many < 0 ? 1 : many;
      frequencies[symbols++] = many;
      if (many !== 0) continue;
      for (let more = 3; more === 3; ) {
        more = peek() & 3;
        position += 2;
        symbols += more;
        if (symbols > maxSymbol + 1) damaged('a table of frequencies is not legal');
      }
    }
    const after = (position + 7) >>> 3;
    if (left < 0 || after > end) damaged('a table of frequencies is not legal');
    return { at: after, fse: fseOf(frequencies, symbols, log) };
  };

  /** Position of the first bit below the end mark of a stream that is read backwards. */
  const lastBit = (start: number, end: number) => {
    const last = end > start ? (block[end - 1] as number) : 0;
    if (last === 0) damaged('a stream of bits has no end mark');
    return (end - 1) * 8 + highestBit(last);
  };
  /** Up to 25 bits. */
  const bitsAt = (position: number, count: number) => {
    const b = position >> 3;
    const word =
      (block[b] as number) |
      ((block[b + 1] as number) << 8) |
      ((block[b + 2] as number) << 16) |
      ((block[b + 3] as number) << 24);
    return (word >>> (position & 7)) & ((1 << count) - 1);
  };

  const weights = new Uint8Array(256);
  let huffmanLog = 0;
  /** Per code: bits << 8, symbol. */
  const huffman = new Uint16Array(1 << 11);

  const readHuffman = (start: number, end: number): number => {
    const head = block[start] as number;
    let at = start + 1;
    let count = 0;
    if (head >= 128) {
      count = head - 127;
      const bytes = (count + 1) >> 1;
      if (at + bytes > end) damaged('a table of codes is cut short');
      for (let i = 0; i < count; i++) {
        const byte = block[at + (i >> 1)] as number;
        weights[i] = i & 1 ? byte & 15 : byte >> 4;
      }
      at += bytes;
    } else {
      const last = at + head;
      if (last > end || head === 0) damaged('a table of codes is cut short');
      const { at: bitsStart, fse } = readFse(at, last, 6, 255);
      const floor = bitsStart * 8;
      let position = lastBit(bitsStart, last);
      position -= fse.log;
      let one = bitsAt(position, fse.log);
      position -= fse.log;
      let two = bitsAt(position, fse.log);
      if (position < floor) damaged('a table of codes is cut short');
      for (;;) {
        if (count > 253) damaged('a table of codes is too long');
        const entry = fse.entries[one] as number;
        weights[count++] = entry & 255;
        const bits = (entry >>> 8) & 255;
        position -= bits;
        if (position < floor) {
          weights[count++] = (fse.entries[two] as number) & 255;
          break;
        }
        one = two;
        two = (entry >>> 16) + bitsAt(position, bits);
      }
      at = last;
    }
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = weights[i] as number;
      if (weight > 11) damaged('a code is longer than it may be');
      if (weight > 0) sum += 1 << (weight - 1);
    }
    if (sum === 0) damaged('a table of codes is empty');
    huffmanLog = highestBit(sum) + 1;
    const left = (1 << huffmanLog) - sum;
    if (huffmanLog > 11 || (left & (left - 1)) !== 0) damaged('a table of codes is not legal');
    weights[count++] = highestBit(left) + 1;
    let code = 0;
    for (let weight = 1; weight <= huffmanLog; weight++) {
      const width = 1 << (weight - 1);
      for (let s = 0; s < count; s++) {
        if (weights[s] !== weight) continue;
        huffman.fill(((huffmanLog + 1 - weight) << 8) | s, code, code + width);
        code += width;
      }
    }
    return at;
  };

  /** One stream of Huffman codes, from its end to its start. */
  const readCodes = (start: number, end: number, to: number, toEnd: number) => {
    const floor = start * 8;
    const shift = huffmanLog;
    const mask = (1 << shift) - 1;
    let position = lastBit(start, end);
    let n = to;
    // Two codes a look: 22 bits of the 25 that one look is good for. The first code has the uppermost bits.
    const look = 2 * shift;
    while (n + 1 < toEnd && position - look >= floor) {
      const low = position - look;
      const b = low >>> 3;
      const word =
        ((block[b] as number) |
          ((block[b + 1] as number) << 8) |
          ((block[b + 2] as number) << 16) |
          ((block[b + 3] as number) << 24)) >>>
        (low & 7);
      const first = huffman[(word >>> shift) & mask] as number;
      const bits = first >>> 8;
      const second = huffman[(word >>> (shift - bits)) & mask] as number;
      literals[n++] = first;
      literals[n++] = second;
      position -= bits + (second >>> 8);
    }
    while (n < toEnd) {
      const low = position - shift;
      // The last codes may be looked for with bits from before the start, which must count as zero.
      const value =
        low >= floor ? bitsAt(low, shift) : (bitsAt(floor, position - floor) << (floor - low)) & mask;
      const entry = huffman[value] as number;
      literals[n++] = entry;
      position -= entry >>> 8;
      if (position < floor) damaged('compressed literals are cut short');
    }
    if (position !== floor) damaged('compressed literals have bits left over');
  };

  return { fseOf, readFse, lastBit, bitsAt, readHuffman, readCodes };
}
