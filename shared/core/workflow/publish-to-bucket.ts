// A file into a bucket of any S3-compatible store, by the same engine: for staging, or for others to fetch.
import { InvalidInputError, type MultipartTarget } from '../model/index.ts';
import {
  type EngineOptions,
  startUpload,
  type Upload,
  type UploadEvent,
  type UploadResult,
} from '../transfer/index.ts';
import { localFile, type PublishSource } from './publish-source.ts';
import type { StagingBucket } from './routes/choose-route.ts';

/** What to send, and where. */
export interface BucketUploadRequest {
  /** Path of the file. */
  path: string;
  /** Where the bytes come from instead of the file of that path. */
  source?: PublishSource | undefined;
  to: Pick<StagingBucket, 'store' | 'bucket'> & { key: string };
  partSizeBytes?: number | undefined;
  parallelParts?: number | undefined;
  limitBytesPerSecond?: number | undefined;
  onEvent?: ((event: UploadEvent) => void) | undefined;
  onUpload?: ((upload: Upload) => void) | undefined;
  /** Aborting it pauses safely: the next run goes on. */
  signal?: AbortSignal | undefined;
}

/**
 * Sends a file to an object, or goes on with it. An object that is there already is replaced when the upload is complete.
 * @throws InvalidInputError when there is no such bucket; others of the engine
 */
export async function publishToBucket(
  request: BucketUploadRequest,
  options: EngineOptions,
): Promise<UploadResult & { url: string }> {
  const { store, bucket, key } = request.to;
  const { signal, partSizeBytes, parallelParts, limitBytesPerSecond, onEvent } = request;
  if (!(await store.hasBucket(bucket, { signal }))) {
    throw new InvalidInputError({
      operation: `upload ${request.path} to ${bucket}/${key}`,
      cloud: store.name,
      object: bucket,
      reason: `there is no bucket ${bucket}`,
      hint: 'Make it first, or name another one.',
    });
  }
  const target: MultipartTarget = store.target(bucket, key);
  const source = request.source ?? localFile(request.path);
  const from = source.open === undefined ? { path: source.path } : { source: await source.open({ signal }) };
  const running = await startUpload(
    { ...from, target, partSizeBytes, parallelParts, limitBytesPerSecond, onEvent, signal },
    options,
  );
  request.onUpload?.(running);
  return { ...(await running.done), url: `s3://${bucket}/${key}` };
}
