// The staging place of one file in the object store: implements the port of the upload engine.
import {
  type CallOptions,
  type DownloadUrl,
  type MultipartTarget,
  NotFoundError,
  type PartLimits,
  type PartUpload,
  type RemoteObject,
  type RemotePart,
  Secret,
  type TargetLocator,
  type UnfinishedUpload,
  UnsupportedError,
} from '../../model/index.ts';
import * as api from './api.ts';
import type { ObsTransport } from './transport.ts';

const KB = 1024;
const GIB = 1024 ** 3;

/** Limits of the object store's multipart upload. */
export const OBS_LIMITS: PartLimits = {
  minPartSizeBytes: 100 * KB,
  maxPartSizeBytes: 5 * GIB,
  maxParts: 10_000,
  // 10,000 parts of 5 GiB, which the service's documents call 48.8 TB.
  maxObjectSizeBytes: 10_000 * 5 * GIB,
};

/** Limits of S3's multipart upload. */
export const S3_LIMITS: PartLimits = {
  minPartSizeBytes: 5 * 1024 * KB,
  maxPartSizeBytes: 5 * GIB,
  maxParts: 10_000,
  maxObjectSizeBytes: 5 * 1024 * GIB,
};

/** A file's place in a bucket. */
export class ObsTarget implements MultipartTarget {
  readonly locator: TargetLocator;
  readonly limits: PartLimits;
  readonly etagIsMd5 = true;
  readonly #obs: ObsTransport;

  constructor(obs: ObsTransport, locator: TargetLocator, limits = OBS_LIMITS) {
    this.#obs = obs;
    this.locator = locator;
    this.limits = limits;
  }

  initiate(options?: CallOptions): Promise<string> {
    return api.initiateUpload(this.#obs, this.locator, options);
  }

  async findUploads(options?: CallOptions): Promise<string[]> {
    const { bucket, key } = this.locator;
    const found: UnfinishedUpload[] = [];
    for await (const upload of api.listUploads(this.#obs, bucket, key, options)) {
      // The prefix also matches longer keys, which come later.
      if (upload.key > key) break;
      if (upload.key === key) found.push(upload);
    }
    const startedMs = (upload: UnfinishedUpload) => upload.startedAt?.getTime() ?? 0;
    return found.sort((a, b) => startedMs(b) - startedMs(a)).map(({ uploadId }) => uploadId);
  }

  async uploadPart(part: PartUpload, options?: CallOptions): Promise<{ etag: string }> {
    return { etag: await api.uploadPart(this.#obs, this.locator, part, options) };
  }

  async *listParts(uploadId: string, options?: CallOptions): AsyncGenerator<RemotePart> {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: Awaited<ReturnType<typeof api.listPartsPage>> = await api.listPartsPage(
        this.#obs,
        this.locator,
        uploadId,
        after,
        options,
      );
      yield* page.parts;
      after = page.next;
    }
  }

  complete(uploadId: string, parts: readonly RemotePart[], options?: CallOptions): Promise<void> {
    return api.completeUpload(this.#obs, this.locator, uploadId, parts, options);
  }

  async abort(uploadId: string, options?: CallOptions): Promise<void> {
    await unlessGone(api.abortUpload(this.#obs, this.locator, uploadId, options));
  }

  async head(options?: CallOptions): Promise<RemoteObject | undefined> {
    return api.headObject(this.#obs, this.locator, options);
  }

  read(startByte: number, options?: CallOptions): AsyncIterable<Uint8Array> {
    return api.getObject(this.#obs, this.locator, startByte, options);
  }

  async remove(options?: CallOptions): Promise<void> {
    await unlessGone(api.deleteObject(this.#obs, this.locator, options));
  }

  presign(lifetimeMs: number): DownloadUrl {
    const { bucket, key } = this.locator;
    const url = this.#obs.presign(bucket, key, lifetimeMs);
    if (url === undefined)
      throw new UnsupportedError({
        operation: `make a URL for ${bucket}/${key}`,
        reason: 'the store signs none',
      });
    return { url: new Secret(url.href), expiresAt: new Date(Date.now() + lifetimeMs) };
  }
}

async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
