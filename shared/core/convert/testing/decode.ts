// Runs a decoder over bytes in memory, on this thread. For tests.
import { createHash } from 'node:crypto';
import { crc32, createInflateRaw } from 'node:zlib';
import { bzip2 } from '../decoders/bzip2.ts';
import { crc64, xxHash64 } from '../decoders/checksums.ts';
import type { UnpackFault } from '../decoders/decoder.ts';
import { fileInput } from '../decoders/file-input.ts';
import { gzip } from '../decoders/gzip.ts';
import { lzma2 } from '../decoders/lzma2.ts';
import { xz } from '../decoders/xz.ts';
import { zstd } from '../decoders/zstd.ts';
import type { ArchiveFormat } from '../types.ts';

const decoders = { gzip, bzip2, xz, zstd };

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
  format: ArchiveFormat,
  archive: Uint8Array,
  maxWindowBytes = 128 * 1024 * 1024,
): Promise<Uint8Array> {
  const input = fileInput((into, position) => {
    const piece = archive.subarray(position, position + into.length);
    into.set(piece);
    return piece.length;
  });
  const content = decoders[format](input, {
    fail(fault, position, reason) {
      throw new Fault(fault, position, reason);
    },
    crc32,
    createHash,
    createInflateRaw,
    xxHash64,
    crc64,
    lzma2,
    maxWindowBytes,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
