// xz, all streams of a file, block by block. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/** Unpacks xz. Every checksum and the index of every stream are verified. Filters other than LZMA2 are refused. */
export function* xz(input: DecoderInput, tools: DecoderTools): Generator<Uint8Array> {
  const { fail } = tools;
  const uint32 = (at: number) => {
    const b = (i: number) => input.buffer[at + i] as number;
    return (b(0) | (b(1) << 8) | (b(2) << 16) | (b(3) << 24)) >>> 0;
  };
  const crcOf = (from: number, to: number) => tools.crc32(input.buffer.subarray(from, to), 0);

  /** Reads a number of variable length at `at`, before `end`. */
  const variable = (at: number, end: number, start: number): { value: number; at: number } => {
    let value = 0;
    for (let i = 0; i < 9 && at < end; i++) {
      const byte = input.buffer[at++] as number;
      value += (byte & 127) * 128 ** i;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return { value, at };
      }
    }
    return fail('damaged', start, 'a number in a header is not legal');
  };

  const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

  /** How the unpacked bytes of a block are checked: by CRC-32, CRC-64, SHA-256, or not. */
  const checkOf = (type: number) => {
    if (type === 1) {
      let crc = 0;
      return {
        update: (bytes: Uint8Array) => {
          crc = tools.crc32(bytes, crc);
        },
        fits: (at: number) => uint32(at) === crc,
        name: 'CRC-32',
      };
    }
    if (type === 4) {
      const crc = tools.crc64();
      return {
        update: crc.update,
        fits: (at: number) => {
          const [low, high] = crc.halves();
          return uint32(at) === low && uint32(at + 4) === high;
        },
        name: 'CRC-64',
      };
    }
    if (type === 10) {
      const hash = tools.createHash('sha256');
      return {
        update: (bytes: Uint8Array) => {
          hash.update(bytes);
        },
        fits: (at: number) => hash.digest().every((byte, i) => byte === input.buffer[at + i]),
        name: 'SHA-256',
      };
    }
    return undefined;
  };

  /** One block. Gives its two sizes as the index must have them. */
  function* block(checkType: number): Generator<Uint8Array, { unpadded: number; unpacked: number }> {
    const start = input.position();
    const headerSize = ((input.buffer[input.at] as number) + 1) * 4;
    input.need(headerSize, 'an xz stream');
    const head = input.at;
    const headEnd = head + headerSize - 4;
    if (crcOf(head, headEnd) !== uint32(headEnd))
      fail('damaged', start, 'the checksum of a block header does not fit');
    const flags = input.buffer[head + 1] as number;
    if (flags & 0x3c) fail('unsupported', start, 'a block header has flags that are not known');
    let at = head + 2;
    const next = () => {
      const found = variable(at, headEnd, start);
      at = found.at;
      return found.value;
    };
    const packedSize = flags & 0x40 ? next() : undefined;
    const unpackedSize = flags & 0x80 ? next() : undefined;
    let dictionary = 0;
    for (let i = 0; i <= (flags & 3); i++) {
      const filter = next();
      const properties = next();
      if (filter !== 0x21 || i < (flags & 3))
        fail(
          'unsupported',
          start,
          `it was compressed with a filter that is not known here (0x${filter.toString(16)})`,
        );
      const bits = input.buffer[at] as number;
      if (properties !== 1 || at >= headEnd || bits > 40)
        fail('damaged', start, 'the properties of a filter are not legal');
      dictionary = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** (bits / 2 - (bits & 1) / 2 + 11);
      at += properties;
    }
    // A block never looks back further than to its beginning.
    const window = Math.min(dictionary, unpackedSize ?? dictionary);
    if (window > tools.maxWindowBytes)
      fail(
        'unsupported',
        start,
        `it needs a dictionary of ${dictionary} bytes to be unpacked, and at most ${tools.maxWindowBytes} are given`,
      );
    input.at = head + headerSize;

    const dataStart = input.position();
    const check = checkOf(checkType);
    let unpacked = 0;
    for (const chunk of tools.lzma2(input, fail, window)) {
      unpacked += chunk.length;
      check?.update(chunk);
      yield chunk;
    }
    const packed = input.position() - dataStart;
    if (packed !== (packedSize ?? packed) || unpacked !== (unpackedSize ?? unpacked))
      fail('damaged', start, 'a block has another size than its header says');
    const padding = -packed & 3;
    const checkSize = checkBytes[checkType] as number;
    input.need(padding + checkSize, 'an xz stream');
    for (let i = 0; i < padding; i++)
      if (input.buffer[input.at++] !== 0) fail('damaged', start, 'the padding of a block is not legal');
    if (check && !check.fits(input.at))
      fail('damaged', start, `the checksum (${check.name}) of a block does not fit the unpacked bytes`);
    input.at += checkSize;
    return { unpadded: headerSize + packed + checkSize, unpacked };
  }

  /** The header of a stream. Gives the kind of its checksums. */
  const streamHeader = (): number => {
    const start = input.position();
    input.need(12, 'an xz stream');
    const flagsAt = input.at + 6;
    const checkType = input.buffer[flagsAt + 1] as number;
    if (crcOf(flagsAt, flagsAt + 2) !== uint32(flagsAt + 2))
      fail('damaged', start, 'the checksum of a stream header does not fit');
    if (input.buffer[flagsAt] !== 0 || checkType > 15)
      fail('unsupported', start, 'a stream header has flags that are not known');
    if (![0, 1, 4, 10].includes(checkType))
      fail('unsupported', start, `its kind of checksum (${checkType}) is not known`);
    input.at += 12;
    return checkType;
  };

  /** The blocks of a stream, its index and its footer. */
  function* stream(checkType: number, fromStart: boolean): Generator<Uint8Array> {
    // The index repeats the sizes of all blocks; a hash of each list is enough to compare them.
    const seen = tools.createHash('sha256');
    const listed = tools.createHash('sha256');
    const note = (list: typeof seen, unpadded: number, unpacked: number) =>
      list.update(Uint8Array.from(`${unpadded},${unpacked};`, (c) => c.charCodeAt(0)));
    for (;;) {
      input.need(1, 'an xz stream');
      if (input.buffer[input.at] === 0) break;
      tools.entry(input.position(), [checkType]);
      const sizes = yield* block(checkType);
      note(seen, sizes.unpadded, sizes.unpacked);
    }

    const indexStart = input.position();
    let crc = 0;
    const pass = (count: number) => {
      crc = tools.crc32(input.buffer.subarray(input.at, input.at + count), crc);
      input.at += count;
    };
    const next = () => {
      // A footer follows, so that there is always more than a number may have.
      input.need(9, 'an xz stream');
      const found = variable(input.at, input.end, indexStart);
      pass(found.at - input.at);
      return found.value;
    };
    pass(1);
    const count = next();
    for (let i = 0; i < count; i++) note(listed, next(), next());
    const same = listed.digest();
    if (fromStart && !seen.digest().every((byte, i) => byte === same[i]))
      fail('damaged', indexStart, 'the index of a stream does not fit its blocks');
    while ((input.position() - indexStart) % 4 !== 0) {
      input.need(1, 'an xz stream');
      if (input.buffer[input.at] !== 0) fail('damaged', indexStart, 'the padding of an index is not legal');
      pass(1);
    }
    const indexSize = input.position() - indexStart + 4;
    input.need(4 + 12, 'an xz stream');
    if (uint32(input.at) !== crc) fail('damaged', indexStart, 'the checksum of an index does not fit');
    input.at += 4;
    const footer = input.at;
    const { buffer } = input;
    if (
      crcOf(footer + 4, footer + 10) !== uint32(footer) ||
      (uint32(footer + 4) + 1) * 4 !== indexSize ||
      buffer[footer + 8] !== 0 ||
      buffer[footer + 9] !== checkType ||
      buffer[footer + 10] !== 0x59 ||
      buffer[footer + 11] !== 0x5a
    )
      fail('damaged', input.position(), 'the footer of a stream is not legal');
    input.at += 12;
  }

  const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
  if (tools.from) {
    input.seek(tools.from.position);
    yield* stream(tools.from.state[0] ?? 0, false);
  }
  for (let streams = tools.from ? 1 : 0; input.fill(1); streams++) {
    const start = input.position();
    input.fill(6);
    const there = Math.min(6, input.end - input.at);
    if (magic.slice(0, there).every((byte, i) => byte === input.buffer[input.at + i])) {
      if (there < 6) fail('truncated', start + there, 'it ends inside the header of an xz stream');
      yield* stream(streamHeader(), true);
      continue;
    }
    let zeros = 0;
    for (; streams > 0 && input.fill(1) && input.buffer[input.at] === 0; zeros++) input.at++;
    if (zeros === 0) fail('garbage', start, 'no xz stream begins there');
    if (zeros % 4 !== 0) fail('garbage', start, 'the padding between its streams is not legal');
  }
}
