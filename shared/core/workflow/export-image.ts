// An image as an object in its own cloud's store: for the user, or on its way to another cloud.
import { createHash } from 'node:crypto';
import {
  type CallOptions,
  ConflictError,
  type DiskFormat,
  type ExportRequest,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type MultipartTarget,
  NotFoundError,
  type RemoteObject,
  systemClock,
} from '../model/index.ts';
import { requireCapability } from './preflight.ts';
import { stagingKey } from './staging-key.ts';
import { cloudLabel, type WaitOptions, waitForJob } from './wait-for-job.ts';

const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 15_000;
const LONGEST_EXPORT_MS = 3_600_000;
/** How often an export whose answer was lost is asked for again. */
const LOST_ANSWERS = 3;

/** What an export for the user made. */
export interface ExportResult {
  object: RemoteObject;
  /** True when an earlier, interrupted run had begun it. */
  adopted: boolean;
}

/**
 * Writes an image into a bucket that is there, and waits for the object. Before the cloud is asked, the export is noted in
 * the bucket (an upload without parts, below `imagebridge/exports/`), so that an interrupted one is found again from any
 * machine; `claimExport` removes the note.
 * @throws UnsupportedError where the cloud exports nothing; ConflictError when the key is taken by something else;
 *   NotFoundError when there is no such bucket; JobFailedError with the service's reason; others of the port
 */
export async function exportImage(
  cloud: ImageCloud,
  request: ExportRequest,
  options: WaitOptions = {},
): Promise<ExportResult> {
  const { bucket, key } = request;
  const operation = `export image ${request.imageId} to ${bucket}/${key}`;
  requireCapability(cloud, cloud.capabilities.exportImage, operation);
  const call = { signal: options.signal };
  const target = await objectAt(cloud, bucket, key, call);
  const note = await noteOf(cloud, request, call);
  const begun = (await note.findUploads(call)).length > 0;
  const found = await target.head(call);
  if (found !== undefined) {
    if (begun) return { object: found, adopted: true };
    throw new ConflictError({
      operation,
      cloud: cloudLabel(cloud),
      object: `${bucket}/${key}`,
      reason: 'there is an object of that key already, and it is no unfinished export of this image',
      hint: 'Choose another key, remove that object, or import it into your configuration.',
    });
  }
  if (!begun) await note.initiate(call);
  try {
    return { object: await exportTo(cloud, target, request, options), adopted: begun };
  } catch (error) {
    // What was refused, or failed, is not to be gone on with.
    const mayGoOn =
      error instanceof ImageBridgeError && ['cancelled', 'unavailable', 'protocol'].includes(error.kind);
    if (!mayGoOn) await removeNotes(note).catch(() => {});
    throw error;
  }
}

/** Removes the note of an export whose place is recorded for good: its object is adopted by no later run. */
export async function claimExport(
  cloud: ImageCloud,
  request: ExportRequest,
  options: CallOptions = {},
): Promise<void> {
  await removeNotes(await noteOf(cloud, request, options), options);
}

/** The object of an export; undefined when it, or its bucket, is gone. */
export async function findExport(
  cloud: ImageCloud,
  bucket: string,
  key: string,
  options: CallOptions = {},
): Promise<RemoteObject | undefined> {
  try {
    return await (await objectAt(cloud, bucket, key, options)).head(options);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Removes the object of an export. Succeeds when it, or its bucket, is gone already. */
export async function removeExport(
  cloud: ImageCloud,
  bucket: string,
  key: string,
  options: CallOptions = {},
): Promise<void> {
  try {
    await (await objectAt(cloud, bucket, key, options)).remove(options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

const objectAt = (cloud: ImageCloud, bucket: string, key: string, options: CallOptions) =>
  cloud.stage({ bucket, key, makeBucket: false }, options);

/** Where an export is noted: the key is a digest of all that it is made of. */
function noteOf(cloud: ImageCloud, request: ExportRequest, options: CallOptions): Promise<MultipartTarget> {
  const { imageId, bucket, key, diskFormat, quick } = request;
  const text = JSON.stringify([1, cloud.region, imageId, bucket, key, diskFormat ?? '', quick === true]);
  const digest = createHash('sha256').update(text).digest('base64url');
  return objectAt(cloud, bucket, `imagebridge/exports/${digest}`, options);
}

async function removeNotes(note: MultipartTarget, options: CallOptions = {}): Promise<void> {
  for (const uploadId of await note.findUploads(options)) await note.abort(uploadId, options);
}

/**
 * Exports an image to a key that is not taken. While the image is being exported already, perhaps by an earlier run, that
 * is waited for first.
 */
async function exportTo(
  cloud: ImageCloud,
  target: MultipartTarget,
  request: ExportRequest,
  wait: WaitOptions,
): Promise<RemoteObject> {
  const { bucket, key } = target.locator;
  const operation = `export image ${request.imageId} to ${bucket}/${key}`;
  const call = { signal: wait.signal };
  const clock = wait.clock ?? systemClock;
  const endMs = clock.now() + (wait.timeoutMs ?? LONGEST_EXPORT_MS);
  let lost = 0;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_LOOK_MS)) {
    let started = false;
    try {
      const ref = await cloud.exportImage(request, call);
      started = true;
      await waitForJob(cloud, ref, operation, wait);
    } catch (error) {
      if (started || !(error instanceof ImageBridgeError) || clock.now() + waitMs > endMs) throw error;
      const busy = error.kind === 'throttled' || (error.kind === 'conflict' && error.retryable);
      const unknown = error.kind === 'unavailable' || error.kind === 'protocol';
      const there = await target.head(call);
      if (there !== undefined) return there;
      if (!busy && !(unknown && ++lost < LOST_ANSWERS)) throw error;
      await clock.sleep(waitMs, wait.signal);
    }
    const made = await target.head(call);
    if (made !== undefined) return made;
    if (!started) continue;
    throw new NotFoundError({
      operation,
      cloud: cloudLabel(cloud),
      object: `${bucket}/${key}`,
      reason: 'the job succeeded, but there is no such object',
    });
  }
}

/** An image that was exported on its way to another cloud. */
export interface ExportedImage {
  /** The object; whoever asked for the export removes it. */
  target: MultipartTarget;
  diskFormat: DiskFormat;
  sizeBytes: number;
}

/** The object that an image is exported to on its way to another cloud, in a format that the other one takes. */
async function stagedExport(from: ImageCloud, image: Image, to: ImageCloud, options: CallOptions) {
  const { importFormats } = to.capabilities;
  const diskFormat = ['qcow2', 'vmdk', 'vhd'].find((format) => importFormats.includes(format)) ?? 'qcow2';
  const marker = createHash('sha256').update(`export ${from.region} ${image.id}`).digest('base64url');
  return { target: await from.stage({ key: stagingKey(diskFormat, marker) }, options), diskFormat };
}

/**
 * Exports an image to the cloud's staging bucket in a format that another cloud takes, or finds the export that an earlier
 * run made.
 * @throws JobFailedError with the service's reason; others of the port
 */
export async function exportToBucket(
  from: ImageCloud,
  image: Image,
  to: ImageCloud,
  note: (text: string) => void,
  wait: WaitOptions,
): Promise<ExportedImage> {
  const { target, diskFormat } = await stagedExport(from, image, to, wait);
  const { bucket, key } = target.locator;
  let found = await target.head(wait);
  if (found === undefined) {
    note(`Image ${image.id} is exported to ${bucket}/${key} first.`);
    found = await exportTo(from, target, { imageId: image.id, bucket, key, diskFormat }, wait);
  }
  return { target, diskFormat, sizeBytes: found.sizeBytes };
}

/** Removes what an interrupted run exported on the way to another cloud, where its copy was made all the same. */
export async function removeStagedExport(
  from: ImageCloud,
  image: Image,
  to: ImageCloud,
  options: CallOptions,
): Promise<void> {
  if (from.capabilities.exportImage !== true) return;
  await (await stagedExport(from, image, to, options)).target.remove(options);
}
