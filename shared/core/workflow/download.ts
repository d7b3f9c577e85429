// Downloading an image to a local file, in one stream that goes on where it broke off: after a failure by itself, after a
// pause or a kill by the next call. Touches the disk by download-files.ts only.
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import {
  CancelledError,
  type Clock,
  ConflictError,
  ImageBridgeError,
  type ImageCloud,
  type ImageDownload,
  IntegrityError,
  ProtocolError,
  systemClock,
} from '../model/index.ts';
import { DownloadFiles, type PartOf } from './download-files.ts';
import { type DownloadHashes, downloadHashes } from './download-hashes.ts';
import { requireCapability } from './preflight.ts';
import { cloudLabel } from './wait-for-job.ts';

const MAX_ATTEMPTS = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const READ_BYTES = 1 << 20;

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes on the disk, those of earlier runs included. */
  gotBytes: number;
  sizeBytes: number;
  /** What is going on: `checking` reads what earlier runs left. */
  state: 'checking' | 'downloading' | 'waiting';
  /** With `waiting`: why, and how long until the next try, in ms. */
  retry?: { error: ImageBridgeError; waitMs: number } | undefined;
}

/** What to download, and where to. */
export interface DownloadRequest {
  imageId: string;
  /** Path of the file; must not exist. */
  path: string;
  /** Called often. Must not throw. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called with what the user should know, as sentences. Must not throw. */
  onNote?: ((text: string) => void) | undefined;
  /** Aborting it pauses: the next call goes on. */
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
}

/** What a download gave. */
export interface DownloadResult {
  path: string;
  sizeBytes: number;
  /** Of the file, in hex. */
  sha256: string;
  /** The service's hash that the file agrees with; absent where the service tells none. */
  verified?: { algorithm: string; value: string } | undefined;
  /** Bytes that an earlier run had got. */
  resumedAtByte: number;
}

/**
 * Downloads an image, or goes on with what an interrupted run of the same image and file left. Network failures are
 * waited out. The file appears under its name when it is whole, and agrees with the strongest hash that the service tells.
 * @throws LocalFileError when the file exists already, FILE.part belongs to something else, or a disk fails;
 *   UnsupportedError where images cannot be downloaded; IntegrityError when the bytes are not what the service vouches for
 *   (they are removed); ConflictError when the image changes meanwhile; CancelledError when the signal aborts; others of
 *   the port
 */
export async function downloadToFile(cloud: ImageCloud, request: DownloadRequest): Promise<DownloadResult> {
  const operation = `download image ${request.imageId} to ${request.path}`;
  requireCapability(cloud, cloud.capabilities.download, operation);
  const run = new Download(cloud, { ...request, path: path.resolve(request.path) }, operation);
  return run.run();
}

class Download {
  readonly #cloud: ImageCloud;
  readonly #request: DownloadRequest;
  readonly #operation: string;
  readonly #files: DownloadFiles;

  constructor(cloud: ImageCloud, request: DownloadRequest, operation: string) {
    this.#cloud = cloud;
    this.#request = request;
    this.#operation = operation;
    this.#files = new DownloadFiles(request.path, operation);
  }

  async run(): Promise<DownloadResult> {
    await this.#files.refuseExisting();
    const { name, region } = this.#cloud;
    const left = await this.#files.earlier({ cloud: name, region, imageId: this.#request.imageId });
    const earlier = left?.partOf;
    // A part that is whole needs no byte any more; one that is too long is none of this image.
    const usable = left && left.gotBytes <= left.partOf.sizeBytes ? left.gotBytes : 0;
    if (earlier && usable === earlier.sizeBytes && usable > 0)
      return this.#finish(earlier, usable, await this.#hashes(earlier, usable));
    const first = await this.#open(usable, earlier);
    const partOf = this.#partOf(first.download);
    if (first.startByte === 0) await this.#files.begin(partOf);
    const hashes = await this.#hashes(partOf, first.startByte).catch(async (error: unknown) => {
      await dropBody(first.download);
      throw error;
    });
    await this.#receive(partOf, first, hashes);
    return this.#finish(partOf, first.startByte, hashes);
  }

  /** Opens the stream where the earlier run ended; from the start when that is not possible or is another content now. */
  async #open(startByte: number, earlier: PartOf | undefined): Promise<Opened> {
    if (startByte > 0 && earlier) {
      try {
        const download = await this.#withRetries(() => this.#ask(startByte));
        if (sameContent(earlier, download)) return { startByte, download };
        await dropBody(download);
        this.#request.onNote?.('The image has changed since the download was interrupted: it begins anew.');
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.#request.onNote?.(`The download begins anew: ${error.message}`);
      }
    }
    return { startByte: 0, download: await this.#withRetries(() => this.#ask(0)) };
  }

  #ask(startByte: number): Promise<ImageDownload> {
    return this.#cloud.downloadImage(this.#request.imageId, startByte, { signal: this.#request.signal });
  }

  #partOf(download: ImageDownload): PartOf {
    const { name: cloud, region } = this.#cloud;
    const { sizeBytes, checksums } = download;
    return {
      version: 1,
      cloud,
      region,
      imageId: this.#request.imageId,
      sizeBytes,
      checksums: { ...checksums },
    };
  }

  /** The hashes of the first bytes of FILE.part, ready to go on. */
  async #hashes(partOf: PartOf, startByte: number): Promise<DownloadHashes> {
    const hashes = downloadHashes(partOf.checksums);
    if (startByte === 0) return hashes;
    const file = await this.#files.openPart('r');
    try {
      const buffer = Buffer.alloc(READ_BYTES);
      for (let at = 0; at < startByte; ) {
        this.#request.signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, startByte - at), at);
        if (bytesRead === 0) throw new Error('it became shorter');
        hashes.update(buffer.subarray(0, bytesRead));
        at += bytesRead;
        this.#request.onProgress?.({ state: 'checking', gotBytes: at, sizeBytes: partOf.sizeBytes });
      }
    } catch (error) {
      if (this.#request.signal?.aborted) throw this.#cancelled(error);
      throw this.#files.error(`read ${this.#files.partPath}`, error);
    } finally {
      await file.close();
    }
    return hashes;
  }

  /** Takes the bytes in to the end. A broken stream is opened again where it broke. */
  async #receive(partOf: PartOf, first: Opened, hashes: DownloadHashes): Promise<void> {
    const file = await this.#files.openPart('r+');
    const got = { bytes: first.startByte };
    let download: ImageDownload | undefined = first.download;
    try {
      await file.truncate(got.bytes);
      for (let attempt = 0; ; ) {
        const before = got.bytes;
        try {
          download ??= await this.#ask(got.bytes);
          if (!sameContent(partOf, download)) {
            await dropBody(download);
            throw this.#changed(download);
          }
          await this.#write(file, partOf, got, download, hashes);
          break;
        } catch (error) {
          // Tries are counted anew after each that brought something.
          const progressed = got.bytes > before;
          attempt = progressed ? 1 : attempt + 1;
          await this.#waitOrThrow(error, attempt, got.bytes, partOf.sizeBytes, progressed);
        }
        download = undefined;
      }
      await file.sync();
    } catch (error) {
      if (error instanceof ImageBridgeError) throw error;
      throw this.#files.error(`write ${this.#files.partPath}`, error);
    } finally {
      await file.close();
    }
  }

  async #write(
    file: FileHandle,
    partOf: PartOf,
    got: { bytes: number },
    download: ImageDownload,
    hashes: DownloadHashes,
  ): Promise<void> {
    for await (const chunk of download.body) {
      if (this.#request.signal?.aborted) throw this.#cancelled(this.#request.signal.reason);
      if (got.bytes + chunk.byteLength > partOf.sizeBytes)
        throw this.#wrongLength(`more than ${partOf.sizeBytes}`, partOf);
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, got.bytes + done);
        done += bytesWritten;
      }
      hashes.update(chunk);
      got.bytes += chunk.byteLength;
      this.#request.onProgress?.({ state: 'downloading', gotBytes: got.bytes, sizeBytes: partOf.sizeBytes });
    }
    if (got.bytes !== partOf.sizeBytes) throw this.#wrongLength(String(got.bytes), partOf);
  }

  /** Retries what is worth it: failures of the network, and streams that ended early after they had brought something. */
  async #waitOrThrow(
    error: unknown,
    attempt: number,
    gotBytes: number,
    sizeBytes: number,
    progressed: boolean,
  ): Promise<void> {
    if (this.#request.signal?.aborted) throw this.#cancelled(error);
    const worthIt =
      error instanceof ImageBridgeError &&
      (error.retryable || (progressed && ['unavailable', 'protocol'].includes(error.kind)));
    if (!worthIt || attempt > MAX_ATTEMPTS) throw error;
    const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    const waitMs = Math.max(backoffMs, error.details.retryAfterMs ?? 0);
    this.#request.onProgress?.({ state: 'waiting', gotBytes, sizeBytes, retry: { error, waitMs } });
    await (this.#request.clock ?? systemClock).sleep(waitMs, this.#request.signal);
  }

  async #withRetries<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        await this.#waitOrThrow(error, attempt, 0, 0, false);
      }
    }
  }

  /** Compares with the service's hash, and gives the file its name. */
  async #finish(partOf: PartOf, resumedAtByte: number, hashes: DownloadHashes): Promise<DownloadResult> {
    const { verified, wrong, sha256 } = hashes.finish();
    if (wrong) {
      await this.#files.remove();
      throw new IntegrityError({
        operation: this.#operation,
        cloud: cloudLabel(this.#cloud),
        object: this.#request.path,
        reason: `the ${wrong.algorithm} of what came is ${wrong.got}, and the service vouches for ${wrong.value}`,
        hint: 'What came was removed. Download it again; if that fails too, the image is damaged in the cloud.',
      });
    }
    await this.#files.complete();
    return {
      path: this.#request.path,
      sizeBytes: partOf.sizeBytes,
      sha256,
      resumedAtByte,
      ...(verified ? { verified } : {}),
    };
  }

  #wrongLength(came: string, partOf: PartOf): ProtocolError {
    return new ProtocolError({
      operation: this.#operation,
      cloud: cloudLabel(this.#cloud),
      reason: `${came} bytes came, and ${partOf.sizeBytes} were expected`,
      hint: 'Run the same command again: it goes on where it stopped.',
    });
  }

  #changed(download: ImageDownload): ConflictError {
    return new ConflictError({
      operation: this.#operation,
      cloud: cloudLabel(this.#cloud),
      object: this.#request.imageId,
      reason: `the image changed during the download (it has ${download.sizeBytes} bytes now)`,
      hint: 'Run the same command again: it begins anew.',
    });
  }

  #cancelled(cause: unknown): CancelledError {
    return new CancelledError({ operation: this.#operation, reason: 'it was cancelled', cause });
  }
}

interface Opened {
  startByte: number;
  download: ImageDownload;
}

const sameContent = (partOf: PartOf, download: ImageDownload): boolean =>
  partOf.sizeBytes === download.sizeBytes &&
  Object.entries(download.checksums).every(([name, value]) => (partOf.checksums[name] ?? value) === value);

/** Lets the connection of a stream go that nobody has begun to read. */
async function dropBody({ body }: ImageDownload): Promise<void> {
  try {
    for await (const _ of body) break;
  } catch {
    // It is broken already.
  }
}
