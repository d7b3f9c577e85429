// The answers of the image service as they come, read leniently: seeds 001, 002 and 004 differ, and so do deployments.
import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** A text; what is empty, null or none reads as absent. */
const optionalText = text
  .nullish()
  .transform((value) => value || undefined)
  .catch(undefined);

/** A number, also when it comes as a text; what is none reads as absent. */
const optionalNumber = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
      return Number(value);
    return undefined;
  });

/**
 * An image of any call: only the id is certain. `WireImage` documents the rest; convert.ts reads it. A plain check, which copies
 * nothing: listings of thousands of images pass here.
 */
export const imageSchema = z.custom<WireImage>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    value.id !== '',
  'is no image with an id',
);

/** Answer of the listing (operation 14): no link to a next page. */
export const imageListSchema = z.looseObject({ images: z.array(imageSchema) });

/** Answer of the native listing (operation 30). */
export const nativeListSchema = z.looseObject({
  images: z.array(imageSchema),
  /** Relative URL of the first page. */
  first: optionalText,
  /** Relative URL of the next page; absent on the last. */
  next: optionalText,
  /** Relative URL of the schema of the answer. */
  schema: optionalText,
});

/** Answer of everything that starts work (operations 16 to 27). */
export const jobStartedSchema = z.looseObject({
  /** What operation 29 asks for. */
  job_id: z.string().min(1),
});

const results = z
  .array(
    z.looseObject({
      image_id: optionalText,
      /** Missing in samples of newer references. */
      project_id: optionalText,
      /** `success` in lower case, or what became of it. */
      status: optionalText,
    }),
  )
  .nullish()
  .catch(undefined);

const jobFields = {
  /** INIT, RUNNING, SUCCESS, FAIL; some texts say success and failed. */
  status: optionalText,
  job_id: optionalText,
  /** An open list (seed 001 §5.5.1). */
  job_type: optionalText,
  /** UTC, as `04-Jun-2015 18:11:06:586` (seed 001) or in ISO 8601. */
  begin_time: optionalText,
  /** As `begin_time`; absent or empty while running. */
  end_time: optionalText,
  error_code: optionalText,
  fail_reason: optionalText,
};

/** `entities` is an object by the table and an array by the sample: the first object counts. */
const firstObject = (value: unknown) => (Array.isArray(value) ? value[0] : value) ?? {};

const subJobSchema = z.looseObject({
  ...jobFields,
  entities: z
    .preprocess(firstObject, z.looseObject({ image_id: optionalText, image_name: optionalText }))
    .catch({ image_id: undefined, image_name: undefined }),
});

/** Answer of the job query (operation 29). */
export const jobSchema = z.looseObject({
  ...jobFields,
  entities: z.preprocess(
    firstObject,
    z.looseObject({
      /** Absent for jobs that make several images: `sub_jobs_result` has them then. */
      image_id: optionalText,
      image_name: optionalText,
      /** What the service is doing. */
      current_task: optionalText,
      /** 0 to 1; some deployments give percent. */
      process_percent: optionalNumber,
      error_code: optionalText,
      fail_reason: optionalText,
      /** Outcome of each share (operations 23 to 25). */
      results,
      sub_jobs_result: z.array(subJobSchema).nullish().catch(undefined),
    }),
  ),
});
/** A job as it comes. */
export type WireJob = z.infer<typeof jobSchema>;

/** A member of an image (operations 43 to 46). */
export const memberSchema = z.looseObject({
  /** Id of the project that the image is shared with. */
  member_id: z.string().min(1),
  image_id: optionalText,
  /** pending, accepted, rejected. */
  status: optionalText,
  /** UTC. */
  created_at: optionalText,
  /** UTC. */
  updated_at: optionalText,
  /** Misprint of `created_at` (seed 001 §9.1). */
  create_at: optionalText,
  /** Misprint of `updated_at` (seed 001 §9.1). */
  update_at: optionalText,
  /** Relative URL of the schema. */
  schema: optionalText,
});
/** A member as it comes. */
export type WireMember = z.infer<typeof memberSchema>;

/** Answer of the listing of members (operation 46). */
export const memberListSchema = z.looseObject({ members: z.array(memberSchema), schema: optionalText });

/** Answer of the quota query (operation 28). Counts of images. */
export const quotaSchema = z.looseObject({
  quotas: z.looseObject({
    resources: z.array(
      z.looseObject({
        /** `image`. */
        type: z.string(),
        used: z.coerce.number(),
        quota: z.coerce.number(),
        /** The least that the quota may be set to. */
        min: optionalNumber,
        /** The most that the quota may be set to. */
        max: optionalNumber,
      }),
    ),
  }),
});

/** Answer of the listing of operating systems (operation 22): a bare array. */
export const osVersionsSchema = z.array(
  z.looseObject({
    platform: z.string(),
    version_list: z.array(
      z.looseObject({
        platform: optionalText,
        os_version_key: optionalText,
        /** What a create call takes as os_version. */
        os_version: optionalText,
        /** 32 or 64. */
        os_bit: optionalNumber,
        /** Linux, Windows, Other. */
        os_type: optionalText,
      }),
    ),
  }),
);

/** Answer of operations 39 to 42: a JSON schema. Its regular expressions are damaged in the samples. */
export const schemaSchema = z.looseObject({
  /** `image`, `images`, `member`, `members`. */
  name: optionalText,
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** Answer of operations 48 and 49, which comes with status 300. */
export const versionsSchema = z.looseObject({
  versions: z.array(
    z.looseObject({
      /** E.g. `v2.2`. */
      id: z.string().min(1),
      /** CURRENT, SUPPORTED, DEPRECATED. */
      status: optionalText,
    }),
  ),
});

/**
 * An image as it comes: the union of seed 001 §5.1, §6.1, §9.1 and seed 004, with any field missing, and properties of the
 * user's own beside them. Nothing is certain of a value: texts, numbers and booleans come as one another. convert.ts reads them.
 */
export interface WireImage {
  id: string;
  name?: unknown;
  /** queued, saving, active, killed, deleted, pending_delete. */
  status?: unknown;
  /** Project id. */
  owner?: unknown;
  /** private, public, shared; stays private on images that are shared: `__imagetype` tells. */
  visibility?: unknown;
  /** True: the service refuses to delete it. */
  protected?: unknown;
  /** zvhd2, vhd, zvhd, raw, qcow2, iso. */
  disk_format?: unknown;
  /** bare. */
  container_format?: unknown;
  /** Not used by the service: 0 or 2 in samples. */
  size?: unknown;
  /** Not used by the service: the MD5 of nothing in samples. */
  checksum?: unknown;
  /** GB. */
  min_disk?: unknown;
  /** MB. */
  min_ram?: unknown;
  /** MB, as a text. */
  max_ram?: unknown;
  /** UTC. */
  created_at?: unknown;
  /** UTC. */
  updated_at?: unknown;
  /** Misprint of `created_at` (seed 001 §9.1). */
  create_at?: unknown;
  /** Misprint of `updated_at` (seed 001 §9.1). */
  update_at?: unknown;
  /** UTC. */
  active_at?: unknown;
  /** Texts `key.value`, or `key=value` of native records. */
  tags?: unknown;
  /** The description; create calls take it as `description`. */
  __description?: unknown;
  /** Linux, Windows, Other. */
  __os_type?: unknown;
  /** Value of table 9-1. */
  __os_version?: unknown;
  /** "32" or "64". */
  __os_bit?: unknown;
  /** Windows, Ubuntu, Red Hat (004: RedHat) … */
  __platform?: unknown;
  /** gold (public), private, shared. */
  __imagetype?: unknown;
  /** "true" or "false". */
  __isregistered?: unknown;
  /** FusionCompute, Ironic, DataImage, IsoImage. */
  virtual_env_type?: unknown;
  /** Bytes of the file, as a text; "0" until it is measured. */
  __image_size?: unknown;
  /** Id of the parent image; empty for public images and those made from a file. */
  __originalimagename?: unknown;
  /** Id of the backup that it was made from. */
  __backup_id?: unknown;
  /** Where it was made from. */
  __data_origin?: unknown;
  /** True for whole-server images. */
  __whole_image?: unknown;
  /** Key that it is encrypted with. */
  __system__cmkid?: unknown;
  /** "true", "false", "True", "False". */
  __lazyloading?: unknown;
  /** A JSON document in a text. */
  __os_feature_list?: unknown;
  /** "true" when cloud-init can NOT set passwords and keys; anything else: it can. */
  __support_fc_inject?: unknown;
  /** "true" for ARM images, which boot by UEFI only. */
  __support_arm?: unknown;
  /** Agents of the image, e.g. `hss,ces`; absent: none. */
  __support_agent_list?: unknown;
  /** bios (also when absent), uefi. */
  hw_firmware_type?: unknown;
  /** "true" or "false". */
  hw_vif_multiqueue_enabled?: unknown;
  /** "0" or absent: the default one (seeds 002, 004). */
  enterprise_project_id?: unknown;
  [property: string]: unknown;
}
