// Wire client: the native (Glance) calls on images (operations 30 to 35, and 59, the older edition of 32).
import { z } from 'zod';
import { type CallOptions, InvalidInputError } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { checked, checkedQuery, disk, id, memory, name, osVersion, passOn } from './fields.ts';
import { checkNewValue, imageChange, listFilters } from './images.ts';
import { imageSchema, nativeListSchema, type WireImage } from './schemas.ts';
import type { ImsBytes, ImsTransport } from './transport.ts';

const imagePath = (image: string) => `/v2/images/${encodeRfc3986(image)}`;

/** Request of operation 30 (seed 001 §6.1.1). */
export const listNativeImagesRequest = z.strictObject({
  ...listFilters,
  /** Later than `M` (e.g. `Q`): answers as OpenStack Queens gives them; else as Mitaka. A header. Default: not sent. */
  'X-Api-Version': z
    .string()
    .regex(/^[A-Za-z]$/, 'must be a letter')
    .optional(),
});
/** Request of operation 30. */
export type ListNativeImagesRequest = z.input<typeof listNativeImagesRequest>;

/** Operation 30, `GET /v2/images`: one page of images; `next` names the next one. */
export async function listNativeImages(
  ims: ImsTransport,
  request: ListNativeImagesRequest = {},
  options?: CallOptions,
): Promise<Omit<z.infer<typeof nativeListSchema>, 'images'> & { images: WireImage[] }> {
  const operation = 'list images';
  const pairs = checkedQuery(ims, listNativeImagesRequest, request, operation);
  const query = pairs.filter(([field]) => field !== 'X-Api-Version');
  const version = request['X-Api-Version'];
  const headers = version === undefined ? undefined : { 'x-api-version': version };
  const call = { method: 'GET', path: '/v2/images', query, headers, operation } as const;
  return ims.call(call, nativeListSchema, options);
}

/** Request of operations that name an image and nothing else. */
export const imageIdRequest = z.strictObject({ image_id: id });
/** Request of operations that name an image and nothing else. */
export type ImageIdRequest = z.input<typeof imageIdRequest>;

/** Operation 31, `GET /v2/images/{image_id}`. */
export async function showImage(
  ims: ImsTransport,
  request: ImageIdRequest,
  options?: CallOptions,
): Promise<WireImage> {
  const operation = `read image ${request.image_id}`;
  const { image_id } = checked(ims, imageIdRequest, request, operation);
  return ims.call(
    { method: 'GET', path: imagePath(image_id), operation, object: image_id },
    imageSchema,
    options,
  );
}

/** One change in the form of the media type v2.1. Only name, description and properties of the user's own may be changed. */
const nativeChange = imageChange.superRefine(({ path, value }, context) =>
  checkNewValue(path, value, context),
);

const pointer = z.string().regex(/^\/[^/]+$/, 'must be the name of an attribute after a slash, e.g. /name');

/** One change in the form of the media type v2.0: one of three names says what is done with the attribute. */
const olderNativeChange = z
  .strictObject({
    replace: pointer.optional(),
    add: pointer.optional(),
    remove: pointer.optional(),
    value: z.string().optional(),
  })
  .superRefine(({ replace, add, remove, value }, context) => {
    const paths = [replace, add, remove].filter((path) => path !== undefined);
    const fail = (message: string) => context.addIssue({ code: 'custom', message });
    if (paths.length !== 1) fail('exactly one of replace, add and remove must be there');
    else if ((remove !== undefined) === (value !== undefined))
      fail('add and replace need a value, remove takes none');
    else checkNewValue(paths[0] ?? '', value, context);
  });

/** One change of operations 32 and 59, in either form. */
export type NativeChange = z.output<typeof nativeChange> | z.output<typeof olderNativeChange>;

/** True for changes in the form of v2.1. */
const isPatch = (change: object) => 'op' in change;

/** Request of operations 32 and 59 (seed 001 §6.1.3, seed 004): all changes in one of two forms. */
export const updateNativeImageRequest = z.strictObject({
  image_id: id,
  /** `{op, path, value}` (v2.1), or `{replace | add | remove: path, value}` (v2.0). */
  changes: z
    .array(z.looseObject({}))
    .min(1, 'must hold a change')
    .transform((list, context): NativeChange[] => {
      const form: z.ZodType<NativeChange> = list.every(isPatch) ? nativeChange : olderNativeChange;
      const result = z.array(form).safeParse(list);
      if (result.success) return result.data;
      passOn(result.error, context);
      return z.NEVER;
    }),
});
/** Request of operations 32 and 59. */
export interface UpdateNativeImageRequest {
  image_id: string;
  changes: readonly NativeChange[];
}

/** Operation 32, `PATCH /v2/images/{image_id}`: changes name, description and properties of the user's own. */
export async function updateNativeImage(
  ims: ImsTransport,
  request: UpdateNativeImageRequest,
  options?: CallOptions,
): Promise<WireImage> {
  const operation = `update image ${request.image_id}`;
  const given = { image_id: request.image_id, changes: request.changes.map((change) => ({ ...change })) };
  const { image_id, changes } = checked(ims, updateNativeImageRequest, given, operation);
  const version = changes.every(isPatch) ? 'v2.1' : 'v2.0';
  const call = {
    method: 'PATCH',
    path: imagePath(image_id),
    body: changes,
    contentType: `application/openstack-images-${version}-json-patch`,
    operation,
    object: image_id,
  } as const;
  return ims.call(call, imageSchema, options);
}

/**
 * Operation 59, `PATCH /v2/images/{image_id}` as seed 004 describes it: the same request.
 * @deprecated operation 32 is its current edition: `updateNativeImage`
 */
export async function updateNativeImageOlder(
  ims: ImsTransport,
  request: UpdateNativeImageRequest,
  options?: CallOptions,
): Promise<WireImage> {
  return updateNativeImage(ims, request, options);
}

/** Operation 33 takes less than this, in bytes: 2 GB. */
const MAX_NATIVE_UPLOAD_BYTES = 2 * 1024 ** 3;

/**
 * Operation 33, `PUT /v2/images/{image_id}/file`: sends the file of a record that operation 35 made; the image is active later.
 * @throws InvalidInputError for 2 GB and more, and for more than 12 MB where requests are signed with access keys
 */
export async function uploadNativeImage(
  ims: ImsTransport,
  request: ImageIdRequest,
  bytes: ImsBytes,
  options?: CallOptions,
): Promise<void> {
  const operation = `send the file of image ${request.image_id}`;
  const { image_id } = checked(ims, imageIdRequest, request, operation);
  if (bytes.sizeBytes >= MAX_NATIVE_UPLOAD_BYTES) {
    throw new InvalidInputError({
      operation,
      cloud: ims.cloud,
      reason: `the file has ${bytes.sizeBytes} bytes, and this call takes less than ${MAX_NATIVE_UPLOAD_BYTES}`,
      hint: 'Put the file into a bucket and create the image from the object.',
    });
  }
  const call = {
    method: 'PUT',
    path: `${imagePath(image_id)}/file`,
    bytes,
    contentType: 'application/octet-stream',
    operation,
    object: image_id,
  } as const;
  await ims.send(call, options);
}

/** Request of operation 34 (seed 001 §6.1.5). */
export const deleteImageRequest = z.strictObject({
  image_id: id,
  /** Also delete the backup (CBR) of a whole image. Default false. */
  delete_backup: z.boolean().optional(),
});
/** Request of operation 34. */
export type DeleteImageRequest = z.input<typeof deleteImageRequest>;

/** Operation 34, `DELETE /v2/images/{image_id}`; has a JSON body only when there is something to say. */
export async function deleteImage(
  ims: ImsTransport,
  request: DeleteImageRequest,
  options?: CallOptions,
): Promise<void> {
  const operation = `delete image ${request.image_id}`;
  const { image_id, delete_backup } = checked(ims, deleteImageRequest, request, operation);
  const body = delete_backup === undefined ? undefined : { delete_backup };
  await ims.send({ method: 'DELETE', path: imagePath(image_id), body, operation, object: image_id }, options);
}

/** Request of operation 35 (seed 001 §6.1.6). */
export const createRecordRequest = z.strictObject({
  /** Default `Other Linux (64 bit)`. Type, platform and word size follow from it. */
  __os_version: osVersion.optional(),
  visibility: z.literal('private').optional(),
  /** The text says 255 characters, the answer and the codes 128. No server can be made from an image without a name. */
  name: name.optional(),
  /** The service then refuses to delete the image. Default false. */
  protected: z.boolean().optional(),
  container_format: z.literal('bare').optional(),
  /** Default zvhd2 (older editions: vhd) for what is no ISO. */
  disk_format: z.enum(['zvhd2', 'zvhd', 'vhd', 'raw', 'qcow2', 'iso']).optional(),
  /** Texts `key=value` of 1 to 255 characters. */
  tags: z
    .array(z.string().min(1, 'must not be empty').max(255, 'may have 255 characters'))
    .refine((list) => new Set(list).size === list.length, { message: 'the same tag occurs twice' })
    .optional(),
  /** MB. Default 0. */
  min_ram: memory.optional(),
  /** 40 to 1024 GB: seed 001 ends at 255, seed 004 at 1024. */
  min_disk: disk(40, 1024).optional(),
});
/** Request of operation 35. */
export type CreateRecordRequest = z.input<typeof createRecordRequest>;

/** Operation 35, `POST /v2/images`: the record of an image, without data; operations 20 and 33 fill it. */
export async function createRecord(
  ims: ImsTransport,
  request: CreateRecordRequest,
  options?: CallOptions,
): Promise<WireImage> {
  const operation = `create the record of image ${request.name ?? 'without a name'}`;
  const body = checked(ims, createRecordRequest, request, operation);
  return ims.call({ method: 'POST', path: '/v2/images', body, operation }, imageSchema, options);
}
