// Wire client: the native (Glance) calls on the members of an image (operations 43 to 47).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { checked, id } from './fields.ts';
import { type ImageIdRequest, imageIdRequest } from './native-images.ts';
import { memberListSchema, memberSchema, type WireMember } from './schemas.ts';
import type { ImsTransport } from './transport.ts';

const membersPath = (image: string) => `/v2/images/${encodeRfc3986(image)}/members`;
const memberPath = (image: string, member: string) => `${membersPath(image)}/${encodeRfc3986(member)}`;

/** Request of operation 43 (seed 001 §6.3.1). */
export const addMemberRequest = z.strictObject({
  image_id: id,
  /** Id of the project that shall see the image. */
  member: id,
});
/** Request of operation 43. */
export type AddMemberRequest = z.input<typeof addMemberRequest>;

/** Operation 43, `POST /v2/images/{image_id}/members`: shares an image with a project, at once. */
export async function addMember(
  ims: ImsTransport,
  request: AddMemberRequest,
  options?: CallOptions,
): Promise<WireMember> {
  const operation = `share image ${request.image_id} with ${request.member}`;
  const { image_id, ...body } = checked(ims, addMemberRequest, request, operation);
  const call = { method: 'POST', path: membersPath(image_id), body, operation, object: image_id } as const;
  return ims.call(call, memberSchema, options);
}

/** Request of operation 44 (seed 001 §6.3.2). */
export const answerMemberRequest = z.strictObject({
  image_id: id,
  /** The receiver's project: the one that answers. */
  member_id: id,
  status: z.enum(['accepted', 'rejected']),
  /** Vault (CBR); only for whole images, though the document marks it as required. */
  vault_id: id.optional(),
});
/** Request of operation 44. */
export type AnswerMemberRequest = z.input<typeof answerMemberRequest>;

/** Operation 44, `PUT /v2/images/{image_id}/members/{member_id}`: the receiver's answer. */
export async function answerMember(
  ims: ImsTransport,
  request: AnswerMemberRequest,
  options?: CallOptions,
): Promise<WireMember> {
  const operation = `${request.status === 'accepted' ? 'accept' : 'reject'} image ${request.image_id}`;
  const { image_id, member_id, ...body } = checked(ims, answerMemberRequest, request, operation);
  const path = memberPath(image_id, member_id);
  return ims.call({ method: 'PUT', path, body, operation, object: image_id }, memberSchema, options);
}

/** Request of operations 45 and 47. */
export const memberRequest = z.strictObject({
  image_id: id,
  /** Project id. */
  member_id: id,
});
/** Request of operations 45 and 47. */
export type MemberRequest = z.input<typeof memberRequest>;

/** Operation 45, `GET /v2/images/{image_id}/members/{member_id}`. */
export async function showMember(
  ims: ImsTransport,
  request: MemberRequest,
  options?: CallOptions,
): Promise<WireMember> {
  const operation = `read the share of image ${request.image_id} with ${request.member_id}`;
  const { image_id, member_id } = checked(ims, memberRequest, request, operation);
  const path = memberPath(image_id, member_id);
  return ims.call({ method: 'GET', path, operation, object: image_id }, memberSchema, options);
}

/** Operation 46, `GET /v2/images/{image_id}/members`. The answer is not paged. */
export async function listMembers(
  ims: ImsTransport,
  request: ImageIdRequest,
  options?: CallOptions,
): Promise<z.infer<typeof memberListSchema>> {
  const operation = `list the shares of image ${request.image_id}`;
  const { image_id } = checked(ims, imageIdRequest, request, operation);
  const path = membersPath(image_id);
  return ims.call({ method: 'GET', path, operation, object: image_id }, memberListSchema, options);
}

/** Operation 47, `DELETE /v2/images/{image_id}/members/{member_id}`: ends a share, at once. */
export async function removeMember(
  ims: ImsTransport,
  request: MemberRequest,
  options?: CallOptions,
): Promise<void> {
  const operation = `stop sharing image ${request.image_id} with ${request.member_id}`;
  const { image_id, member_id } = checked(ims, memberRequest, request, operation);
  await ims.send(
    { method: 'DELETE', path: memberPath(image_id, member_id), operation, object: image_id },
    options,
  );
}
