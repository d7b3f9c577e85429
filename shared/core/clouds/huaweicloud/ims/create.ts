// Wire client: making images from servers, files and volumes (operation 16 in its variants, and 52, its older edition).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import {
  bucketFile,
  checked,
  described,
  description,
  disk,
  id,
  imageTags,
  memory,
  name,
  ONE_KIND_OF_TAGS,
  oneKindOfTags,
  osVersion,
  tags,
  variants,
} from './fields.ts';
import { jobStartedSchema } from './schemas.ts';
import type { ImsTransport } from './transport.ts';

const CREATE = '/v2/cloudimages/action';

/** Number of the job that was started; see operation 29. */
export interface JobStarted {
  job_id: string;
}

/** Sends a body that starts a job; for the calls of this folder. */
export async function startJob(
  ims: ImsTransport,
  call: { method: 'POST' | 'PUT' | 'DELETE'; path: string; body: unknown; object?: string },
  operation: string,
  options: CallOptions | undefined,
): Promise<JobStarted> {
  return ims.call({ ...call, operation }, jobStartedSchema, options);
}

const memories = {
  /** MB; 0: no limit. Default 0. */
  min_ram: memory.optional(),
  /** MB. */
  max_ram: memory.optional(),
};

/** Request of operation 16a for a system image (seed 001 §5.1.3). */
export const createFromServerRequest = z
  .strictObject({
    ...described,
    /** The server; it must be stopped (IMG.0008). */
    instance_id: id,
    ...memories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);
/** Request of operation 16a for a system image. */
export type CreateFromServerRequest = z.input<typeof createFromServerRequest>;

/** Operation 16a, `POST /v2/cloudimages/action`: an image of a server's system disk. Starts a job. */
export async function createFromServer(
  ims: ImsTransport,
  request: CreateFromServerRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name} from server ${request.instance_id}`;
  const body = checked(ims, createFromServerRequest, request, operation);
  return startJob(ims, { method: 'POST', path: CREATE, body }, operation, options);
}

const dataDisk = z
  .strictObject({
    name,
    /** The data disk, attached to a server. */
    volume_id: id,
    description: description.optional(),
    tags: tags.optional(),
    /** In the samples, though not in the table. */
    image_tags: imageTags.optional(),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 16a for images of data disks (seed 001 table 5-5): it names no server. */
export const createFromDataDisksRequest = z.strictObject({
  data_images: z
    .array(dataDisk)
    .min(1, 'must name a disk')
    .refine((disks) => new Set(disks.map(({ volume_id }) => volume_id)).size === disks.length, {
      message: 'names a disk twice',
    }),
});
/** Request of operation 16a for images of data disks. */
export type CreateFromDataDisksRequest = z.input<typeof createFromDataDisksRequest>;

/** Operation 16a, `POST /v2/cloudimages/action`: images of data disks. Starts a job with sub jobs. */
export async function createFromDataDisks(
  ims: ImsTransport,
  request: CreateFromDataDisksRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const names = request.data_images.map((image) => `${image.name} from volume ${image.volume_id}`).join(', ');
  const operation = `create image ${names}`;
  const body = checked(ims, createFromDataDisksRequest, request, operation);
  return startJob(ims, { method: 'POST', path: CREATE, body }, operation, options);
}

const dataFile = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    image_url: bucketFile,
    /** 1 to 2048 GB (seed 001 table 5-6). */
    min_disk: disk(1, 2048),
    /** Limits of operation 17. */
    is_quick_import: z.boolean().optional(),
    tags: tags.optional(),
    image_tags: imageTags.optional(),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 16b (seed 001 §5.1.3, §7.1). */
export const importFileRequest = z
  .strictObject({
    ...described,
    os_type: z.enum(['Linux', 'Windows', 'Other']).optional(),
    /** Needed for ISO files and with is_quick_import. */
    os_version: osVersion.optional(),
    image_url: bucketFile,
    /** 40 to 1024 GB: seed 001 ends at 255, seeds 002 and 004 at 1024. */
    min_disk: disk(40, 1024),
    /** Configure the image in the background. Default false. */
    is_config: z.boolean().optional(),
    /** Key (KMS) that the image is to be encrypted with. */
    cmk_id: id.optional(),
    ...memories,
    /** Data disks that are imported with the system disk. */
    data_images: z.array(dataFile).max(3, 'may name 3 data disks').optional(),
    /** Import without conversion; limits of operation 17. */
    is_quick_import: z.boolean().optional(),
    /** IsoImage for ISO files (§7.1, not in the table); the others in seed 002. Default ECS. */
    type: z.enum(['ECS', 'BMS', 'FusionCompute', 'Ironic', 'IsoImage']).optional(),
    /** Default x86; arm boots by UEFI. In newer editions of the document. */
    architecture: z.enum(['x86', 'arm']).optional(),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS)
  .refine(({ type, os_version }) => type !== 'IsoImage' || os_version !== undefined, {
    message: 'is needed for an ISO file',
    path: ['os_version'],
  })
  .refine(({ is_quick_import, os_version }) => !is_quick_import || os_version !== undefined, {
    message: 'is needed for a quick import',
    path: ['os_version'],
  });
/** Request of operation 16b. */
export type ImportFileRequest = z.input<typeof importFileRequest>;

/** Operation 16b, `POST /v2/cloudimages/action`: an image from a file in the object store. Starts a job. */
export async function importFile(
  ims: ImsTransport,
  request: ImportFileRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name} from ${request.image_url}`;
  const body = checked(ims, importFileRequest, request, operation);
  return startJob(ims, { method: 'POST', path: CREATE, body }, operation, options);
}

/** Request of operation 16c (seed 001 §5.1.3). */
export const createFromVolumeRequest = z
  .strictObject({
    ...described,
    /** A data disk with an optimised operating system on it, which the service cannot check. */
    volume_id: id,
    /** Used where the service cannot find out by itself; a wrong one can make the image unusable. */
    os_version: osVersion,
    /** ECS, FusionCompute: cloud server; BMS, Ironic: bare metal. Default ECS. */
    type: z.enum(['ECS', 'BMS', 'FusionCompute', 'Ironic']).optional(),
    ...memories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);
/** Request of operation 16c. */
export type CreateFromVolumeRequest = z.input<typeof createFromVolumeRequest>;

/** Operation 16c, `POST /v2/cloudimages/action`: a system image of a data disk. Starts a job. */
export async function createFromVolume(
  ims: ImsTransport,
  request: CreateFromVolumeRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name} from volume ${request.volume_id}`;
  const body = checked(ims, createFromVolumeRequest, request, operation);
  return startJob(ims, { method: 'POST', path: CREATE, body }, operation, options);
}

/**
 * Request of operation 16 in any variant: from a server (`instance_id`), data disks (`data_images` alone), a volume
 * (`volume_id`), else a file; the ISO recipe (16d, seed 001 §7.1) is a file with `type` IsoImage, then a volume.
 */
export const createImageRequest = variants<
  CreateFromServerRequest | CreateFromDataDisksRequest | CreateFromVolumeRequest | ImportFileRequest
>(
  {
    ...createFromServerRequest.shape,
    ...importFileRequest.shape,
    ...createFromVolumeRequest.shape,
    type: importFileRequest.shape.type,
    data_images: z.array(z.looseObject({})),
  },
  (value) => {
    if (value.instance_id !== undefined) return createFromServerRequest;
    if (value.volume_id !== undefined) return createFromVolumeRequest;
    if (value.image_url === undefined && value.data_images !== undefined) return createFromDataDisksRequest;
    return importFileRequest;
  },
);
/** Request of operation 16 in any variant. */
export type CreateImageRequest = z.output<typeof createImageRequest>;

/** Operation 16, `POST /v2/cloudimages/action`, in the variant that the request's fields tell. Starts a job. */
export async function createImage(
  ims: ImsTransport,
  request: CreateImageRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  if ('instance_id' in request) return createFromServer(ims, request, options);
  if ('volume_id' in request) return createFromVolume(ims, request, options);
  if ('image_url' in request) return importFile(ims, request, options);
  return createFromDataDisks(ims, request, options);
}

const older = {
  /** "0" or absent: the default project; else a UUID. */
  enterprise_project_id: z.union([z.literal('0'), z.uuid()]).optional(),
};

/** Request of operation 52 from a server (seed 002). */
export const olderServerRequest = z
  .strictObject({
    ...described,
    ...older,
    /** The server; absent when only data disks are meant. */
    instance_id: id.optional(),
    data_images: z.array(dataDisk).min(1).optional(),
    ...memories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS)
  .refine(({ instance_id, data_images }) => (instance_id === undefined) !== (data_images === undefined), {
    message: 'either a server or data disks must be named',
  });

/** Request of operation 52 from a file (seed 002). */
export const olderFileRequest = z
  .strictObject({
    ...described,
    ...older,
    os_version: osVersion.optional(),
    image_url: bucketFile,
    /** 40 to 1024 GB. */
    min_disk: disk(40, 1024),
    is_config: z.boolean().optional(),
    cmk_id: id.optional(),
    /** Default ECS. */
    type: z.enum(['ECS', 'BMS', 'FusionCompute', 'Ironic']).optional(),
    ...memories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 52: a file when `image_url` is there, else a server. */
export const createImageOlderRequest = variants<
  z.input<typeof olderServerRequest> | z.input<typeof olderFileRequest>
>(
  {
    ...olderServerRequest.shape,
    ...olderFileRequest.shape,
    data_images: z.array(z.looseObject({})),
  },
  (value) => (value.image_url === undefined ? olderServerRequest : olderFileRequest),
);
/** Request of operation 52. */
export type CreateImageOlderRequest = z.output<typeof createImageOlderRequest>;

/**
 * Operation 52, `POST /v2/cloudimages/action` as seed 002 describes it. Starts a job.
 * @deprecated operation 16 is its current edition: `createImage`
 */
export async function createImageOlder(
  ims: ImsTransport,
  request: CreateImageOlderRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name}`;
  const schema: z.ZodType = 'image_url' in request ? olderFileRequest : olderServerRequest;
  const body = checked(ims, schema, request, operation);
  return startJob(ims, { method: 'POST', path: CREATE, body }, operation, options);
}
