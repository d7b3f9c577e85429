// What the image service tells of itself: versions, schemas, import methods, stores, quotas, tasks.
import { header, json, type Reply } from '../../http/exchange.ts';
import { type GlanceContext, isoSeconds, METHODS, readable, STORES } from './context.ts';
import { GlanceError } from './errors.ts';
import { storedBytes } from './view.ts';

const minors = [15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

/** `GET /` (300) and `GET /versions` (200). */
export function versions(host: string, status: number): Reply {
  return json(status, {
    versions: minors.map((minor, index) => ({
      id: `v2.${minor}`,
      status: index === 0 ? 'CURRENT' : 'SUPPORTED',
      links: [{ rel: 'self', href: `http://${host}/v2/` }],
    })),
  });
}

const text = { type: ['null', 'string'], maxLength: 255 };
const imageProperties = {
  id: {
    type: 'string',
    pattern: '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$',
  },
  name: text,
  status: {
    type: 'string',
    readOnly: true,
    enum: [
      'queued',
      'saving',
      'active',
      'killed',
      'deleted',
      'uploading',
      'importing',
      'pending_delete',
      'deactivated',
    ],
  },
  visibility: { type: 'string', enum: ['community', 'public', 'private', 'shared'] },
  protected: { type: 'boolean' },
  os_hidden: { type: 'boolean' },
  checksum: { type: ['null', 'string'], readOnly: true, maxLength: 32 },
  os_hash_algo: { type: ['null', 'string'], readOnly: true, maxLength: 64 },
  os_hash_value: { type: ['null', 'string'], readOnly: true, maxLength: 128 },
  owner: text,
  size: { type: ['null', 'integer'], readOnly: true },
  virtual_size: { type: ['null', 'integer'], readOnly: true },
  container_format: {
    type: ['null', 'string'],
    enum: [null, 'ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'],
  },
  disk_format: {
    type: ['null', 'string'],
    enum: [null, 'ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'],
  },
  created_at: { type: 'string', readOnly: true },
  updated_at: { type: 'string', readOnly: true },
  tags: { type: 'array', items: { type: 'string', maxLength: 255 } },
  direct_url: { type: 'string', readOnly: true },
  min_ram: { type: 'integer' },
  min_disk: { type: 'integer' },
  stores: { type: 'string', readOnly: true },
  self: { type: 'string', readOnly: true },
  file: { type: 'string', readOnly: true },
  schema: { type: 'string', readOnly: true },
  locations: { type: 'array', items: { type: 'object' } },
  architecture: { type: 'string', is_base: false },
  kernel_id: { type: ['null', 'string'], is_base: false },
  ramdisk_id: { type: ['null', 'string'], is_base: false },
  instance_uuid: { type: 'string', is_base: false },
  os_distro: { type: 'string', is_base: false },
  os_version: { type: 'string', is_base: false },
};
const imageSchema = {
  name: 'image',
  properties: imageProperties,
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
};
const memberSchema = {
  name: 'member',
  properties: {
    created_at: { type: 'string' },
    image_id: { type: 'string' },
    member_id: { type: 'string' },
    schema: { type: 'string' },
    status: { type: 'string', enum: ['pending', 'accepted', 'rejected'] },
    updated_at: { type: 'string' },
  },
};
const collection = (name: string, item: { name: string }) => ({
  name,
  properties: {
    [name]: { type: 'array', items: item },
    first: { type: 'string' },
    next: { type: 'string' },
    schema: { type: 'string' },
  },
  links: [
    { rel: 'first', href: '{first}' },
    { rel: 'next', href: '{next}' },
    { rel: 'describedby', href: '{schema}' },
  ],
});
const schemas: Readonly<Record<string, unknown>> = {
  image: imageSchema,
  images: collection('images', imageSchema),
  member: memberSchema,
  members: collection('members', memberSchema),
};

/** `GET /v2/schemas/{name}`. */
export function schema(name: string): Reply {
  const found = schemas[name];
  if (found === undefined) throw new GlanceError(404, 'The resource could not be found.');
  return json(200, found);
}

/** `GET /v2/info/{what}`. */
export function info(context: GlanceContext, what: string): Reply {
  switch (what) {
    case 'import':
      return json(200, {
        'import-methods': { description: 'Import methods available.', type: 'array', value: METHODS },
      });
    case 'stores':
      return json(200, {
        stores: STORES.map((id, index) => ({ id, ...(index === 0 ? { default: 'true' } : {}) })),
      });
    case 'usage': {
      const own = context.store.of(context.region).filter((image) => image.owner === context.projectId);
      const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20);
      const staged = own.reduce((sum, image) => sum + (image.staged?.sizeBytes ?? 0), 0);
      return json(200, {
        usage: {
          image_size_total: {
            limit: 1 << 20,
            usage: mib(own.reduce((sum, image) => sum + storedBytes(image), 0)),
          },
          image_stage_total: { limit: 1 << 20, usage: mib(staged) },
          image_count_total: { limit: 10_000, usage: own.length },
          image_count_uploading: {
            limit: 1000,
            usage: own.filter((image) => ['saving', 'uploading', 'importing'].includes(image.status)).length,
          },
        },
      });
    }
    default:
      throw new GlanceError(404, 'The resource could not be found.');
  }
}

/** `GET /v2/images/{id}/tasks`. */
export function tasks(context: GlanceContext, id: string): Reply {
  const image = readable(context, id);
  return json(200, {
    tasks: image.tasks.map((task) => ({
      id: task.id,
      type: 'api_image_import',
      status: task.status,
      owner: image.owner,
      expires_at: null,
      created_at: isoSeconds(task.createdAtMs),
      updated_at: isoSeconds(task.endsAtMs),
      deleted: false,
      input: { image_id: id, import_req: { method: { name: task.method } } },
      result: null,
      message: task.message,
      image_id: id,
      request_id: header(context.exchange, 'x-openstack-request-id') ?? null,
      user_id: context.account.openstack.userId,
    })),
  });
}
