// One frame of zstd (RFC 8878 §3.1.1) in a few sectors whose rest means nothing. Unpacked by node:zlib, where this Node has
// zstd (22.15 and later): it is bounded in what it gives, which no package at hand is for bytes that may be made to harm.
import * as zlib from 'node:zlib';
import { Bytes } from './bytes.ts';

const MAGIC = 0xfd2fb528;
const RUN_BLOCK = 1;
const RESERVED_BLOCK = 3;

interface WithZstd {
  zstdDecompressSync(packed: Buffer, options: { maxOutputLength: number }): Buffer;
}
const hasZstd = (module: object): module is WithZstd => 'zstdDecompressSync' in module;
/** Under another name, so that a bundler does not look for what an older Node lacks. */
const module: object = zlib;

/** True when this Node can unpack zstd. */
export const canUnpackZstd = hasZstd(module);

/**
 * @param maxBytes a frame that unpacks to more is refused
 * @throws Error when it is no frame, when it unpacks to more, or when this Node has no zstd
 */
export function unpackZstdFrame(packed: Buffer, maxBytes: number): Buffer {
  if (!hasZstd(module)) throw new Error('this Node has no zstd');
  return module.zstdDecompressSync(packed.subarray(0, frameLength(packed)), { maxOutputLength: maxBytes });
}

/** A frame does not tell its length: its blocks are walked through. */
function frameLength(packed: Buffer): number {
  const bytes = new Bytes(packed);
  const descriptor = bytes.u8(4);
  if (bytes.u32le(0) !== MAGIC) throw new Error('not a frame');
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  let at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  let isLast = false;
  while (!isLast) {
    const header = bytes.u16le(at) + bytes.u8(at + 2) * 0x1_0000;
    const kind = (header >>> 1) & 3;
    if (at + 3 > bytes.length || kind === RESERVED_BLOCK) throw new Error('the frame is cut');
    isLast = (header & 1) === 1;
    at += 3 + (kind === RUN_BLOCK ? 1 : header >>> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  return at + (hasChecksum ? 4 : 0);
}
