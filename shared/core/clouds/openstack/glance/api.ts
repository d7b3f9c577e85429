// The wire client of the image service: one function per call, typed, nothing else. Numbers are those of the seeds' index;
// calls without a number are upstream Glance's, which seed 003 leaves out.
import type { z } from 'zod';
import { type CallOptions, ProtocolError } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import {
  type CreateRequest,
  imageListSchema,
  imageSchema,
  importInfoSchema,
  type ListRequest,
  memberListSchema,
  memberSchema,
  objectSchema,
  type PatchOperation,
  storesSchema,
  tasksSchema,
  usageSchema,
  versionsSchema,
  type WireImage,
  type WireMember,
} from './schemas.ts';
import type { GlanceCall, GlanceTransport } from './transport.ts';

const IMAGES = '/v2/images';
const imagePath = (id: string) => `${IMAGES}/${encodeRfc3986(id)}`;
const memberPath = (id: string, project: string) => `${imagePath(id)}/members/${encodeRfc3986(project)}`;
/** How long nothing may move while bytes travel. A service may hash and check what it got before it answers. */
const TRANSFER_IDLE_MS = 10 * 60_000;
const JSON_PATCH = 'application/openstack-images-v2.1-json-patch';

/** One page of images, and the query of the next one. */
export interface ImagePage {
  images: WireImage[];
  /** The page as it came. */
  data: Record<string, unknown>;
  next: ListQuery | undefined;
}
/** Names and values of a query. */
export type ListQuery = readonly (readonly [string, string])[];

/** The query of a request; `changes-since` as Glance v2 takes it. */
export function listQuery(request: ListRequest): ListQuery {
  return Object.entries(request).flatMap(([name, value]): (readonly [string, string])[] => {
    if (value === undefined) return [];
    if (name === 'changes-since') return [['updated_at', `gte:${String(value)}`]];
    return Array.isArray(value) ? value.map((one) => [name, one] as const) : [[name, String(value)]];
  });
}

/** Operation 54, `GET /v2/images`: one page of images. */
export async function listImages(
  glance: GlanceTransport,
  query: ListQuery,
  options?: CallOptions,
): Promise<ImagePage> {
  const call: GlanceCall = { method: 'GET', path: IMAGES, query, operation: 'list images' };
  const page = await glance.call(call, imageListSchema, options);
  const next = page.next ? nextQuery(glance, call, page.next, await glance.origin(options)) : undefined;
  return { images: page.images, data: page, next };
}

/** Only the query of the link to the next page is used: the path is known, and the token stays with the service. */
function nextQuery(glance: GlanceTransport, call: GlanceCall, next: string, base: URL): ListQuery {
  const fail = (reason: string) => new ProtocolError({ ...glance.contextOf(call), reason });
  let url: URL;
  try {
    url = new URL(next, base);
  } catch {
    throw fail('the link to the next page is no link');
  }
  if (url.host !== base.host) {
    throw fail('the link to the next page leads to another host, which is not followed');
  }
  const query = [...url.searchParams];
  if (!query.some(([name, value]) => name === 'marker' && value !== '')) {
    throw fail('the link to the next page names no place to go on from');
  }
  return query;
}

/** A new record, and what its answer's headers tell. */
export interface CreatedImage {
  image: WireImage;
  /** Import methods that the service offers; undefined where it does not tell (no import, or before 2.6). */
  importMethods: string[] | undefined;
}

/** Operation 55, `POST /v2/images`: makes a record. */
export async function createImage(
  glance: GlanceTransport,
  body: CreateRequest,
  options?: CallOptions,
): Promise<CreatedImage> {
  const call: GlanceCall = {
    method: 'POST',
    path: IMAGES,
    body,
    operation: `create image ${body.name ?? ''}`.trim(),
  };
  const { data, headers } = await glance.callFull(call, imageSchema, options);
  const methods = headers['openstack-image-import-methods'];
  return { image: data, importMethods: methods?.split(',').map((name) => name.trim()) };
}

/** `GET /v2/images/{image_id}`. */
export function showImage(glance: GlanceTransport, id: string, options?: CallOptions): Promise<WireImage> {
  const call: GlanceCall = { method: 'GET', path: imagePath(id), operation: `read image ${id}`, object: id };
  return glance.call(call, imageSchema, options);
}

/** Operation 56, `PATCH /v2/images/{image_id}`. */
export function patchImage(
  glance: GlanceTransport,
  id: string,
  patch: readonly PatchOperation[],
  options?: CallOptions,
): Promise<WireImage> {
  const call: GlanceCall = {
    method: 'PATCH',
    path: imagePath(id),
    body: patch,
    contentType: JSON_PATCH,
    operation: `update image ${id}`,
    object: id,
  };
  return glance.call(call, imageSchema, options);
}

/** Bytes of an image on their way, with the head of the answer. */
export interface FileStream {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

/** Operation 57, `GET /v2/images/{image_id}/file`. @param startByte asks for the rest from there on */
export async function getFile(
  glance: GlanceTransport,
  id: string,
  startByte: number,
  options?: CallOptions,
): Promise<FileStream> {
  const call: GlanceCall = {
    method: 'GET',
    path: `${imagePath(id)}/file`,
    headers: { accept: '*/*', ...(startByte > 0 ? { range: `bytes=${startByte}-` } : {}) },
    operation: `download image ${id}`,
    object: id,
    timeoutMs: TRANSFER_IDLE_MS,
  };
  const { head, body } = await glance.open(call, options);
  return { status: head.status, headers: head.headers, body };
}

/** Operation 58, `DELETE /v2/images/{image_id}`. */
export async function deleteImage(glance: GlanceTransport, id: string, options?: CallOptions): Promise<void> {
  await glance.send(
    { method: 'DELETE', path: imagePath(id), operation: `delete image ${id}`, object: id, repeat: 'safe' },
    options,
  );
}

/** Bytes to be sent. */
export interface Bytes {
  sizeBytes: number;
  open: () => AsyncIterable<Uint8Array>;
}

/** `PUT /v2/images/{image_id}/file` or `/stage`: sends the bytes, in one attempt. */
export async function putFile(
  glance: GlanceTransport,
  id: string,
  place: 'file' | 'stage',
  bytes: Bytes,
  options?: CallOptions,
): Promise<void> {
  const call: GlanceCall = {
    method: 'PUT',
    path: `${imagePath(id)}/${place}`,
    headers: {
      'content-type': 'application/octet-stream',
      'x-openstack-image-size': String(bytes.sizeBytes),
    },
    upload: bytes,
    repeat: 'once',
    timeoutMs: TRANSFER_IDLE_MS,
    operation: place === 'file' ? `upload image ${id}` : `stage image ${id}`,
    object: id,
  };
  await glance.send(call, options);
}

/** Body of `POST /v2/images/{image_id}/import`. */
export interface ImportBody {
  method: { name: 'glance-direct' | 'copy-image' } | { name: 'web-download'; uri: string };
  stores?: readonly string[] | undefined;
  all_stores_must_succeed?: boolean | undefined;
}

/** `POST /v2/images/{image_id}/import`: starts an import. */
export async function importImage(
  glance: GlanceTransport,
  id: string,
  body: ImportBody,
  options?: CallOptions,
): Promise<void> {
  const call: GlanceCall = {
    method: 'POST',
    path: `${imagePath(id)}/import`,
    body,
    operation: `import image ${id} by ${body.method.name}`,
    object: id,
  };
  await glance.send(call, options);
}

/** `POST /v2/images/{image_id}/actions/deactivate` or `reactivate`. */
export async function setActive(
  glance: GlanceTransport,
  id: string,
  active: boolean,
  options?: CallOptions,
): Promise<void> {
  const action = active ? 'reactivate' : 'deactivate';
  await glance.send(
    {
      method: 'POST',
      path: `${imagePath(id)}/actions/${action}`,
      operation: active ? `reactivate image ${id}` : `deactivate image ${id}`,
      object: id,
      repeat: 'safe',
    },
    options,
  );
}

/** `PUT /v2/images/{image_id}/tags/{tag}`: adds one tag; others stay. */
export async function addTag(
  glance: GlanceTransport,
  id: string,
  tag: string,
  options?: CallOptions,
): Promise<void> {
  await glance.send(tagCall('PUT', id, tag, `tag image ${id} with ${tag}`), options);
}

/** `DELETE /v2/images/{image_id}/tags/{tag}`. @throws NotFoundError when the image has no such tag */
export async function removeTag(
  glance: GlanceTransport,
  id: string,
  tag: string,
  options?: CallOptions,
): Promise<void> {
  await glance.send(tagCall('DELETE', id, tag, `remove the tag ${tag} of image ${id}`), options);
}

const tagCall = (method: 'PUT' | 'DELETE', id: string, tag: string, operation: string): GlanceCall => ({
  method,
  path: `${imagePath(id)}/tags/${encodeRfc3986(tag)}`,
  operation,
  object: id,
  repeat: 'safe',
});

/** `GET /v2/images/{image_id}/members`. */
export async function listMembers(
  glance: GlanceTransport,
  id: string,
  options?: CallOptions,
): Promise<WireMember[]> {
  const call: GlanceCall = {
    method: 'GET',
    path: `${imagePath(id)}/members`,
    operation: `list the shares of image ${id}`,
    object: id,
  };
  return (await glance.call(call, memberListSchema, options)).members;
}

/** `GET /v2/images/{image_id}/members/{member_id}`. */
export function showMember(
  glance: GlanceTransport,
  id: string,
  project: string,
  options?: CallOptions,
): Promise<WireMember> {
  const call: GlanceCall = {
    method: 'GET',
    path: memberPath(id, project),
    operation: `read the share of image ${id} with ${project}`,
    object: id,
  };
  return glance.call(call, memberSchema, options);
}

/** `POST /v2/images/{image_id}/members`. */
export function addMember(
  glance: GlanceTransport,
  id: string,
  project: string,
  options?: CallOptions,
): Promise<WireMember> {
  const call: GlanceCall = {
    method: 'POST',
    path: `${imagePath(id)}/members`,
    body: { member: project },
    operation: `share image ${id} with ${project}`,
    object: id,
  };
  return glance.call(call, memberSchema, options);
}

/** `PUT /v2/images/{image_id}/members/{member_id}`: the receiver's answer. */
export function answerMember(
  glance: GlanceTransport,
  id: string,
  project: string,
  status: 'accepted' | 'rejected',
  options?: CallOptions,
): Promise<WireMember> {
  const call: GlanceCall = {
    method: 'PUT',
    path: memberPath(id, project),
    body: { status },
    operation: `${status === 'accepted' ? 'accept' : 'reject'} image ${id}`,
    object: id,
    repeat: 'safe',
  };
  return glance.call(call, memberSchema, options);
}

/** `DELETE /v2/images/{image_id}/members/{member_id}`. */
export async function removeMember(
  glance: GlanceTransport,
  id: string,
  project: string,
  options?: CallOptions,
): Promise<void> {
  await glance.send(
    {
      method: 'DELETE',
      path: memberPath(id, project),
      operation: `stop sharing image ${id} with ${project}`,
      object: id,
      repeat: 'safe',
    },
    options,
  );
}

const read = (path: string, operation: string): GlanceCall => ({ method: 'GET', path, operation });

/** `GET /v2/info/import`: the import methods of the service. */
export async function importMethods(glance: GlanceTransport, options?: CallOptions): Promise<string[]> {
  const found = await glance.call(
    read('/v2/info/import', 'read the import methods'),
    importInfoSchema,
    options,
  );
  return found['import-methods'].value;
}

/** `GET /v2/info/stores`: ids of the stores. */
export async function listStores(glance: GlanceTransport, options?: CallOptions): Promise<string[]> {
  const found = await glance.call(read('/v2/info/stores', 'list the stores'), storesSchema, options);
  return found.stores.map(({ id }) => id);
}

/** `GET /v2/info/usage`: use and limit by quota. */
export async function getUsage(
  glance: GlanceTransport,
  options?: CallOptions,
): Promise<Record<string, { usage: number; limit: number }>> {
  return (await glance.call(read('/v2/info/usage', 'read the image quotas'), usageSchema, options)).usage;
}

/** `GET /v2/images/{image_id}/tasks`: imports of an image (2.12 and later). */
export async function listTasks(
  glance: GlanceTransport,
  id: string,
  options?: CallOptions,
): Promise<z.infer<typeof tasksSchema>['tasks']> {
  const call = { ...read(`${imagePath(id)}/tasks`, `read the imports of image ${id}`), object: id };
  return (await glance.call(call, tasksSchema, options)).tasks;
}

/** `GET /v2/schemas/{name}`. */
export function getSchema(
  glance: GlanceTransport,
  name: string,
  options?: CallOptions,
): Promise<Record<string, unknown>> {
  return glance.call(
    read(`/v2/schemas/${encodeRfc3986(name)}`, `read the schema ${name}`),
    objectSchema,
    options,
  );
}

/** `GET /`: the versions; the service answers 300, which is a success here. */
export async function listVersions(
  glance: GlanceTransport,
  options?: CallOptions,
): Promise<{ id: string; status: string }[]> {
  const call = { ...read('/', 'list the versions of the API'), accept: [300] };
  return (await glance.call(call, versionsSchema, options)).versions;
}
