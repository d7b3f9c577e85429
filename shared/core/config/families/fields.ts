// The kinds of fields that profiles are made of, and what a family must tell about its own. Pure.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Profile, type ProfileConnection, Secret } from '../../model/index.ts';

/** How the profiles of one family are read. */
export interface FamilyReader {
  /** Fields that must not be shown, with the path of nested ones: `part_transport.secret_key`. */
  readonly secretFields: readonly string[];
  /** The fields that are known at a place: `[]` is the profile itself, `['regions', NAME]` one region. */
  knownFields(path: readonly string[]): readonly string[];
  /** Checks the values and makes the profile. */
  read(name: string, values: unknown): FamilyResult;
}

/** A profile, or the first thing that is wrong with it. */
export type FamilyResult = { profile: Profile } | { issue: z.core.$ZodIssue } | { missing: string };

/** A text that is not empty. */
export const text = z.string({ error: 'must be a text; put it in quotes' }).min(1, 'is empty');
/** A text that may be absent. */
export const optional = text.nullish().transform((value) => value ?? undefined);
/** A secret that may be absent. */
export const secret = text.nullish().transform((value) => (value ? new Secret(value) : undefined));
/** A switch that may be absent. */
export const flag = z
  .boolean({ error: 'must be true or false' })
  .nullish()
  .transform((value) => value ?? undefined);

/** One of some words; may be absent. */
export const choice = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .enum(words, { error: `must be one of ${words.join(', ')}` })
    .nullish()
    .transform((value) => value ?? undefined);

function asUrl(value: string): URL | undefined {
  try {
    return new URL(value.replaceAll('{region}', 'region'));
  } catch {
    return undefined;
  }
}

const isHttp = (url: URL | undefined): url is URL => url?.protocol === 'https:' || url?.protocol === 'http:';

/** A URL of a service, which must not hold credentials. */
export const httpUrl = text.refine((value) => {
  const url = asUrl(value);
  return isHttp(url) && url.username === '' && url.password === '';
}, 'must be an http or https URL without credentials');
/** A URL of a service that may be absent. */
export const optionalUrl = httpUrl.nullish().transform((value) => value ?? undefined);

/** Fields that profiles of all families have. */
export const connectionFields = {
  proxy: text
    .refine((value) => isHttp(asUrl(value)), 'must be the http or https URL of a proxy')
    .nullish()
    .transform((value) => (value ? new Secret(value) : undefined)),
  ca_file: optional,
  insecure: flag,
};

/** The connection's part of a profile. */
export const connectionOf = (data: {
  proxy: Secret | undefined;
  ca_file: string | undefined;
  insecure: boolean | undefined;
}): ProfileConnection => ({
  proxy: data.proxy,
  caFile: data.ca_file === undefined ? undefined : expandHome(data.ca_file),
  insecure: data.insecure,
});

/** The path with a leading `~/` replaced by the user's home. */
export const expandHome = (path: string): string =>
  path === '~' || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : path;

/** The schema's outcome as a family's result. */
export function readWith<T extends z.ZodType>(
  schema: T,
  values: unknown,
  make: (data: z.infer<T>) => FamilyResult,
): FamilyResult {
  const result = schema.safeParse(values);
  if (result.success) return make(result.data);
  // A mistyped name explains why the right one is missing.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  return { issue: issue ?? { code: 'custom', path: [], message: 'is wrong', input: undefined } };
}
