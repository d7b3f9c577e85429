// Waiting for work that a cloud does on its own time. Imports the model only.
import {
  type CallOptions,
  type Clock,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type Job,
  JobFailedError,
  type JobRef,
  systemClock,
  UnavailableError,
} from '../model/index.ts';

const FIRST_POLL_MS = 250;
const POLL_GROWTH = 1.5;
const MAX_POLL_MS = 10_000;
/** A job or image that can't be read for this long is given up on; shorter gaps are waited out. */
const MAX_SILENCE_MS = 120_000;

/** How to wait. */
export interface WaitOptions extends CallOptions {
  clock?: Clock | undefined;
  /** Give up after this long, in ms. Default 60 minutes. */
  timeoutMs?: number | undefined;
  /** Called with every state that was read. Must not throw. */
  onJob?: ((job: Job) => void) | undefined;
}

/** The name of a cloud for messages: family and profile. */
export const cloudLabel = (cloud: Pick<ImageCloud, 'family' | 'name' | 'region'>): string =>
  `${cloud.family} "${cloud.name}" (${cloud.region})`;

/**
 * Waits until a job has succeeded.
 * @param what what the job does, as a phrase that follows "Could not"
 * @throws JobFailedError with the service's code and reason; UnavailableError on the deadline, or when the service
 *   can't be reached for two minutes; CancelledError when the signal aborts (the job goes on in the cloud)
 */
export async function waitForJob(
  cloud: ImageCloud,
  ref: JobRef,
  what: string,
  options: WaitOptions = {},
): Promise<Job> {
  const job = await poll(
    options,
    () => cloud.getJob(ref, { signal: options.signal }),
    (state) => {
      options.onJob?.(state);
      return state.status === 'succeeded' || state.status === 'failed';
    },
    { operation: `${what}: job ${ref.id} did not end in time`, cloud: cloudLabel(cloud), object: ref.id },
  );
  if (job.status === 'succeeded') return job;
  throw new JobFailedError({
    operation: what,
    cloud: cloudLabel(cloud),
    object: `job ${ref.id}`,
    code: job.errorCode,
    serviceMessage: job.failureReason,
    reason: 'the cloud accepted the work and failed it later',
  });
}

/**
 * Waits until an image is usable: a job may succeed slightly before its image is active.
 * @throws JobFailedError when the image failed or vanished; else as `waitForJob`
 */
export async function waitForImage(
  cloud: ImageCloud,
  imageId: string,
  options: WaitOptions = {},
): Promise<Image> {
  const image = await poll(
    options,
    () => cloud.getImage(imageId, { signal: options.signal, fresh: true }),
    (state) => state === undefined || ['active', 'failed', 'deleted'].includes(state.status),
    { operation: `wait for image ${imageId} to become active`, cloud: cloudLabel(cloud), object: imageId },
  );
  if (image?.status === 'active') return image;
  throw new JobFailedError({
    operation: `make image ${imageId} usable`,
    cloud: cloudLabel(cloud),
    object: imageId,
    reason: image ? `its status is ${image.rawStatus}` : 'the image does not exist any more',
    serviceMessage: image?.failureReason,
  });
}

async function poll<T>(
  options: WaitOptions,
  read: () => Promise<T>,
  isFinal: (state: T) => boolean,
  about: { operation: string; cloud: string; object: string },
): Promise<T> {
  const clock = options.clock ?? systemClock;
  const timeoutMs = options.timeoutMs ?? 3_600_000;
  const startedMs = clock.now();
  let lastAnswerMs = startedMs;
  for (let waitMs = FIRST_POLL_MS; ; waitMs = Math.min(waitMs * POLL_GROWTH, MAX_POLL_MS)) {
    try {
      const state = await read();
      lastAnswerMs = clock.now();
      if (isFinal(state)) return state;
    } catch (error) {
      const transient = error instanceof ImageBridgeError && error.retryable;
      if (!transient || clock.now() - lastAnswerMs > MAX_SILENCE_MS) throw error;
    }
    const elapsedMs = clock.now() - startedMs;
    if (elapsedMs >= timeoutMs)
      throw new UnavailableError({
        ...about,
        reason: `it was not finished after ${Math.round(elapsedMs / 1000)} s`,
        hint: 'The work may still end in the cloud: run the same command again to look, or set a longer timeout.',
      });
    await clock.sleep(Math.min(waitMs, timeoutMs - elapsedMs), options.signal);
  }
}
