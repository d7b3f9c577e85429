// The answers of the image service as they come, read leniently: seeds 001, 002 and 004 differ, and so do deployments.
import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const optionalText = text.nullish().transform((value) => value || undefined);

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

/** An image of any call (seed 001 §5.1, §6.1, §9.1, seed 004): only the id is certain. */
export const imageSchema = z.looseObject({ id: z.string().min(1) });
/** An image as it comes. */
export type WireImage = z.infer<typeof imageSchema>;

/** Answer of the listing (operation 14). */
export const imageListSchema = z.looseObject({ images: z.array(imageSchema) });

/** Answer of everything that starts work (operations 16 to 27). */
export const jobStartedSchema = z.looseObject({ job_id: z.string().min(1) });

const results = z
  .array(z.looseObject({ image_id: optionalText, project_id: optionalText, status: optionalText }))
  .nullish()
  .catch(undefined);

const jobFields = {
  status: optionalText,
  job_id: optionalText,
  job_type: optionalText,
  begin_time: optionalText,
  end_time: optionalText,
  error_code: optionalText,
  fail_reason: optionalText,
};

/** `entities` is an object by the table and an array by the sample: the first object counts. */
const firstObject = (value: unknown) => (Array.isArray(value) ? value[0] : value) ?? {};

const subJobSchema = z.looseObject({
  ...jobFields,
  entities: z
    .preprocess(firstObject, z.looseObject({ image_id: optionalText }))
    .catch({ image_id: undefined }),
});

/** Answer of the job query (operation 29). */
export const jobSchema = z.looseObject({
  ...jobFields,
  entities: z.preprocess(
    firstObject,
    z.looseObject({
      image_id: optionalText,
      process_percent: optionalNumber,
      error_code: optionalText,
      fail_reason: optionalText,
      results,
      sub_jobs_result: z.array(subJobSchema).nullish().catch(undefined),
    }),
  ),
});
/** A job as it comes. */
export type WireJob = z.infer<typeof jobSchema>;

/** A member of an image (operations 43 to 46). */
export const memberSchema = z.looseObject({
  member_id: z.string().min(1),
  image_id: optionalText,
  status: optionalText,
  created_at: optionalText,
  updated_at: optionalText,
  create_at: optionalText,
  update_at: optionalText,
});
/** A member as it comes. */
export type WireMember = z.infer<typeof memberSchema>;

/** Answer of the listing of members (operation 46). */
export const memberListSchema = z.looseObject({ members: z.array(memberSchema) });

/** Answer of the quota query (operation 28). */
export const quotaSchema = z.looseObject({
  quotas: z.looseObject({
    resources: z.array(
      z.looseObject({ type: z.string(), used: z.coerce.number(), quota: z.coerce.number() }),
    ),
  }),
});

/** Answer of the listing of operating systems (operation 22): a bare array. */
export const osVersionsSchema = z.array(
  z.looseObject({
    platform: z.string(),
    version_list: z.array(
      z.looseObject({
        os_version: optionalText,
        os_version_key: optionalText,
        os_bit: optionalNumber,
        os_type: optionalText,
      }),
    ),
  }),
);
