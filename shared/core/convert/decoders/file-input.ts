// The input of a decoder over anything that can be read at a position. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/**
 * Reads ahead in pieces of up to half a MiB.
 * @param readAt fills `into` from a position of the archive on; gives the number of bytes, 0 at the end
 */
export function fileInput(
  readAt: (into: Uint8Array, position: number) => number,
  fail: DecoderTools['fail'],
): DecoderInput {
  const buffer = new Uint8Array(512 * 1024);
  /** Position of `buffer[0]`. */
  let base = 0;
  const input = {
    buffer,
    at: 0,
    end: 0,
    position: () => base + input.at,
    fill(count: number): boolean {
      if (input.end - input.at >= count) return true;
      buffer.copyWithin(0, input.at, input.end);
      base += input.at;
      input.end -= input.at;
      input.at = 0;
      while (input.end < count) {
        const got = readAt(buffer.subarray(input.end), base + input.end);
        if (got === 0) return false;
        input.end += got;
      }
      return true;
    },
    need(count: number, what: string) {
      if (!input.fill(count)) fail('truncated', base + input.end, `it ends inside ${what}`);
    },
    seek(position: number) {
      const inside = position - base;
      if (inside >= 0 && inside <= input.end) {
        input.at = inside;
        return;
      }
      base = position;
      input.at = 0;
      input.end = 0;
    },
  };
  return input;
}
