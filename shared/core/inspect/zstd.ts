// One frame of zstd (RFC 8878 §3.1.1) in a few sectors whose rest means nothing. The unpacker at hand wants a frame without
// anything behind it, and trusts the window that a frame asks for: so both are looked at first.
import { decompress } from 'fzstd';
import { Bytes } from './bytes.ts';

const MAGIC = 0xfd2fb528;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const RUN_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * @param maxBytes a frame that unpacks to more is refused
 * @throws Error when it is no frame, or asks for too much
 */
export function unpackZstdFrame(packed: Buffer, maxBytes: number): Buffer {
  const bytes = new Bytes(packed);
  const descriptor = bytes.u8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  if (bytes.u32le(0) !== MAGIC || dictionaryBytes > 0) throw new Error('not a frame that can be unpacked');
  const exponent = 10 + (bytes.u8(5) >>> 3);
  const windowBytes = isSingleSegment ? 0 : 2 ** exponent * (1 + (bytes.u8(5) & 7) / 8);
  if (windowBytes > MAX_WINDOW_BYTES) throw new Error('the window is too large');
  let at = 5 + (isSingleSegment ? 0 : 1) + sizeBytes;
  if (isSingleSegment && contentSize(bytes, at - sizeBytes, sizeBytes) > maxBytes)
    throw new Error('the content is too large');
  let isLast = false;
  while (!isLast) {
    const header = bytes.u16le(at) + bytes.u8(at + 2) * 0x1_0000;
    const kind = (header >>> 1) & 3;
    if (at + 3 > bytes.length || kind === RESERVED_BLOCK) throw new Error('the frame is cut');
    isLast = (header & 1) === 1;
    at += 3 + (kind === RUN_BLOCK ? 1 : header >>> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  const unpacked = decompress(packed.subarray(0, at + (hasChecksum ? 4 : 0)));
  if (unpacked.length > maxBytes) throw new Error('the content is too large');
  return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
}

function contentSize(bytes: Bytes, at: number, sizeBytes: number): number {
  if (sizeBytes === 1) return bytes.u8(at);
  if (sizeBytes === 2) return bytes.u16le(at) + 256;
  return sizeBytes === 4 ? bytes.u32le(at) : bytes.u64le(at);
}
