// A hash of a whole content, for comparing with what a service vouches for.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type CallOptions, CancelledError, type HashName, LocalFileError } from '../model/index.ts';
import type { PublishSource } from './publish-source.ts';

const BLOCK_BYTES = 1024 * 1024;

/**
 * Reads the content and gives its hash in hex.
 * @throws LocalFileError, CancelledError; what the source throws
 */
export async function contentHash(
  source: PublishSource,
  algorithm: HashName,
  { signal }: CallOptions = {},
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const block of source.open === undefined
    ? blocksOfFile(source.path)
    : blocksOf(source, signal)) {
    if (signal?.aborted)
      throw new CancelledError({ operation: `hash ${source.path}`, reason: 'it was cancelled' });
    hash.update(block);
  }
  return hash.digest('hex');
}

async function* blocksOfFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const block of createReadStream(path, { highWaterMark: BLOCK_BYTES })) yield block;
  } catch (cause) {
    throw new LocalFileError({ operation: `read ${path}`, object: path, cause });
  }
}

async function* blocksOf(source: PublishSource, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const opened = await source.open?.({ signal });
  if (opened === undefined) return;
  try {
    const { sizeBytes } = opened.identity;
    for (let at = 0; at < sizeBytes; at += BLOCK_BYTES) {
      const block = new Uint8Array(Math.min(BLOCK_BYTES, sizeBytes - at));
      await opened.read(at, block, { signal });
      yield block;
    }
  } finally {
    await opened.close();
  }
}
