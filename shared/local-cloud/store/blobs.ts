// Bytes on disk. A blob is one file, written once; a manifest is a list of blobs that reads as one piece of content.
// Objects, parts and images hold manifests, so completing an upload or importing an image copies nothing.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { LocalCloudError } from '../failure.ts';

/** One piece of a manifest. */
export const segmentSchema = z.object({ blob: z.string(), sizeBytes: z.number() });
/** Content as a list of blobs, in order. */
export const manifestSchema = z.array(segmentSchema);
export type Segment = z.infer<typeof segmentSchema>;
export type Manifest = readonly Segment[];

/** What `receive` stored. */
export interface ReceivedBlob {
  segment: Segment;
  /** 16 bytes. */
  md5: Buffer;
}

/** Beginning of the names of blobs whose bytes were thrown away. */
const discarded = 'discarded-';

const writeBatchBytes = 1 << 20;
const readChunkBytes = 1 << 20;

/** Total size of a manifest in bytes. */
export function manifestSize(manifest: Manifest): number {
  return manifest.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}

/** The folder of blobs, with a count of who uses each. */
export class BlobStore {
  readonly #folder: string;
  readonly #uses = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /**
   * Stores a stream as one blob that belongs to nobody yet: `retain` it, or `discard` it.
   * Memory stays bounded: the stream is paused while more than two batches wait for the disk.
   * @throws the stream's error when it ends early; nothing is left on disk then
   */
  async receive(stream: Readable, onBytes: (count: number) => void = () => {}): Promise<ReceivedBlob> {
    const blob = randomBytes(16).toString('hex');
    const temporary = join(this.#folder, `${blob}.tmp`);
    const file = await open(temporary, 'wx');
    const hash = createHash('md5');
    let sizeBytes = 0;
    try {
      let batch: Buffer[] = [];
      let batchBytes = 0;
      let writing: Promise<unknown> = Promise.resolve();
      const flush = async () => {
        const buffers = batch;
        const bytes = batchBytes;
        batch = [];
        batchBytes = 0;
        await writing;
        writing = writeAll(file, buffers, bytes);
        // The failure is seen by whoever awaits `writing` next; this only keeps it from being unhandled.
        writing.catch(() => {});
      };
      await readChunks(stream, (chunk) => {
        onBytes(chunk.length);
        sizeBytes += chunk.length;
        hash.update(chunk);
        batch.push(chunk);
        batchBytes += chunk.length;
        return batchBytes >= writeBatchBytes ? flush() : undefined;
      });
      if (batchBytes > 0) await flush();
      await writing;
      await file.close();
      await rename(temporary, join(this.#folder, blob));
    } catch (error) {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
      throw error;
    }
    return { segment: { blob, sizeBytes }, md5: hash.digest() };
  }

  /** Notes one more user of each blob. */
  retain(manifest: Manifest): void {
    for (const { blob } of manifest) this.#uses.set(blob, (this.#uses.get(blob) ?? 0) + 1);
  }

  /** Notes one user less; a blob without users is deleted. */
  release(manifest: Manifest): void {
    for (const { blob } of manifest) {
      const uses = (this.#uses.get(blob) ?? 0) - 1;
      if (uses > 0) {
        this.#uses.set(blob, uses);
      } else {
        this.#uses.delete(blob);
        if (blob.startsWith(discarded)) continue;
        rmSync(join(this.#folder, blob), { force: true });
      }
    }
  }

  /** Deletes a received blob that nobody retained. */
  discard(segment: Segment): void {
    this.release([segment]);
  }

  /** Deletes what nobody uses: leftovers of a killed process. Call it once, after all users are retained. */
  sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      if (!this.#uses.has(name)) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** The bytes from `start` up to and without `end`. */
  async *read(
    manifest: Manifest,
    start = 0,
    end = manifestSize(manifest),
  ): AsyncGenerator<Buffer, void, undefined> {
    let offset = 0;
    for (const { blob, sizeBytes } of manifest) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, sizeBytes);
      offset += sizeBytes;
      if (from >= to) continue;
      if (blob.startsWith(discarded)) {
        throw new LocalCloudError(
          'The bytes were thrown away as they arrived, as the option objectBytes says.',
        );
      }
      const file = await open(join(this.#folder, blob), 'r');
      try {
        for (let position = from; position < to; ) {
          const buffer = Buffer.allocUnsafe(Math.min(readChunkBytes, to - position));
          const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
          if (bytesRead === 0) throw new Error(`blob ${blob} is shorter than recorded`);
          position += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    }
  }

  /** SHA-256 of the content in hex; yields to the event loop after each chunk. */
  async sha256(manifest: Manifest): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.read(manifest)) hash.update(chunk);
    return hash.digest('hex');
  }
}

/**
 * Takes a stream in without keeping its bytes.
 * @param look sees each chunk
 * @returns what stands for the bytes in a manifest: its size is right, reading it fails
 * @throws the stream's error when it ends early
 */
export async function discardStream(stream: Readable, look: (chunk: Buffer) => void): Promise<Segment> {
  let sizeBytes = 0;
  await readChunks(stream, (chunk) => {
    sizeBytes += chunk.length;
    look(chunk);
    return undefined;
  });
  return { blob: `${discarded}${randomBytes(8).toString('hex')}`, sizeBytes };
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, buffers: Buffer[], bytes: number) {
  const { bytesWritten } = await file.writev(buffers);
  if (bytesWritten === bytes) return;
  // A short write is rare (a full disk, a signal): what is left goes out in one piece.
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  await file.writeFile(rest);
}

/**
 * Reads a stream chunk by chunk without joining chunks, as `for await` would do.
 * The handler may return a promise: the stream pauses until it settles.
 */
export function readChunks(
  stream: Readable,
  onChunk: (chunk: Buffer) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let busy: Promise<void> = Promise.resolve();
    let ended = false;
    const onData = (chunk: Buffer) => {
      const wait = onChunk(chunk);
      if (wait === undefined) return;
      stream.pause();
      busy = wait.then(
        () => {
          stream.resume();
        },
        (error: unknown) => finish(error),
      );
    };
    const finish = (error?: unknown) => {
      stream.off('data', onData).off('end', onEnd).off('error', finish).off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onEnd = () => {
      ended = true;
      busy.then(() => finish(), finish);
    };
    const onClose = () => {
      if (!ended) finish(new Error('the connection ended before the body was complete'));
    };
    if (stream.destroyed && !stream.readableEnded) {
      reject(new Error('the connection ended before the body was complete'));
      return;
    }
    stream.on('data', onData).on('end', onEnd).on('error', finish).on('close', onClose);
  });
}
