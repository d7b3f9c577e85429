// How profiles of the huaweicloud family are read. Pure.
import { z } from 'zod';
import {
  connectionFields,
  connectionOf,
  type FamilyReader,
  flag,
  optional,
  optionalUrl,
  readWith,
  secret,
  text,
} from './fields.ts';

const endpoints = z
  .strictObject({ iam: optionalUrl, ims: optionalUrl, obs: optionalUrl })
  .nullish()
  .transform((value) => value ?? {});

const region = z.strictObject({ endpoints, project: optional, staging_bucket: optional });

const schema = z.strictObject({
  family: z.literal('huaweicloud'),
  region: text,
  ...connectionFields,
  project: optional,
  project_id: optional,
  domain: optional,
  user: optional,
  password: secret,
  access_key: optional,
  secret_key: secret,
  security_token: secret,
  obs_path_style: flag,
  staging_bucket: optional,
  agency_name: optional,
  domain_suffix: optional,
  endpoints,
  regions: z.record(z.string(), region).nullish(),
});

const TOP = Object.keys(schema.shape);
const REGION = Object.keys(region.shape);
const ENDPOINTS = ['iam', 'ims', 'obs'];

/** Reads profiles of this family. */
export const huaweicloud: FamilyReader = {
  secretFields: ['password', 'secret_key', 'security_token', 'proxy'],
  knownFields: (path) => (path.at(-1) === 'endpoints' ? ENDPOINTS : path[0] === 'regions' ? REGION : TOP),
  read: (name, values) =>
    readWith(schema, values, (data) => {
      const missing = missingPartner(data);
      if (missing !== undefined) return { missing };
      return {
        profile: {
          name,
          family: 'huaweicloud',
          region: data.region,
          ...connectionOf(data),
          project: data.project,
          projectId: data.project_id,
          domain: data.domain,
          user: data.user,
          password: data.password,
          accessKey: data.access_key,
          secretKey: data.secret_key,
          securityToken: data.security_token,
          obsPathStyle: data.obs_path_style,
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
        },
      };
    }),
};

/** Fields that are of no use alone. */
function missingPartner(data: z.infer<typeof schema>): string | undefined {
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
