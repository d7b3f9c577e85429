// Wire client: listing and changing images, and what the region knows (operations 14, 15, 22, 28, 29). Numbers are those of the seeds' index.
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { checked, checkedQuery, description, id, name } from './fields.ts';
import {
  imageListSchema,
  imageSchema,
  jobSchema,
  osVersionsSchema,
  quotaSchema,
  type WireImage,
  type WireJob,
} from './schemas.ts';
import type { ImsTransport } from './transport.ts';

const flag = z.literal('true');
const time =
  /^(gt|gte|lt|lte|eq|neq):(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z|\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})$/;
const timeRule = 'must be an operator and a time in UTC, e.g. lt:2018-10-28T10:00:00Z';

/** The filters that both listings have (seed 001 §5.1.1, §6.1.1). */
export const listFilters = {
  /** The service adds `true` by itself; users can see no others. */
  __isregistered: flag.optional(),
  /** gold: public; shared: shared with others, or by others and accepted. */
  __imagetype: z.enum(['gold', 'private', 'shared', 'market']).optional(),
  /** True for public images. */
  protected: z.boolean().optional(),
  visibility: z.enum(['public', 'private', 'shared']).optional(),
  /** Project id. */
  owner: z.string().optional(),
  /** One image id. */
  id: id.optional(),
  status: z.enum(['queued', 'saving', 'deleted', 'killed', 'active']).optional(),
  /** The whole name. */
  name: z.string().optional(),
  container_format: z.literal('bare').optional(),
  disk_format: z.enum(['zvhd2', 'vhd', 'zvhd', 'raw', 'qcow2', 'iso']).optional(),
  /** MB. */
  min_ram: z.int().min(0).optional(),
  /** GB. */
  min_disk: z.int().min(1).optional(),
  __os_bit: z.enum(['32', '64']).optional(),
  /** E.g. `Ubuntu` (seed 001 §9.1). */
  __platform: z.string().optional(),
  __os_type: z.enum(['Linux', 'Windows', 'Other']).optional(),
  /** Id of the image that the page begins after. */
  marker: id.optional(),
  /** Images of a page. Default 500 (native: 25). */
  limit: z.int().min(1, 'must be at least 1').optional(),
  /** Default created_at. */
  sort_key: z
    .enum(['name', 'container_format', 'disk_format', 'status', 'id', 'size', 'created_at'])
    .optional(),
  /** Default desc. */
  sort_dir: z.enum(['asc', 'desc']).optional(),
  /** `key=value` for the tag that is stored as `key.value`. */
  tag: z.string().min(1).optional(),
  /** Needs visibility shared. */
  member_status: z.enum(['accepted', 'rejected', 'pending']).optional(),
  __support_kvm: flag.optional(),
  __support_xen: flag.optional(),
  __support_largememory: flag.optional(),
  __support_diskintensive: flag.optional(),
  __support_highperformance: flag.optional(),
  __support_xen_hana: flag.optional(),
  __support_kvm_infiniband: flag.optional(),
  /** `M60_vGPU` (seed 001 table 9-2). */
  __support_xen_gpu_type: z.string().optional(),
  /** E.g. `V100` (seed 001 table 9-3). */
  __support_kvm_gpu_type: z.string().optional(),
  /** Operator and UTC: `lt:2018-10-28T10:00:00Z`. */
  created_at: z.string().regex(time, timeRule).optional(),
  /** As `created_at`. */
  updated_at: z.string().regex(time, timeRule).optional(),
};

/** Request of operation 14 (seed 001 §5.1.1). */
export const listCloudImagesRequest = z.strictObject({
  ...listFilters,
  /** Whole-server images only, or none of them. */
  __whole_image: z.boolean().optional(),
  /** Key that an image is encrypted with. */
  __system__cmkid: z.string().optional(),
  virtual_env_type: z.enum(['FusionCompute', 'Ironic', 'DataImage', 'IsoImage']).optional(),
});
/** Request of operation 14. */
export type ListCloudImagesRequest = z.input<typeof listCloudImagesRequest>;

/**
 * Operation 14, `GET /v2/cloudimages`: one page of images; the last id is the marker of the next one.
 * @throws InvalidInputError before anything is sent
 */
export async function listCloudImages(
  ims: ImsTransport,
  request: ListCloudImagesRequest,
  options?: CallOptions,
): Promise<{ images: WireImage[] }> {
  const operation = 'list images';
  const query = checkedQuery(ims, listCloudImagesRequest, request, operation);
  return ims.call({ method: 'GET', path: '/v2/cloudimages', query, operation }, imageListSchema, options);
}

/** Attributes of the service that operation 15 changes; all others are the user's own. */
const CHANGEABLE = new Set([
  ...['name', '__description', '__support_kvm', '__support_xen', '__support_diskintensive'],
  ...['__support_highperformance', '__support_xen_gpu_type', '__support_kvm_gpu_type', '__is_config_init'],
  ...['min_ram', 'hw_vif_multiqueue_enabled', 'hw_firmware_type'],
]);
/** Attributes of the service that no call changes (seed 001 §9.1). */
const FIXED = new Set([
  ...[
    'id',
    'owner',
    'status',
    'visibility',
    'protected',
    'disk_format',
    'container_format',
    'size',
    'checksum',
  ],
  ...[
    'min_disk',
    'max_ram',
    'created_at',
    'updated_at',
    'active_at',
    'deleted',
    'deleted_at',
    'file',
    'self',
  ],
  ...['schema', 'tags', 'virtual_size', 'virtual_env_type', 'locations'],
]);

/** The name of the attribute that a JSON pointer means. */
const attributeOf = (path: string) => path.slice(1).replace(/~1/g, '/').replace(/~0/g, '~');

/**
 * One change. `path` is a JSON pointer (`/name`); `value` a text, left out for a removal (the document marks it as required,
 * which makes no sense there).
 */
export const imageChange = z
  .strictObject({
    op: z.enum(['add', 'replace', 'remove']),
    path: z.string().regex(/^\/[^/]+$/, 'must be the name of an attribute after a slash, e.g. /name'),
    value: z.string().optional(),
  })
  .refine(({ op, value }) => (op === 'remove') === (value === undefined), {
    message: 'add and replace need a value, remove takes none',
    path: ['value'],
  });
/** One change of operations 15, 32 and 59. */
export type ImageChange = z.input<typeof imageChange>;

/** Checks the new value of a name or description. */
export function checkNewValue(path: string, value: string | undefined, context: z.RefinementCtx): void {
  const attribute = attributeOf(path);
  if (attribute === 'name' && value === undefined) {
    context.addIssue({ code: 'custom', message: 'the name cannot be removed', path: ['path'] });
  }
  if (value === undefined) return;
  const rule = attribute === 'name' ? name : attribute === '__description' ? description : undefined;
  const message = rule?.safeParse(value).error?.issues[0]?.message;
  if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['value'] });
}

/** Request of operation 15 (seed 001 §5.1.2). */
export const updateCloudImageRequest = z.strictObject({
  /** An image of one's own, in status active. */
  image_id: id,
  changes: z
    .array(
      imageChange.superRefine(({ path, value }, context) => {
        const attribute = attributeOf(path);
        if (FIXED.has(attribute) || (attribute.startsWith('__') && !CHANGEABLE.has(attribute))) {
          const message = `the service does not change ${attribute}`;
          context.addIssue({ code: 'custom', message, path: ['path'] });
        }
        if (attribute === 'hw_firmware_type' && value !== undefined && !/^(bios|uefi)$/.test(value)) {
          context.addIssue({ code: 'custom', message: 'must be bios or uefi', path: ['value'] });
        }
        if (attribute === 'min_ram' && value !== undefined && !/^\d+$/.test(value)) {
          context.addIssue({ code: 'custom', message: 'must be a number of MB', path: ['value'] });
        }
        checkNewValue(path, value, context);
      }),
    )
    .min(1, 'must hold a change'),
});
/** Request of operation 15. */
export type UpdateCloudImageRequest = z.input<typeof updateCloudImageRequest>;

/**
 * Operation 15, `PATCH /v2/cloudimages/{image_id}`: changes attributes of an active image.
 * @throws InvalidInputError before anything is sent
 */
export async function updateCloudImage(
  ims: ImsTransport,
  request: UpdateCloudImageRequest,
  options?: CallOptions,
): Promise<WireImage> {
  const operation = `update image ${request.image_id}`;
  const { image_id, changes } = checked(ims, updateCloudImageRequest, request, operation);
  const path = `/v2/cloudimages/${encodeRfc3986(image_id)}`;
  const call = { method: 'PATCH', path, body: changes, operation, object: image_id } as const;
  return ims.call(call, imageSchema, options);
}

/** Request of operation 22 (seed 001 §5.1.9). */
export const listOsVersionsRequest = z.strictObject({
  /** Only systems for bare metal (bms), UEFI (uefi) or KVM (kvm). None: all. */
  tag: z.array(z.enum(['bms', 'uefi', 'kvm'])).optional(),
});
/** Request of operation 22. */
export type ListOsVersionsRequest = z.input<typeof listOsVersionsRequest>;

/** Operation 22, `GET /v1/cloudimages/os_version`: the operating systems that the region knows. */
export async function listOsVersions(
  ims: ImsTransport,
  request: ListOsVersionsRequest = {},
  options?: CallOptions,
): Promise<z.infer<typeof osVersionsSchema>> {
  const operation = 'list operating systems';
  const query = checkedQuery(ims, listOsVersionsRequest, request, operation);
  const call = { method: 'GET', path: '/v1/cloudimages/os_version', query, operation } as const;
  return ims.call(call, osVersionsSchema, options);
}

/** Operation 28, `GET /v1/cloudimages/quota`: how many images the project may have, and has. */
export async function getQuota(
  ims: ImsTransport,
  options?: CallOptions,
): Promise<z.infer<typeof quotaSchema>> {
  const call = { method: 'GET', path: '/v1/cloudimages/quota', operation: 'read the image quota' } as const;
  return ims.call(call, quotaSchema, options);
}

/** Request of operation 29 (seed 001 §5.5.1). */
export const getJobRequest = z.strictObject({
  job_id: id,
  /** Default: the project of the profile. */
  project_id: id.optional(),
});
/** Request of operation 29. */
export type GetJobRequest = z.input<typeof getJobRequest>;

/** Operation 29, `GET /v1/{project_id}/jobs/{job_id}`: what became of work that was started. */
export async function getJob(
  ims: ImsTransport,
  request: GetJobRequest,
  options?: CallOptions,
): Promise<WireJob> {
  const operation = `read job ${request.job_id}`;
  const { job_id, project_id } = checked(ims, getJobRequest, request, operation);
  const projectId = project_id ?? (await ims.projectId(options));
  const path = `/v1/${encodeRfc3986(projectId)}/jobs/${encodeRfc3986(job_id)}`;
  return ims.call({ method: 'GET', path, operation, object: job_id }, jobSchema, options);
}
