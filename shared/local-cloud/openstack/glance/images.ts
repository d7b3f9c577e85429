// Records: create, show, change, delete (operations 55, 56, 58), tags, deactivation.
import { z } from 'zod';
import { header, json, type Reply } from '../../http/exchange.ts';
import { type GlanceContext, jsonBody, METHODS, newUuid, readable, STORES, writable } from './context.ts';
import { GlanceError, introduced } from './errors.ts';
import type { ImageRecord } from './records.ts';
import { view } from './view.ts';

const diskFormats = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'.split(' ');
const containerFormats = 'ami ari aki bare ovf ova docker compressed'.split(' ');
/** What an image may be to others. */
export const visibilities = ['private', 'shared', 'public', 'community'];
const readOnly = new Set(
  (
    'status size virtual_size checksum os_hash_algo os_hash_value created_at updated_at self file schema ' +
    'direct_url first stores'
  ).split(' '),
);
const maxTags = 128;
const maxProperties = 128;
/** Properties that may be null. */
const nullable = new Set(['kernel_id', 'ramdisk_id']);
const maxNumber = 2_147_483_647;

const bad = (message: string) => new GlanceError(400, message);

/** Each base attribute: how a value is checked and put into the record. */
const attributes: Readonly<
  Record<string, (image: ImageRecord, value: unknown, context: GlanceContext) => ImageRecord>
> = {
  name: (image, value) => {
    const name = z.string().max(255).nullable().safeParse(value);
    if (!name.success)
      throw bad(`Provided object does not match schema 'image': ${shown(value)} is too long`);
    return { ...image, name: name.data };
  },
  disk_format: (image, value) => ({ ...image, diskFormat: oneOf('disk_format', diskFormats, value) }),
  container_format: (image, value) => ({
    ...image,
    containerFormat: oneOf('container_format', containerFormats, value),
  }),
  visibility: (image, value, { isAdmin }) => {
    const visibility = oneOf('visibility', visibilities, value);
    if (visibility === null)
      throw bad(`Provided object does not match schema 'image': None is not of type 'string'`);
    if (visibility === 'public' && !isAdmin) {
      throw new GlanceError(403, 'You are not authorized to complete publicize_image action.');
    }
    return { ...image, visibility };
  },
  protected: (image, value) => ({ ...image, protected: truth('protected', value) }),
  os_hidden: (image, value) => ({ ...image, hidden: truth('os_hidden', value) }),
  min_disk: (image, value) => ({ ...image, minDiskGiB: count('min_disk', value) }),
  min_ram: (image, value) => ({ ...image, minRamMiB: count('min_ram', value) }),
  tags: (image, value) => {
    const tags = z.array(z.string().max(255)).safeParse(value);
    if (!tags.success)
      throw bad(`Provided object does not match schema 'image': ${shown(value)} is not of type 'array'`);
    const unique = [...new Set(tags.data)];
    if (unique.length > maxTags)
      throw new GlanceError(
        413,
        `The limit has been exceeded on the number of allowed image tags. Attempted: ${unique.length}, Maximum: ${maxTags}`,
      );
    return { ...image, tags: unique };
  },
  owner: (image, value, { isAdmin }) => {
    if (!isAdmin) throw introduced(403, `You are not permitted to create images owned by '${String(value)}'`);
    return { ...image, owner: z.string().parse(value) };
  },
};

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 100);

function oneOf(name: string, known: readonly string[], value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'string' && known.includes(value)) return value;
  throw bad(
    `Provided object does not match schema 'image': ${shown(value)} is not one of [${known.join(', ')}], in ${name}`,
  );
}

function truth(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw bad(
    `Provided object does not match schema 'image': ${shown(value)} is not of type 'boolean', in ${name}`,
  );
}

function count(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxNumber) return value;
  throw bad(`Provided object does not match schema 'image': ${shown(value)} is not valid, in ${name}`);
}

/** Sets one attribute or property. @throws GlanceError */
function assign(context: GlanceContext, image: ImageRecord, name: string, value: unknown): ImageRecord {
  const attribute = attributes[name];
  if (attribute !== undefined) return attribute(image, value, context);
  if (readOnly.has(name) || name === 'id') throw new GlanceError(403, `Attribute '${name}' is read-only.`);
  if (name === 'locations' || name === 'deleted' || name.startsWith('os_glance'))
    throw new GlanceError(403, `Attribute '${name}' is reserved.`);
  if (name.length > 255) throw bad('Custom property should not be greater than 255 characters.');
  if (typeof value !== 'string' && !(value === null && nullable.has(name))) {
    throw bad(
      `Provided object does not match schema 'image': ${shown(value)} is not of type 'string', in ${name}`,
    );
  }
  return { ...image, properties: { ...image.properties, [name]: value } };
}

function checkProperties({ properties }: ImageRecord): void {
  const attempted = Object.keys(properties).length;
  if (attempted <= maxProperties) return;
  throw new GlanceError(
    413,
    `The limit has been exceeded on the number of allowed image properties. Attempted: ${attempted}, Maximum: ${maxProperties}`,
  );
}

/** `POST /v2/images`. */
export async function createImage(context: GlanceContext): Promise<Reply> {
  const body = z.record(z.string(), z.unknown()).safeParse(await jsonBody(context));
  if (!body.success) throw bad('The request body must be a JSON object.');
  const { id: given, ...rest } = body.data;
  const id = given ?? newUuid();
  if (typeof id !== 'string' || !/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) {
    throw bad(`Provided object does not match schema 'image': ${shown(id)} does not match a UUID, in id`);
  }
  if (context.store.get(context.region, id) !== undefined) {
    throw new GlanceError(409, `Image ID ${id} already exists!`);
  }
  const now = context.exchange.now;
  let image: ImageRecord = {
    id,
    region: context.region,
    owner: context.projectId,
    name: null,
    status: 'queued',
    visibility: 'shared',
    protected: false,
    hidden: false,
    diskFormat: null,
    containerFormat: null,
    minDiskGiB: 0,
    minRamMiB: 0,
    tags: [],
    properties: {},
    members: [],
    tasks: [],
    stores: [],
    createdAtMs: now,
    updatedAtMs: now,
  };
  for (const [name, value] of Object.entries(rest)) image = assign(context, image, name, value);
  checkProperties(image);
  context.store.put(image);
  return json(201, view(image), {
    location: `http://${header(context.exchange, 'host')}/v2/images/${id}`,
    'openstack-image-import-methods': METHODS.join(','),
    'openstack-image-store-ids': STORES.join(','),
  });
}

/** `GET /v2/images/{id}`. */
export const showImage = (context: GlanceContext, id: string): Reply =>
  json(200, view(readable(context, id)));

const patchSchema = z.array(
  z.union([
    z.object({ op: z.enum(['add', 'replace', 'remove']), path: z.string(), value: z.unknown() }),
    z.record(z.string(), z.unknown()),
  ]),
);

/** `PATCH /v2/images/{id}`, in both media types. */
export async function patchImage(context: GlanceContext, id: string): Promise<Reply> {
  const type = header(context.exchange, 'content-type')?.split(';')[0]?.trim() ?? '';
  const [, edition] = /^application\/openstack-images-v2\.([01])-json-patch$/.exec(type) ?? [];
  if (edition === undefined) {
    const accepted =
      'application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch';
    throw new GlanceError(
      415,
      `The request media type ${type || 'text/plain'} is not supported by this server.`,
      { 'accept-patch': accepted },
    );
  }
  let image = writable(context, id);
  const patch = patchSchema.safeParse(await jsonBody(context));
  if (!patch.success) throw bad('Request body must be a JSON array of operation objects.');
  for (const change of patch.data) {
    const { op, name, value } = operationOf(change, edition === '1');
    const exists = view(image)[name] !== undefined;
    if (op !== 'add' && !exists) throw introduced(409, `Property ${name} does not exist.`);
    if (op === 'add' && exists && edition === '0' && attributes[name] === undefined) {
      throw introduced(409, `Property ${name} already present.`);
    }
    if (op !== 'remove') {
      if (value === undefined) throw bad(`Operation "${op}" requires a member named "value".`);
      if (name === 'owner' && !context.isAdmin) throw introduced(403, "Owner can't be updated by non admin.");
      if ((name === 'disk_format' || name === 'container_format') && image.status !== 'queued') {
        throw new GlanceError(403, `Attribute ${name} can be only replaced for a queued image.`);
      }
      image = assign(context, image, name, value);
      continue;
    }
    if (attributes[name] !== undefined || readOnly.has(name)) {
      throw introduced(403, `Property ${name} may not be removed.`);
    }
    const { [name]: _, ...properties } = image.properties;
    image = { ...image, properties };
  }
  checkProperties(image);
  context.store.put({ ...image, updatedAtMs: context.exchange.now });
  return json(200, view(readable(context, id)));
}

const isOperation = (name: unknown) => typeof name === 'string' && /^(add|replace|remove)$/.test(name);

function operationOf(change: Record<string, unknown>, modern: boolean) {
  const named = Object.entries(change).filter(([key]) => isOperation(key));
  if (!modern && named.length > 1)
    throw bad('Operation objects must contain only one member named "add", "remove", or "replace".');
  const [op, path] = modern ? [change.op, change.path] : (named[0] ?? []);
  if (modern && !isOperation(op)) throw bad('Operations must be one of "add", "remove", "replace".');
  if (typeof op !== 'string' || typeof path !== 'string' || !path.startsWith('/')) {
    throw bad('Operation objects must contain an operation and a path that begins with /.');
  }
  const [name = '', deeper] = path.slice(1).split('/');
  if (deeper !== undefined) throw bad(`Invalid JSON pointer for this resource: '${path}'`);
  if (/~(?![01])/.test(name))
    throw bad(`Pointer contains "~" not part of a recognized escape sequence: '${path}'`);
  return { op, name: name.replaceAll('~1', '/').replaceAll('~0', '~'), value: change.value };
}

/** `DELETE /v2/images/{id}`. */
export function deleteImage(context: GlanceContext, id: string): Reply {
  if (context.store.get(context.region, id) === undefined) {
    throw new GlanceError(404, `Failed to find image ${id} to delete`);
  }
  const image = writable(context, id, 'delete_image');
  if (image.protected) {
    throw new GlanceError(403, `Image ${id} is protected and cannot be deleted.`);
  }
  context.store.delete(image);
  return { status: 204 };
}

/** `PUT|DELETE /v2/images/{id}/tags/{tag}`. */
export function changeTag(context: GlanceContext, id: string, tag: string): Reply {
  const image = writable(context, id);
  const remove = context.exchange.method === 'DELETE';
  if (remove && !image.tags.includes(tag)) throw new GlanceError(404, 'The resource could not be found.');
  const tags = remove ? image.tags.filter((one) => one !== tag) : [...new Set([...image.tags, tag])];
  context.store.put({
    ...(attributes.tags?.(image, tags, context) ?? image),
    updatedAtMs: context.exchange.now,
  });
  return { status: 204 };
}

/** `POST /v2/images/{id}/actions/deactivate|reactivate`. */
export function setActive(context: GlanceContext, id: string, active: boolean): Reply {
  const image = writable(context, id, active ? 'reactivate' : 'deactivate');
  if (image.status !== 'active' && image.status !== 'deactivated') {
    throw new GlanceError(
      403,
      `Not allowed to ${active ? 'reactivate' : 'deactivate'} image in status '${image.status}'`,
    );
  }
  context.store.put({
    ...image,
    status: active ? 'active' : 'deactivated',
    updatedAtMs: context.exchange.now,
  });
  return { status: 204 };
}
