// Changing and deleting images (seed 001 operations 15, 32 and 34).
import { z } from 'zod';
import { type ImsContext, ownImage, readBody, visibleImage } from './context.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkName } from './fields.ts';
import type { ImageRecord } from './records.ts';
import { describeImage } from './view.ts';

const patchSchema = z
  .array(
    z.object({
      op: z.enum(['add', 'replace', 'remove']),
      path: z.string().regex(/^\/[^/]+$/),
      value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    }),
  )
  .min(1);

/** Properties of the service that a user may set (seed 001 §5.1.2); the native call takes none of them. */
const settable = new Set([
  ...['__support_kvm', '__support_xen', '__support_diskintensive', '__support_highperformance'],
  ...['__support_xen_gpu_type', '__support_kvm_gpu_type', '__is_config_init'],
  ...['hw_vif_multiqueue_enabled', 'hw_firmware_type'],
]);

/** `PATCH /v2/cloudimages/{id}`, and with `native` `PATCH /v2/images/{id}`. Active images of one's own only. */
export async function updateImage(context: ImsContext, id: string, native = false): Promise<unknown> {
  const changes = await readBody(context, patchSchema);
  const image = ownImage(context, id, 404);
  if (image.status !== 'active') throw new ImsError('IMG.0046');
  let next: ImageRecord = {
    ...image,
    properties: { ...image.properties },
    updatedAtMs: context.exchange.now,
  };
  for (const { op, path, value } of changes) {
    if (op !== 'remove' && value === undefined) throw new ImsError('IMG.0001');
    next = change(context, next, op, path.slice(1), String(value ?? ''), native);
  }
  return describeImage(context.store.putImage(next));
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
  if (name === '__description') {
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
  if (image.projectId !== context.projectId) throw new ImsError('IMG.0092');
  if (image.protected) throw new ImsError('IMG.0028');
  if (image.status === 'saving') throw new ImsError('IMG.0090');
  context.store.deleteImage(id);
}
