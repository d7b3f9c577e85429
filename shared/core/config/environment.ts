// Profiles made of environment variables: those that the vendors' own tools use, and ours. Pure.
import { type CloudFamily, InvalidInputError } from '../model/index.ts';
import type { Environment } from './interpolate.ts';
import { nearest } from './nearest.ts';
import { fieldsOfOpenstackCloud } from './openstack-cloud.ts';
import { FAMILIES, familyOf } from './parse-profile.ts';
import type { Fields } from './secret-fields.ts';

/** Name of the profile that comes from the environment. */
export const ENV_PROFILE = 'env';

/** The environment as messages name it. */
export const ENV_SOURCE = 'the environment';

/** A profile of the environment. */
export interface EnvironmentProfile {
  family: CloudFamily;
  fields: Fields;
  /** What the user should know, as sentences. */
  warnings: readonly string[];
}

type Variables = readonly (readonly [field: string, variable: string])[];

const HUAWEICLOUD: Variables = [
  ['region', 'HW_REGION_NAME'],
  ['project', 'HW_PROJECT_NAME'],
  ['project_id', 'HW_PROJECT_ID'],
  ['domain', 'HW_DOMAIN_NAME'],
  ['user', 'HW_USER_NAME'],
  ['password', 'HW_USER_PASSWORD'],
  ['access_key', 'HW_ACCESS_KEY'],
  ['secret_key', 'HW_SECRET_KEY'],
  ['security_token', 'HW_SECURITY_TOKEN'],
  ['domain_suffix', 'HW_CLOUD'],
];

const UCLOUDSTACK: Variables = [
  ['endpoint', 'UCLOUDSTACK_ENDPOINT'],
  ['region', 'UCLOUDSTACK_REGION'],
  ['public_key', 'UCLOUDSTACK_PUBLIC_KEY'],
  ['private_key', 'UCLOUDSTACK_PRIVATE_KEY'],
  ['security_token', 'UCLOUDSTACK_SECURITY_TOKEN'],
  ['company_id', 'UCLOUDSTACK_COMPANY_ID'],
  ['project_id', 'UCLOUDSTACK_PROJECT_ID'],
];

// Fields that no single variable can hold.
const NESTED = new Set(['family', 'endpoints', 'regions', 'part_transport']);
const SWITCHES = new Set(['insecure', 'obs_path_style']);

/**
 * The profiles of the environment: one per family that has credentials in it (HW_*, OS_*, UCLOUDSTACK_*), or only the
 * one that IMAGEBRIDGE_FAMILY chooses. A variable IMAGEBRIDGE_<FIELD> wins over the vendor's, in every one of them.
 * @throws InvalidInputError when IMAGEBRIDGE_FAMILY names no family, or a switch is neither true nor false
 */
export function profilesFromEnvironment(env: Environment): EnvironmentProfile[] {
  const chosen = chosenFamily(env);
  const found = [huaweicloudFields(env), openstackFields(env), ucloudstackFields(env)].filter(
    (profile): profile is EnvironmentProfile =>
      profile !== undefined && (chosen === undefined || profile.family === chosen),
  );
  // The variables of our own may be enough.
  if (found.length === 0 && chosen !== undefined) {
    found.push({ family: chosen, fields: { family: chosen }, warnings: [] });
  }
  return found.map((profile) => withOverrides(profile, env));
}

function chosenFamily(env: Environment): CloudFamily | undefined {
  const given = env.IMAGEBRIDGE_FAMILY;
  if (!given) return undefined;
  const family = familyOf(given);
  if (family !== undefined) return family;
  const names = Object.keys(FAMILIES);
  const meant = nearest(given, names);
  throw new InvalidInputError({
    operation: `read the profile of ${ENV_SOURCE}`,
    reason: 'IMAGEBRIDGE_FAMILY names no known family',
    hint: `${meant ? `Did you mean ${meant}? ` : ''}Families: ${names.join(', ')}.`,
  });
}

function take(env: Environment, family: CloudFamily, variables: Variables): Record<string, unknown> {
  const fields: Record<string, unknown> = { family };
  for (const [field, variable] of variables) {
    if (env[variable]) fields[field] = env[variable];
  }
  return fields;
}

function huaweicloudFields(env: Environment): EnvironmentProfile | undefined {
  if (!env.HW_ACCESS_KEY && !env.HW_USER_NAME) return undefined;
  const fields = take(env, 'huaweicloud', HUAWEICLOUD);
  if (env.HW_AUTH_URL) {
    // The variable holds the version too; the endpoint is without it.
    fields.endpoints = { iam: env.HW_AUTH_URL.replace(/\/v3\/?$/, '') };
  }
  return { family: 'huaweicloud', fields, warnings: [] };
}

function ucloudstackFields(env: Environment): EnvironmentProfile | undefined {
  if (!env.UCLOUDSTACK_PUBLIC_KEY) return undefined;
  return { family: 'ucloudstack', fields: take(env, 'ucloudstack', UCLOUDSTACK), warnings: [] };
}

/** Every OS_ variable is a field of a cloud as clouds.yaml has it, in lower case and without the prefix. */
function openstackFields(env: Environment): EnvironmentProfile | undefined {
  if (!env.OS_AUTH_URL) return undefined;
  const cloud = Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => name.startsWith('OS_') && value)
      .map(([name, value]) => [name.slice(3).toLowerCase(), value]),
  );
  // A region of our own makes the assumption needless that the warning is about.
  if (env.IMAGEBRIDGE_REGION) cloud.region_name = env.IMAGEBRIDGE_REGION;
  return { family: 'openstack', ...fieldsOfOpenstackCloud(cloud, 'cloud of the OS_ variables') };
}

function withOverrides(profile: EnvironmentProfile, env: Environment): EnvironmentProfile {
  const overrides = FAMILIES[profile.family]
    .knownFields([])
    .filter((field) => !NESTED.has(field))
    .flatMap((field) => {
      const variable = `IMAGEBRIDGE_${field.toUpperCase()}`;
      const value = env[variable];
      if (!value) return [];
      return [[field, SWITCHES.has(field) ? switchOf(variable, value) : value] as const];
    });
  return { ...profile, fields: { ...profile.fields, ...Object.fromEntries(overrides) } };
}

function switchOf(variable: string, value: string): boolean {
  const word = value.toLowerCase();
  if (['true', '1', 'yes'].includes(word)) return true;
  if (['false', '0', 'no'].includes(word)) return false;
  throw new InvalidInputError({
    operation: `read the profile of ${ENV_SOURCE}`,
    reason: `the environment variable ${variable} must be true or false`,
  });
}
