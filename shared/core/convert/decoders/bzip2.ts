// bzip2, all streams of a file, block by block. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/** Unpacks bzip2. Zero bytes after the last stream are padding. */
export function* bzip2(input: DecoderInput, tools: DecoderTools): Generator<Uint8Array> {
  const { fail } = tools;
  const FAST_BITS = 10;
  const out = new Uint8Array(256 * 1024);
  const crcTable = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i << 24;
    for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
    crcTable[i] = c >>> 0;
  }

  // The bits: the top `bitCount` of `bitBuffer` are the next ones.
  let bitBuffer = 0;
  let bitCount = 0;
  const refill = () => {
    while (bitCount <= 24) {
      if (input.at === input.end && !input.fill(1)) return;
      bitBuffer |= (input.buffer[input.at++] as number) << (24 - bitCount);
      bitCount += 8;
    }
  };
  const damaged = (reason: string) => fail('damaged', input.position(), reason);
  const bits = (n: number): number => {
    if (bitCount < n) {
      refill();
      if (bitCount < n) fail('truncated', input.position(), 'it ends inside compressed data');
    }
    const value = bitBuffer >>> (32 - n);
    bitBuffer <<= n;
    bitCount -= n;
    return value;
  };
  const bits32 = () => ((bits(16) << 16) | bits(16)) >>> 0;
  /** Gives whole bytes that were read ahead back to the input. */
  const align = () => {
    input.seek(input.position() - (bitCount >>> 3));
    bitBuffer = 0;
    bitCount = 0;
  };

  const selectors = new Uint8Array(32768);
  const toByte = new Uint8Array(256);
  const mtf = new Uint8Array(256);
  const counts = new Int32Array(256);
  const lengths = new Uint8Array(258);
  const tables = Array.from({ length: 6 }, () => ({
    fast: new Uint16Array(1 << FAST_BITS),
    limit: new Int32Array(22),
    base: new Int32Array(22),
    symbols: new Uint16Array(258),
    minLength: 0,
  }));
  type Table = (typeof tables)[number];
  let tt = new Uint32Array(0);

  const makeTable = (table: Table, size: number) => {
    const perLength = new Int32Array(22);
    for (let i = 0; i < size; i++)
      perLength[lengths[i] as number] = (perLength[lengths[i] as number] as number) + 1;
    const { fast, limit, base, symbols } = table;
    fast.fill(0);
    let code = 0;
    let index = 0;
    table.minLength = 0;
    for (let length = 1; length <= 20; length++) {
      const many = perLength[length] as number;
      if (many > 0 && table.minLength === 0) table.minLength = length;
      base[length] = index - code;
      for (let s = 0; s < size; s++) {
        if (lengths[s] !== length) continue;
        symbols[index++] = s;
        if (length <= FAST_BITS) {
          const first = code << (FAST_BITS - length);
          fast.fill((length << 9) | s, first, first + (1 << (FAST_BITS - length)));
        }
        code++;
      }
      limit[length] = code;
      if (code > 1 << length) damaged('a table of code lengths is not legal');
      code <<= 1;
    }
  };

  const symbol = (table: Table): number => {
    if (bitCount < 20) refill();
    const entry = table.fast[bitBuffer >>> (32 - FAST_BITS)] as number;
    if (entry !== 0) {
      const length = entry >>> 9;
      if (length > bitCount) fail('truncated', input.position(), 'it ends inside compressed data');
      bitBuffer <<= length;
      bitCount -= length;
      return entry & 511;
    }
    for (let length = table.minLength; length <= 20; length++) {
      const code = bitBuffer >>> (32 - length);
      if (code >= (table.limit[length] as number)) continue;
      if (length > bitCount) fail('truncated', input.position(), 'it ends inside compressed data');
      bitBuffer <<= length;
      bitCount -= length;
      return table.symbols[code + (table.base[length] as number)] as number;
    }
    if (bitCount < 20) fail('truncated', input.position(), 'it ends inside compressed data');
    return damaged('a code is not in its table');
  };

  /** Reads the tables of a block. Gives the number of symbols. */
  const readTables = () => {
    const used = bits(16);
    let size = 0;
    for (let i = 0; i < 16; i++) {
      if (!(used & (0x8000 >>> i))) continue;
      const row = bits(16);
      for (let j = 0; j < 16; j++) if (row & (0x8000 >>> j)) toByte[size++] = i * 16 + j;
    }
    if (size === 0) damaged('a block uses no symbols');
    const tableCount = bits(3);
    if (tableCount < 2 || tableCount > 6) damaged('the number of tables of a block is not legal');
    const selectorCount = bits(15);
    if (selectorCount === 0) damaged('a block has no selectors');
    for (let i = 0; i < tableCount; i++) mtf[i] = i;
    for (let i = 0; i < selectorCount; i++) {
      let j = 0;
      while (bits(1)) if (++j >= tableCount) damaged('a selector is not legal');
      const chosen = mtf[j] as number;
      mtf.copyWithin(1, 0, j);
      mtf[0] = chosen;
      selectors[i] = chosen;
    }
    for (let t = 0; t < tableCount; t++) {
      let length = bits(5);
      for (let i = 0; i < size + 2; i++) {
        for (;;) {
          if (length < 1 || length > 20) damaged('a code length is not legal');
          if (!bits(1)) break;
          length += bits(1) ? -1 : 1;
        }
        lengths[i] = length;
      }
      makeTable(tables[t] as Table, size + 2);
    }
    return { size, selectorCount };
  };

  /** Undoes Huffman's, the runs' and the move-to-front coding of a block into `tt`. Gives the number of bytes. */
  const readSymbols = (size: number, selectorCount: number): number => {
    const end = size + 1;
    const most = tt.length;
    for (let i = 0; i < 256; i++) mtf[i] = i;
    counts.fill(0);
    let table = tables[0] as Table;
    let left = 0;
    let selector = 0;
    let count = 0;
    let run = 0;
    let weight = 1;
    for (;;) {
      if (left === 0) {
        if (selector === selectorCount) damaged('a block has too few selectors');
        table = tables[selectors[selector++] as number] as Table;
        left = 50;
      }
      left--;
      const s = symbol(table);
      if (s < 2) {
        run += weight << s;
        weight <<= 1;
        if (run > most) damaged('a run is longer than its block');
        continue;
      }
      if (run > 0) {
        if (count + run > most) damaged('a block is longer than it may be');
        const value = toByte[mtf[0] as number] as number;
        tt.fill(value, count, count + run);
        counts[value] = (counts[value] as number) + run;
        count += run;
        run = 0;
        weight = 1;
      }
      if (s === end) return count;
      if (s > end) damaged('a symbol is not legal');
      if (count >= most) damaged('a block is longer than it may be');
      const j = s - 1;
      const moved = mtf[j] as number;
      if (j > 12) mtf.copyWithin(1, 0, j);
      else for (let k = j; k > 0; k--) mtf[k] = mtf[k - 1] as number;
      mtf[0] = moved;
      const value = toByte[moved] as number;
      counts[value] = (counts[value] as number) + 1;
      tt[count++] = value;
    }
  };

  // Undoes the Burrows-Wheeler transform and the outer runs, as much at a time as fits into `out`.
  let next = 0;
  let remaining = 0;
  let previous = -1;
  let repeats = 0;
  let copies = 0;
  let crc = 0;
  const fillOut = (): number => {
    let n = 0;
    let at = next;
    let left = remaining;
    let last = previous;
    let same = repeats;
    let again = copies;
    let sum = crc;
    const size = out.length;
    while (n < size) {
      if (again > 0) {
        const many = Math.min(again, size - n);
        for (let i = 0; i < many; i++) {
          out[n++] = last;
          sum = (sum << 8) ^ (crcTable[(sum >>> 24) ^ last] as number);
        }
        again -= many;
        continue;
      }
      if (left === 0) break;
      left--;
      const entry = tt[at] as number;
      at = entry >>> 8;
      const value = entry & 255;
      if (same === 4) {
        again = value;
        same = 0;
        continue;
      }
      same = value === last ? same + 1 : 1;
      last = value;
      out[n++] = value;
      sum = (sum << 8) ^ (crcTable[(sum >>> 24) ^ value] as number);
    }
    next = at;
    remaining = left;
    previous = last;
    repeats = same;
    copies = again;
    crc = sum;
    return n;
  };

  function* block(start: number): Generator<Uint8Array, number> {
    const wanted = bits32();
    if (bits(1)) fail('unsupported', start, 'its blocks are of the obsolete randomised kind');
    const origin = bits(24);
    const { size, selectorCount } = readTables();
    const count = readSymbols(size, selectorCount);
    if (origin >= count) damaged('the origin of a block is not in it');
    let sum = 0;
    for (let i = 0; i < 256; i++) {
      const many = counts[i] as number;
      counts[i] = sum;
      sum += many;
    }
    for (let i = 0; i < count; i++) {
      const value = (tt[i] as number) & 255;
      const to = counts[value] as number;
      counts[value] = to + 1;
      tt[to] = (tt[to] as number) | (i << 8);
    }
    next = (tt[origin] as number) >>> 8;
    remaining = count;
    previous = -1;
    repeats = 0;
    copies = 0;
    crc = -1;
    for (let n = fillOut(); n > 0; n = fillOut()) yield out.subarray(0, n);
    const found = ~crc >>> 0;
    if (found !== wanted)
      fail('damaged', start, 'the checksum (CRC-32) of a block does not fit the unpacked bytes');
    return found;
  }

  /** The blocks of a stream up to its end. */
  function* blocks(level: number, before: number): Generator<Uint8Array> {
    if (tt.length !== level * 100_000) tt = new Uint32Array(level * 100_000);
    let combined = before;
    for (;;) {
      // Blocks begin at any bit of a byte.
      const start = input.position() - ((bitCount + 7) >>> 3);
      const skip = -bitCount & 7;
      const magic = bits(24) * 0x1000000 + bits(24);
      if (magic === 0x314159265359) {
        tools.entry(start, [level, combined, skip]);
        const sum = yield* block(start);
        combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0;
      } else if (magic === 0x177245385090) {
        if (bits32() !== combined)
          fail('damaged', start, 'the checksum (CRC-32) of a stream does not fit its blocks');
        align();
        return;
      } else fail('damaged', start, 'neither a block nor the end of the stream is where one must be');
    }
  }

  if (tools.from) {
    const [level = 9, combined = 0, skip = 0] = tools.from.state;
    input.seek(tools.from.position);
    if (skip > 0) bits(skip);
    yield* blocks(level, combined);
  }
  for (let stream = tools.from ? 1 : 0; input.fill(1); stream++) {
    const start = input.position();
    const whole = input.fill(4);
    const { buffer, at } = input;
    const level = (buffer[at + 3] as number) - 0x30;
    if (buffer[at] === 0x42 && !whole)
      fail('truncated', start, 'it ends inside the header of a bzip2 stream');
    if (
      !whole ||
      buffer[at] !== 0x42 ||
      buffer[at + 1] !== 0x5a ||
      buffer[at + 2] !== 0x68 ||
      level < 1 ||
      level > 9
    ) {
      while (stream > 0 && input.fill(1) && input.buffer[input.at] === 0) input.at++;
      if (stream === 0 || input.fill(1)) fail('garbage', start, 'no bzip2 stream begins there');
      return;
    }
    input.at += 4;
    yield* blocks(level, 0);
  }
}
