// Where a file is staged: a key that every machine computes alike, so that an unfinished upload is found again anywhere.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { DiskFormat } from '../model/index.ts';

const SAMPLE_BYTES = 64 * 1024;
const SAMPLES = 16;

/** Key of the staged object of a declaration; no spaces, as the image service demands (seed 001, IMG.0175). */
export const stagingKey = (diskFormat: DiskFormat, marker: string): string =>
  `imagebridge/${marker}.${diskFormat}`;

/**
 * A digest that names a content well enough to find an unfinished upload of it again on another machine, without
 * reading all of it first. It never decides that two contents are equal: parts are compared by MD5.
 * @param read gives up to that many bytes from a position
 */
export async function contentFingerprint(
  sizeBytes: number,
  read: (startByte: number, lengthBytes: number) => Promise<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256').update(String(sizeBytes));
  // Evenly spread; the last one ends with the file.
  const step = Math.max(SAMPLE_BYTES, (sizeBytes - SAMPLE_BYTES) / (SAMPLES - 1));
  for (let at = 0; at < sizeBytes; at += step) hash.update(await read(Math.round(at), SAMPLE_BYTES));
  return hash.digest('hex');
}

/** The fingerprint of a local file. */
export async function fileFingerprint(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    return await contentFingerprint((await handle.stat()).size, async (at, length) => {
      const { bytesRead } = await handle.read(buffer, 0, length, at);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await handle.close();
  }
}
