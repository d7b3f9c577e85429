// Copying an image inside its region, to another one, to a base image or to further stores, for all faces. Imports the
// model only.
import {
  type CallOptions,
  type Clock,
  ConflictError,
  type CopyRequest,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageFilter,
  InvalidInputError,
  type JobRef,
  NotFoundError,
  systemClock,
} from '../model/index.ts';
import { claimInProcess, releaseInProcess, takeUnclaimed } from './marker.ts';
import { checkImageName, requireCapability } from './preflight.ts';
import { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';

const FIRST_QUEUE_MS = 1_000;
const LONGEST_QUEUE_MS = 15_000;
const LONGEST_WORK_MS = 3_600_000;

/** What a copy made. */
export interface CopyResult {
  image: Image;
  /** The cloud, in the region where the copy is. */
  target: ImageCloud;
  /** True when an earlier, interrupted run had made it. */
  adopted: boolean;
}

/** How to copy. */
export interface CopyOptions extends WaitOptions {
  /** Folder of this machine's records, for clouds that keep no claims; see marker.ts. */
  stateDir?: string | undefined;
  /** Called as soon as the id of the copy is known, which may be before it is usable. */
  onImageId?: ((imageId: string) => void) | undefined;
}

/** What says which kind of copy is wanted. */
type CopyKind = Pick<CopyRequest, 'region' | 'toBaseImage' | 'toStores'>;

/**
 * Refuses, without asking the cloud, what it could not do.
 * @throws UnsupportedError or InvalidInputError
 */
export function checkCopy(
  cloud: ImageCloud,
  request: CopyKind & Pick<CopyRequest, 'name' | 'agencyName'>,
): void {
  // The same image in further stores keeps its name.
  if (request.toStores === undefined) checkImageName(cloud, request.name);
  const { ability, what } = kindOf(cloud, request);
  requireCapability(cloud, cloud.capabilities[ability], what);
  if (ability === 'copyCrossRegion' && cloud.capabilities.copyNeedsAgency && !request.agencyName)
    throw new InvalidInputError({
      operation: what,
      cloud: cloudLabel(cloud),
      reason: 'it needs an agency, and none is given',
      hint: 'Name an agency that has the role IMS Administrator in both regions, in the request or in the profile.',
    });
}

function kindOf(cloud: ImageCloud, { region, toBaseImage, toStores }: CopyKind) {
  if (toStores !== undefined)
    return { ability: 'copyToStore', what: `copy an image to store ${toStores.join(', ')}` } as const;
  if (toBaseImage) return { ability: 'copyToBaseImage', what: 'copy an image to a base image' } as const;
  if (region !== undefined && region !== cloud.region)
    return { ability: 'copyCrossRegion', what: `copy an image to region ${region}` } as const;
  return { ability: 'copyInRegion', what: 'copy an image in its region' } as const;
}

/**
 * Copies an image and waits until the copy is usable. A copy that an interrupted run had begun (same name, same source,
 * not claimed) is adopted instead of made twice. Where the service takes only so many copies at a time, it waits its turn.
 * To further stores no second image is made: the result is the source, and what an interrupted run had begun is waited for.
 * @throws ConflictError when another image has the name already; JobFailedError with the service's reason; others of
 *   the port
 */
export async function copyImage(
  cloud: ImageCloud,
  request: CopyRequest,
  options: CopyOptions = {},
): Promise<CopyResult> {
  checkCopy(cloud, request);
  if (request.toStores !== undefined) return copyToStores(cloud, request, options);
  const target =
    request.region !== undefined && request.region !== cloud.region
      ? cloud.inRegion(request.region, request.projectName)
      : cloud;
  const adopt = async (): Promise<CopyResult | undefined> => {
    const found = await findCopy(target, request, options);
    if (found === undefined) return undefined;
    options.onImageId?.(found.id);
    try {
      return { image: await waitForImage(target, found.id, options), target, adopted: true };
    } catch (error) {
      releaseInProcess(target, found.id);
      throw error;
    }
  };
  const earlier = await adopt();
  if (earlier) return earlier;
  await requireSource(cloud, request.sourceImageId, options);

  const what = `copy image ${request.sourceImageId} to ${JSON.stringify(request.name)} in ${target.region}`;
  let imageId: string | undefined;
  const tell = (id: string | undefined) => {
    if (id === undefined || id === imageId) return;
    imageId = id;
    options.onImageId?.(id);
  };
  try {
    const ref = await started(cloud, request, options);
    await waitForJob(cloud, ref, what, {
      ...options,
      onJob: (job) => {
        options.onJob?.(job);
        // Also of a job that fails: what it leaves is to be removed.
        tell(job.imageIds[0]);
      },
    });
  } catch (error) {
    // The answer to the copy call may be lost although the work goes on, or the name may be that of a copy which was begun
    // but not listed yet: look before giving up.
    if (!(error instanceof ImageBridgeError)) throw error;
    const mayBeThere = ['unavailable', 'protocol', 'conflict'].includes(error.kind);
    const found = mayBeThere ? await adopt().catch(() => undefined) : undefined;
    if (found === undefined) throw error;
    return { ...found, adopted: error.kind === 'conflict' };
  }
  if (imageId === undefined) tell((await findCopy(target, request, options))?.id);
  if (imageId === undefined)
    throw new NotFoundError({
      operation: what,
      cloud: cloudLabel(cloud),
      reason: 'the job succeeded, but names no image, and none of that name is in the target project',
      hint: `Look for it in region ${target.region}.`,
    });
  claimInProcess(target, imageId);
  return { image: await waitForImage(target, imageId, options), target, adopted: false };
}

async function copyToStores(
  cloud: ImageCloud,
  request: CopyRequest,
  options: CopyOptions,
): Promise<CopyResult> {
  const { sourceImageId: id, toStores = [] } = request;
  await requireSource(cloud, id, options);
  const ref = await cloud.copyImage(request, { signal: options.signal });
  await waitForJob(cloud, ref, `copy image ${id} to store ${toStores.join(', ')}`, options);
  options.onImageId?.(id);
  return { image: await waitForImage(cloud, id, options), target: cloud, adopted: false };
}

async function requireSource(cloud: ImageCloud, id: string, options: CallOptions): Promise<void> {
  if (await cloud.getImage(id, { signal: options.signal })) return;
  throw new NotFoundError({
    operation: `copy image ${id}`,
    cloud: cloudLabel(cloud),
    object: id,
    reason: 'there is no such image in this project',
    hint: 'Check the id, the region and the project; a shared image must be accepted first.',
  });
}

/** Starts the copy; while the service has as many under way as it takes, it is tried again. */
async function started(cloud: ImageCloud, request: CopyRequest, options: WaitOptions): Promise<JobRef> {
  const clock: Clock = options.clock ?? systemClock;
  const endMs = clock.now() + (options.timeoutMs ?? LONGEST_WORK_MS);
  for (let waitMs = FIRST_QUEUE_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_QUEUE_MS)) {
    try {
      return await cloud.copyImage(request, { signal: options.signal });
    } catch (error) {
      const full = error instanceof ImageBridgeError && error.kind === 'throttled';
      if (!full || clock.now() + waitMs > endMs) throw error;
    }
    await clock.sleep(waitMs, options.signal);
  }
}

async function findCopy(
  target: ImageCloud,
  request: CopyRequest,
  { signal, stateDir }: CopyOptions,
): Promise<Image | undefined> {
  const scope: ImageFilter['scope'] = request.toBaseImage ? 'public' : 'own';
  for await (const image of target.listImages({ scope, name: request.name }, { signal })) {
    if (image.name !== request.name || image.status === 'deleted' || image.status === 'failed') continue;
    if (
      image.sourceImageId === request.sourceImageId &&
      (await takeUnclaimed(target, image, { signal, stateDir }))
    )
      return image;
    throw new ConflictError({
      operation: `copy image ${request.sourceImageId} to ${JSON.stringify(request.name)}`,
      cloud: cloudLabel(target),
      object: image.id,
      reason: `image ${image.id} has that name already`,
      hint: 'Choose another name, delete that image, or import it into your configuration.',
    });
  }
  return undefined;
}
