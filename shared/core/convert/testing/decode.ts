// Runs a decoder over bytes in memory, on this thread. For tests.
import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { bzip2 } from '../decoders/bzip2.ts';
import { crc64, xxHash64 } from '../decoders/checksums.ts';
import type { DecoderTools, EntryPoint, UnpackFault } from '../decoders/decoder.ts';
import { fileInput } from '../decoders/file-input.ts';
import { gzip } from '../decoders/gzip.ts';
import { lzma2 } from '../decoders/lzma2.ts';
import { pump } from '../decoders/pump.ts';
import { xz } from '../decoders/xz.ts';
import { zstd } from '../decoders/zstd.ts';
import { zstdEntropy } from '../decoders/zstd-entropy.ts';
import { zstdBlock, zstdFrames } from '../decoders/zstd-frames.ts';
import { zstdNative } from '../decoders/zstd-native.ts';
import type { ArchiveFormat } from '../types.ts';

const decoders = { gzip, bzip2, xz, zstd, zstdNative };

/** node:zlib's, where this Node has it; the types are those of the oldest Node that is supported. */
export const nativeZstd = (zlib as typeof zlib & Pick<DecoderTools, 'createZstdDecompress'>)
  .createZstdDecompress;

/** What a decoder says when it fails. */
export class Fault extends Error {
  readonly fault: UnpackFault;
  readonly position: number;
  constructor(fault: UnpackFault, position: number, reason: string) {
    super(`${fault} at byte ${position}: ${reason}`);
    this.fault = fault;
    this.position = position;
  }
}

/** @throws Fault; anything else that is thrown is a defect of the decoder */
export async function decode(
  format: ArchiveFormat | 'zstdNative',
  archive: Uint8Array,
  options: { maxWindowBytes?: number; from?: EntryPoint; entry?: DecoderTools['entry'] } = {},
): Promise<Uint8Array> {
  const fail: DecoderTools['fail'] = (fault, position, reason) => {
    throw new Fault(fault, position, reason);
  };
  const input = fileInput((into, position) => {
    const piece = archive.subarray(position, position + into.length);
    into.set(piece);
    return piece.length;
  }, fail);
  const content = decoders[format](input, {
    fail,
    crc32: zlib.crc32,
    createHash,
    createInflateRaw: zlib.createInflateRaw,
    createZstdDecompress: nativeZstd,
    pump,
    zstdFrames,
    zstdBlock,
    zstdEntropy,
    xxHash64,
    crc64,
    lzma2,
    maxWindowBytes: options.maxWindowBytes ?? 128 * 1024 * 1024,
    from: options.from,
    entry: options.entry ?? (() => {}),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
