// What the routes have in common: what they are given, what they make, and the steps that several of them take.
import {
  ConflictError,
  type ErrorDetails,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  IntegrityError,
  JobFailedError,
  type MultipartTarget,
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
import { fileSha256 } from '../file-sha256.ts';
import { adoptMarked, MARKER_TAG, releaseInProcess, SHA256_PROPERTY } from '../marker.ts';
import type { Preflight } from '../preflight.ts';
import type { PublishEvent, PublishRequest } from '../publish.ts';
import type { PublishSource } from '../publish-source.ts';
import { cloudLabel, waitForImage } from '../wait-for-job.ts';
import { refuseOtherBytes, waitsForBytes } from './records.ts';

/** Facts that publishing keeps in the upload's journal. */
export const PUBLISH_FACT = {
  /** The request as JSON, so that any face can go on with it. Holds no secret. */
  request: 'request',
  job: 'import-job',
  /** That the service was asked for an import, whether or not it answered. */
  asked: 'import-asked',
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

const nameIsTaken = (
  cloud: ImageCloud,
  request: Pick<PublishRequest, 'path' | 'image'>,
  image: Image,
): ErrorDetails => ({
  operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
  cloud: cloudLabel(cloud),
  object: image.id,
  reason: `image ${image.id} has that name already`,
  hint: 'Choose another name, or delete that image first.',
});

/** The error that says which image has the name. */
export const takenName = (...about: Parameters<typeof nameIsTaken>): ConflictError =>
  new ConflictError(nameIsTaken(...about));

/** Somebody else has made the image meanwhile: what was sent is of no use any more. */
export class MadeElsewhereError extends ConflictError {
  constructor(...about: Parameters<typeof nameIsTaken>) {
    super(nameIsTaken(...about));
  }
}

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
  const { cloud, request, plan, engine, marker, emit } = context;
  // Where an image exists before its bytes, one that still waits for them is not made.
  const isMade = plan.choice.route === 'bucket' ? () => true : (image: Image) => !waitsForBytes(image);
  const found = await adoptMarked(
    cloud,
    marker(content),
    { signal: request.signal, stateDir: engine.stateDir },
    isMade,
  );
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

/** How the service's work is waited for. */
export const waitOptions = ({ request, engine }: RouteContext) => ({
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
  const { image, diskFormat, sha256, route, method, dataDisk, allowTakenName, bucket, keepStaged, staging } =
    request;
  const stored = staging && { place: staging.store.place, bucket: staging.bucket, prefix: staging.prefix };
  const what = { image, diskFormat, sha256, route, method, dataDisk, allowTakenName, bucket, keepStaged };
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
    const isUseless = error instanceof OtherContentError || error instanceof MadeElsewhereError;
    if (isUseless) await removeSent(context, target);
    throw error;
  }
}

/** Removes what was sent, and forgets it. */
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
