// Downloading an image to a local file, in one stream that goes on where it broke off: after a failure by itself, after a
// pause or a kill by the next call. Touches the file, FILE.part and FILE.part.json beside it.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  CancelledError,
  type Clock,
  ConflictError,
  ImageBridgeError,
  type ImageCloud,
  type ImageDownload,
  IntegrityError,
  LocalFileError,
  ProtocolError,
  systemClock,
} from '../model/index.ts';
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

/** What FILE.part is a part of. */
const sidecarSchema = z.object({
  version: z.literal(1),
  cloud: z.string(),
  region: z.string(),
  imageId: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  checksums: z.record(z.string(), z.string()),
});
type Sidecar = z.infer<typeof sidecarSchema>;

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
  readonly #partPath: string;
  readonly #sidecarPath: string;

  constructor(cloud: ImageCloud, request: DownloadRequest, operation: string) {
    this.#cloud = cloud;
    this.#request = request;
    this.#operation = operation;
    this.#partPath = `${request.path}.part`;
    this.#sidecarPath = `${request.path}.part.json`;
  }

  async run(): Promise<DownloadResult> {
    await this.#refuseExisting();
    const earlier = await this.#readSidecar();
    const startByte = earlier ? ((await this.#sizeOf(this.#partPath)) ?? 0) : 0;
    // A part that is whole needs no byte any more; one that is too long is none of this image.
    const usable = earlier && startByte <= earlier.sizeBytes ? startByte : 0;
    if (earlier && usable === earlier.sizeBytes && usable > 0)
      return this.#finish(earlier, usable, await this.#hashes(earlier, usable));
    const first = await this.#open(usable, earlier);
    const sidecar = this.#sidecarOf(first.download);
    if (first.startByte === 0) await this.#begin(sidecar);
    const hashes = await this.#hashes(sidecar, first.startByte).catch(async (error: unknown) => {
      await dropBody(first.download);
      throw error;
    });
    await this.#receive(sidecar, first, hashes);
    return this.#finish(sidecar, first.startByte, hashes);
  }

  async #refuseExisting(): Promise<void> {
    if ((await this.#sizeOf(this.#request.path)) === undefined) return;
    throw new LocalFileError({
      operation: this.#operation,
      object: this.#request.path,
      reason: 'there is a file of that name already, and it is not overwritten',
      hint: 'Choose another name, or remove that file.',
    });
  }

  /** What FILE.part is a part of; undefined when there is none. */
  async #readSidecar(): Promise<Sidecar | undefined> {
    const text = await readFile(this.#sidecarPath, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.#localError(`read ${this.#sidecarPath}`, error);
    });
    const there = (await this.#sizeOf(this.#partPath)) !== undefined;
    const sidecar = text === undefined ? undefined : sidecarSchema.safeParse(parseJson(text)).data;
    if (text === undefined && !there) return undefined;
    const { name, region } = this.#cloud;
    const own =
      sidecar?.imageId === this.#request.imageId && sidecar.cloud === name && sidecar.region === region;
    if (own) return there ? sidecar : undefined;
    throw new LocalFileError({
      operation: this.#operation,
      object: this.#partPath,
      reason: sidecar
        ? `${this.#partPath} is a part of image ${sidecar.imageId} of ${sidecar.cloud}/${sidecar.region}`
        : `${this.#partPath} lies there, and nothing says what it is a part of`,
      hint: `Choose another name, or remove it and ${path.basename(this.#sidecarPath)}.`,
    });
  }

  /** Opens the stream where the earlier run ended; from the start when that is not possible or is another content now. */
  async #open(startByte: number, earlier: Sidecar | undefined): Promise<Opened> {
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

  #sidecarOf(download: ImageDownload): Sidecar {
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

  /** Makes an empty FILE.part. The sidecar is there first, so that no part is ever without one. */
  async #begin(sidecar: Sidecar): Promise<void> {
    const folder = path.dirname(this.#request.path);
    const space = await statfs(folder).catch((error: unknown) => {
      throw this.#localError(`write to ${folder}`, error);
    });
    const freeBytes = space.bavail * space.bsize;
    if (freeBytes < sidecar.sizeBytes)
      throw new LocalFileError({
        operation: this.#operation,
        object: folder,
        reason: `the image has ${sidecar.sizeBytes} bytes, and ${freeBytes} are free there`,
        hint: 'Make room, or choose another place.',
      });
    try {
      await writeFile(`${this.#sidecarPath}.new`, `${JSON.stringify(sidecar)}\n`, { mode: 0o600 });
      await rename(`${this.#sidecarPath}.new`, this.#sidecarPath);
      await writeFile(this.#partPath, '');
    } catch (error) {
      throw this.#localError(`write ${this.#partPath}`, error);
    }
  }

  /** The hashes of the first bytes of FILE.part, ready to go on. */
  async #hashes(sidecar: Sidecar, startByte: number): Promise<Hashes> {
    const hashes = newHashes(sidecar.checksums);
    if (startByte === 0) return hashes;
    const file = await this.#openPart('r');
    try {
      const buffer = Buffer.alloc(READ_BYTES);
      for (let at = 0; at < startByte; ) {
        this.#request.signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, startByte - at), at);
        if (bytesRead === 0) throw new Error('it became shorter');
        hashes.update(buffer.subarray(0, bytesRead));
        at += bytesRead;
        this.#request.onProgress?.({ state: 'checking', gotBytes: at, sizeBytes: sidecar.sizeBytes });
      }
    } catch (error) {
      if (this.#request.signal?.aborted) throw this.#cancelled(error);
      throw this.#localError(`read ${this.#partPath}`, error);
    } finally {
      await file.close();
    }
    return hashes;
  }

  /** Takes the bytes in to the end. A broken stream is opened again where it broke. */
  async #receive(sidecar: Sidecar, first: Opened, hashes: Hashes): Promise<void> {
    const file = await this.#openPart('r+');
    const got = { bytes: first.startByte };
    let download: ImageDownload | undefined = first.download;
    try {
      await file.truncate(got.bytes);
      for (let attempt = 0; ; ) {
        const before = got.bytes;
        try {
          download ??= await this.#ask(got.bytes);
          if (!sameContent(sidecar, download)) {
            await dropBody(download);
            throw this.#changed(download);
          }
          await this.#write(file, sidecar, got, download, hashes);
          break;
        } catch (error) {
          // Tries are counted anew after each that brought something.
          const progressed = got.bytes > before;
          attempt = progressed ? 1 : attempt + 1;
          await this.#waitOrThrow(error, attempt, got.bytes, sidecar.sizeBytes, progressed);
        }
        download = undefined;
      }
      await file.sync();
    } catch (error) {
      if (error instanceof ImageBridgeError) throw error;
      throw this.#localError(`write ${this.#partPath}`, error);
    } finally {
      await file.close();
    }
  }

  async #write(
    file: FileHandle,
    sidecar: Sidecar,
    got: { bytes: number },
    download: ImageDownload,
    hashes: Hashes,
  ): Promise<void> {
    for await (const chunk of download.body) {
      if (this.#request.signal?.aborted) throw this.#cancelled(this.#request.signal.reason);
      if (got.bytes + chunk.byteLength > sidecar.sizeBytes)
        throw this.#wrongLength(`more than ${sidecar.sizeBytes}`, sidecar);
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, got.bytes + done);
        done += bytesWritten;
      }
      hashes.update(chunk);
      got.bytes += chunk.byteLength;
      this.#request.onProgress?.({ state: 'downloading', gotBytes: got.bytes, sizeBytes: sidecar.sizeBytes });
    }
    if (got.bytes !== sidecar.sizeBytes) throw this.#wrongLength(String(got.bytes), sidecar);
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
  async #finish(sidecar: Sidecar, resumedAtByte: number, hashes: Hashes): Promise<DownloadResult> {
    const { verified, wrong, sha256 } = hashes.finish();
    if (wrong) {
      await rm(this.#partPath, { force: true });
      await rm(this.#sidecarPath, { force: true });
      throw new IntegrityError({
        operation: this.#operation,
        cloud: cloudLabel(this.#cloud),
        object: this.#request.path,
        reason: `the ${wrong.algorithm} of what came is ${wrong.got}, and the service vouches for ${wrong.value}`,
        hint: 'What came was removed. Download it again; if that fails too, the image is damaged in the cloud.',
      });
    }
    try {
      // Unlike a rename, a link never takes the place of a file that has come meanwhile.
      await link(this.#partPath, this.#request.path).catch(async (error: unknown) => {
        if (codeOf(error) === 'EEXIST') throw error;
        await rename(this.#partPath, this.#request.path);
      });
      await rm(this.#partPath, { force: true });
      await rm(this.#sidecarPath, { force: true });
    } catch (error) {
      throw this.#localError(`write ${this.#request.path}`, error);
    }
    return {
      path: this.#request.path,
      sizeBytes: sidecar.sizeBytes,
      sha256,
      resumedAtByte,
      ...(verified ? { verified } : {}),
    };
  }

  async #openPart(flags: 'r' | 'r+'): Promise<FileHandle> {
    return open(this.#partPath, flags).catch((error: unknown) => {
      throw this.#localError(`open ${this.#partPath}`, error);
    });
  }

  async #sizeOf(file: string): Promise<number | undefined> {
    return stat(file).then(
      ({ size }) => size,
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw this.#localError(`look at ${file}`, error);
      },
    );
  }

  #wrongLength(came: string, sidecar: Sidecar): ProtocolError {
    return new ProtocolError({
      operation: this.#operation,
      cloud: cloudLabel(this.#cloud),
      reason: `${came} bytes came, and ${sidecar.sizeBytes} were expected`,
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

  #localError(operation: string, cause: unknown): LocalFileError {
    return new LocalFileError({
      operation,
      object: this.#request.path,
      reason: codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause)),
      hint:
        codeOf(cause) === 'ENOSPC'
          ? 'The disk is full: make room, and run the same command again; it goes on where it stopped.'
          : 'Check the path and its permissions.',
      cause,
    });
  }
}

interface Opened {
  startByte: number;
  download: ImageDownload;
}

/** Hashes that services tell, the strongest first. */
const ALGORITHMS = ['sha512', 'sha256', 'md5'] as const;

interface Hashes {
  update(bytes: Uint8Array): void;
  finish(): {
    sha256: string;
    verified?: { algorithm: string; value: string };
    wrong?: { algorithm: string; value: string; got: string };
  };
}

function newHashes(checksums: Readonly<Record<string, string>>): Hashes {
  const algorithm = ALGORITHMS.find((name) => checksums[name] !== undefined);
  const running: Record<string, Hash> = { sha256: createHash('sha256') };
  if (algorithm) running[algorithm] ??= createHash(algorithm);
  return {
    update(bytes) {
      for (const hash of Object.values(running)) hash.update(bytes);
    },
    finish() {
      const got = Object.fromEntries(
        Object.entries(running).map(([name, hash]) => [name, hash.digest('hex')]),
      );
      const sha256 = got.sha256 ?? '';
      if (!algorithm) return { sha256 };
      const value = (checksums[algorithm] ?? '').toLowerCase();
      const digest = got[algorithm] ?? '';
      return digest === value
        ? { sha256, verified: { algorithm, value } }
        : { sha256, wrong: { algorithm, value, got: digest } };
    },
  };
}

const sameContent = (sidecar: Sidecar, download: ImageDownload): boolean =>
  sidecar.sizeBytes === download.sizeBytes &&
  Object.entries(download.checksums).every(([name, value]) => (sidecar.checksums[name] ?? value) === value);

/** Lets the connection of a stream go that nobody has begun to read. */
async function dropBody({ body }: ImageDownload): Promise<void> {
  try {
    for await (const _ of body) break;
  } catch {
    // It is broken already.
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
