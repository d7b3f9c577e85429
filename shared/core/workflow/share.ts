// Sharing an image with another project, and the other project's answer, for all faces. Imports the model only.
import { type ImageCloud, NotFoundError, type Share } from '../model/index.ts';
import { requireCapability } from './preflight.ts';
import { cloudLabel, type WaitOptions, waitForJob } from './wait-for-job.ts';

/**
 * Shares an image with a project, and waits until the service has done so. Sharing twice is no error.
 * @throws UnsupportedError where the family has no sharing; JobFailedError with the service's reason; others of the port
 */
export async function shareImage(
  cloud: ImageCloud,
  imageId: string,
  projectId: string,
  options: WaitOptions = {},
): Promise<Share> {
  const what = `share image ${imageId} with project ${projectId}`;
  requireCapability(cloud, cloud.capabilities.share, what);
  const call = { signal: options.signal };
  const before = await cloud.getShare(imageId, projectId, call);
  if (before) return before;
  await waitForJob(cloud, await cloud.addShare(imageId, projectId, call), what, options);
  const share = await cloud.getShare(imageId, projectId, call);
  if (share) return share;
  throw new NotFoundError({
    operation: what,
    cloud: cloudLabel(cloud),
    object: imageId,
    reason: 'the service reported success, but the image is not shared with that project',
    hint: 'Check the project id, and run it again.',
  });
}

/** Ends a share; no error when there is none, or when the image is gone. */
export async function unshareImage(
  cloud: ImageCloud,
  imageId: string,
  projectId: string,
  options: WaitOptions = {},
): Promise<void> {
  const call = { signal: options.signal };
  if ((await cloud.getShare(imageId, projectId, call)) === undefined) return;
  const ref = await cloud.removeShare(imageId, projectId, call);
  await waitForJob(cloud, ref, `end the share of image ${imageId} with project ${projectId}`, options);
}

/**
 * Answers a share on behalf of the receiving project, and waits until the service has recorded the answer.
 * @param cloud the receiver's cloud
 * @throws NotFoundError when nothing is shared with this project under that id
 */
export async function answerShare(
  cloud: ImageCloud,
  imageId: string,
  answer: 'accepted' | 'rejected',
  options: WaitOptions = {},
): Promise<Share> {
  const what = `${answer === 'accepted' ? 'accept' : 'reject'} the share of image ${imageId}`;
  requireCapability(cloud, cloud.capabilities.shareAcceptance, what);
  const call = { signal: options.signal };
  const projectId = await cloud.projectId(call);
  const before = await cloud.getShare(imageId, projectId, call);
  if (before === undefined)
    throw new NotFoundError({
      operation: what,
      cloud: cloudLabel(cloud),
      object: imageId,
      reason: `the image is not shared with this project (${projectId})`,
      hint: 'Ask its owner to share it with this very project id, in this region.',
    });
  if (before.status === answer) return before;
  await waitForJob(cloud, await cloud.answerShare(imageId, answer, call), what, options);
  return (await cloud.getShare(imageId, projectId, call)) ?? { ...before, status: answer };
}
