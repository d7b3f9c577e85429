// An image as an object that the user wants: in its own cloud's store, or in any S3-compatible one.
import { createHash } from 'node:crypto';
import {
  type BucketStore,
  type CallOptions,
  ConflictError,
  type ExportRequest,
  ImageBridgeError,
  type ImageCloud,
  type MultipartTarget,
  NotFoundError,
  type RemoteObject,
} from '../model/index.ts';
import type { EngineOptions, UploadEvent } from '../transfer/index.ts';
import { requireCapability } from './preflight.ts';
import { publishToBucket } from './publish-to-bucket.ts';
import { cloudImage } from './remote-source.ts';
import { exportTo, missing } from './staged-export.ts';
import { cloudLabel, type WaitOptions } from './wait-for-job.ts';

/** Where in object stores the notes of exports lie. */
const NOTES = 'imagebridge/exports/';

/** What an export for the user made. */
export interface ExportResult {
  object: RemoteObject;
  /** True when an earlier, interrupted run had begun it. */
  adopted: boolean;
}

/**
 * Writes an image into a bucket of its cloud that is there, and waits for the object. Before the cloud is asked, the export is
 * noted in the bucket (an upload without parts, below `imagebridge/exports/`), so that an interrupted one is found again from
 * any machine; `claimExport` removes the note.
 * @throws UnsupportedError where the cloud exports nothing; ConflictError when the key is taken by something else;
 *   NotFoundError when there is no such bucket; JobFailedError with the service's reason; others of the port
 */
export async function exportImage(
  cloud: ImageCloud,
  request: ExportRequest,
  options: WaitOptions = {},
): Promise<ExportResult> {
  const { bucket, key } = request;
  requireCapability(
    cloud,
    cloud.capabilities.exportImage,
    `export image ${request.imageId} to ${bucket}/${key}`,
  );
  const target = await objectAt(cloud, bucket, key, options);
  const note = await noteOf(cloud, request, options);
  return noted({ cloud, imageId: request.imageId, target, note }, options, () =>
    exportTo(cloud, target, request, options),
  );
}

/**
 * Sends an image to a bucket of any S3-compatible store, by way of this machine. Noted and found again like `exportImage`; an
 * interrupted one goes on with the parts that it has sent.
 * @throws as `exportImage`; others of the engine
 */
export async function exportToStore(
  cloud: ImageCloud,
  store: BucketStore,
  request: StoreExport,
  engine: EngineOptions,
): Promise<ExportResult> {
  const { imageId, bucket, key, signal, importTimeoutMs: timeoutMs, onNote = () => {}, onEvent } = request;
  const wait = { signal, timeoutMs, clock: engine.clock };
  const { download, exportImage } = cloud.capabilities;
  if (exportImage !== true) requireCapability(cloud, download, `read image ${imageId}`);
  const target = store.target(bucket, key);
  return noted({ cloud, imageId, target, note: storeNote(cloud, store, request) }, wait, async () => {
    const source = await cloudImage(cloud, imageId, { to: cloud, note: onNote, wait });
    await publishToBucket({ path: source.path, source, to: { store, bucket, key }, onEvent, signal }, engine);
    await source.dispose();
    const made = await target.head(wait);
    if (made !== undefined) return made;
    throw missing(cloud, `export image ${imageId} to ${bucket}/${key}`, `${bucket}/${key}`);
  });
}

/** What is to be sent to a store. */
export interface StoreExport {
  imageId: string;
  bucket: string;
  key: string;
  /** Give up on an export that is needed on the way after this long, in ms. Default 60 minutes. */
  importTimeoutMs?: number | undefined;
  onNote?: ((text: string) => void) | undefined;
  onEvent?: ((event: UploadEvent) => void) | undefined;
  /** Aborting it pauses safely: the next run goes on. */
  signal?: AbortSignal | undefined;
}

interface Noted {
  cloud: ImageCloud;
  imageId: string;
  target: MultipartTarget;
  note: MultipartTarget;
}

/** Runs an export under its note: what an earlier run has made is taken, what is somebody else's is left alone. */
async function noted(
  { cloud, imageId, target, note }: Noted,
  { signal }: CallOptions,
  run: () => Promise<RemoteObject>,
): Promise<ExportResult> {
  const call = { signal };
  const place = `${target.locator.bucket}/${target.locator.key}`;
  const begun = (await note.findUploads(call)).length > 0;
  const found = await target.head(call);
  if (found !== undefined) {
    if (begun) return { object: found, adopted: true };
    throw new ConflictError({
      operation: `export image ${imageId} to ${place}`,
      cloud: cloudLabel(cloud),
      object: place,
      reason: 'there is an object of that key already, and it is no unfinished export of this image',
      hint: 'Choose another key, remove that object, or import it into your configuration.',
    });
  }
  if (!begun) await note.initiate(call);
  try {
    return { object: await run(), adopted: begun };
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

/** As `claimExport`, of an export to another store. */
export async function claimStoreExport(
  cloud: ImageCloud,
  store: BucketStore,
  request: Pick<StoreExport, 'imageId' | 'bucket' | 'key'>,
  options: CallOptions = {},
): Promise<void> {
  await removeNotes(storeNote(cloud, store, request), options);
}

/** The object of an export in its cloud's store; undefined when it, or its bucket, is gone. */
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

/** Removes the object of an export from its cloud's store. Succeeds when it, or its bucket, is gone already. */
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
const noteOf = (
  cloud: ImageCloud,
  request: ExportRequest,
  options: CallOptions,
): Promise<MultipartTarget> => {
  const { imageId, bucket, key, diskFormat, quick } = request;
  const parts = [cloud.region, imageId, bucket, key, diskFormat ?? '', quick === true];
  return objectAt(cloud, bucket, NOTES + digestOf(parts), options);
};

const storeNote = (
  cloud: ImageCloud,
  store: BucketStore,
  { imageId, bucket, key }: Pick<StoreExport, 'imageId' | 'bucket' | 'key'>,
): MultipartTarget =>
  store.target(bucket, NOTES + digestOf([cloud.region, imageId, store.name, bucket, key]));

const digestOf = (parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([1, ...parts]))
    .digest('base64url');

async function removeNotes(note: MultipartTarget, options: CallOptions = {}): Promise<void> {
  for (const uploadId of await note.findUploads(options)) await note.abort(uploadId, options);
}
