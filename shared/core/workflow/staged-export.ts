// The cloud's own export of an image to a key of its store: waited for, and found again. Imports the model only.
import { createHash } from 'node:crypto';
import {
  type CallOptions,
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
import { stagingKey } from './staging-key.ts';
import { cloudLabel, type WaitOptions, waitForJob } from './wait-for-job.ts';

const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 15_000;
const LONGEST_EXPORT_MS = 3_600_000;
/** How often an export whose answer was lost is asked for again. */
const LOST_ANSWERS = 3;

/**
 * Exports an image to a key that is not taken. While the image is being exported already, perhaps by an earlier run, that
 * is waited for first.
 */
export async function exportTo(
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
    throw missing(cloud, operation, `${bucket}/${key}`);
  }
}

/** The error of an export that ended well and left nothing. */
export const missing = (cloud: ImageCloud, operation: string, object: string): NotFoundError =>
  new NotFoundError({
    operation,
    cloud: cloudLabel(cloud),
    object,
    reason: 'the work succeeded, but there is no such object',
  });

/** An image that was exported on its way to another cloud. */
export interface ExportedImage {
  target: MultipartTarget;
  diskFormat: DiskFormat;
  sizeBytes: number;
  /** Says that the object is not needed any more. The last of this process who says so removes it. */
  withdraw(): Promise<void>;
}

/** An export that is in use: several copies of one image share it. */
interface Shared {
  users: number;
  /** Ends when nobody exports or removes it. */
  turn: Promise<unknown>;
}
const shared = new Map<string, Shared>();

/** Works on an export while no other copy of this process does. */
async function inTurn<T>(key: string, work: (held: Shared) => Promise<T>): Promise<T> {
  const held = shared.get(key) ?? { users: 0, turn: Promise.resolve() };
  shared.set(key, held);
  const turn = held.turn.then(() => work(held));
  held.turn = turn.catch(() => {});
  return turn;
}

/** The object that an image is exported to on its way to another cloud, in a format that the other one takes. */
async function stagedExport(from: ImageCloud, image: Image, to: ImageCloud, options: CallOptions) {
  const { importFormats } = to.capabilities;
  const diskFormat = ['qcow2', 'vmdk', 'vhd'].find((format) => importFormats.includes(format)) ?? 'qcow2';
  const marker = createHash('sha256').update(`export ${from.region} ${image.id}`).digest('base64url');
  const target = await from.stage({ key: stagingKey(diskFormat, marker) }, options);
  const { bucket, key } = target.locator;
  return { target, diskFormat, bucket, key, name: `${from.family}/${from.region}/${bucket}/${key}` };
}

/**
 * Exports an image to the cloud's staging bucket in a format that another cloud takes, or finds the export that an earlier
 * run, or another copy of this process, made.
 * @throws JobFailedError with the service's reason; others of the port
 */
export async function exportToBucket(
  from: ImageCloud,
  image: Image,
  to: ImageCloud,
  note: (text: string) => void,
  wait: WaitOptions,
): Promise<ExportedImage> {
  const { target, diskFormat, bucket, key, name } = await stagedExport(from, image, to, wait);
  return inTurn(name, async (held) => {
    let found = await target.head(wait);
    if (found === undefined) {
      note(`Image ${image.id} is exported to ${bucket}/${key} first.`);
      found = await exportTo(from, target, { imageId: image.id, bucket, key, diskFormat }, wait);
    }
    held.users++;
    let withdrawn = false;
    const withdraw = () =>
      inTurn(name, async () => {
        if (withdrawn) return;
        withdrawn = true;
        held.users--;
        if (held.users === 0) await target.remove();
      });
    return { target, diskFormat, sizeBytes: found.sizeBytes, withdraw };
  });
}

/** Removes what an interrupted run exported on the way to another cloud, where its copy was made all the same. */
export async function removeStagedExport(
  from: ImageCloud,
  image: Image,
  to: ImageCloud,
  options: CallOptions,
): Promise<void> {
  if (from.capabilities.exportImage !== true) return;
  const { target, name } = await stagedExport(from, image, to, options);
  await inTurn(name, async ({ users }) => {
    if (users === 0) await target.remove(options);
  });
}
