// zstd by node:zlib, where this Node has it (22.15 and later). Its stream reads one frame and takes one that is cut short
// for whole, so it is given frame by frame, whose ends are found here. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/** Unpacks zstd as `zstd` does, about three times as fast. */
export async function* zstdNative(input: DecoderInput, tools: DecoderTools): AsyncGenerator<Uint8Array> {
  const { fail, createZstdDecompress } = tools;
  if (createZstdDecompress === undefined) throw new Error('this Node has no zstd');
  for (const frame of tools.zstdFrames(input, tools)) {
    const stream = createZstdDecompress({ chunkSize: 256 * 1024 });
    let part: 'header' | 'blocks' | 'checksum' | 'end' = 'header';
    const take = (bytes: number) => {
      const piece = input.buffer.slice(input.at, input.at + bytes);
      input.at += bytes;
      return piece;
    };
    const next = (): Uint8Array | undefined => {
      if (part === 'header') {
        part = 'blocks';
        return take(frame.headerBytes);
      }
      if (part === 'blocks') {
        const { last, storedBytes } = tools.zstdBlock(input, tools, frame);
        if (last) part = frame.checksum ? 'checksum' : 'end';
        input.at -= 3;
        return take(3 + storedBytes);
      }
      if (part === 'end') return undefined;
      part = 'end';
      input.need(4, 'a zstd frame');
      return take(4);
    };
    let unpacked = 0;
    try {
      for await (const chunk of tools.pump(stream, next)) {
        unpacked += chunk.length;
        yield chunk;
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ZSTD_error_checksum_wrong')
        fail('damaged', frame.start, 'the checksum (XXH64) of a frame does not fit the unpacked bytes');
      if (code.startsWith('ZSTD_') || code.startsWith('Z_'))
        fail('damaged', frame.start, 'a frame of compressed data is not legal');
      throw error;
    }
    const length = input.position() - frame.start;
    if (stream.bytesWritten !== length || unpacked !== (frame.contentBytes ?? unpacked))
      fail('damaged', frame.start, 'a frame does not hold what its header says');
  }
}
