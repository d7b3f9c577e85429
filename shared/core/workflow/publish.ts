// Publishing: a local file becomes an image. Inspect, upload in parts to the staging place, import, verify, record.
// Composes inspect and transfer over the port; every step can be interrupted and is gone on with by the next run.
import type { Inspection } from '../inspect/index.ts';
import {
  type Clock,
  ConflictError,
  type DiskFormat,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  IntegrityError,
  type Job,
  type JobRef,
  type MultipartTarget,
  NotFoundError,
} from '../model/index.ts';
import {
  discardUpload,
  type EngineOptions,
  identifyFile,
  type JournalSummary,
  listUploads,
  setFact,
  startUpload,
  type Upload,
  type UploadEvent,
  type UploadResult,
} from '../transfer/index.ts';
import {
  adoptMarked,
  claimInProcess,
  isClaimed,
  MARKER_TAG,
  markerOf,
  releaseInProcess,
  SHA256_PROPERTY,
} from './marker.ts';
import { type Preflight, preflight } from './preflight.ts';
import { contentFingerprint, stagingKey } from './staging-key.ts';
import { cloudLabel, waitForImage, waitForJob } from './wait-for-job.ts';

/** What to publish, and how. */
export interface PublishRequest {
  /** Path of the file. */
  path: string;
  image: ImageDescription;
  /** Format of the file's content. Default: what inspection finds. */
  diskFormat?: DiskFormat | undefined;
  /** SHA-256 the file must have, in hex; refused before the import when it differs. */
  sha256?: string | undefined;
  /** Staging bucket. Default: the profile's. */
  bucket?: string | undefined;
  /** Keep the staged object after success. Default false. */
  keepStaged?: boolean | undefined;
  /** Give up on the import after this long, in ms. Default 60 minutes. The upload itself has no limit. */
  importTimeoutMs?: number | undefined;
  partSizeBytes?: number | undefined;
  parallelParts?: number | undefined;
  limitBytesPerSecond?: number | undefined;
  /** Called for everything that happens, in order. Must not throw. */
  onEvent?: ((event: PublishEvent) => void) | undefined;
  /** Called with the running upload, so that the caller can pause, resume or abort it. */
  onUpload?: ((upload: Upload) => void) | undefined;
  /** Aborting it pauses safely: the next run goes on. */
  signal?: AbortSignal | undefined;
}

/** What happens while publishing. */
export type PublishEvent =
  | { type: 'inspected'; inspection: Inspection }
  | { type: 'upload'; event: UploadEvent }
  | { type: 'uploaded'; result: UploadResult }
  | { type: 'import'; job: Job }
  | { type: 'image-id'; imageId: string; adopted: boolean }
  | { type: 'note'; text: string };

/** What publishing made. */
export interface PublishResult {
  image: Image;
  /** SHA-256 of the file, in hex. */
  sha256: string;
  sizeBytes: number;
  partsTotal: number;
  /** Parts that an earlier run had sent already. */
  partsSkipped: number;
  sentBytes: number;
  /** True when an earlier, interrupted run had made the image already. */
  adopted: boolean;
}

/** Facts that publishing keeps in the upload's journal. */
export const PUBLISH_FACT = {
  request: 'request',
  job: 'import-job',
  image: 'image-id',
} as const;

/** True when the upload has become an image. */
export const isPublished = (upload: Pick<JournalSummary, 'facts'>): boolean =>
  upload.facts[PUBLISH_FACT.image] !== undefined;

/**
 * Publishes a file as an image, or goes on with what an interrupted run of the same file, name and cloud had begun.
 * @throws RefusedError before anything is sent, when the cloud would refuse the file; CancelledError when the signal
 *   aborts (the upload is paused safely); JobFailedError with the service's reason; others of the port and the engine
 */
export async function publishImage(
  cloud: ImageCloud,
  request: PublishRequest,
  options: EngineOptions,
): Promise<PublishResult> {
  const call = { signal: request.signal };
  const plan = await preflight(cloud, request.path, request.image, request.diskFormat, call);
  request.onEvent?.({ type: 'inspected', inspection: plan.inspection });
  request.onEvent?.({ type: 'note', text: plan.choice.reason });
  const projectId = await cloud.projectId(call);
  const marker = (content: string) =>
    markerOf({ region: cloud.region, projectId, name: request.image.name, content });

  if (request.sha256 !== undefined) {
    const adopted = await adopt(cloud, marker(request.sha256), request, options.clock);
    if (adopted) return { ...adopted, sha256: request.sha256, sizeBytes: plan.inspection.fileSizeBytes };
  }
  await refuseTakenName(cloud, request);

  const key = stagingKey(plan.diskFormat, marker(await contentFingerprint(plan.inspection, request.sha256)));
  const target = await cloud.stage(
    { key, ...(request.bucket === undefined ? {} : { bucket: request.bucket }) },
    call,
  );
  const uploaded =
    (await earlierUpload(plan.inspection, target, options)) ?? (await upload(request, target, options));
  if (request.sha256 !== undefined && uploaded.sha256 !== request.sha256) {
    await target.remove(call);
    await discardUpload(uploaded.uploadId, options);
    throw new IntegrityError({
      operation: `publish ${plan.inspection.path}`,
      object: plan.inspection.path,
      reason: `the file has SHA-256 ${uploaded.sha256}, but ${request.sha256} was asked for`,
      hint: 'Get the right file, or correct the checksum. The staged object was removed; no image was made.',
    });
  }
  request.onEvent?.({ type: 'uploaded', result: uploaded });

  const { image, adopted } = await importUploaded(
    cloud,
    request,
    plan,
    uploaded,
    target,
    marker(uploaded.sha256),
    options,
  );
  const described = await recordContentHash(cloud, image, uploaded.sha256, request);
  await setFact(uploaded.uploadId, PUBLISH_FACT.image, image.id, options);
  if (request.keepStaged !== true) await target.remove(call);
  return { image: described, adopted, ...pick(uploaded) };
}

const pick = ({ sha256, sizeBytes, partsTotal, partsSkipped, sentBytes }: UploadResult) => ({
  sha256,
  sizeBytes,
  partsTotal,
  partsSkipped,
  sentBytes,
});

async function adopt(cloud: ImageCloud, marker: string, request: PublishRequest, clock: Clock | undefined) {
  const found = await adoptMarked(cloud, marker, { signal: request.signal });
  if (!found) return undefined;
  request.onEvent?.({ type: 'image-id', imageId: found.id, adopted: true });
  try {
    const image = await waitForImage(cloud, found.id, {
      signal: request.signal,
      clock,
      timeoutMs: request.importTimeoutMs,
    });
    return { image, adopted: true, partsTotal: 0, partsSkipped: 0, sentBytes: 0 };
  } catch (error) {
    releaseInProcess(cloud, found.id);
    throw error;
  }
}

/** Equal names are refused by some services only after the whole upload; so they are looked for first. */
async function refuseTakenName(cloud: ImageCloud, request: PublishRequest): Promise<void> {
  const { name } = request.image;
  for await (const image of cloud.listImages({ scope: 'own', name }, { signal: request.signal })) {
    if (image.name !== name || image.status === 'deleted') continue;
    const mayBeOurs = image.tags[MARKER_TAG] !== undefined && !isClaimed(image);
    if (mayBeOurs) continue;
    throw new ConflictError({
      operation: `publish ${request.path} as ${JSON.stringify(name)}`,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason: `image ${image.id} has that name already`,
      hint: 'Choose another name, or delete that image first.',
    });
  }
}

/** An upload that ended in an earlier run whose import did not: its object is still staged. */
async function earlierUpload(
  inspection: Inspection,
  target: MultipartTarget,
  options: EngineOptions,
): Promise<UploadResult | undefined> {
  const file = await identifyFile(inspection.path);
  const journal = (await listUploads(options)).find(
    (upload) =>
      upload.state === 'uploaded' &&
      !isPublished(upload) &&
      upload.file.path === inspection.path &&
      upload.file.sizeBytes === file.sizeBytes &&
      upload.file.mtimeMs === file.mtimeMs &&
      isSamePlace(upload, target),
  );
  const sha256 = journal?.sha256;
  if (journal === undefined || sha256 === undefined) return undefined;
  const object = await target.head();
  if (object?.sizeBytes !== inspection.fileSizeBytes) return undefined;
  return {
    uploadId: journal.uploadId,
    target: target.locator,
    sizeBytes: inspection.fileSizeBytes,
    sha256,
    partsTotal: journal.partsTotal,
    partsSkipped: journal.partsTotal,
    sentBytes: 0,
  };
}

const isSamePlace = (journal: JournalSummary, target: MultipartTarget) =>
  (['cloud', 'region', 'bucket', 'key'] as const).every(
    (field) => journal.target[field] === target.locator[field],
  );

async function upload(
  request: PublishRequest,
  target: MultipartTarget,
  options: EngineOptions,
): Promise<UploadResult> {
  const running = await startUpload(
    {
      path: request.path,
      target,
      partSizeBytes: request.partSizeBytes,
      parallelParts: request.parallelParts,
      limitBytesPerSecond: request.limitBytesPerSecond,
      signal: request.signal,
      onEvent: (event) => request.onEvent?.({ type: 'upload', event }),
    },
    options,
  );
  request.onUpload?.(running);
  const { image, diskFormat, sha256, bucket, keepStaged } = request;
  const stored = JSON.stringify({ image, diskFormat, sha256, bucket, keepStaged });
  await running.setFact(PUBLISH_FACT.request, stored);
  return running.done;
}

async function importUploaded(
  cloud: ImageCloud,
  request: PublishRequest,
  plan: Preflight,
  uploaded: UploadResult,
  target: MultipartTarget,
  marker: string,
  options: EngineOptions,
): Promise<{ image: Image; adopted: boolean }> {
  const earlierJob = (await listUploads(options)).find((u) => u.uploadId === uploaded.uploadId)?.facts[
    PUBLISH_FACT.job
  ];
  if (earlierJob === undefined) {
    const adopted = await adopt(cloud, marker, request, options.clock);
    if (adopted) return adopted;
  }
  const what = `import ${target.locator.bucket}/${target.locator.key} as ${JSON.stringify(request.image.name)}`;
  let ref: JobRef;
  try {
    ref = earlierJob === undefined ? await create(cloud, request, plan, target, marker) : { id: earlierJob };
  } catch (error) {
    // The answer may be lost although the work was taken on: look for the marker before giving up.
    if (!(error instanceof ImageBridgeError) || !['unavailable', 'protocol'].includes(error.kind))
      throw error;
    const adopted = await adopt(cloud, marker, request, options.clock);
    if (adopted) return adopted;
    throw error;
  }
  await setFact(uploaded.uploadId, PUBLISH_FACT.job, ref.id, options);
  const wait = { signal: request.signal, clock: options.clock, timeoutMs: request.importTimeoutMs };
  const job = await waitForJob(cloud, ref, what, {
    ...wait,
    onJob: (state) => request.onEvent?.({ type: 'import', job: state }),
  }).catch(async (error: unknown) => {
    // A failed or forgotten job must not be waited for again by the next run.
    if (error instanceof ImageBridgeError && ['job-failed', 'not-found'].includes(error.kind))
      await setFact(uploaded.uploadId, PUBLISH_FACT.job, undefined, options);
    throw error;
  });
  const imageId = job.imageIds[0];
  if (imageId === undefined)
    throw new NotFoundError({
      operation: what,
      cloud: cloudLabel(cloud),
      object: `job ${ref.id}`,
      reason: 'the job succeeded but names no image',
      hint: 'Look for the image by its name.',
    });
  claimInProcess(cloud, imageId);
  request.onEvent?.({ type: 'image-id', imageId, adopted: false });
  return { image: await waitForImage(cloud, imageId, wait), adopted: false };
}

const create = (
  cloud: ImageCloud,
  request: PublishRequest,
  plan: Preflight,
  target: MultipartTarget,
  marker: string,
): Promise<JobRef> =>
  cloud.createFromObject(
    {
      ...request.image,
      tags: { ...request.image.tags, [MARKER_TAG]: marker },
      minDiskGiB: plan.minDiskGiB,
      diskFormat: plan.diskFormat,
      sizeBytes: plan.inspection.fileSizeBytes,
      method: plan.choice.method,
      bucket: target.locator.bucket,
      key: target.locator.key,
    },
    { signal: request.signal },
  );

/** The hash lets later runs, and people, recognise the content. A service that refuses the property loses only that. */
async function recordContentHash(
  cloud: ImageCloud,
  image: Image,
  sha256: string,
  request: PublishRequest,
): Promise<Image> {
  if (image.properties[SHA256_PROPERTY] === sha256) return image;
  try {
    return await cloud.updateImage(
      image.id,
      { properties: { [SHA256_PROPERTY]: sha256 } },
      { signal: request.signal },
    );
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
    request.onEvent?.({
      type: 'note',
      text: `The image is ready, but its SHA-256 could not be recorded: ${error.message}`,
    });
    return image;
  }
}
