// Copying an image inside its region or to another one, for all faces. Imports the model only.
import {
  type CallOptions,
  ConflictError,
  type CopyRequest,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  NotFoundError,
} from '../model/index.ts';
import { claimInProcess, takeUnclaimed } from './marker.ts';
import { checkImageName, requireCapability } from './preflight.ts';
import { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';

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
  /** Called as soon as the id of the copy is known, which may be before it is usable. */
  onImageId?: ((imageId: string) => void) | undefined;
}

/**
 * Refuses, without asking the cloud, what it could not do.
 * @throws UnsupportedError or InvalidInputError
 */
export function checkCopy(
  cloud: ImageCloud,
  request: Pick<CopyRequest, 'name' | 'region' | 'agencyName'>,
): void {
  checkImageName(cloud, request.name);
  const crosses = request.region !== undefined && request.region !== cloud.region;
  const capability = crosses ? cloud.capabilities.copyCrossRegion : cloud.capabilities.copyInRegion;
  const what = `copy an image ${crosses ? `to region ${request.region}` : 'in its region'}`;
  requireCapability(cloud, capability, what);
  if (crosses && cloud.capabilities.copyNeedsAgency && !request.agencyName)
    throw new InvalidInputError({
      operation: what,
      cloud: cloudLabel(cloud),
      reason: 'it needs an agency, and none is given',
      hint: 'Name an agency that has the role IMS Administrator in both regions, in the request or in the profile.',
    });
}

/**
 * Copies an image and waits until the copy is usable. A copy that an interrupted run had begun (same name, same source,
 * not claimed) is adopted instead of made twice.
 * @throws ConflictError when another image has the name already; JobFailedError with the service's reason; others of
 *   the port
 */
export async function copyImage(
  cloud: ImageCloud,
  request: CopyRequest,
  options: CopyOptions = {},
): Promise<CopyResult> {
  checkCopy(cloud, request);
  const target =
    request.region !== undefined && request.region !== cloud.region
      ? cloud.inRegion(request.region, request.projectName)
      : cloud;
  const existing = await findCopy(target, request, options);
  if (existing) {
    options.onImageId?.(existing.id);
    return { image: await waitForImage(target, existing.id, options), target, adopted: true };
  }
  const source = await cloud.getImage(request.sourceImageId, { signal: options.signal });
  if (source === undefined)
    throw new NotFoundError({
      operation: `copy image ${request.sourceImageId}`,
      cloud: cloudLabel(cloud),
      object: request.sourceImageId,
      reason: 'there is no such image in this project',
      hint: 'Check the id, the region and the project; a shared image must be accepted first.',
    });

  const what = `copy image ${request.sourceImageId} to ${JSON.stringify(request.name)} in ${target.region}`;
  let imageId: string | undefined;
  try {
    const ref = await cloud.copyImage(request, { signal: options.signal });
    const job = await waitForJob(cloud, ref, what, options);
    imageId = job.imageIds[0];
  } catch (error) {
    // The answer to the copy call may be lost although the work goes on: look before giving up.
    const unknownOutcome =
      error instanceof ImageBridgeError && ['unavailable', 'protocol'].includes(error.kind);
    if (!unknownOutcome) throw error;
    imageId = (await findCopy(target, request, options).catch(() => undefined))?.id;
    if (imageId === undefined) throw error;
  }
  imageId ??= (await findCopy(target, request, options))?.id;
  if (imageId === undefined)
    throw new NotFoundError({
      operation: what,
      cloud: cloudLabel(cloud),
      reason: 'the job succeeded, but names no image, and none of that name is in the target project',
      hint: `Look for it in region ${target.region}.`,
    });
  claimInProcess(target, imageId);
  options.onImageId?.(imageId);
  return { image: await waitForImage(target, imageId, options), target, adopted: false };
}

async function findCopy(
  target: ImageCloud,
  request: CopyRequest,
  options: CallOptions,
): Promise<Image | undefined> {
  const call = { signal: options.signal };
  for await (const image of target.listImages({ scope: 'own', name: request.name }, call)) {
    if (image.name !== request.name || image.status === 'deleted' || image.status === 'failed') continue;
    if (image.sourceImageId === request.sourceImageId && (await takeUnclaimed(target, image, call)))
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
