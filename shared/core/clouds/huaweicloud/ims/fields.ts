// Fields that requests of several operations have, with their documented limits, and how a request is checked. Pure.
import { z } from 'zod';
import { InvalidInputError } from '../../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES } from '../capabilities.ts';
import { tagProblem } from '../tags.ts';
import type { ImsTransport, Query } from './transport.ts';

const { imageName: nameRule, description: descriptionRule } = HUAWEICLOUD_CAPABILITIES;

/** Name of an image (seed 001 §9.1): 1 to 128 characters, no space at either end. Letters outside ASCII are let through. */
export const name = z.string().regex(nameRule.pattern, `must have ${nameRule.rule}`);

/** Description (seed 001 §9.1): up to 1024 characters, no line break, no `<` and `>`. */
export const description = z
  .string()
  .max(descriptionRule.maxLength, `may have ${descriptionRule.rule}`)
  .refine((value) => !descriptionRule.forbidden?.test(value), `may have ${descriptionRule.rule}`);

/** An id that goes into a path or a body: no document says more of its form than the samples show. */
export const id = z
  .string()
  .min(1, 'must not be empty')
  .max(255, 'may have 255 characters')
  // A path that names them would be another path.
  .refine((value) => value !== '.' && value !== '..', 'is no id');

/**
 * A file in the object store as `<bucket>:<object>` (seed 001 §5.1.3; IMG.0017, IMG.0109, IMG.0175): no spaces. Bucket and
 * object must have the storage class STANDARD.
 */
export const bucketFile = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}:[^\s:/][^\s]*$/, 'must be <bucket>:<object> without spaces')
  .refine((value) => Buffer.byteLength(value) <= 63 + 1 + 1024, 'names an object with more than 1024 bytes');

/** Tags as texts `key.value`, split at the first dot (seed 001 §9.2): key 1 to 36, value 0 to 43 characters. Keys are unique. */
export const tags = z.array(z.string()).superRefine((list, context) => {
  checkTags(
    list.map((tag) => {
      const dot = tag.indexOf('.');
      return dot < 0 ? { key: tag, value: '' } : { key: tag.slice(0, dot), value: tag.slice(dot + 1) };
    }),
    context,
  );
});

/** Tags as pairs (seed 001 §9.2), with the limits of `tags`. Excludes `tags`. */
export const imageTags = z
  .array(
    z.strictObject({
      /** 1 to 36 characters: digits, letters, `_`, `-`. */
      key: z.string(),
      /** 0 to 43 characters: those of a key, and `.`. */
      value: z.string().optional(),
    }),
  )
  .superRefine((list, context) => checkTags(list, context));

function checkTags(
  list: readonly { key: string; value?: string | undefined }[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const { key, value = '' } of list) {
    const problem =
      tagProblem({ [key]: value }) ?? (seen.has(key) ? `the tag key "${key}" occurs twice` : '');
    seen.add(key);
    if (problem !== '') context.addIssue({ code: 'custom', message: problem });
  }
}

/** Memory in MB; 0 means no limit (seed 001 §5.1.3). */
export const memory = z.int().min(0, 'must not be negative');

/** Size of a disk in GB, within a documented range. */
export const disk = (min: number, max: number) =>
  z.int().min(min, `must be ${min} to ${max} GB`).max(max, `must be ${min} to ${max} GB`);

/** Name of an operating system (seed 001 table 9-1; operation 22 gives those of the region). Blanks around it are cut off. */
export const osVersion = z.string().trim().min(1, 'must not be empty');

/** The fields that every call has that makes an image (seed 001 §5.1.3 to §5.1.6). */
export const described = {
  name,
  /** Default: empty. */
  description: description.optional(),
  /** Excludes `image_tags`. */
  tags: tags.optional(),
  /** Excludes `tags`. */
  image_tags: imageTags.optional(),
};

/** Of the two ways to give tags only one may be used (seed 001 §5.1.3). */
export const oneKindOfTags = (value: { tags?: unknown; image_tags?: unknown }): boolean =>
  value.tags === undefined || value.image_tags === undefined;
/** What is said when both are used. */
export const ONE_KIND_OF_TAGS = 'tags and image_tags exclude each other';

/**
 * A request that is one of several variants: the checks are those of the variant that `pick` names by the fields that are
 * there, so that what is said of a wrong field belongs to it.
 * @param shape every field of every variant, for listings of the parameters
 */
export function variants<Request>(
  shape: z.ZodRawShape,
  pick: (value: Readonly<Record<string, unknown>>) => z.ZodType<Request>,
): z.ZodType<Request> {
  return z
    .looseObject(shape)
    .partial()
    .transform((value, context) => {
      const result = pick(value).safeParse(value);
      if (result.success) return result.data;
      passOn(result.error, context);
      return z.NEVER;
    });
}

/** Says what another schema found wrong. */
export function passOn(error: z.ZodError, context: z.RefinementCtx): void {
  for (const { path, message } of error.issues) context.addIssue({ code: 'custom', path, message });
}

/**
 * A request within the documented limits.
 * @throws InvalidInputError naming the field, what is wrong and what was given; nothing has been sent then
 */
export function checked<S extends z.ZodType>(
  ims: Pick<ImsTransport, 'cloud'>,
  schema: S,
  request: z.input<S>,
  operation: string,
): z.output<S> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue?.path.map(String).join('.') ?? '';
  const given = issue?.path.reduce<unknown>(
    (place, key) =>
      typeof place === 'object' && place !== null ? (place as Record<PropertyKey, unknown>)[key] : undefined,
    request,
  );
  const missing = given === undefined && at !== '' && issue?.message.endsWith('received undefined');
  const shown = given === undefined || at === '' ? '' : ` (given: ${JSON.stringify(given)?.slice(0, 200)})`;
  throw new InvalidInputError({
    operation,
    cloud: ims.cloud,
    reason: `${at === '' ? '' : `${at}: `}${missing ? 'is missing' : (issue?.message ?? 'the request is wrong')}${shown}`,
    hint: 'Correct it and try again; nothing was sent.',
  });
}

/**
 * A request within the documented limits as a query, in the order of its fields: absent ones are left out, a list gives one
 * pair for each member.
 * @throws InvalidInputError as `checked`
 */
export function checkedQuery<S extends z.ZodObject>(
  ims: Pick<ImsTransport, 'cloud'>,
  schema: S,
  request: z.input<S>,
  operation: string,
): Query {
  const values: Readonly<Record<string, unknown>> = checked(ims, schema, request, operation);
  return Object.keys(request).flatMap((key): (readonly [string, string])[] => {
    const value = values[key];
    if (value === undefined) return [];
    const members: unknown[] = Array.isArray(value) ? value : [value];
    return members.map((member) => [key, String(member)] as const);
  });
}
