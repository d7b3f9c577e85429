// Shares of the adapter.
import type { CallOptions, JobRef, Share } from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { toShare } from './convert.ts';
import * as api from './ims/api.ts';
import type { Session } from './session.ts';

/** The projects an image is shared with. */
export async function* listShares(
  session: Session,
  imageId: string,
  options?: CallOptions,
): AsyncGenerator<Share> {
  const { members } = await api.listMembers(session.ims, { image_id: imageId }, options);
  for (const member of members) yield toShare(member, imageId);
}

/** One share; undefined when the image is not shared with that project. */
export async function getShare(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<Share | undefined> {
  const request = { image_id: imageId, member_id: projectId };
  const member = await orUndefined(api.showMember(session.ims, request, options));
  return member && toShare(member, imageId);
}

/** Starts sharing with one project or several. */
export async function addShare(
  session: Session,
  imageId: string,
  projectId: string | readonly string[],
  options?: CallOptions,
): Promise<JobRef> {
  const request = { images: [imageId], projects: [projectId].flat() };
  return { id: (await api.addMembers(session.ims, request, options)).job_id };
}

/** Ends sharing with one project or several. */
export async function removeShare(
  session: Session,
  imageId: string,
  projectId: string | readonly string[],
  options?: CallOptions,
): Promise<JobRef> {
  const request = { images: [imageId], projects: [projectId].flat() };
  return { id: (await api.removeMembers(session.ims, request, options)).job_id };
}

/** Answers a share for the session's own project. */
export async function answerShare(
  session: Session,
  imageId: string,
  answer: 'accepted' | 'rejected',
  options?: CallOptions,
): Promise<JobRef> {
  const projectId = await session.projectId(options);
  const request = { images: [imageId], project_id: projectId, status: answer };
  return { id: (await api.answerMembers(session.ims, request, options)).job_id };
}
