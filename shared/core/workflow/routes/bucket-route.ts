// By way of the cloud's own object store: parts into a bucket, then an import of the object (Huawei Cloud).
import { stagingKey } from '../staging-key.ts';
import { importUploaded } from './import-job.ts';
import { described, type Made, markerBeforeUpload, type RouteContext, sendParts } from './route.ts';

/** See `Route`. The staged object is deleted once the image is recorded; after a failure it stays, and the next run uses it. */
export async function bucketRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, plan } = context;
  const call = { signal: request.signal };
  const key = stagingKey(plan.diskFormat, await markerBeforeUpload(context));
  const { bucket } = request;
  const target = await cloud.stage({ key, ...(bucket === undefined ? {} : { bucket }) }, call);
  const place = { bucket: target.locator.bucket, key };
  const what = `import ${place.bucket}/${key} as ${JSON.stringify(request.image.name)}`;
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
