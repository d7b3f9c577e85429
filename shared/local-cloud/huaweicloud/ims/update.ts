// Changing and deleting images (seed 001 operations 15, 32 and 34, seed 004 operation 59).
import { z } from 'zod';
import { header } from '../../http/exchange.ts';
import { type ImsContext, ownImage, readBody, visibleImage } from './context.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkName } from './fields.ts';
import type { ImageRecord } from './records.ts';
import { describeImage } from './view.ts';

/** A JSON pointer to a field of the image (RFC 6901): `~1` in a name is a slash, `~0` a tilde. */
const pathSchema = z.string().regex(/^\/(?:[^/~]|~[01])+$/);
const fieldOf = (path: string) => path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
const valueSchema = z.union([z.string(), z.number(), z.boolean()]).optional();
const opSchema = z.enum(['add', 'replace', 'remove']);

const patchSchema = z.array(z.object({ op: opSchema, path: pathSchema, value: valueSchema })).min(1);

/** The older form (seeds 001 §6.1.3 and 004): the operation is the name of the field that holds the path. */
const olderPatchSchema = z
  .array(
    z.union([
      z.strictObject({ replace: pathSchema, value: valueSchema }),
      z.strictObject({ add: pathSchema, value: valueSchema }),
      z.strictObject({ remove: pathSchema, value: valueSchema }),
    ]),
  )
  .min(1)
  .transform((changes) =>
    changes.map(({ value, ...rest }) => {
      const [op, path] = Object.entries(rest)[0] ?? [];
      return { op: opSchema.parse(op), path: String(path), value };
    }),
  );

const olderType = 'application/openstack-images-v2.0-json-patch';
const patchTypes = ['application/openstack-images-v2.1-json-patch', 'application/json'];

/** The changes of a native call, whose media type says what form they have. @throws ImsError 415, IMG.0001 or 0007 */
function readNativePatch(context: ImsContext) {
  const [type = ''] = (header(context.exchange, 'content-type') ?? '').toLowerCase().split(';');
  if (type.trim() === olderType) return readBody(context, olderPatchSchema);
  if (!patchTypes.includes(type.trim())) throw new ImsError('IMG.0001', 415);
  return readBody(context, patchSchema);
}

/** Properties of the service that a user may set (seed 001 §5.1.2); the native call takes none of them. */
const settable = new Set([
  ...['__support_kvm', '__support_xen', '__support_diskintensive', '__support_highperformance'],
  ...['__support_xen_gpu_type', '__support_kvm_gpu_type', '__is_config_init'],
  ...['hw_vif_multiqueue_enabled', 'hw_firmware_type'],
]);

/** `PATCH /v2/cloudimages/{id}`, and with `native` `PATCH /v2/images/{id}`. Active images of one's own only. */
export async function updateImage(context: ImsContext, id: string, native = false): Promise<unknown> {
  const changes = native ? await readNativePatch(context) : await readBody(context, patchSchema);
  const image = ownImage(context, id, 404);
  if (image.status !== 'active') throw new ImsError('IMG.0046');
  let next: ImageRecord = {
    ...image,
    properties: { ...image.properties },
    updatedAtMs: context.exchange.now,
  };
  for (const { op, path, value } of changes) {
    if (op !== 'remove' && value === undefined) throw new ImsError('IMG.0001');
    next = change(context, next, op, fieldOf(path), String(value ?? ''), native);
  }
  checkVirtualisation(next.properties);
  return describeImage(context.store.putImage(next));
}

/** Kinds of hardware that exclude each other (seed 001 §9.1). @throws ImsError IMG.0035 */
function checkVirtualisation(properties: Readonly<Record<string, string>>): void {
  const has = (...names: string[]) => names.some((name) => (properties[name] ?? 'false') !== 'false');
  const special = has('__support_xen_gpu_type', '__support_kvm_gpu_type', '__support_xen_hana');
  if (special && has('__support_xen', '__support_kvm')) throw new ImsError('IMG.0035');
  if (has('__support_kvm_infiniband') && has('__support_xen')) throw new ImsError('IMG.0035');
}

function change(
  context: ImsContext,
  image: ImageRecord,
  op: 'add' | 'replace' | 'remove',
  name: string,
  value: string,
  native: boolean,
): ImageRecord {
  if (name === 'name') {
    if (op === 'remove') throw new ImsError('IMG.0035');
    const taken = context.store
      .images()
      .some(
        (other) =>
          other.id !== image.id &&
          other.region === image.region &&
          other.projectId === image.projectId &&
          other.name === value,
      );
    if (taken) throw new ImsError('IMG.0009');
    return { ...image, name: checkName(value) };
  }
  if (name === '__description' || (native && name === 'description')) {
    return { ...image, description: op === 'remove' ? '' : checkDescription(value) };
  }
  if (name === 'min_ram' && !native) {
    if (!/^\d{1,7}$/.test(value)) throw new ImsError('IMG.0055');
    return { ...image, minRamMiB: Number(value) };
  }
  if (name === 'protected' && native && op === 'replace') return { ...image, protected: value === 'true' };
  const known = settable.has(name) ? !native : !name.startsWith('__') && !(name in describeBare(image));
  if (!known) throw new ImsError('IMG.0035');
  if (name === 'hw_firmware_type' && op !== 'remove' && !['bios', 'uefi'].includes(value)) {
    throw new ImsError('IMG.0141');
  }
  const exists = name in describeImage(image);
  if (op !== 'add' && !exists) throw new ImsError('IMG.0035');
  const { [name]: _, ...others } = image.properties;
  return { ...image, properties: op === 'remove' ? others : { ...others, [name]: value } };
}

/** The image object without the user's own properties: these names are not theirs to set. */
const describeBare = (image: ImageRecord) => describeImage({ ...image, properties: {} });

const deleteSchema = z.object({ delete_backup: z.boolean().optional() });

/** `DELETE /v2/images/{id}`. */
export async function deleteImage(context: ImsContext, id: string): Promise<void> {
  const { exchange } = context;
  if (Number(exchange.headers['content-length'] ?? 0) > 0) await readBody(context, deleteSchema);
  const image = visibleImage(context, id, 404);
  if (image.gold) throw new ImsError('IMG.0094');
  if (image.projectId !== context.projectId) throw new ImsError('IMG.0092');
  if (image.protected) throw new ImsError('IMG.0028');
  if (image.status === 'saving') throw new ImsError('IMG.0090');
  if (context.jobs.exporting(id)) throw new ImsError('IMG.0148');
  context.store.deleteImage(id);
}
