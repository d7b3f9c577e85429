// Wire client: sharing many images at once (operations 23 to 25). The outcome of each share is in the job's results.
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { type JobStarted, startJob } from './create.ts';
import { checked, id } from './fields.ts';
import type { ImsTransport } from './transport.ts';

const MEMBERS = '/v1/cloudimages/members';

/** Request of operations 23 and 24 (seed 001 §5.2.1, §5.2.2): every image with every project. */
export const membersRequest = z.strictObject({
  /** Ids of images of one's own. */
  images: z.array(id).min(1, 'must name an image'),
  /** Ids of projects, up to 128 for an image (10 for whole images). */
  projects: z.array(id).min(1, 'must name a project').max(128, 'may name 128 projects'),
});
/** Request of operations 23 and 24. */
export type MembersRequest = z.input<typeof membersRequest>;

/** Operation 23, `DELETE /v1/cloudimages/members`, with a JSON body: ends sharing. Starts a job. */
export async function removeMembers(
  ims: ImsTransport,
  request: MembersRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `stop sharing image ${request.images.join(', ')} with ${request.projects.join(', ')}`;
  const body = checked(ims, membersRequest, request, operation);
  return startJob(ims, { method: 'DELETE', path: MEMBERS, body }, operation, options);
}

/** Operation 24, `POST /v1/cloudimages/members`: shares images with projects. Starts a job. */
export async function addMembers(
  ims: ImsTransport,
  request: MembersRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `share image ${request.images.join(', ')} with ${request.projects.join(', ')}`;
  const body = checked(ims, membersRequest, request, operation);
  return startJob(ims, { method: 'POST', path: MEMBERS, body }, operation, options);
}

/** Request of operation 25 (seed 001 §5.2.3). */
export const answerMembersRequest = z.strictObject({
  images: z.array(id).min(1, 'must name an image'),
  /** The receiver's project: the one that answers. */
  project_id: id,
  /** A rejected image stays usable, but is not listed. */
  status: z.enum(['accepted', 'rejected']),
  /** Vault (CBR); only for whole images, though the document marks it as required. */
  vault_id: id.optional(),
});
/** Request of operation 25. */
export type AnswerMembersRequest = z.input<typeof answerMembersRequest>;

/** Operation 25, `PUT /v1/cloudimages/members`: the receiver's answer. Starts a job. */
export async function answerMembers(
  ims: ImsTransport,
  request: AnswerMembersRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `${request.status === 'accepted' ? 'accept' : 'reject'} image ${request.images.join(', ')}`;
  const body = checked(ims, answerMembersRequest, request, operation);
  return startJob(ims, { method: 'PUT', path: MEMBERS, body }, operation, options);
}
