// Shares and copies of the adapter.
import {
  type CallOptions,
  type CopyRequest,
  InvalidInputError,
  type JobRef,
  type Share,
} from '../../model/index.ts';
import { toShare } from './convert.ts';
import { checkDescription, checkName } from './images.ts';
import * as api from './ims/api.ts';
import { orUndefined, type Session } from './session.ts';

/** The projects an image is shared with. */
export async function* listShares(
  session: Session,
  imageId: string,
  options?: CallOptions,
): AsyncGenerator<Share> {
  for (const member of await api.listMembers(session.ims, imageId, options)) yield toShare(member, imageId);
}

/** One share; undefined when the image is not shared with that project. */
export async function getShare(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<Share | undefined> {
  const member = await orUndefined(api.showMember(session.ims, imageId, projectId, options));
  return member && toShare(member, imageId);
}

/** Starts sharing with a project. */
export async function addShare(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<JobRef> {
  return { id: await api.addMembers(session.ims, { images: [imageId], projects: [projectId] }, options) };
}

/** Ends sharing with a project. */
export async function removeShare(
  session: Session,
  imageId: string,
  projectId: string,
  options?: CallOptions,
): Promise<JobRef> {
  return { id: await api.removeMembers(session.ims, { images: [imageId], projects: [projectId] }, options) };
}

/** Answers a share for the session's own project. */
export async function answerShare(
  session: Session,
  imageId: string,
  answer: 'accepted' | 'rejected',
  options?: CallOptions,
): Promise<JobRef> {
  const projectId = await session.projectId(options);
  const body = { images: [imageId], project_id: projectId, status: answer };
  return { id: await api.answerMembers(session.ims, body, options) };
}

/** Copies inside the region, or to another one. */
export async function copyImage(
  session: Session,
  request: CopyRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const { sourceImageId, name, region } = request;
  const description = request.description || undefined;
  const operation = `copy image ${sourceImageId} to ${name}`;
  checkName(session, operation, name);
  checkDescription(session, operation, description);
  if (region === undefined || region === session.region) {
    return { id: await api.copyInRegion(session.ims, sourceImageId, { name, description }, options) };
  }
  const { profile } = session;
  const agencyName = request.agencyName ?? profile.agencyName;
  if (agencyName === undefined) {
    throw new InvalidInputError({
      operation: `${operation} in region ${region}`,
      cloud: session.label,
      reason: 'a copy to another region needs an agency, and none is given',
      hint: `Create an agency for the image service with the role IMS Administrator in both regions, and set agency_name in the request or in profile "${profile.name}".`,
    });
  }
  const id = await api.copyCrossRegion(
    session.ims,
    sourceImageId,
    {
      name,
      description,
      region,
      project_name: request.projectName ?? profile.regions[region]?.project ?? region,
      agency_name: agencyName,
    },
    options,
  );
  return { id };
}
