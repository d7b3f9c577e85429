// The profile named `env`, made from the variables that the vendor's own tools use. Pure.
import type { Environment } from './interpolate.ts';

/** Name of the profile that comes from the environment. */
export const ENV_PROFILE = 'env';

const VARIABLES: readonly (readonly [field: string, variable: string])[] = [
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

/** Fields of the profile `env`; undefined when the environment has no credentials of the family. */
export function profileFieldsFromEnvironment(env: Environment): Record<string, unknown> | undefined {
  if (!env.HW_ACCESS_KEY && !env.HW_USER_NAME) return undefined;
  const fields: Record<string, unknown> = { family: 'huaweicloud' };
  for (const [field, variable] of VARIABLES) {
    if (env[variable]) fields[field] = env[variable];
  }
  if (env.HW_AUTH_URL) {
    // The variable holds the version too; the endpoint is without it.
    fields.endpoints = { iam: env.HW_AUTH_URL.replace(/\/v3\/?$/, '') };
  }
  return fields;
}
