// Wire client: further ways to make images (operations 17 to 20).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { type JobStarted, startJob } from './create.ts';
import {
  bucketFile,
  checked,
  described,
  disk,
  id,
  memory,
  ONE_KIND_OF_TAGS,
  oneKindOfTags,
  osVersion,
  variants,
} from './fields.ts';
import type { ImsTransport } from './transport.ts';

/** Request of operation 17 for a system disk (seed 001 §5.1.4): a RAW file with its bitmap, or ZVHD2, up to 1 TB. */
export const quickImportRequest = z
  .strictObject({
    ...described,
    os_version: osVersion,
    image_url: bucketFile,
    /** 1 to 1024 GB, and larger than the file. */
    min_disk: disk(1, 1024),
    /** Default ECS. */
    type: z.enum(['ECS', 'BMS']).optional(),
    /** Default x86; arm boots by UEFI. */
    architecture: z.enum(['x86', 'arm']).optional(),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 17 for a data disk (seed 001 §5.1.4). */
export const quickImportDataRequest = z
  .strictObject({
    ...described,
    /** Default Linux. */
    os_type: z.enum(['Linux', 'Windows']).optional(),
    image_url: bucketFile,
    /** 1 to 1024 GB. */
    min_disk: disk(1, 1024),
    type: z.literal('DataImage'),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 17: a data disk when `type` says so, else a system disk. */
export const quickImportAnyRequest = variants<
  z.input<typeof quickImportRequest> | z.input<typeof quickImportDataRequest>
>(
  {
    ...quickImportRequest.shape,
    ...quickImportDataRequest.shape,
    type: z.enum(['ECS', 'BMS', 'DataImage']),
  },
  (value) => (value.type === 'DataImage' ? quickImportDataRequest : quickImportRequest),
);
/** Request of operation 17. */
export type QuickImportRequest = z.output<typeof quickImportAnyRequest>;

/** Operation 17, `POST /v2/cloudimages/quickimport/action`: an image from a large file, without conversion. Starts a job. */
export async function quickImport(
  ims: ImsTransport,
  request: QuickImportRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name} from ${request.image_url}`;
  const schema: z.ZodType = request.type === 'DataImage' ? quickImportDataRequest : quickImportRequest;
  const body = checked(ims, schema, request, operation);
  return startJob(
    ims,
    { method: 'POST', path: '/v2/cloudimages/quickimport/action', body },
    operation,
    options,
  );
}

/** Request of operation 18 (seed 001 §5.1.5). */
export const importDataFileRequest = z
  .strictObject({
    ...described,
    /** Default Linux. */
    os_type: z.enum(['Windows', 'Linux']).optional(),
    image_url: bucketFile,
    /** 40 to 2048 GB. */
    min_disk: disk(40, 2048),
    /** Key (KMS) that the image is to be encrypted with. */
    cmk_id: id.optional(),
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);
/** Request of operation 18. */
export type ImportDataFileRequest = z.input<typeof importDataFileRequest>;

/** Operation 18, `POST /v1/cloudimages/dataimages/action`: the image of a data disk from a file. Starts a job. */
export async function importDataFile(
  ims: ImsTransport,
  request: ImportDataFileRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `create image ${request.name} from ${request.image_url}`;
  const body = checked(ims, importDataFileRequest, request, operation);
  return startJob(
    ims,
    { method: 'POST', path: '/v1/cloudimages/dataimages/action', body },
    operation,
    options,
  );
}

const wholeMemories = {
  /** MB; 0: no limit. Default 0. */
  min_ram: memory.optional(),
  /** MB. */
  max_ram: memory.optional(),
};

/** Request of operation 19 from a server (seed 001 §5.1.6). */
export const wholeServerRequest = z
  .strictObject({
    ...described,
    /** The server, running or stopped; it must not be started while the image is made. */
    instance_id: id,
    /** Vault (CBR) that the server is in, or shall be put into. */
    vault_id: id,
    ...wholeMemories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 19 from a backup (seed 001 §5.1.6). */
export const wholeBackupRequest = z
  .strictObject({
    ...described,
    /** The backup of a server; one image can be made of it. */
    backup_id: id,
    /** Vault (CBR) that holds it; not in the table of this variant. */
    vault_id: id.optional(),
    /** One sample leaves it out: it is always sent. */
    whole_image_type: z.literal('CBR').default('CBR'),
    ...wholeMemories,
  })
  .refine(oneKindOfTags, ONE_KIND_OF_TAGS);

/** Request of operation 19: a backup when one is named, else a server. */
export const createWholeImageRequest = variants<
  z.input<typeof wholeServerRequest> | z.input<typeof wholeBackupRequest>
>(
  { ...wholeServerRequest.shape, ...wholeBackupRequest.shape, whole_image_type: z.literal('CBR') },
  (value) => (value.backup_id === undefined ? wholeServerRequest : wholeBackupRequest),
);
/** Request of operation 19. */
export type CreateWholeImageRequest = z.output<typeof createWholeImageRequest>;

/** Operation 19, `POST /v1/cloudimages/wholeimages/action`: a server with all its disks. Starts a job. */
export async function createWholeImage(
  ims: ImsTransport,
  request: CreateWholeImageRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const fromBackup = 'backup_id' in request;
  const source = fromBackup ? `backup ${request.backup_id}` : `the whole server ${request.instance_id}`;
  const operation = `create image ${request.name} from ${source}`;
  const schema: z.ZodType = fromBackup ? wholeBackupRequest : wholeServerRequest;
  const body = checked(ims, schema, request, operation);
  return startJob(
    ims,
    { method: 'POST', path: '/v1/cloudimages/wholeimages/action', body },
    operation,
    options,
  );
}

/** Request of operation 20 (seed 001 §5.1.7). */
export const registerImageRequest = z.strictObject({
  /** A record that operation 35 made; any other image fails. */
  image_id: id,
  /** ZVHD, QCOW2, VHD, RAW, VHDX, QED, VDI, QCOW, ZVHD2, VMDK or ISO. */
  image_url: bucketFile,
});
/** Request of operation 20. */
export type RegisterImageRequest = z.input<typeof registerImageRequest>;

/** Operation 20, `PUT /v1/cloudimages/{image_id}/upload`: fills a record from a file in the object store. Starts a job. */
export async function registerImage(
  ims: ImsTransport,
  request: RegisterImageRequest,
  options?: CallOptions,
): Promise<JobStarted> {
  const operation = `fill image ${request.image_id} from ${request.image_url}`;
  const { image_id, ...body } = checked(ims, registerImageRequest, request, operation);
  const path = `/v1/cloudimages/${encodeRfc3986(image_id)}/upload`;
  return startJob(ims, { method: 'PUT', path, body, object: image_id }, operation, options);
}
