// Turns plain values (of a file, of the environment, of Terraform) into a profile, or says which field is wrong.
import { z } from 'zod';
import { InvalidInputError, type Profile, Secret } from '../model/index.ts';
import { nearest } from './nearest.ts';

const text = z.string({ error: 'must be a text; put it in quotes' }).min(1, 'is empty');
const optional = text.nullish().transform((value) => value ?? undefined);
const secret = text.nullish().transform((value) => (value ? new Secret(value) : undefined));

const httpUrl = text.refine((value) => {
  try {
    const url = new URL(value.replaceAll('{region}', 'region'));
    return (
      (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
    );
  } catch {
    return false;
  }
}, 'must be an http or https URL without credentials');

const endpoints = z
  .strictObject({
    iam: httpUrl.optional(),
    ims: httpUrl.optional(),
    obs: httpUrl.optional(),
  })
  .nullish()
  .transform((value) => value ?? {});

const huaweicloud = z.strictObject({
  family: z.literal('huaweicloud'),
  region: text,
  project: optional,
  project_id: optional,
  domain: optional,
  user: optional,
  password: secret,
  access_key: optional,
  secret_key: secret,
  security_token: secret,
  obs_path_style: z.boolean({ error: 'must be true or false' }).nullish(),
  staging_bucket: optional,
  agency_name: optional,
  domain_suffix: optional,
  endpoints,
  regions: z
    .record(z.string(), z.strictObject({ endpoints, project: optional, staging_bucket: optional }))
    .nullish(),
});

// Families whose settings are not read yet: kept loose, so that a file that names them is no error.
const unread = z.looseObject({ family: z.enum(['ucloudstack', 'openstack']), region: optional });

const FAMILIES = ['ucloudstack', 'huaweicloud', 'openstack'] as const;

/** Names of the secret fields of a profile. */
export const SECRET_FIELDS: readonly string[] = ['password', 'secret_key', 'security_token'];

/**
 * Makes a profile from plain values with the names of the profile file.
 * @param name the profile's name
 * @param values the fields
 * @param source where they come from, for messages: a path, `the environment`, `the provider configuration`
 * @throws InvalidInputError naming the source, the cloud and the field; never showing a value
 */
export function parseProfile(name: string, values: unknown, source?: string): Profile {
  const fail = (reason: string, hint?: string) =>
    new InvalidInputError({
      operation: `read cloud "${name}"${source === undefined ? '' : ` of ${source}`}`,
      reason,
      hint,
    });
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw fail('its fields are missing', 'A cloud needs at least the fields family and region.');
  }
  const family = 'family' in values ? values.family : undefined;
  if (!FAMILIES.some((known) => known === family)) {
    const meant = typeof family === 'string' ? nearest(family, FAMILIES) : undefined;
    throw fail(
      family === undefined ? 'the field family is missing' : 'the field family names no known family',
      `${meant ? `Did you mean ${meant}? ` : ''}Families: ${FAMILIES.join(', ')}.`,
    );
  }
  if (family !== 'huaweicloud') {
    const result = unread.safeParse(values);
    if (!result.success) throw fail(...describeIssue(result.error.issues[0]));
    throw fail('clouds of this family cannot be read yet');
  }
  const result = huaweicloud.safeParse(values);
  if (!result.success) throw fail(...describeIssue(result.error.issues[0]));
  const { data } = result;
  const missing = missingPartner(data);
  if (missing !== undefined) throw fail(`the field ${missing} is missing`);
  return {
    name,
    family: 'huaweicloud',
    region: data.region,
    project: data.project,
    projectId: data.project_id,
    domain: data.domain,
    user: data.user,
    password: data.password,
    accessKey: data.access_key,
    secretKey: data.secret_key,
    securityToken: data.security_token,
    obsPathStyle: data.obs_path_style ?? undefined,
    stagingBucket: data.staging_bucket,
    agencyName: data.agency_name,
    domainSuffix: data.domain_suffix ?? 'myhuaweicloud.com',
    endpoints: data.endpoints,
    regions: Object.fromEntries(
      Object.entries(data.regions ?? {}).map(([region, settings]) => [
        region,
        {
          endpoints: settings.endpoints,
          project: settings.project,
          stagingBucket: settings.staging_bucket,
        },
      ]),
    ),
  };
}

/** Fields that are of no use alone. */
function missingPartner(data: z.infer<typeof huaweicloud>): string | undefined {
  if (data.user !== undefined && data.password === undefined) return 'password (user is given)';
  if (data.password !== undefined && data.user === undefined) return 'user (password is given)';
  if (data.user !== undefined && data.domain === undefined) return 'domain (user is given)';
  if (data.access_key !== undefined && data.secret_key === undefined)
    return 'secret_key (access_key is given)';
  if (data.secret_key !== undefined && data.access_key === undefined)
    return 'access_key (secret_key is given)';
  if (data.user === undefined && data.access_key === undefined) {
    return 'user (with password and domain) or access_key (with secret_key)';
  }
  return undefined;
}

const TOP_FIELDS = Object.keys(huaweicloud.shape);
const REGION_FIELDS = ['endpoints', 'project', 'staging_bucket'];
const ENDPOINT_FIELDS = ['iam', 'ims', 'obs'];

function describeIssue(issue: z.core.$ZodIssue | undefined): [string, string?] {
  if (!issue) return ['its fields are wrong'];
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known =
      path.at(-1) === 'endpoints' ? ENDPOINT_FIELDS : path[0] === 'regions' ? REGION_FIELDS : TOP_FIELDS;
    const unknown = issue.keys[0] ?? '';
    const meant = nearest(unknown, known);
    const field = [...path, unknown].join('.');
    return [
      `the field ${field} is unknown`,
      meant ? `Did you mean ${[...path, meant].join('.')}?` : `Known fields: ${known.join(', ')}.`,
    ];
  }
  const field = path.join('.');
  if (
    issue.code === 'invalid_type' &&
    issue.input === undefined &&
    path.length === 1 &&
    path[0] === 'region'
  ) {
    return ['the field region is missing'];
  }
  return [`the field ${field} ${issue.message}`];
}
