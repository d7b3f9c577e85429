// Wire client: the calls v1 and v1.1, which the service has given up (operations 36 to 38).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { checked, checkedQuery } from './fields.ts';
import { type ImageIdRequest, imageIdRequest } from './native-images.ts';
import { imageListSchema, type WireImage } from './schemas.ts';
import type { ImsTransport } from './transport.ts';

/**
 * Operation 36, `DELETE /v1.1/images/{image_id}`: the image's status becomes deleted. Answers 204 or 200.
 * @deprecated operation 34: `deleteImage`
 */
export async function softDeleteImage(
  ims: ImsTransport,
  request: ImageIdRequest,
  options?: CallOptions,
): Promise<void> {
  const operation = `delete image ${request.image_id}`;
  const { image_id } = checked(ims, imageIdRequest, request, operation);
  const path = `/v1.1/images/${encodeRfc3986(image_id)}`;
  await ims.send({ method: 'DELETE', path, operation, object: image_id }, options);
}

/** What operation 37 tells in headers (seed 001 §6.1.8). Texts as they came: `True`, `False`; times without zone are UTC. */
export interface ImageHeaders {
  /** MD5 of the file in hex. */
  etag?: string | undefined;
  /** By the names after `X-Image-Meta-` in lower case: id, name, status, size (bytes), min_disk (GB), min_ram (MB) … */
  meta: Readonly<Record<string, string>>;
}

const META = 'x-image-meta-';

/**
 * Operation 37, `HEAD /v1/images/{image_id}`: an image in headers.
 * @deprecated operation 31: `showImage`
 */
export async function headImage(
  ims: ImsTransport,
  request: ImageIdRequest,
  options?: CallOptions,
): Promise<ImageHeaders> {
  const operation = `read image ${request.image_id}`;
  const { image_id } = checked(ims, imageIdRequest, request, operation);
  const path = `/v1/images/${encodeRfc3986(image_id)}`;
  const { headers } = await ims.send({ method: 'HEAD', path, operation, object: image_id }, options);
  const meta = Object.entries(headers).filter(([header]) => header.startsWith(META));
  return {
    etag: headers.etag?.replace(/^"|"$/g, ''),
    meta: Object.fromEntries(meta.map(([header, value]) => [header.slice(META.length), value])),
  };
}

/** Request of operation 38 (seed 001 §6.1.9): filters. */
export const listImageDetailsRequest = z.strictObject({
  name: z.string().optional(),
  container_format: z.string().optional(),
  disk_format: z.string().optional(),
  status: z.string().optional(),
  /** Bytes. */
  size_min: z.string().regex(/^\d+$/, 'must be a number of bytes').optional(),
  /** Bytes. */
  size_max: z.string().regex(/^\d+$/, 'must be a number of bytes').optional(),
  /** UTC. */
  'changes-since': z.string().optional(),
});
/** Request of operation 38. */
export type ListImageDetailsRequest = z.input<typeof listImageDetailsRequest>;

/**
 * Operation 38, `GET /v1.1/images/detail`: images in the shape of that version.
 * @deprecated operation 30: `listNativeImages`
 */
export async function listImageDetails(
  ims: ImsTransport,
  request: ListImageDetailsRequest = {},
  options?: CallOptions,
): Promise<{ images: WireImage[] }> {
  const operation = 'list images';
  const query = checkedQuery(ims, listImageDetailsRequest, request, operation);
  return ims.call({ method: 'GET', path: '/v1.1/images/detail', query, operation }, imageListSchema, options);
}
