// zstd (RFC 8878), all frames of a file, block by block. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools, FseTable } from './decoder.ts';

/** Unpacks zstd. Skippable frames are skipped; frames that need a dictionary are refused. */
export function* zstd(input: DecoderInput, tools: DecoderTools): Generator<Uint8Array> {
  const { fail } = tools;
  const MAX_BLOCK = 128 * 1024;
  /** Room before and after a block's bytes, for reads that go over its ends before it is noticed. */
  const PAD = 32;
  /** What the output may hold besides its window, so that the window is moved seldom. */
  const slackFor = (window: number) => Math.min(8 * 1024 * 1024, Math.max(window, 512 * 1024));
  const block = new Uint8Array(PAD + MAX_BLOCK + PAD);
  const literals = new Uint8Array(MAX_BLOCK + PAD);
  let blockStart = 0;
  const damaged = (reason: string): never => fail('damaged', blockStart, reason);

  const { fseOf, readFse, lastBit, bitsAt, readHuffman, readCodes } = tools.zstdEntropy(
    block,
    literals,
    damaged,
  );

  const LL_BASE = Uint32Array.from([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256,
    512, 1024, 2048, 4096, 8192, 16384, 32768, 65536,
  ]);
  const LL_BITS = Uint8Array.from([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16,
  ]);
  const ML_BASE = Uint32Array.from({ length: 53 }, (_, i) => i + 3);
  ML_BASE.set(
    [35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539],
    32,
  );
  const ML_BITS = new Uint8Array(53);
  ML_BITS.set([1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 32);
  const predefined = (log: number, list: number[]) => fseOf(Int16Array.from(list), list.length, log);
  const LL_DEFAULT = predefined(
    6,
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
  );
  const ML_DEFAULT = predefined(6, [
    ...[1, 4, 3, 2, 2, 2, 2, 2, 2],
    ...new Array<number>(37).fill(1),
    ...new Array<number>(7).fill(-1),
  ]);
  const OF_DEFAULT = predefined(5, [
    ...[1, 1, 1, 1, 1, 1, 2, 2, 2],
    ...new Array<number>(15).fill(1),
    ...new Array<number>(5).fill(-1),
  ]);

  // What a frame carries from block to block.
  let llTable: FseTable | undefined;
  let ofTable: FseTable | undefined;
  let mlTable: FseTable | undefined;
  let hasHuffman = false;
  const repeats = new Uint32Array(3);
  let out = new Uint8Array(0);
  let outAt = 0;
  let historyStart = 0;

  /** Reads the literals of a compressed block into `literals`. */
  const readLiterals = (start: number, end: number): { at: number; count: number } => {
    if (start >= end) damaged('a block is empty');
    const b = (i: number) => block[start + i] as number;
    const type = b(0) & 3;
    const form = (b(0) >> 2) & 3;
    if (type < 2) {
      const head = form === 1 ? 2 : form === 3 ? 3 : 1;
      const count =
        head === 1
          ? b(0) >> 3
          : head === 2
            ? (b(0) >> 4) | (b(1) << 4)
            : (b(0) >> 4) | (b(1) << 4) | (b(2) << 12);
      const at = start + head;
      const stored = type === 0 ? count : 1;
      if (count > MAX_BLOCK || at + stored > end) damaged('literals are longer than their block');
      if (type === 0) literals.set(block.subarray(at, at + count));
      else literals.fill(block[at] as number, 0, count);
      return { at: at + stored, count };
    }
    const head = form < 2 ? 3 : form === 2 ? 4 : 5;
    const width = form < 2 ? 10 : form === 2 ? 14 : 18;
    // Up to 36 bits after the first 4: too many for 32-bit operations.
    let packed = 0;
    for (let i = head - 1; i >= 0; i--) packed = packed * 256 + b(i);
    packed = Math.floor(packed / 16);
    const count = packed % 2 ** width;
    const stored = Math.floor(packed / 2 ** width);
    let at = start + head;
    const last = at + stored;
    if (count > MAX_BLOCK || last > end) damaged('literals are longer than their block');
    if (type === 2) {
      at = readHuffman(at, last);
      hasHuffman = true;
    } else if (!hasHuffman) damaged('a block repeats a table of codes that was never given');
    if (at > last) damaged('a table of codes is longer than its literals');
    if (form === 0) readCodes(at, last, 0, count);
    else {
      const first = at + 6;
      if (first > last) damaged('compressed literals are cut short');
      const length = (i: number) => (block[at + i] as number) | ((block[at + i + 1] as number) << 8);
      const ends = [
        first + length(0),
        first + length(0) + length(2),
        first + length(0) + length(2) + length(4),
        last,
      ];
      const part = (count + 3) >> 2;
      if ((ends[2] as number) > last || part * 3 > count) damaged('compressed literals are cut short');
      let from = first;
      for (let i = 0; i < 4; i++) {
        readCodes(from, ends[i] as number, part * i, i === 3 ? count : part * (i + 1));
        from = ends[i] as number;
      }
    }
    return { at: last, count };
  };

  /** Which table the sequences of a block use for one of the three kinds of symbols. */
  const readTable = (
    mode: number,
    at: number,
    end: number,
    maxLog: number,
    maxSymbol: number,
    usual: FseTable,
    earlier: FseTable | undefined,
  ): { at: number; fse: FseTable } => {
    if (mode === 0) return { at, fse: usual };
    if (mode === 2) return readFse(at, end, maxLog, maxSymbol);
    if (mode === 3) return { at, fse: earlier ?? damaged('a block repeats a table that was never given') };
    const only = at < end ? (block[at] as number) : 256;
    if (only > maxSymbol) damaged('a symbol is not legal');
    return { at: at + 1, fse: { log: 0, entries: Uint32Array.of(only) } };
  };

  /** Unpacks the compressed block of `block` to the end of `out`. */
  const decompress = (size: number, most: number) => {
    const end = PAD + size;
    const found = readLiterals(PAD, end);
    let at = found.at;
    const literalCount = found.count;
    const limit = outAt + most;
    if (outAt + literalCount > limit) damaged('a block is longer than it may be');
    if (at >= end) damaged('a block has no sequences section');
    let sequences = block[at++] as number;
    if (sequences === 255) {
      sequences = (block[at] as number) + ((block[at + 1] as number) << 8) + 0x7f00;
      at += 2;
    } else if (sequences > 127) sequences = ((sequences - 128) << 8) + (block[at++] as number);
    let n = outAt;
    let literal = 0;
    if (sequences > 0) {
      const modes = block[at++] as number;
      if (modes & 3 || at > end) damaged('the sequences section of a block is not legal');
      let table = readTable(modes >> 6, at, end, 9, 35, LL_DEFAULT, llTable);
      llTable = table.fse;
      table = readTable((modes >> 4) & 3, table.at, end, 8, 31, OF_DEFAULT, ofTable);
      ofTable = table.fse;
      table = readTable((modes >> 2) & 3, table.at, end, 9, 52, ML_DEFAULT, mlTable);
      mlTable = table.fse;
      const floor = table.at * 8;
      let position = lastBit(table.at, end);
      const ll = llTable.entries;
      const of = ofTable.entries;
      const ml = mlTable.entries;
      position -= llTable.log;
      let llState = bitsAt(position, llTable.log);
      position -= ofTable.log;
      let ofState = bitsAt(position, ofTable.log);
      position -= mlTable.log;
      let mlState = bitsAt(position, mlTable.log);
      let r0 = repeats[0] as number;
      let r1 = repeats[1] as number;
      let r2 = repeats[2] as number;
      const target = out;
      for (let left = sequences; left > 0; left--) {
        if (position < floor) damaged('the sequences of a block are cut short');
        const llEntry = ll[llState] as number;
        const ofEntry = of[ofState] as number;
        const mlEntry = ml[mlState] as number;
        const ofBits = ofEntry & 255;
        let offset: number;
        if (ofBits > 24) {
          position -= ofBits - 16;
          offset = bitsAt(position, ofBits - 16) * 65536;
          position -= 16;
          offset += bitsAt(position, 16) + 2 ** ofBits;
        } else {
          position -= ofBits;
          offset = bitsAt(position, ofBits) + (1 << ofBits);
        }
        const mlBits = ML_BITS[mlEntry & 255] as number;
        position -= mlBits;
        let matchLength = (ML_BASE[mlEntry & 255] as number) + bitsAt(position, mlBits);
        const llBits = LL_BITS[llEntry & 255] as number;
        position -= llBits;
        let literalLength = (LL_BASE[llEntry & 255] as number) + bitsAt(position, llBits);
        if (left > 1) {
          let bits = (llEntry >>> 8) & 255;
          position -= bits;
          llState = (llEntry >>> 16) + bitsAt(position, bits);
          bits = (mlEntry >>> 8) & 255;
          position -= bits;
          mlState = (mlEntry >>> 16) + bitsAt(position, bits);
          bits = (ofEntry >>> 8) & 255;
          position -= bits;
          ofState = (ofEntry >>> 16) + bitsAt(position, bits);
        }
        if (offset > 3) {
          offset -= 3;
          r2 = r1;
          r1 = r0;
          r0 = offset;
        } else {
          const which = literalLength === 0 ? offset : offset - 1;
          if (which === 0) offset = r0;
          else {
            offset = which === 1 ? r1 : which === 2 ? r2 : r0 - 1;
            if (which !== 1) r2 = r1;
            r1 = r0;
            r0 = offset;
          }
        }
        if (literal + literalLength > literalCount) damaged('a block uses more literals than it has');
        if (n + literalLength + matchLength > limit) damaged('a block is longer than it may be');
        if (literalLength > 64) {
          target.set(literals.subarray(literal, literal + literalLength), n);
          literal += literalLength;
          n += literalLength;
        } else for (; literalLength > 0; literalLength--) target[n++] = literals[literal++] as number;
        let from = n - offset;
        if (offset === 0 || from < historyStart) damaged('a block refers to bytes before its window');
        if (matchLength > 64) {
          // A match may overlap what it makes: each copy doubles what there is.
          for (let have = 0; have < matchLength; ) {
            const many = Math.min(offset + have, matchLength - have);
            target.copyWithin(n + have, from, from + many);
            have += many;
          }
          n += matchLength;
        } else for (; matchLength > 0; matchLength--) target[n++] = target[from++] as number;
      }
      if (position !== floor) damaged('the sequences of a block have bits left over');
      repeats[0] = r0;
      repeats[1] = r1;
      repeats[2] = r2;
    } else if (at !== end) damaged('a block is longer than its content');
    const rest = literalCount - literal;
    if (n + rest > limit) damaged('a block is longer than it may be');
    out.set(literals.subarray(literal, literalCount), n);
    outAt = n + rest;
  };

  for (const frame of tools.zstdFrames(input, tools)) {
    const { windowBytes, contentBytes } = frame;
    input.at += frame.headerBytes;
    const room = Math.min(windowBytes, contentBytes ?? windowBytes) + slackFor(windowBytes);
    if (out.length < room) out = new Uint8Array(room);
    outAt = 0;
    historyStart = 0;
    llTable = undefined;
    ofTable = undefined;
    mlTable = undefined;
    hasHuffman = false;
    repeats.set([1, 4, 8]);
    const sum = frame.checksum ? tools.xxHash64() : undefined;
    let unpacked = 0;
    for (let last = false; !last; ) {
      const { start, type, size, storedBytes, mostBytes, ...head } = tools.zstdBlock(input, tools, frame);
      last = head.last;
      blockStart = start;
      if (outAt + MAX_BLOCK > out.length) {
        const keep = Math.min(outAt, windowBytes);
        out.copyWithin(0, outAt - keep, outAt);
        outAt = keep;
      }
      const from = outAt;
      if (type === 0) {
        out.set(input.buffer.subarray(input.at, input.at + size), outAt);
        outAt += size;
      } else if (type === 1) {
        out.fill(input.buffer[input.at] as number, outAt, outAt + size);
        outAt += size;
      } else {
        block.set(input.buffer.subarray(input.at, input.at + size), PAD);
        block.fill(0, PAD + size, PAD + size + PAD);
        decompress(size, mostBytes);
      }
      input.at += storedBytes;
      unpacked += outAt - from;
      if (unpacked > (contentBytes ?? unpacked)) damaged('a frame holds more than its header says');
      const chunk = out.subarray(from, outAt);
      sum?.update(chunk);
      if (chunk.length > 0) yield chunk;
    }
    if (unpacked !== (contentBytes ?? unpacked)) damaged('a frame holds less than its header says');
    if (sum === undefined) continue;
    input.need(4, 'a zstd frame');
    const { buffer, at } = input;
    const byte = (i: number) => buffer[at + i] as number;
    if ((byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0 !== sum.lowHalf())
      fail('damaged', input.position(), 'the checksum (XXH64) of a frame does not fit the unpacked bytes');
    input.at += 4;
  }
}
