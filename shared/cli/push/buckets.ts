// The files of a push that go to buckets of one's own.
import {
  fileSha256,
  ImageBridgeError,
  IntegrityError,
  openBucket,
  type PublishEvent,
  type PublishItem,
  publishToBucket,
  stateDir,
} from '@imagebridge/core';
import type { Closing, Plan, Task } from './plan.ts';
import type { Ended } from './report.ts';
import { bucketPlace, type PushOptions } from './request.ts';

/** Sends files to buckets, one after the other. */
export async function sendToBuckets(
  tasks: readonly Task[],
  request: Plan['request'],
  options: PushOptions,
  how: {
    signal: AbortSignal;
    onEvent: (told: { item: PublishItem; event: PublishEvent }) => void;
    onResult: (result: Ended) => void;
    closing: Closing;
  },
): Promise<void> {
  for (const { item, bucket } of tasks) {
    if (bucket === undefined) continue;
    try {
      const endpoint = options.endpointUrl ?? (item.cloud.slice('s3:'.length) || undefined);
      const store = openBucket({ ...bucketPlace(options), endpoint, region: item.region || undefined });
      how.closing.push(store);
      await requireChecksum(item.path, request.sha256, how.signal);
      const sent = await publishToBucket(
        {
          path: item.path,
          to: { store, bucket: bucket.bucket, key: bucket.key },
          partSizeBytes: request.partSizeBytes,
          parallelParts: request.parallelParts,
          limitBytesPerSecond: request.limitBytesPerSecond,
          onEvent: (event) => how.onEvent({ item, event: { type: 'upload', event } }),
          signal: how.signal,
        },
        { stateDir: stateDir(process.env) },
      );
      const { sha256, sizeBytes, partsTotal, partsSkipped, sentBytes, url } = sent;
      how.onResult({
        ...item,
        status: 'published',
        sha256,
        sizeBytes,
        partsTotal,
        partsSkipped,
        sentBytes,
        url,
      });
    } catch (error) {
      if (!(error instanceof ImageBridgeError)) throw error;
      if (error.kind === 'cancelled' && how.signal.aborted) how.onResult({ ...item, status: 'paused' });
      else how.onResult({ ...item, status: 'failed', error });
    }
  }
}

async function requireChecksum(file: string, wanted: string | undefined, signal: AbortSignal): Promise<void> {
  if (wanted === undefined) return;
  const found = await fileSha256(file, { stateDir: stateDir(process.env), signal });
  if (found === wanted) return;
  throw new IntegrityError({
    operation: `upload ${file}`,
    object: file,
    reason: `the file has SHA-256 ${found}, but ${wanted} was asked for`,
    hint: 'Get the right file, or correct the checksum. Nothing was sent.',
  });
}
