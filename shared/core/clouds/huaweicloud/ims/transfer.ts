// Wire client: exporting and copying images (operations 21, 26, 27).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { type JobStarted, startJob } from './create.ts';
import { bucketFile, checked, description, id, name } from './fields.ts';
import type { ImsTransport } from './transport.ts';

/** Request of operation 21 (seed 001 §5.1.8). */
export const exportImageRequest = z
  .strictObject({
    /** Not a whole image, ISO image, or one made from some of the public images. Less than 1 TB. */
    image_id: id,
    /** Must not exist yet (IMG.0070); in a bucket of the same region. */
    bucket_url: bucketFile,
    /** Format of the file; must be left out with is_quick_export. */
    file_format: z.enum(['qcow2', 'vhd', 'zvhd', 'vmdk']).optional(),
    /** Without conversion; the only way for images of more than 128 GB. */
    is_quick_export: z.boolean().optional(),
  })
  .refine(({ file_format, is_quick_export }) => (file_format === undefined) === (is_quick_export === true), {
    message: 'must be given, except with is_quick_export, which forbids it',
    path: ['file_format'],
  });
/** Request of operation 21. */
export type ExportImageRequest = z.input<typeof exportImageRequest>;

/** Operation 21, `POST /v1/cloudimages/{image_id}/file`: writes an image into a bucket. Starts a job. */
export async function exportImage(
  ims: ImsTransport,
  request: ExportImageRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `export image ${request.image_id} to ${request.bucket_url}`;
  const { image_id, ...body } = checked(ims, exportImageRequest, request, operation);
  const path = `/v1/cloudimages/${encodeRfc3986(image_id)}/file`;
  return startJob(ims, { method: 'POST', path, body, object: image_id }, operation, options);
}

/** Request of operation 26 (seed 001 §5.3.1). */
export const copyInRegionRequest = z.strictObject({
  /** No whole image, and none that was made from an ISO file. */
  image_id: id,
  name,
  description: description.optional(),
  /** Key (KMS) of the copy; another one than the image has (IMG.0096). */
  cmk_id: id.optional(),
});
/** Request of operation 26. */
export type CopyInRegionRequest = z.input<typeof copyInRegionRequest>;

/** Operation 26, `POST /v1/cloudimages/{image_id}/copy`: copies inside the region. Starts a job. */
export async function copyInRegion(
  ims: ImsTransport,
  request: CopyInRegionRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `copy image ${request.image_id} to ${request.name}`;
  const { image_id, ...body } = checked(ims, copyInRegionRequest, request, operation);
  const path = `/v1/cloudimages/${encodeRfc3986(image_id)}/copy`;
  return startJob(ims, { method: 'POST', path, body, object: image_id }, operation, options);
}

/** Request of operation 27 (seed 001 §5.3.2). */
export const copyCrossRegionRequest = z.strictObject({
  /** Not encrypted, no ISO image, up to 128 GB. */
  image_id: id,
  name,
  description: description.optional(),
  /** Another region than the image's own. */
  region: z.string().regex(/^[A-Za-z0-9._-]+$/, 'may hold letters, digits, dots, hyphens and underscores'),
  /** Project in that region that will own the copy. */
  project_name: z.string().min(1, 'must not be empty'),
  /** Agency that the service acts under; needs the role IMS Administrator in both regions. */
  agency_name: z.string().min(1, 'must not be empty'),
  /** Vault in that region; needed for whole images. */
  vault_id: id.optional(),
});
/** Request of operation 27. */
export type CopyCrossRegionRequest = z.input<typeof copyCrossRegionRequest>;

/** Operation 27, `POST /v1/cloudimages/{image_id}/cross_region_copy`: copies to another region. Starts a job. */
export async function copyCrossRegion(
  ims: ImsTransport,
  request: CopyCrossRegionRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `copy image ${request.image_id} to ${request.name} in region ${request.region}`;
  const { image_id, ...body } = checked(ims, copyCrossRegionRequest, request, operation);
  const path = `/v1/cloudimages/${encodeRfc3986(image_id)}/cross_region_copy`;
  return startJob(ims, { method: 'POST', path, body, object: image_id }, operation, options);
}
