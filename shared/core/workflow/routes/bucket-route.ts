// By way of the cloud's own object store: parts into a bucket, then an import of the object (Huawei Cloud).
import type { MultipartTarget } from '../../model/index.ts';
import { stagingKey } from '../staging-key.ts';
import { importUploaded } from './import-job.ts';
import { described, type Made, markerBeforeUpload, type RouteContext, sendParts } from './route.ts';

/** See `Route`. The staged object is deleted once the image is recorded; after a failure it stays, and the next run uses it. */
export async function bucketRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, plan } = context;
  const target = await stagedInBucket(context, true);
  const { bucket, key } = target.locator;
  const place = { bucket, key };
  const what = `import ${bucket}/${key} as ${JSON.stringify(request.image.name)}`;
  return sendParts(context, target, async (inner, uploaded) => {
    const { signal } = inner.request;
    const made = await importUploaded(inner, uploaded, what, (marker) =>
      cloud.createFromObject(
        { ...described(inner, marker), ...place, method: plan.choice.method },
        { signal },
      ),
    );
    return { ...made, cleanUp: request.keepStaged === true ? undefined : () => target.remove({ signal }) };
  });
}

/**
 * Where the content is staged.
 * @param makeBucket make the bucket when it does not exist
 * @throws NotFoundError when there is no bucket, and it is not to be made
 */
export async function stagedInBucket(context: RouteContext, makeBucket: boolean): Promise<MultipartTarget> {
  const { cloud, request, plan } = context;
  const key = stagingKey(plan.diskFormat, await markerBeforeUpload(context));
  const { bucket, signal } = request;
  return cloud.stage({ key, makeBucket, ...(bucket === undefined ? {} : { bucket }) }, { signal });
}
