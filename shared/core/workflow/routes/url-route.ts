// By way of a bucket of the user's own: parts into any S3-compatible store, then the cloud fetches the object by itself.
import { InvalidInputError, type MultipartTarget, UnsupportedError } from '../../model/index.ts';
import { ORIGIN_TAG, originOf } from '../origin.ts';
import { stagingKey } from '../staging-key.ts';
import { cloudLabel } from '../wait-for-job.ts';
import type { StagingBucket } from './choose-route.ts';
import { importUploaded } from './import-job.ts';
import { removeAbandoned } from './records.ts';
import { described, type Made, markerBeforeUpload, type RouteContext, sendParts } from './route.ts';

/** How long the cloud may take to fetch the object. A URL is made anew for each try. */
export const FETCH_URL_LIFETIME_MS = 24 * 3_600_000;

/** See `Route`. The object is deleted once the image is recorded; after a failure it stays, and the next run uses it. */
export async function urlRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, emit } = context;
  const call = { signal: request.signal };
  const operation = `publish ${request.path}`;
  const { staging } = request;
  if (staging === undefined) {
    throw new InvalidInputError({
      operation,
      cloud: cloudLabel(cloud),
      reason: 'the cloud is to fetch the file, but no bucket is named that it could fetch it from',
      hint: 'Name a staging bucket of an S3-compatible store.',
    });
  }
  const { store, bucket } = staging;
  if (!(await store.hasBucket(bucket, call))) {
    throw new InvalidInputError({
      operation,
      cloud: store.name,
      object: bucket,
      reason: `there is no bucket ${bucket}`,
      hint: 'Make it first, or name another one.',
    });
  }
  const target = await stagedForUrl(context, staging);
  const what = `import ${bucket}/${target.locator.key} as ${JSON.stringify(request.image.name)}`;
  return sendParts(context, target, async (inner, uploaded) => {
    emit({
      type: 'note',
      text: `${cloudLabel(cloud)} fetches the file from ${bucket} by itself; its URL is good for 24 hours.`,
    });
    const { signal } = inner.request;
    const made = await importUploaded(inner, uploaded, what, async (marker) => {
      const origin = await originOf(context.engine);
      // A record whose import was never started, because the process died in between.
      await removeAbandoned(inner, marker, origin);
      const url = target.presign?.(FETCH_URL_LIFETIME_MS).url.reveal();
      if (url === undefined)
        throw new UnsupportedError({ operation: what, reason: 'the store gives no URLs' });
      const record = described(inner, marker);
      const tags = { ...record.tags, [ORIGIN_TAG]: origin };
      return cloud.createFromUrl({ ...record, tags, url }, { signal });
    });
    return { ...made, cleanUp: request.keepStaged === true ? undefined : () => target.remove({ signal }) };
  });
}

/** Where the content is staged. Asks nothing of the store. */
export async function stagedForUrl(
  context: RouteContext,
  { store, bucket, prefix }: StagingBucket,
): Promise<MultipartTarget> {
  const key = stagingKey(context.plan.diskFormat, await markerBeforeUpload(context));
  return store.target(bucket, `${prefix ?? ''}${key}`);
}
