// Members of images: the projects that a shared image is visible to.
import { z } from 'zod';
import { json, type Reply } from '../../http/exchange.ts';
import { type GlanceContext, isoSeconds, jsonBody, mayWrite, readable, writable } from './context.ts';
import { GlanceError } from './errors.ts';
import type { ImageRecord, MemberRecord } from './records.ts';

const maxMembers = 128;

const view = (image: ImageRecord, member: MemberRecord) => ({
  member_id: member.projectId,
  image_id: image.id,
  status: member.status,
  created_at: isoSeconds(member.createdAtMs),
  updated_at: isoSeconds(member.updatedAtMs),
  schema: '/v2/schemas/member',
});

function shared(image: ImageRecord, action: 'list' | 'create' | 'delete'): ImageRecord {
  if (image.visibility === 'shared') return image;
  throw new GlanceError(
    403,
    `Not allowed to ${action} members for image ${image.id}${action === 'list' ? ': Only shared images have members.' : '.'}`,
  );
}

/** `GET /v2/images/{id}/members`: all of them for the owner, one's own otherwise. */
export function listMembers(context: GlanceContext, id: string): Reply {
  const image = shared(readable(context, id), 'list');
  const own = mayWrite(context, image);
  const members = image.members.filter((member) => own || member.projectId === context.projectId);
  return json(200, { members: members.map((member) => view(image, member)), schema: '/v2/schemas/members' });
}

/** `POST /v2/images/{id}/members`. */
export async function addMember(context: GlanceContext, id: string): Promise<Reply> {
  const image = shared(writable(context, id, 'add_member'), 'create');
  const body = z.object({ member: z.string().min(1).max(255) }).safeParse(await jsonBody(context));
  if (!body.success) throw new GlanceError(400, "Member can't be empty");
  const { member: projectId } = body.data;
  if (image.members.some((member) => member.projectId === projectId)) {
    throw new GlanceError(409, `Member ${projectId} is duplicated for image ${id}`);
  }
  if (image.members.length >= maxMembers) {
    throw new GlanceError(
      413,
      `The limit has been exceeded on the number of allowed image members for this image. Attempted: ${maxMembers + 1}, Maximum: ${maxMembers}`,
    );
  }
  const now = context.exchange.now;
  const member: MemberRecord = { projectId, status: 'pending', createdAtMs: now, updatedAtMs: now };
  context.store.put({ ...image, members: [...image.members, member] });
  return json(200, view(image, member));
}

function find(
  context: GlanceContext,
  id: string,
  projectId: string,
): { image: ImageRecord; member: MemberRecord } {
  const image = readable(context, id);
  const member = image.members.find((one) => one.projectId === projectId);
  if (member === undefined || !(mayWrite(context, image) || projectId === context.projectId)) {
    throw new GlanceError(404, `${projectId} not found in the member list of the image ${id}.`);
  }
  return { image, member };
}

/** `GET /v2/images/{id}/members/{project}`. */
export function showMember(context: GlanceContext, id: string, projectId: string): Reply {
  const { image, member } = find(context, id, projectId);
  return json(200, view(image, member));
}

/** `PUT /v2/images/{id}/members/{project}`: the member's own answer. */
export async function answerMember(context: GlanceContext, id: string, projectId: string): Promise<Reply> {
  const { image, member } = find(context, id, projectId);
  const body = z
    .object({ status: z.enum(['pending', 'accepted', 'rejected']) })
    .safeParse(await jsonBody(context));
  if (!body.success)
    throw new GlanceError(400, 'Incorrect request: Status must be "pending", "accepted" or "rejected".');
  if (projectId !== context.projectId && !context.isAdmin) {
    throw new GlanceError(403, 'You are not authorized to complete modify_member action.');
  }
  const changed = { ...member, status: body.data.status, updatedAtMs: context.exchange.now };
  context.store.put({
    ...image,
    members: image.members.map((one) => (one.projectId === projectId ? changed : one)),
  });
  return json(200, view(image, changed));
}

/** `DELETE /v2/images/{id}/members/{project}`. */
export function removeMember(context: GlanceContext, id: string, projectId: string): Reply {
  const image = shared(writable(context, id, 'delete_member'), 'delete');
  if (!image.members.some((one) => one.projectId === projectId)) {
    throw new GlanceError(404, `${projectId} not found in the member list of the image ${id}.`);
  }
  context.store.put({ ...image, members: image.members.filter((one) => one.projectId !== projectId) });
  return { status: 204 };
}
