// The service's own work after an upload: started, found again after an interruption, waited for, judged.
import { type Image, ImageBridgeError, type JobRef, NotFoundError } from '../../model/index.ts';
import { listUploads, setFact, type UploadResult } from '../../transfer/index.ts';
import { claimInProcess, MARKER_TAG, releaseInProcess } from '../marker.ts';
import { cloudLabel, waitForImage, waitForJob } from '../wait-for-job.ts';
import { adoptMadeImage, MadeElsewhereError, PUBLISH_FACT, type RouteContext, waitOptions } from './route.ts';

/**
 * Makes an image of what is uploaded, or goes on with the job that an earlier run started for it, and waits for it.
 * @param what the work, as a phrase that follows "Could not"
 * @param start starts the job
 */
export async function importUploaded(
  context: RouteContext,
  uploaded: UploadResult,
  what: string,
  start: (marker: string) => Promise<JobRef>,
): Promise<{ image: Image; adopted: boolean }> {
  const { cloud, engine, marker, emit } = context;
  const facts = (await listUploads(engine)).find((u) => u.uploadId === uploaded.uploadId)?.facts ?? {};
  const earlierJob = facts[PUBLISH_FACT.job];
  if (earlierJob === undefined) {
    const adopted = await adoptMadeImage(context, uploaded.sha256);
    // It was not there when this run began to send, and this machine never asked for it: somebody else is at work, too.
    const isForeign =
      context.sha256 !== undefined && uploaded.sentBytes > 0 && facts[PUBLISH_FACT.asked] === undefined;
    if (adopted && isForeign) {
      releaseInProcess(cloud, adopted.id);
      throw new MadeElsewhereError(cloud, context.request, adopted);
    }
    if (adopted) return { image: adopted, adopted: true };
  }
  let ref: JobRef;
  let imageId: string;
  try {
    if (earlierJob === undefined) await setFact(uploaded.uploadId, PUBLISH_FACT.asked, 'yes', engine);
    ref = earlierJob === undefined ? await start(marker(uploaded.sha256)) : { id: earlierJob };
    await setFact(uploaded.uploadId, PUBLISH_FACT.job, ref.id, engine);
    imageId = await finishJob(context, uploaded.uploadId, ref, what);
  } catch (error) {
    // The answer may be lost although the work was taken on: look for the marker before giving up.
    if (error instanceof ImageBridgeError && ['unavailable', 'protocol'].includes(error.kind)) {
      const adopted = await adoptMadeImage(context, uploaded.sha256);
      if (adopted) return { image: adopted, adopted: true };
    }
    throw (await madeElsewhere(context, uploaded, error)) ?? error;
  }
  claimInProcess(cloud, imageId);
  emit({ type: 'image-id', imageId, adopted: false });
  return { image: await waitForImage(cloud, imageId, waitOptions(context)), adopted: false };
}

/** What is true of a refusal when another machine has published the same meanwhile: the name is taken, by its image. */
async function madeElsewhere(
  { cloud, request, marker }: RouteContext,
  uploaded: UploadResult,
  error: unknown,
): Promise<MadeElsewhereError | undefined> {
  const mayBe = ['invalid-input', 'not-found', 'job-failed', 'conflict', 'unavailable', 'protocol'];
  if (!(error instanceof ImageBridgeError) || !mayBe.includes(error.kind)) return undefined;
  const filter = { scope: 'own', name: request.image.name } as const;
  for await (const image of cloud.listImages(filter, { signal: request.signal })) {
    const same = image.tags[MARKER_TAG] === marker(uploaded.sha256) && image.status === 'active';
    if (image.name === request.image.name && same) return new MadeElsewhereError(cloud, request, image);
  }
  return undefined;
}

/**
 * Waits until the service has made an image of a record that has all its bytes.
 */
export async function finishRecord(
  context: RouteContext,
  uploaded: UploadResult,
  recordId: string,
): Promise<{ image: Image }> {
  const { cloud, request, engine, emit } = context;
  const ref = { id: `image:${recordId}` };
  await setFact(uploaded.uploadId, PUBLISH_FACT.job, ref.id, engine);
  const imageId = await finishJob(
    context,
    uploaded.uploadId,
    ref,
    `make image ${recordId} of ${request.path}`,
  );
  claimInProcess(cloud, imageId);
  emit({ type: 'image-id', imageId, adopted: false });
  return { image: await waitForImage(cloud, imageId, waitOptions(context)) };
}

/** Waits for a job and gives the image it made. A failed or forgotten job is not waited for again by the next run. */
export async function finishJob(
  context: RouteContext,
  uploadId: string,
  ref: JobRef,
  what: string,
): Promise<string> {
  const { cloud, engine, emit } = context;
  const job = await waitForJob(cloud, ref, what, {
    ...waitOptions(context),
    onJob: (state) => {
      emit({ type: 'import', job: state });
      context.report?.({ text: `importing, job ${state.id}`, fraction: state.progress });
    },
  }).catch(async (error: unknown) => {
    if (error instanceof ImageBridgeError && ['job-failed', 'not-found'].includes(error.kind))
      await setFact(uploadId, PUBLISH_FACT.job, undefined, engine);
    throw error;
  });
  const imageId = job.imageIds[0];
  if (imageId !== undefined) return imageId;
  throw new NotFoundError({
    operation: what,
    cloud: cloudLabel(cloud),
    object: `job ${ref.id}`,
    reason: 'the job succeeded but names no image',
    hint: 'Look for the image by its name.',
  });
}
