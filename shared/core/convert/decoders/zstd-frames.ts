// The frames of a zstd file and the blocks of a frame (RFC 8878 §3.1), without what is in the blocks.
// Self-contained functions: they run as text in a thread.
import type { DecoderInput, DecoderTools, ZstdBlock, ZstdFrame } from './decoder.ts';

/**
 * The frames of a file; skippable ones are skipped. The input stands at the frame's first byte when it is yielded, and
 * must stand behind its last one when the next is asked for.
 */
export function* zstdFrames(input: DecoderInput, tools: DecoderTools): Generator<ZstdFrame> {
  const { fail } = tools;
  const number = (at: number, bytes: number) => {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (input.buffer[at + i] as number);
    return value;
  };

  const readHeader = (): ZstdFrame => {
    const start = input.position();
    input.need(5, 'a zstd frame');
    const flags = input.buffer[input.at + 4] as number;
    const single = (flags & 32) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] as number;
    if (flags & 8) fail('damaged', start, 'the header of a zstd frame is not legal');
    const headerBytes = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    input.need(headerBytes, 'a zstd frame');
    let at = input.at + 5;
    let windowBytes = 0;
    if (!single) {
      const byte = input.buffer[at++] as number;
      const base = 2 ** (10 + (byte >> 3));
      windowBytes = base + (base / 8) * (byte & 7);
    }
    if (number(at, dictionaryBytes) !== 0)
      fail('unsupported', start, 'it was compressed with a dictionary of its own, which is not in it');
    at += dictionaryBytes;
    const contentBytes = sizeBytes === 0 ? undefined : number(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
    if (single) windowBytes = contentBytes ?? 0;
    if (windowBytes > tools.maxWindowBytes)
      fail(
        'unsupported',
        start,
        `it needs a window of ${windowBytes} bytes to be unpacked, and at most ${tools.maxWindowBytes} are given`,
      );
    return { start, headerBytes, windowBytes, contentBytes, checksum: (flags & 4) !== 0 };
  };

  if (tools.from) input.seek(tools.from.position);
  for (let frames = tools.from ? 1 : 0; input.fill(1); frames++) {
    const start = input.position();
    const whole = input.fill(4);
    const magic = whole ? number(input.at, 4) : -1;
    if (magic === 0xfd2fb528) {
      tools.entry(start, []);
      yield readHeader();
    } else if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      input.need(8, 'a zstd frame');
      const size = number(input.at + 4, 4);
      input.seek(start + 8 + size - 1);
      // The last byte tells whether the frame is all there.
      if (size > 0 && !input.fill(1)) fail('truncated', input.position(), 'it ends inside a skippable frame');
      input.seek(start + 8 + size);
    } else if (!whole && frames > 0) fail('truncated', start, 'it ends inside the header of a zstd frame');
    else fail('garbage', start, 'no zstd frame begins there');
  }
}

/**
 * Reads the head of a block. The input stands at what is stored of its content then, and has all of it in its buffer.
 */
export function zstdBlock(input: DecoderInput, tools: DecoderTools, frame: ZstdFrame): ZstdBlock {
  const { fail } = tools;
  const start = input.position();
  input.need(3, 'a zstd frame');
  const byte = (i: number) => input.buffer[input.at + i] as number;
  const head = byte(0) | (byte(1) << 8) | (byte(2) << 16);
  const type = (head >> 1) & 3;
  const size = head >> 3;
  const mostBytes = Math.min(128 * 1024, Math.max(frame.windowBytes, 1));
  if (type === 3) fail('damaged', start, 'a block has an unknown type');
  if (size > (type === 2 ? 128 * 1024 : mostBytes))
    fail('damaged', start, 'a block is longer than it may be');
  const storedBytes = type === 1 ? 1 : size;
  input.need(3 + storedBytes, 'a zstd frame');
  input.at += 3;
  return { start, last: (head & 1) === 1, type, size, storedBytes, mostBytes };
}
