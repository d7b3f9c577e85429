// The places that an image is exported to, each with the same four abilities: make, find, claim, remove.
import { rm, stat } from 'node:fs/promises';
import type { BucketStore, ExportRequest, ImageCloud } from '@imagebridge/core';
import type { Logger, PlannedModel, StubModel } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { known } from '../known.ts';
import type { exportSchema } from './schema.ts';

/** What is known of an exported file. */
export interface Exported {
  readonly size_bytes: number;
  readonly etag: string | null;
  readonly sha256: string | null;
}

/** How an export runs. */
export interface Run {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** A place of the user's. */
export interface ExportPlace {
  readonly id: string;
  /** Writes the image, or goes on with what an earlier run began. */
  make(run: Run): Promise<Exported>;
  /** What is there now; undefined when nothing is. */
  find(signal: AbortSignal): Promise<Exported | undefined>;
  /** Notes that the export is in a saved state: no later run takes it for an unfinished one. */
  claim(signal: AbortSignal): Promise<void>;
  remove(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

type Declared = PlannedModel<typeof exportSchema> | StubModel<typeof exportSchema>;

/** The place that a declaration means; undefined when it names none. */
export async function placeOfExport(
  provider: Connections,
  cloud: ImageCloud,
  declared: Declared,
  imageId: string,
): Promise<ExportPlace | undefined> {
  const { object, s3, file } = declared;
  if (object !== null) {
    const { bucket, key } = object;
    const diskFormat = known(declared.disk_format);
    return objectPlace(cloud, { imageId, bucket, key, diskFormat, quick: declared.quick ?? undefined });
  }
  if (s3 !== null) {
    const { openBucket } = await core();
    const { bucket, key, endpoint, region, path_style: pathStyle } = s3;
    const options = {
      endpoint: endpoint ?? undefined,
      region: region ?? undefined,
      pathStyle: pathStyle ?? undefined,
    };
    const store = openBucket(options, provider.environment);
    return storePlace(provider, cloud, store, { imageId, bucket, key });
  }
  return file === null ? undefined : filePlace(provider, cloud, imageId, file);
}

const ofObject = (object: { sizeBytes: number; etag: string }): Exported => ({
  size_bytes: object.sizeBytes,
  etag: object.etag,
  sha256: null,
});

function objectPlace(cloud: ImageCloud, request: ExportRequest): ExportPlace {
  const { bucket, key } = request;
  return {
    id: `${bucket}/${key}`,
    async make({ signal, timeoutMs, log }) {
      const { exportImage } = await core();
      const { object, adopted } = await exportImage(cloud, request, {
        signal,
        timeoutMs,
        onJob: (job) => log.info('exporting', { job: job.id, status: job.status, progress: job.progress }),
      });
      log.info('the export is ready', { bucket, key, adopted });
      return ofObject(object);
    },
    async find(signal) {
      const { findExport } = await core();
      const found = await findExport(cloud, bucket, key, { signal });
      return found && ofObject(found);
    },
    claim: async (signal) => (await core()).claimExport(cloud, request, { signal }),
    remove: async (signal) => (await core()).removeExport(cloud, bucket, key, { signal }),
    close: async () => {},
  };
}

function storePlace(
  provider: Connections,
  cloud: ImageCloud,
  store: BucketStore,
  request: { imageId: string; bucket: string; key: string },
): ExportPlace {
  const { bucket, key } = request;
  const target = store.target(bucket, key);
  return {
    id: `s3://${bucket}/${key}`,
    async make({ signal, timeoutMs, log }) {
      const { exportToStore } = await core();
      const { object, adopted } = await exportToStore(
        cloud,
        store,
        { ...request, signal, importTimeoutMs: timeoutMs, onNote: (note) => log.info(note) },
        await provider.engine(),
      );
      log.info('the export is ready', { bucket, key, adopted });
      return ofObject(object);
    },
    async find(signal) {
      const found = await target.head({ signal });
      return found && ofObject(found);
    },
    claim: async (signal) => (await core()).claimStoreExport(cloud, store, request, { signal }),
    remove: (signal) => target.remove({ signal }),
    close: () => store.close(),
  };
}

function filePlace(provider: Connections, cloud: ImageCloud, imageId: string, file: string): ExportPlace {
  const hash = async (signal: AbortSignal) =>
    (await core()).fileSha256(file, { ...(await provider.engine()), signal });
  return {
    id: file,
    async make({ signal, log }) {
      const { exportToFile } = await core();
      const request = { imageId, path: file, signal, onNote: (note: string) => log.info(note) };
      const { sizeBytes, sha256, adopted } = await exportToFile(cloud, request, await provider.engine());
      log.info('the export is ready', { file, adopted });
      return { size_bytes: sizeBytes, etag: null, sha256 };
    },
    async find(signal) {
      const there = await stat(file).catch(() => undefined);
      if (there === undefined || !there.isFile() || there.size === 0) return undefined;
      return { size_bytes: there.size, etag: null, sha256: await hash(signal) };
    },
    claim: async () => {},
    remove: () => rm(file, { force: true }),
    close: async () => {},
  };
}
