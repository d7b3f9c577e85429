// Shares of the adapter: Glance calls them members.
import {
  type CallOptions,
  ConflictError,
  type ErrorDetails,
  type JobRef,
  PermissionError,
  type Share,
} from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { toShare } from './convert.ts';
import * as api from './glance/api.ts';
import type { WireMember } from './glance/schemas.ts';
import { doneJob } from './jobs.ts';
import type { Session } from './session.ts';

/** The projects an image is shared with; none where its visibility allows none. */
export async function* listShares(
  session: Session,
  imageId: string,
  options?: CallOptions,
): AsyncGenerator<Share> {
  let members: WireMember[] = [];
  try {
    members = await api.listMembers(session.glance, imageId, options);
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    // The service refuses to list what there cannot be.
    const { visibility } = await api.showImage(session.glance, imageId, options);
    if (!visibility || visibility === 'shared') throw error;
  }
  for (const member of members) yield toShare(member, imageId);
}

/** One share; undefined when the image is not shared with that project. */
export async function getShare(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<Share | undefined> {
  const member = await orUndefined(api.showMember(session.glance, imageId, projectId, options));
  return member && toShare(member, imageId);
}

/** Shares with projects, one after the other; sharing twice is no error. */
export async function addShare(
  session: Session,
  imageId: string,
  projectIds: string | readonly string[],
  options?: CallOptions,
): Promise<JobRef> {
  for (const projectId of [projectIds].flat()) await addMember(session, imageId, projectId, options);
  return doneJob(imageId);
}

async function addMember(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<void> {
  try {
    await api.addMember(session.glance, imageId, projectId, options);
  } catch (error) {
    if (error instanceof ConflictError && (await getShare(session, imageId, projectId, options))) return;
    if (error instanceof PermissionError)
      throw new PermissionError(await explained(session, imageId, error.details, options));
    throw error;
  }
}

/** Only images of the visibility "shared" have members; the service's own words do not say so everywhere. */
async function explained(
  session: Session,
  imageId: string,
  details: ErrorDetails,
  options?: CallOptions,
): Promise<ErrorDetails> {
  const image = await api.showImage(session.glance, imageId, options).catch(() => undefined);
  if (!image?.visibility || image.visibility === 'shared') return details;
  return {
    ...details,
    hint: `The image is ${image.visibility}: set its visibility to "shared" first.`,
  };
}

/** Ends sharing with projects, one after the other; no error where there is no share. */
export async function removeShare(
  session: Session,
  imageId: string,
  projectIds: string | readonly string[],
  options?: CallOptions,
): Promise<JobRef> {
  for (const projectId of [projectIds].flat())
    await orUndefined(api.removeMember(session.glance, imageId, projectId, options));
  return doneJob(imageId);
}

/** Answers a share for the session's own project. */
export async function answerShare(
  session: Session,
  imageId: string,
  answer: 'accepted' | 'rejected',
  options?: CallOptions,
): Promise<JobRef> {
  const projectId = await session.projectId(options);
  await api.answerMember(session.glance, imageId, projectId, answer, options);
  return doneJob(imageId);
}
