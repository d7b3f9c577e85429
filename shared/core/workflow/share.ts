// Sharing an image with other projects, and the other project's answer, for all faces. Imports the model only.
import { type ImageCloud, NotFoundError, PermissionError, type Share } from '../model/index.ts';
import { inBatches } from './batch.ts';
import { requireCapability } from './preflight.ts';
import { cloudLabel, type WaitOptions, waitForJob } from './wait-for-job.ts';

/** What was shared, and what not. */
export interface SharesChange {
  added: string[];
  removed: string[];
}

interface Wish {
  projectId: string;
  wait: WaitOptions;
}

/**
 * Shares an image with a project, and waits until the service has done so. Sharing twice is no error. Calls for the same
 * image that come together are sent as one.
 * @throws UnsupportedError where the family has no sharing; JobFailedError with the service's reason; others of the port
 */
export async function shareImage(
  cloud: ImageCloud,
  imageId: string,
  projectId: string,
  options: WaitOptions = {},
): Promise<Share> {
  requireCapability(cloud, cloud.capabilities.share, `share image ${imageId} with project ${projectId}`);
  return adding(cloud, imageId, { projectId, wait: options });
}

/** Ends a share; no error when there is none, or when the image is gone. Sent together like `shareImage`. */
export async function unshareImage(
  cloud: ImageCloud,
  imageId: string,
  projectId: string,
  options: WaitOptions = {},
): Promise<void> {
  await removing(cloud, imageId, { projectId, wait: options });
}

/**
 * Makes a set of projects the only ones that an image is shared with.
 * @throws as `shareImage`; what was done until then stays done
 */
export async function setShares(
  cloud: ImageCloud,
  imageId: string,
  projectIds: readonly string[],
  options: WaitOptions = {},
): Promise<SharesChange> {
  requireCapability(cloud, cloud.capabilities.share, `share image ${imageId}`);
  const before = await sharesOf(cloud, imageId, options);
  const added = projectIds.filter((projectId) => !before.has(projectId));
  const removed = [...before.keys()].filter((projectId) => !projectIds.includes(projectId));
  // Those that go, go first: an image may be shared with so many only.
  await allOf(removed.map((projectId) => removing(cloud, imageId, { projectId, wait: options })));
  await allOf(added.map((projectId) => adding(cloud, imageId, { projectId, wait: options })));
  return { added, removed };
}

/**
 * Answers a share on behalf of the receiving project, and waits until the service has recorded the answer.
 * @param cloud the receiver's cloud
 * @throws NotFoundError when nothing is shared with this project under that id; PermissionError that says who may answer
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
  try {
    const before = await cloud.getShare(imageId, projectId, call);
    if (before === undefined) throw await nothingToAnswer(cloud, imageId, projectId, what, options);
    if (before.status === answer) return before;
    await waitForJob(cloud, await cloud.answerShare(imageId, answer, call), what, options);
    return (await cloud.getShare(imageId, projectId, call)) ?? { ...before, status: answer };
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    throw new PermissionError({
      ...error.details,
      reason: `the credentials act in project ${projectId}, and only the project that the image is shared with may answer`,
      hint:
        `Use credentials of the receiving project, and check that the image is shared with project ${projectId}: ` +
        'its owner cannot accept for it.',
    });
  }
}

async function nothingToAnswer(
  cloud: ImageCloud,
  imageId: string,
  projectId: string,
  operation: string,
  { signal }: WaitOptions,
): Promise<NotFoundError> {
  const image = await cloud.getImage(imageId, { signal });
  const own = image?.ownerId === projectId;
  return new NotFoundError({
    operation,
    cloud: cloudLabel(cloud),
    object: imageId,
    reason: own
      ? `this project (${projectId}) owns the image; only the project that it is shared with can answer`
      : `the image is not shared with this project (${projectId})`,
    hint: own
      ? 'Name the cloud, or the credentials, of the receiving project.'
      : 'Ask its owner to share it with this very project id, in this region.',
  });
}

/** All shares of an image by project. */
async function sharesOf(
  cloud: ImageCloud,
  imageId: string,
  { signal }: WaitOptions,
): Promise<Map<string, Share>> {
  const found = new Map<string, Share>();
  for await (const share of cloud.listShares(imageId, { signal })) found.set(share.projectId, share);
  return found;
}

/** A batch waits as its first member does. Where that one gives up, each of the others is done alone, with its own wait. */
const together = (wishes: readonly Wish[]): { projects: string[]; wait: WaitOptions } => ({
  projects: [...new Set(wishes.map(({ projectId }) => projectId))],
  wait: wishes[0]?.wait ?? {},
});

/** The shares of an owned image with some projects: one by name, several by the listing. */
async function look(
  cloud: ImageCloud,
  imageId: string,
  projects: readonly string[],
  wait: WaitOptions,
): Promise<Map<string, Share>> {
  const [first] = projects;
  if (first === undefined || projects.length > 1) return sharesOf(cloud, imageId, wait);
  const share = await cloud.getShare(imageId, first, { signal: wait.signal });
  return new Map(share ? [[first, share]] : []);
}

const adding = inBatches<Wish, Share>(async (cloud, imageId, wishes) => {
  const { projects, wait } = together(wishes);
  let found = await look(cloud, imageId, projects, wait);
  const missing = projects.filter((projectId) => !found.has(projectId));
  if (missing.length > 0) {
    const ref = await cloud.addShare(imageId, onlyOne(missing), { signal: wait.signal });
    await waitForJob(cloud, ref, `share image ${imageId} with ${named(missing)}`, wait);
    found = await look(cloud, imageId, projects, wait);
  }
  return wishes.map(({ projectId }) => {
    const share = found.get(projectId);
    if (share) return share;
    throw new NotFoundError({
      operation: `share image ${imageId} with project ${projectId}`,
      cloud: cloudLabel(cloud),
      object: imageId,
      reason: 'the service reported success, but the image is not shared with that project',
      hint: 'Check the project id, and run it again.',
    });
  });
});

const removing = inBatches<Wish, void>(async (cloud, imageId, wishes) => {
  const { projects, wait } = together(wishes);
  let found: Map<string, Share>;
  try {
    found = await look(cloud, imageId, projects, wait);
  } catch (error) {
    // With the image, its shares are gone.
    if (error instanceof NotFoundError) return wishes.map(() => undefined);
    throw error;
  }
  const there = projects.filter((projectId) => found.has(projectId));
  if (there.length > 0) {
    const ref = await cloud.removeShare(imageId, onlyOne(there), { signal: wait.signal });
    await waitForJob(cloud, ref, `end the share of image ${imageId} with ${named(there)}`, wait);
  }
  return wishes.map(() => undefined);
});

const onlyOne = (projects: readonly string[]): string | readonly string[] =>
  projects.length === 1 ? (projects[0] ?? projects) : projects;

const named = (projects: readonly string[]): string =>
  projects.length === 1 ? `project ${projects[0]}` : `${projects.length} projects`;

/** Waits for all, then throws the first failure: nothing is left running behind it. */
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}
