// Sharing (seed 001 §5.2 in bulk, §6.3 one by one).
import { z } from 'zod';
import { checkVault, type ImsContext, ownImage, readBody, startJob, visibleImage } from './context.ts';
import { ImsError } from './errors.ts';
import type { ImageRecord, MemberPair, MemberRecord } from './records.ts';
import { describeMember } from './view.ts';

const ids = z.array(z.string().min(1)).min(1);
const bulkSchema = z.object({ images: ids, projects: ids });
const answer = z.enum(['accepted', 'rejected']);
const answerSchema = z.object({
  images: ids,
  project_id: z.string(),
  status: answer,
  vault_id: z.string().optional(),
});

/** Most projects that one image can be shared with (seed 001 §9.1); a whole image with fewer. */
const maxMembersOf = ({ wholeImage }: ImageRecord) => (wholeImage ? 10 : 128);

const pairsOf = (images: string[], projects: string[]): MemberPair[] =>
  [...new Set(images)].flatMap((imageId) =>
    [...new Set(projects)].map((projectId) => ({ imageId, projectId })),
  );

/** @throws ImsError IMG.0076 or IMG.0108 */
function checkReceiver({ accounts, projectId, region }: ImsContext, receiver: string): void {
  if (receiver === projectId) throw new ImsError('IMG.0076');
  if (!accounts.some((account) => account.projects[region] === receiver)) throw new ImsError('IMG.0108');
}

/** An image that may be shared. @throws ImsError IMG.0027, 0089, 0047, 0046, 0098 or 0135 */
function shareable(context: ImsContext, id: string): ImageRecord {
  if (visibleImage(context, id).gold) throw new ImsError('IMG.0089');
  const image = ownImage(context, id);
  if (image.status !== 'active') throw new ImsError('IMG.0046');
  if (image.cmkId !== undefined) throw new ImsError('IMG.0098');
  if (image.unshareable) throw new ImsError('IMG.0135');
  return image;
}

/** `POST /v1/cloudimages/members`: shares every image with every project. */
export async function addMembers(context: ImsContext): Promise<unknown> {
  const { images, projects } = await readBody(context, bulkSchema);
  for (const id of images) {
    const image = shareable(context, id);
    const members = image.members.map((member) => member.projectId);
    if (new Set([...members, ...projects]).size > maxMembersOf(image)) throw new ImsError('IMG.0088');
  }
  for (const receiver of projects) checkReceiver(context, receiver);
  return startJob(context, 'imsAddImageMembersJob', {
    kind: 'add-members',
    pairs: pairsOf(images, projects),
  });
}

/** `DELETE /v1/cloudimages/members`, with a JSON body: ends the sharing of every image with every project. */
export async function removeMembers(context: ImsContext): Promise<unknown> {
  const { images, projects } = await readBody(context, bulkSchema);
  for (const id of images) ownImage(context, id);
  return startJob(context, 'imsDelImageMembersJob', {
    kind: 'remove-members',
    pairs: pairsOf(images, projects),
  });
}

/** `PUT /v1/cloudimages/members`: the receiver accepts or rejects. */
export async function answerShares(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, answerSchema);
  if (body.project_id !== context.projectId) throw new ImsError('IMG.0030');
  for (const id of body.images) checkAnswer(context, id, body);
  return startJob(context, 'imsUpdateImageMembersJob', {
    kind: 'update-members',
    pairs: pairsOf(body.images, [context.projectId]),
    status: body.status,
  });
}

/** A whole image is accepted into a vault. @throws ImsError IMG.0027, or what is wrong with the vault */
function checkAnswer(
  context: ImsContext,
  id: string,
  body: { status: 'accepted' | 'rejected'; vault_id?: string | undefined },
): void {
  ownMembership(context, id);
  const whole = visibleImage(context, id).wholeImage === true;
  if (whole && body.status === 'accepted') checkVault(body.vault_id, context);
}

function ownMembership(context: ImsContext, id: string): MemberRecord {
  const member = visibleImage(context, id).members.find((m) => m.projectId === context.projectId);
  if (member === undefined) throw new ImsError('IMG.0027');
  return member;
}

/** The members that a caller may see: all for the owner, one's own for a receiver. */
function visibleMembers(context: ImsContext, image: ImageRecord): MemberRecord[] {
  const own = image.projectId === context.projectId;
  return image.members.filter((member) => own || member.projectId === context.projectId);
}

/** `GET /v2/images/{id}/members`. */
export function listMembers(context: ImsContext, id: string): unknown {
  const image = visibleImage(context, id, 404);
  return {
    members: visibleMembers(context, image).map((member) => describeMember(id, member)),
    schema: '/v2/schemas/members',
  };
}

/** `GET /v2/images/{id}/members/{project}`. */
export function showMember(context: ImsContext, id: string, projectId: string): unknown {
  const image = visibleImage(context, id, 404);
  const member = visibleMembers(context, image).find((candidate) => candidate.projectId === projectId);
  if (member === undefined) throw new ImsError('IMG.0031', 404);
  return describeMember(id, member);
}

/** `POST /v2/images/{id}/members`: shares at once, without a job. */
export async function addMember(context: ImsContext, id: string): Promise<unknown> {
  const { member: receiver } = await readBody(context, z.object({ member: z.string() }));
  checkReceiver(context, receiver);
  const image = shareable(context, id);
  const { now } = context.exchange;
  const former = image.members.find((member) => member.projectId === receiver);
  if (former === undefined && image.members.length >= maxMembersOf(image)) throw new ImsError('IMG.0088');
  const member = former ?? { projectId: receiver, status: 'pending', createdAtMs: now, updatedAtMs: now };
  if (former === undefined) context.store.putImage({ ...image, members: [...image.members, member] });
  return describeMember(id, member);
}

/** `PUT /v2/images/{id}/members/{project}`: the receiver answers at once, without a job. */
export async function answerShare(context: ImsContext, id: string, projectId: string): Promise<unknown> {
  const body = await readBody(context, z.object({ status: answer, vault_id: z.string().optional() }));
  if (projectId !== context.projectId) throw new ImsError('IMG.0030');
  checkAnswer(context, id, body);
  const { status } = body;
  const member = { ...ownMembership(context, id), status, updatedAtMs: context.exchange.now };
  const image = visibleImage(context, id);
  context.store.putImage({
    ...image,
    members: image.members.map((other) => (other.projectId === projectId ? member : other)),
  });
  return describeMember(id, member);
}

/** `DELETE /v2/images/{id}/members/{project}`. */
export function removeMember(context: ImsContext, id: string, projectId: string): void {
  const image = ownImage(context, id, 404);
  const members = image.members.filter((member) => member.projectId !== projectId);
  if (members.length === image.members.length) throw new ImsError('IMG.0031', 404);
  context.store.putImage({ ...image, members });
}
