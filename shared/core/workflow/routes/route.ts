// What the routes have in common: what they are given, what they make, and the steps that several of them take.
import {
  ConflictError,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  IntegrityError,
  JobFailedError,
  type JobRef,
  type MultipartTarget,
  NotFoundError,
} from '../../model/index.ts';
import {
  discardUpload,
  type EngineOptions,
  type FollowUp,
  type FollowUpWork,
  identifyFile,
  type JournalSummary,
  listUploads,
  setFact,
  startUpload,
  type Upload,
  type UploadResult,
} from '../../transfer/index.ts';
import { contentHash } from '../content-hash.ts';
import { fileSha256 } from '../file-sha256.ts';
import {
  adoptMarked,
  claimInProcess,
  isClaimed,
  MARKER_TAG,
  releaseInProcess,
  SHA256_PROPERTY,
} from '../marker.ts';
import { ORIGIN_TAG } from '../origin.ts';
import type { Preflight } from '../preflight.ts';
import type { PublishEvent, PublishRequest } from '../publish.ts';
import type { PublishSource } from '../publish-source.ts';
import { cloudLabel, waitForImage, waitForJob } from '../wait-for-job.ts';

/** Facts that publishing keeps in the upload's journal. */
export const PUBLISH_FACT = {
  /** The request as JSON, so that any face can go on with it. Holds no secret. */
  request: 'request',
  job: 'import-job',
  image: 'image-id',
  /** The service's id of an upload in parts of its own. */
  partUpload: 'part-upload',
  /** The image that a stream filled. */
  record: 'record-id',
} as const;

/** What a route is given. */
export interface RouteContext {
  cloud: ImageCloud;
  request: PublishRequest;
  source: PublishSource;
  plan: Preflight;
  engine: EngineOptions;
  /** SHA-256 of the content in hex, where it is known beforehand. */
  sha256: string | undefined;
  /** Names this declaration with a content; see marker.ts. */
  marker(content: string): string;
  emit(event: PublishEvent): void;
  /** Shows how far the service's own work is, to whoever watches the upload. */
  report?: ((work: FollowUpWork) => void) | undefined;
}

/** What a route has made. */
export interface Made {
  image: Image;
  /** The upload; without `uploadId` when no journal of this machine knows it. */
  uploaded: Omit<UploadResult, 'uploadId' | 'target'> & { uploadId?: string | undefined };
  /** True when an earlier, interrupted run had made the image. */
  adopted: boolean;
  /** Removes what is no longer needed; called once the image is recorded. */
  cleanUp?: (() => Promise<void>) | undefined;
}

/** The error that says which image has the name. */
export const takenName = (
  cloud: ImageCloud,
  request: Pick<PublishRequest, 'path' | 'image'>,
  image: Image,
): ConflictError =>
  new ConflictError({
    operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
    cloud: cloudLabel(cloud),
    object: image.id,
    reason: `image ${image.id} has that name already`,
    hint: 'Choose another name, or delete that image first.',
  });

/** Brings the bytes to the cloud and makes the image. */
export type Route = (context: RouteContext) => Promise<Made>;

/** The marker of the content, or of its fingerprint while the SHA-256 is not known. */
export async function markerBeforeUpload({ source, sha256, marker, request }: RouteContext): Promise<string> {
  return marker(sha256 ?? (await source.fingerprint({ signal: request.signal })));
}

/** What the image is called and carries; the marker among its tags. */
export function described({ request, plan }: RouteContext, marker: string) {
  return {
    ...request.image,
    tags: { ...request.image.tags, [MARKER_TAG]: marker },
    minDiskGiB: plan.minDiskGiB,
    diskFormat: plan.diskFormat,
    sizeBytes: plan.inspection.fileSizeBytes,
  } satisfies ImageDescription & Record<string, unknown>;
}

/** Takes the image that an earlier, interrupted run made of a content, and waits until it is usable. */
export async function adoptMadeImage(context: RouteContext, content: string): Promise<Image | undefined> {
  const { cloud, request, plan, marker, emit } = context;
  // Where an image exists before its bytes, one that still waits for them is not made.
  const isMade = plan.choice.route === 'bucket' ? () => true : (image: Image) => !waitsForBytes(image);
  const found = await adoptMarked(cloud, marker(content), { signal: request.signal }, isMade);
  if (!found) return undefined;
  emit({ type: 'image-id', imageId: found.id, adopted: true });
  try {
    const image = await waitForImage(cloud, found.id, waitOptions(context));
    await refuseOtherBytes(context, image);
    return image;
  } catch (error) {
    releaseInProcess(cloud, found.id);
    throw error;
  }
}

/** True while an image is a record that waits for bytes from us (Glance: queued, saving; UCloudStack: uploading). */
export const waitsForBytes = (image: Image): boolean => /uploading|^queued$|^saving$/i.test(image.rawStatus);

/** Records of ours that wait for bytes, or that failed. */
export async function openRecords({ cloud, request }: RouteContext, marker: string): Promise<Image[]> {
  const filter = { scope: 'own', name: request.image.name } as const;
  const found: Image[] = [];
  for await (const image of cloud.listImages(filter, { signal: request.signal })) {
    const open = waitsForBytes(image) || image.status === 'failed';
    if (image.tags[MARKER_TAG] === marker && !isClaimed(image) && open) found.push(image);
  }
  return found;
}

/** A record of another machine is taken for abandoned after this long, in ms. */
const ABANDONED_MS = 3_600_000;

/**
 * Removes records of ours that nobody can go on with: what would be needed was lost with the process or the disk that
 * knew it.
 * @throws ConflictError when one of another machine is so young that it may still be at work
 */
export async function removeAbandoned(context: RouteContext, marker: string, origin: string): Promise<void> {
  const { cloud, request, engine, emit } = context;
  const nowMs = engine.clock?.now() ?? Date.now();
  const abandoned = await openRecords(context, marker);
  for (const image of abandoned) {
    const lastMs = (image.updatedAt ?? image.createdAt)?.getTime() ?? nowMs;
    const mayBeAtWork = image.status !== 'failed' && nowMs - lastMs < ABANDONED_MS;
    if (image.tags[ORIGIN_TAG] === origin || !mayBeAtWork) continue;
    throw new ConflictError({
      operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason: `another machine began to make image ${image.id} of the same file less than an hour ago`,
      hint: 'Wait for it, or delete that image.',
    });
  }
  for (const image of abandoned) {
    emit({ type: 'note', text: `Removing image ${image.id}: an earlier run began it and cannot go on.` });
    await cloud.deleteImage(image.id, { signal: request.signal });
  }
}

/**
 * Compares what the service vouches for with the content, where it does.
 * @throws IntegrityError when they differ
 */
async function refuseOtherBytes(context: RouteContext, image: Image): Promise<void> {
  const { source, sha256, cloud, request } = context;
  const name = (['sha256', 'sha512', 'md5'] as const).find((algorithm) => image.checksums?.[algorithm]);
  if (name === undefined) return;
  const ours = name === 'sha256' && sha256 !== undefined ? sha256 : await contentHash(source, name, request);
  if (ours === image.checksums?.[name]) return;
  throw new IntegrityError({
    operation: `go on with image ${image.id}`,
    cloud: cloudLabel(cloud),
    object: image.id,
    reason: `an earlier run made it of ${source.path}, but its ${name} is ${image.checksums?.[name]}, and that of the file ${ours}`,
    hint: 'Delete that image, and run the same command again.',
  });
}

const waitOptions = ({ request, engine }: RouteContext) => ({
  signal: request.signal,
  clock: engine.clock,
  timeoutMs: request.importTimeoutMs,
});

/** What every upload of the engine is started with. */
export function engineRequest({ request, emit }: RouteContext) {
  return {
    limitBytesPerSecond: request.limitBytesPerSecond,
    budget: request.budget,
    priority: request.priority,
    signal: request.signal,
    onEvent: (event: Extract<PublishEvent, { type: 'upload' }>['event']) => emit({ type: 'upload', event }),
  };
}

/** The source as the engine takes it. */
export async function engineSource({ source, request }: RouteContext) {
  return source.open === undefined
    ? { path: source.path }
    : { source: await source.open({ signal: request.signal }) };
}

/** The request as the journal keeps it, for a face that goes on without being told again. */
export function storedRequest({ cloud, request }: RouteContext): string {
  const { image, diskFormat, sha256, route, method, allowTakenName, bucket, keepStaged, staging } = request;
  const stored = staging && { place: staging.store.place, bucket: staging.bucket, prefix: staging.prefix };
  const what = { image, diskFormat, sha256, route, method, allowTakenName, bucket, keepStaged };
  return JSON.stringify({ cloud: cloud.name, region: cloud.region, ...what, staging: stored });
}

/** What a route does once the cloud has all bytes. Called again after an interruption. */
export type Rest = (context: RouteContext, uploaded: UploadResult) => Promise<Omit<Made, 'uploaded'>>;

/**
 * The rest of a publishing as a part of its upload: the upload is over, and gives up its lock, when the image is recorded.
 * @param start starts the upload with it
 * @param facts what the journal must know of it from the beginning
 */
export async function uploadThen(
  context: RouteContext,
  start: (followUp: FollowUp) => Promise<Upload>,
  rest: Rest,
  facts: Readonly<Record<string, string>> = {},
): Promise<Made> {
  const { request, engine, cloud, emit } = context;
  let made: Made | undefined;
  const running = await start({
    async run(uploaded, { signal, report }) {
      if (request.sha256 !== undefined && uploaded.sha256 !== request.sha256)
        throw otherContent(context, uploaded.sha256, 'What was sent is removed; no image was made.');
      emit({ type: 'uploaded', result: uploaded });
      const inner = { ...context, report, request: { ...request, signal } };
      const { image, adopted, cleanUp } = await rest(inner, uploaded);
      const recorded = await recordContentHash(inner, image, uploaded.sha256);
      await setFact(uploaded.uploadId, PUBLISH_FACT.image, image.id, engine);
      await cleanUp?.();
      made = { image: recorded, adopted, uploaded };
    },
    async abandon(facts, note) {
      const job = facts[PUBLISH_FACT.job];
      const [, imageId] = /^image:(.+)$/.exec(job ?? '') ?? [];
      try {
        if (imageId !== undefined) await cloud.deleteImage(imageId);
        else if (job !== undefined)
          note(`${cloudLabel(cloud)} goes on with job ${job}: it cannot be stopped.`);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        note(`Image ${imageId} is being made and cannot be stopped: delete it when it is ready.`);
      }
    },
  });
  request.onUpload?.(running);
  for (const [key, value] of Object.entries(facts)) await running.setFact(key, value);
  await running.setFact(PUBLISH_FACT.request, storedRequest(context));
  await running.done.catch(async (error: unknown) => {
    // Of a record the service keeps nothing when it fails; an object in a bucket can be imported again.
    const isLost = error instanceof JobFailedError && uploadOf(running) !== 'bucket';
    if (isLost) await discardUpload(running.id, engine);
    throw error;
  });
  if (made !== undefined) return made;
  throw new ConflictError({
    operation: `publish ${request.path}`,
    reason: 'the upload ended without an image',
  });
}

const uploadOf = (upload: Upload) => upload.snapshot().target.route ?? 'bucket';

/** Sends the content in parts, then does the rest. */
export async function sendParts(
  context: RouteContext,
  target: MultipartTarget,
  rest: Rest,
  facts: Readonly<Record<string, string>> = {},
): Promise<Made> {
  const { request, engine } = context;
  const { partSizeBytes, parallelParts } = request;
  const source = await engineSource(context);
  try {
    return await uploadThen(
      context,
      (followUp) =>
        startUpload(
          { ...source, ...engineRequest(context), target, partSizeBytes, parallelParts, followUp },
          engine,
        ),
      rest,
      facts,
    );
  } catch (error) {
    if (error instanceof OtherContentError) await removeSent(context, target);
    throw error;
  }
}

/** Removes what was sent of a content that turned out to be another one than asked for. */
async function removeSent(context: RouteContext, target: MultipartTarget): Promise<void> {
  await target.remove();
  for (const upload of await unpublishedUploads(context))
    if (isSamePlace(upload, target)) await discardUpload(upload.uploadId, context.engine);
}

/** The hash lets later runs, and people, recognise the content. A service that refuses the property loses only that. */
async function recordContentHash(
  { cloud, request, emit }: RouteContext,
  image: Image,
  sha256: string,
): Promise<Image> {
  if (image.properties[SHA256_PROPERTY] === sha256 || cloud.capabilities.customProperties !== true)
    return image;
  try {
    return await cloud.updateImage(
      image.id,
      { properties: { [SHA256_PROPERTY]: sha256 } },
      { signal: request.signal },
    );
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
    emit({
      type: 'note',
      text: `The image is ready, but its SHA-256 could not be recorded: ${error.message}`,
    });
    return image;
  }
}

/**
 * Makes sure that a content which must have a SHA-256 has it, where the route could find out only after the image is made.
 * @throws IntegrityError
 */
export async function verifyContentFirst(context: RouteContext): Promise<void> {
  const { request, source, engine } = context;
  if (request.sha256 === undefined) return;
  const { signal } = request;
  const sha256 =
    source.sha256 ??
    (source.open === undefined
      ? await fileSha256(source.path, { stateDir: engine.stateDir, signal })
      : undefined);
  if (sha256 !== undefined && sha256 !== request.sha256)
    throw otherContent(context, sha256, 'Nothing was sent.');
}

/** The content is not the one that was asked for. */
class OtherContentError extends IntegrityError {}

function otherContent({ request, source }: RouteContext, sha256: string, outcome: string): IntegrityError {
  return new OtherContentError({
    operation: `publish ${source.path}`,
    object: source.path,
    reason: `the file has SHA-256 ${sha256}, but ${request.sha256} was asked for`,
    hint: `Get the right file, or correct the checksum. ${outcome}`,
  });
}

/** Unfinished uploads of this machine that are of the same bytes as the source. */
export async function unpublishedUploads({ source, engine }: RouteContext): Promise<JournalSummary[]> {
  const { sizeBytes, mtimeMs } = await source.identify();
  const { path } = await pathOf(source);
  return (await listUploads(engine)).filter(
    (upload) =>
      upload.facts[PUBLISH_FACT.image] === undefined &&
      upload.state !== 'uploaded' &&
      upload.state !== 'aborted' &&
      upload.file.path === path &&
      upload.file.sizeBytes === sizeBytes &&
      upload.file.mtimeMs === mtimeMs,
  );
}

async function pathOf(source: PublishSource): Promise<{ path: string }> {
  return source.open === undefined ? identifyFile(source.path) : source;
}

const isSamePlace = (journal: JournalSummary, target: MultipartTarget) =>
  (['cloud', 'region', 'bucket', 'key'] as const).every(
    (field) => journal.target[field] === target.locator[field],
  );

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
  const earlierJob = (await listUploads(engine)).find((u) => u.uploadId === uploaded.uploadId)?.facts[
    PUBLISH_FACT.job
  ];
  if (earlierJob === undefined) {
    const adopted = await adoptMadeImage(context, uploaded.sha256);
    if (adopted) return { image: adopted, adopted: true };
  }
  let ref: JobRef;
  let imageId: string;
  try {
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
): Promise<ConflictError | undefined> {
  const mayBe = ['invalid-input', 'not-found', 'job-failed', 'conflict'];
  if (!(error instanceof ImageBridgeError) || !mayBe.includes(error.kind)) return undefined;
  const filter = { scope: 'own', name: request.image.name } as const;
  for await (const image of cloud.listImages(filter, { signal: request.signal })) {
    const same = image.tags[MARKER_TAG] === marker(uploaded.sha256) && image.status === 'active';
    if (image.name === request.image.name && same) return takenName(cloud, request, image);
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
