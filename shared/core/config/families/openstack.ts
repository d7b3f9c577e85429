// How profiles of the openstack family are read. Pure.
import { z } from 'zod';
import type { OpenstackAuthType } from '../../model/index.ts';
import {
  choice,
  connectionFields,
  connectionOf,
  type FamilyReader,
  httpUrl,
  optional,
  optionalUrl,
  readWith,
  secret,
  text,
} from './fields.ts';

const schema = z.strictObject({
  family: z.literal('openstack'),
  region: text,
  ...connectionFields,
  dialect: choice(['upstream', 'easystack']),
  auth_url: httpUrl,
  auth_type: choice(['password', 'token', 'application_credential']),
  username: optional,
  user_id: optional,
  user_domain_name: optional,
  user_domain_id: optional,
  password: secret,
  token: secret,
  application_credential_id: optional,
  application_credential_name: optional,
  application_credential_secret: secret,
  project_name: optional,
  project_id: optional,
  project_domain_name: optional,
  project_domain_id: optional,
  interface: choice(['public', 'internal', 'admin']),
  image_endpoint: optionalUrl,
});

type Data = z.infer<typeof schema>;

const TOP = Object.keys(schema.shape);

/** Reads profiles of this family. */
export const openstack: FamilyReader = {
  secretFields: ['password', 'token', 'application_credential_secret', 'proxy'],
  knownFields: () => TOP,
  read: (name, values) =>
    readWith(schema, values, (data) => {
      const authType = data.auth_type ?? derivedAuthType(data);
      const missing = missingPartner(data, authType);
      if (missing !== undefined) return { missing };
      return {
        profile: {
          name,
          family: 'openstack',
          region: data.region,
          ...connectionOf(data),
          dialect: data.dialect ?? 'upstream',
          authUrl: data.auth_url,
          authType,
          userName: data.username,
          userId: data.user_id,
          userDomainName: data.user_domain_name,
          userDomainId: data.user_domain_id,
          password: data.password,
          token: data.token,
          applicationCredentialId: data.application_credential_id,
          applicationCredentialName: data.application_credential_name,
          applicationCredentialSecret: data.application_credential_secret,
          projectName: data.project_name,
          projectId: data.project_id,
          projectDomainName: data.project_domain_name,
          projectDomainId: data.project_domain_id,
          interface: data.interface,
          imageEndpoint: data.image_endpoint,
        },
      };
    }),
};

/** What the given fields are for, when nothing is said. */
function derivedAuthType(data: Data): OpenstackAuthType {
  if (
    data.application_credential_id !== undefined ||
    data.application_credential_name !== undefined ||
    data.application_credential_secret !== undefined
  ) {
    return 'application_credential';
  }
  return data.token !== undefined && data.password === undefined ? 'token' : 'password';
}

/** Fields that are of no use alone. */
function missingPartner(data: Data, authType: OpenstackAuthType): string | undefined {
  switch (authType) {
    case 'token':
      return data.token === undefined ? 'token (auth_type is token)' : missingProjectDomain(data);
    case 'application_credential':
      if (data.application_credential_secret === undefined) return 'application_credential_secret';
      if (data.application_credential_id !== undefined) return undefined;
      if (data.application_credential_name === undefined) {
        return 'application_credential_id, or application_credential_name with username or user_id';
      }
      if (data.username === undefined && data.user_id === undefined) {
        return 'username or user_id (application_credential_name is given)';
      }
      return missingUserDomain(data);
    case 'password':
      if (data.username === undefined && data.user_id === undefined) {
        return data.password === undefined
          ? 'username (with password), token, or application_credential_id (with application_credential_secret)'
          : 'username or user_id (password is given)';
      }
      if (data.password === undefined) return 'password (username or user_id is given)';
      // Images belong to projects: a token without one is of no use.
      if (data.project_name === undefined && data.project_id === undefined) {
        return 'project_name or project_id (username or user_id is given)';
      }
      return missingUserDomain(data) ?? missingProjectDomain(data);
  }
}

/** A name is unique only inside its domain. */
function missingUserDomain(data: Data): string | undefined {
  const needed = data.user_id === undefined && data.username !== undefined;
  const given = data.user_domain_name ?? data.user_domain_id;
  return needed && given === undefined ? 'user_domain_name or user_domain_id (username is given)' : undefined;
}

function missingProjectDomain(data: Data): string | undefined {
  const needed = data.project_id === undefined && data.project_name !== undefined;
  const given = data.project_domain_name ?? data.project_domain_id;
  return needed && given === undefined
    ? 'project_domain_name or project_domain_id (project_name is given)'
    : undefined;
}
