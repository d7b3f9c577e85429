// The wire client of the image service: one function per operation, typed, nothing else. Numbers are those of the seeds' index.
import type { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import {
  imageListSchema,
  imageSchema,
  jobSchema,
  jobStartedSchema,
  memberListSchema,
  memberSchema,
  osVersionsSchema,
  quotaSchema,
  type WireImage,
  type WireJob,
  type WireMember,
} from './schemas.ts';
import type { ImsTransport } from './transport.ts';

const imagePath = (version: string, id: string) => `${version}/${encodeRfc3986(id)}`;
const CLOUD_IMAGES_V1 = '/v1/cloudimages';
const CLOUD_IMAGES_V2 = '/v2/cloudimages';
const IMAGES = '/v2/images';

/**
 * Operation 14, `GET /v2/cloudimages`: one page of images.
 * @param query names and values of seed 001 §5.1.1, `limit` and `marker` included
 */
export async function listCloudImages(
  ims: ImsTransport,
  query: readonly (readonly [string, string])[],
  options?: CallOptions,
): Promise<WireImage[]> {
  const call = { method: 'GET', path: CLOUD_IMAGES_V2, query, operation: 'list images' } as const;
  return (await ims.call(call, imageListSchema, options)).images;
}

/** One change of operation 15. `path` is a JSON pointer; `value` is absent for a removal. */
export interface ImagePatch {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: string | undefined;
}

/** Operation 15, `PATCH /v2/cloudimages/{image_id}`: changes attributes of an active image. */
export async function patchCloudImage(
  ims: ImsTransport,
  id: string,
  patches: readonly ImagePatch[],
  options?: CallOptions,
): Promise<WireImage> {
  const call = {
    method: 'PATCH',
    path: imagePath(CLOUD_IMAGES_V2, id),
    body: patches,
    operation: `update image ${id}`,
    object: id,
  } as const;
  return ims.call(call, imageSchema, options);
}

/** Body of operation 16b (seed 001 §5.1.3). Sizes in GB and MB as the service counts them. */
export interface ImportFileBody {
  name: string;
  description?: string | undefined;
  os_type?: string | undefined;
  os_version?: string | undefined;
  /** `<bucket>:<object>` */
  image_url: string;
  min_disk: number;
  min_ram?: number | undefined;
  image_tags?: { key: string; value: string }[] | undefined;
  /** `IsoImage` for ISO files (seed 001 §7.1). */
  type?: string | undefined;
}

/** Operation 16b, `POST /v2/cloudimages/action`: makes an image from a file in the object store. Starts a job. */
export async function importFile(
  ims: ImsTransport,
  body: ImportFileBody,
  options?: CallOptions,
): Promise<string> {
  const call = {
    method: 'POST',
    path: `${CLOUD_IMAGES_V2}/action`,
    body,
    operation: `create image ${body.name} from ${body.image_url}`,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 22, `GET /v1/cloudimages/os_version`: the operating systems that the region knows. */
export async function listOsVersions(
  ims: ImsTransport,
  options?: CallOptions,
): Promise<z.infer<typeof osVersionsSchema>> {
  const call = {
    method: 'GET',
    path: `${CLOUD_IMAGES_V1}/os_version`,
    operation: 'list operating systems',
  } as const;
  return ims.call(call, osVersionsSchema, options);
}

/** Operation 23, `DELETE /v1/cloudimages/members`, with a JSON body: ends sharing. Starts a job. */
export async function removeMembers(
  ims: ImsTransport,
  body: { images: string[]; projects: string[] },
  options?: CallOptions,
): Promise<string> {
  const call = {
    method: 'DELETE',
    path: `${CLOUD_IMAGES_V1}/members`,
    body,
    operation: `stop sharing image ${body.images.join(', ')} with ${body.projects.join(', ')}`,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 24, `POST /v1/cloudimages/members`: shares images with projects. Starts a job. */
export async function addMembers(
  ims: ImsTransport,
  body: { images: string[]; projects: string[] },
  options?: CallOptions,
): Promise<string> {
  const call = {
    method: 'POST',
    path: `${CLOUD_IMAGES_V1}/members`,
    body,
    operation: `share image ${body.images.join(', ')} with ${body.projects.join(', ')}`,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 25, `PUT /v1/cloudimages/members`: the receiver's answer. Starts a job. */
export async function answerMembers(
  ims: ImsTransport,
  body: { images: string[]; project_id: string; status: 'accepted' | 'rejected' },
  options?: CallOptions,
): Promise<string> {
  const verb = body.status === 'accepted' ? 'accept' : 'reject';
  const call = {
    method: 'PUT',
    path: `${CLOUD_IMAGES_V1}/members`,
    body,
    operation: `${verb} image ${body.images.join(', ')}`,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 26, `POST /v1/cloudimages/{image_id}/copy`: copies inside the region. Starts a job. */
export async function copyInRegion(
  ims: ImsTransport,
  id: string,
  body: { name: string; description?: string | undefined },
  options?: CallOptions,
): Promise<string> {
  const call = {
    method: 'POST',
    path: `${imagePath(CLOUD_IMAGES_V1, id)}/copy`,
    body,
    operation: `copy image ${id} to ${body.name}`,
    object: id,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 27, `POST /v1/cloudimages/{image_id}/cross_region_copy`: copies to another region. Starts a job. */
export async function copyCrossRegion(
  ims: ImsTransport,
  id: string,
  body: {
    name: string;
    description?: string | undefined;
    region: string;
    project_name: string;
    agency_name: string;
  },
  options?: CallOptions,
): Promise<string> {
  const call = {
    method: 'POST',
    path: `${imagePath(CLOUD_IMAGES_V1, id)}/cross_region_copy`,
    body,
    operation: `copy image ${id} to ${body.name} in region ${body.region}`,
    object: id,
  } as const;
  return (await ims.call(call, jobStartedSchema, options)).job_id;
}

/** Operation 28, `GET /v1/cloudimages/quota`. */
export async function getQuota(
  ims: ImsTransport,
  options?: CallOptions,
): Promise<z.infer<typeof quotaSchema>['quotas']['resources']> {
  const call = {
    method: 'GET',
    path: `${CLOUD_IMAGES_V1}/quota`,
    operation: 'read the image quota',
  } as const;
  return (await ims.call(call, quotaSchema, options)).quotas.resources;
}

/** Operation 29, `GET /v1/{project_id}/jobs/{job_id}`. */
export async function getJob(ims: ImsTransport, id: string, options?: CallOptions): Promise<WireJob> {
  const projectId = await ims.projectId(options);
  const call = {
    method: 'GET',
    path: `/v1/${encodeRfc3986(projectId)}/jobs/${encodeRfc3986(id)}`,
    operation: `read job ${id}`,
    object: id,
  } as const;
  return ims.call(call, jobSchema, options);
}

/** Operation 31, `GET /v2/images/{image_id}`. */
export async function showImage(ims: ImsTransport, id: string, options?: CallOptions): Promise<WireImage> {
  const call = {
    method: 'GET',
    path: imagePath(IMAGES, id),
    operation: `read image ${id}`,
    object: id,
  } as const;
  return ims.call(call, imageSchema, options);
}

/** Operation 34, `DELETE /v2/images/{image_id}`. */
export async function deleteImage(ims: ImsTransport, id: string, options?: CallOptions): Promise<void> {
  const call = {
    method: 'DELETE',
    path: imagePath(IMAGES, id),
    operation: `delete image ${id}`,
    object: id,
  } as const;
  await ims.callEmpty(call, options);
}

/** Operation 45, `GET /v2/images/{image_id}/members/{member_id}`. */
export async function showMember(
  ims: ImsTransport,
  id: string,
  projectId: string,
  options?: CallOptions,
): Promise<WireMember> {
  const call = {
    method: 'GET',
    path: `${imagePath(IMAGES, id)}/members/${encodeRfc3986(projectId)}`,
    operation: `read the share of image ${id} with ${projectId}`,
    object: id,
  } as const;
  return ims.call(call, memberSchema, options);
}

/** Operation 46, `GET /v2/images/{image_id}/members`. The answer is not paged. */
export async function listMembers(
  ims: ImsTransport,
  id: string,
  options?: CallOptions,
): Promise<WireMember[]> {
  const call = {
    method: 'GET',
    path: `${imagePath(IMAGES, id)}/members`,
    operation: `list the shares of image ${id}`,
    object: id,
  } as const;
  return (await ims.call(call, memberListSchema, options)).members;
}
