// Where a file is staged: a key that every machine computes alike, so that an unfinished upload is found again anywhere.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Inspection } from '../inspect/index.ts';
import type { DiskFormat } from '../model/index.ts';

const SAMPLE_BYTES = 64 * 1024;
const SAMPLES = 16;

/** Key of the staged object of a declaration; no spaces, as the image service demands (seed 001, IMG.0175). */
export const stagingKey = (diskFormat: DiskFormat, marker: string): string =>
  `imagebridge/${marker}.${diskFormat}`;

/**
 * A digest that names the content well enough to find an unfinished upload of it again on another machine, without
 * reading the whole file first. It never decides that two contents are equal: parts are compared by MD5.
 * @param sha256 of the whole file, where it is known already; then that is the digest
 */
export async function contentFingerprint(
  inspection: Inspection,
  sha256: string | undefined,
): Promise<string> {
  if (sha256 !== undefined) return sha256;
  const size = inspection.fileSizeBytes;
  const hash = createHash('sha256').update(String(size));
  const handle = await open(inspection.path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    // Evenly spread; the last one ends with the file.
    const step = Math.max(SAMPLE_BYTES, (size - SAMPLE_BYTES) / (SAMPLES - 1));
    for (let at = 0; at < size; at += step) {
      const { bytesRead } = await handle.read(buffer, 0, SAMPLE_BYTES, Math.round(at));
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
