// gzip (RFC 1952), all members of a file. node:zlib inflates; headers and trailers are read here, because node:zlib's own
// gunzip takes some garbage after the last member for an end. Self-contained: runs as text in a thread.
import type { DecoderInput, DecoderTools } from './decoder.ts';

/** Unpacks gzip. Zero bytes after the last member are padding, as gzip itself sees them. */
export async function* gzip(input: DecoderInput, tools: DecoderTools): AsyncGenerator<Uint8Array> {
  const { fail } = tools;
  const byte = (what: string) => {
    input.need(1, what);
    return input.buffer[input.at++] as number;
  };
  const uint32 = (what: string) => {
    input.need(4, what);
    const { buffer, at } = input;
    input.at += 4;
    const b = (i: number) => buffer[at + i] as number;
    return (b(0) | (b(1) << 8) | (b(2) << 16) | (b(3) << 24)) >>> 0;
  };

  const skipHeader = () => {
    const start = input.position();
    const what = 'the header of a gzip member';
    input.need(10, what);
    const { buffer, at } = input;
    if (buffer[at + 2] !== 8)
      fail('unsupported', start, `its compression method ${buffer[at + 2]} is not known`);
    const flags = buffer[at + 3] as number;
    if (flags & 0xe0) fail('damaged', start, 'the flags of a gzip member are not legal');
    input.at += 10;
    if (flags & 4) {
      for (let left = byte(what) | (byte(what) << 8); left > 0; left--) byte(what);
    }
    if (flags & 8) while (byte(what) !== 0);
    if (flags & 16) while (byte(what) !== 0);
    if (flags & 2) {
      byte(what);
      byte(what);
    }
  };

  async function* inflateMember(): AsyncGenerator<Uint8Array> {
    const start = input.position();
    const inflate = tools.createInflateRaw({ chunkSize: 256 * 1024 });
    const next = () => {
      if (!input.fill(1)) return undefined;
      const piece = input.buffer.slice(input.at, Math.min(input.end, input.at + 64 * 1024));
      input.at += piece.length;
      return piece;
    };
    let crc = 0;
    let size = 0;
    try {
      for await (const chunk of tools.pump(inflate, next)) {
        crc = tools.crc32(chunk, crc);
        size = (size + chunk.length) >>> 0;
        yield chunk;
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'Z_BUF_ERROR') fail('truncated', input.position(), 'it ends inside compressed data');
      if (typeof code === 'string' && code.startsWith('Z_'))
        fail('damaged', start + inflate.bytesWritten, 'the compressed data is not legal');
      throw error;
    }
    input.seek(start + inflate.bytesWritten);
    const trailer = input.position();
    if (uint32('the checksum of a gzip member') !== crc)
      fail('damaged', trailer, 'a checksum (CRC-32) does not fit the unpacked bytes');
    if (uint32('the size of a gzip member') !== size)
      fail('damaged', trailer + 4, 'a noted size does not fit the unpacked bytes');
  }

  if (tools.from) input.seek(tools.from.position);
  for (let member = tools.from ? 1 : 0; input.fill(1); member++) {
    const start = input.position();
    const short = !input.fill(2);
    const { buffer, at } = input;
    if (buffer[at] === 0x1f && short)
      fail('truncated', start + 1, 'it ends inside the header of a gzip member');
    if (buffer[at] === 0x1f && buffer[at + 1] === 0x8b) {
      tools.entry(start, []);
      skipHeader();
      yield* inflateMember();
      continue;
    }
    while (member > 0 && input.fill(1) && input.buffer[input.at] === 0) input.at++;
    if (member === 0 || input.fill(1)) fail('garbage', start, 'no gzip member begins there');
  }
}
