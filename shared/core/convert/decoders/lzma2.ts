// LZMA2, the compression inside of xz. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/** Unpacks one LZMA2 sequence of chunks, up to and with its end mark. */
export function* lzma2(
  input: DecoderInput,
  fail: DecoderTools['fail'],
  dictionaryBytes: number,
): Generator<Uint8Array, void> {
  /** Most that one chunk unpacks to. */
  const MAX_CHUNK = 2 * 1024 * 1024;
  const dictionary = Math.max(dictionaryBytes, 4096);
  const out = new Uint8Array(dictionary + 2 * MAX_CHUNK);
  let outAt = 0;
  /** Matches may not reach before this. */
  let historyStart = 0;
  let chunkStart = 0;
  const damaged = (reason: string) => fail('damaged', chunkStart, reason);

  // Probabilities, all in one array. Lengths: choice, choice 2, low 16 × 8, middle 16 × 8, high 256.
  const LENGTH_SIZE = 2 + 128 + 128 + 256;
  const IS_MATCH = 0;
  const IS_REP = IS_MATCH + 12 * 16;
  const IS_REP0 = IS_REP + 12;
  const IS_REP1 = IS_REP0 + 12;
  const IS_REP2 = IS_REP1 + 12;
  const IS_REP0_LONG = IS_REP2 + 12;
  const SLOT = IS_REP0_LONG + 12 * 16;
  const SPECIAL = SLOT + 4 * 64;
  const ALIGN = SPECIAL + 128;
  const MATCH_LENGTH = ALIGN + 16;
  const REP_LENGTH = MATCH_LENGTH + LENGTH_SIZE;
  const LITERAL = REP_LENGTH + LENGTH_SIZE;
  const probs = new Uint16Array(LITERAL + 0x300 * 16);
  let lc = 0;
  let literalMask = 0;
  let positionMask = 0;
  let state = 0;
  let rep0 = 0;
  let rep1 = 0;
  let rep2 = 0;
  let rep3 = 0;
  /** Bytes since the dictionary was reset; its low bits are contexts. */
  let total = 0;

  // The range decoder over the bytes of one chunk.
  let source = new Uint8Array(0);
  let at = 0;
  let end = 0;
  let range = 0;
  let code = 0;
  const normalize = () => {
    // Past the end zeros come in; that is noticed after the chunk.
    range <<= 8;
    code = (code << 8) | (at < end ? (source[at] as number) : 0);
    at++;
  };
  const bit = (index: number): number => {
    if (range >>> 24 === 0) normalize();
    const p = probs[index] as number;
    const bound = Math.imul(range >>> 11, p);
    if (code >>> 0 < bound >>> 0) {
      range = bound;
      probs[index] = p + ((2048 - p) >> 5);
      return 0;
    }
    range = (range - bound) | 0;
    code = (code - bound) | 0;
    probs[index] = p - (p >> 5);
    return 1;
  };
  const tree = (base: number, count: number): number => {
    let r = range;
    let c = code;
    let m = 1;
    const top = 1 << count;
    while (m < top) {
      if (r >>> 24 === 0) {
        r <<= 8;
        c = (c << 8) | (at < end ? (source[at] as number) : 0);
        at++;
      }
      const probability = probs[base + m] as number;
      const bound = Math.imul(r >>> 11, probability);
      const one = Number(c >>> 0 < bound >>> 0) - 1;
      r = (bound + ((r - bound - bound) & one)) | 0;
      c = (c - (bound & one)) | 0;
      probs[base + m] = probability - ((probability - (2017 & ~one)) >> 5);
      m = (m << 1) - one;
    }
    range = r;
    code = c;
    return m - top;
  };
  const reverseTree = (base: number, count: number): number => {
    let m = 1;
    let value = 0;
    for (let i = 0; i < count; i++) {
      const b = bit(base + m);
      m = (m << 1) | b;
      value |= b << i;
    }
    return value;
  };
  const direct = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (range >>> 24 === 0) normalize();
      range >>>= 1;
      code = (code - range) | 0;
      const below = code >> 31;
      code = (code + (range & below)) | 0;
      value = (value << 1) + (below + 1);
    }
    return value;
  };
  const lengthOf = (base: number, positionState: number): number => {
    if (bit(base) === 0) return 2 + tree(base + 2 + positionState * 8, 3);
    if (bit(base + 1) === 0) return 10 + tree(base + 130 + positionState * 8, 3);
    return 18 + tree(base + 258, 8);
  };
  const distanceOf = (length: number): number => {
    const slot = tree(SLOT + Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    if (slot < 14) return base + reverseTree(SPECIAL + base - slot, bits);
    return (base >>> 0) + direct(bits - 4) * 16 + reverseTree(ALIGN, 4);
  };

  /** Unpacks the LZMA data of one chunk. */
  const unpack = (size: number) => {
    const limit = outAt + size;
    const target = out;
    const p = probs;
    const bytes = source;
    let n = outAt;
    while (n < limit) {
      const passed = total + (n - outAt);
      const positionState = passed & positionMask;
      if (bit(IS_MATCH + state * 16 + positionState) === 0) {
        const before = n > historyStart ? (target[n - 1] as number) : 0;
        const context = LITERAL + 0x300 * (((passed & literalMask) << lc) + (before >> (8 - lc)));
        let symbol = 1;
        // The hottest loops by far: the range decoder's state is in locals here, and `one` (-1 for a bit that is set, else
        // 0) stands for branches that the processor could not foresee.
        let r = range;
        let c = code;
        let a = at;
        if (state >= 7) {
          let matched = target[n - rep0 - 1] as number;
          let offset = 0x100;
          while (symbol < 0x100) {
            if (r >>> 24 === 0) {
              r <<= 8;
              c = (c << 8) | (a < end ? (bytes[a] as number) : 0);
              a++;
            }
            matched <<= 1;
            const index = context + offset + (matched & offset) + symbol;
            const probability = p[index] as number;
            const bound = Math.imul(r >>> 11, probability);
            const one = Number(c >>> 0 < bound >>> 0) - 1;
            r = (bound + ((r - bound - bound) & one)) | 0;
            c = (c - (bound & one)) | 0;
            p[index] = probability - ((probability - (2017 & ~one)) >> 5);
            symbol = (symbol << 1) - one;
            offset &= matched ^ ~one;
          }
        } else {
          while (symbol < 0x100) {
            if (r >>> 24 === 0) {
              r <<= 8;
              c = (c << 8) | (a < end ? (bytes[a] as number) : 0);
              a++;
            }
            const index = context + symbol;
            const probability = p[index] as number;
            const bound = Math.imul(r >>> 11, probability);
            const one = Number(c >>> 0 < bound >>> 0) - 1;
            r = (bound + ((r - bound - bound) & one)) | 0;
            c = (c - (bound & one)) | 0;
            p[index] = probability - ((probability - (2017 & ~one)) >> 5);
            symbol = (symbol << 1) - one;
          }
        }
        range = r;
        code = c;
        at = a;
        target[n++] = symbol;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let length: number;
      if (bit(IS_REP + state) === 0) {
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        length = lengthOf(MATCH_LENGTH, positionState);
        state = state < 7 ? 7 : 10;
        rep0 = distanceOf(length);
      } else if (bit(IS_REP0 + state) === 0) {
        if (bit(IS_REP0_LONG + state * 16 + positionState) === 0) {
          state = state < 7 ? 9 : 11;
          if (n - rep0 - 1 < historyStart) damaged('a chunk refers to bytes before its dictionary');
          target[n] = target[n - rep0 - 1] as number;
          n++;
          continue;
        }
        length = lengthOf(REP_LENGTH, positionState);
        state = state < 7 ? 8 : 11;
      } else {
        let distance = rep1;
        if (bit(IS_REP1 + state) !== 0) {
          distance = rep2;
          if (bit(IS_REP2 + state) !== 0) {
            distance = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = distance;
        length = lengthOf(REP_LENGTH, positionState);
        state = state < 7 ? 8 : 11;
      }
      let from = n - rep0 - 1;
      if (from < historyStart || rep0 >= dictionary) damaged('a chunk refers to bytes before its dictionary');
      if (n + length > limit) damaged('a chunk holds more than its header says');
      if (length > 40 && rep0 === 0) {
        target.fill(target[from] as number, n, n + length);
        n += length;
      } else if (length > 40 && rep0 >= length) {
        target.copyWithin(n, from, from + length);
        n += length;
      } else for (; length > 0; length--) target[n++] = target[from++] as number;
    }
    total += size;
    outAt = limit;
  };

  const take = (count: number): number => {
    input.need(count, 'compressed data');
    input.at += count;
    return input.at - count;
  };
  const resetState = () => {
    probs.fill(1024);
    state = 0;
    rep0 = 0;
    rep1 = 0;
    rep2 = 0;
    rep3 = 0;
  };

  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  for (;;) {
    chunkStart = input.position();
    const head = take(1);
    const control = input.buffer[head] as number;
    if (control === 0) return;
    if (control > 2 && control < 0x80) damaged('the head of a chunk is not legal');
    if (control >= 0xe0 || control === 1) {
      needsDictionary = false;
      historyStart = outAt;
      total = 0;
      // As the state is: the encoder must reset it too, except after chunks that are stored.
      needsProperties = true;
    } else if (needsDictionary) damaged('the first chunk does not begin a dictionary');
    if (outAt + MAX_CHUNK > out.length) {
      const keep = Math.min(outAt - historyStart, dictionary);
      out.copyWithin(0, outAt - keep, outAt);
      outAt = keep;
      historyStart = 0;
    }
    const from = outAt;
    const b = take(control >= 0x80 ? 4 : 2);
    const word = (i: number) => ((input.buffer[b + i] as number) << 8) | (input.buffer[b + i + 1] as number);
    if (control < 0x80) {
      const size = word(0) + 1;
      const first = take(size);
      out.set(input.buffer.subarray(first, first + size), outAt);
      outAt += size;
      total += size;
      yield out.subarray(from, outAt);
      continue;
    }
    const unpackedSize = ((control & 0x1f) << 16) + word(0) + 1;
    const size = word(2) + 1;
    if (control >= 0xc0) {
      const properties = input.buffer[take(1)] as number;
      const pb = Math.floor(properties / 45);
      const lp = Math.floor(properties / 9) % 5;
      lc = properties % 9;
      if (pb > 4 || lc + lp > 4) damaged('the properties of a chunk are not legal');
      positionMask = (1 << pb) - 1;
      literalMask = (1 << lp) - 1;
      needsProperties = false;
      needsState = false;
      resetState();
    } else if (needsProperties) damaged('a chunk lacks its properties');
    else if (control >= 0xa0) {
      needsState = false;
      resetState();
    } else if (needsState) damaged('a chunk lacks the state it goes on from');
    if (size < 5) damaged('a chunk is shorter than it must be');
    const first = take(size);
    source = input.buffer as Uint8Array<ArrayBuffer>;
    at = first + 5;
    end = first + size;
    if (source[first] !== 0) damaged('the first byte of a chunk is not legal');
    range = -1;
    code =
      ((source[first + 1] as number) << 24) |
      ((source[first + 2] as number) << 16) |
      ((source[first + 3] as number) << 8) |
      (source[first + 4] as number);
    unpack(unpackedSize);
    if (range >>> 24 === 0) normalize();
    if (at !== end || code !== 0) damaged('a chunk does not end where its header says');
    yield out.subarray(from, outAt);
  }
}
