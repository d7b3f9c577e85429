// Turns a cloud as the OpenStack tools write it (clouds.yaml, OS_* variables) into fields of a profile. Pure.
import type { Fields } from './secret-fields.ts';
import { isFields } from './secret-fields.ts';

/** Fields of a profile, and what the user should know about them, as sentences. */
export interface OpenstackCloud {
  fields: Fields;
  warnings: readonly string[];
}

/** Region of an OpenStack that was set up without naming one. */
const DEFAULT_REGION = 'RegionOne';

const AUTH_FIELDS = [
  'auth_url',
  'username',
  'user_id',
  'user_domain_name',
  'user_domain_id',
  'password',
  'token',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'project_name',
  'project_id',
  'project_domain_name',
  'project_domain_id',
];

const AUTH_TYPES: Readonly<Record<string, string>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'application_credential',
  application_credential: 'application_credential',
};

/**
 * The profile's fields of such a cloud. What has no meaning here is named in a warning; a value that cannot be used is
 * handed on as it is, for the check of profiles to refuse it by its field.
 * @param cloud as it stands in the file; names may be written with - or _
 * @param where the cloud as warnings name it: `cloud "x" of …/clouds.yaml`
 */
export function fieldsOfOpenstackCloud(cloud: Fields, where: string): OpenstackCloud {
  const warnings: string[] = [];
  const top = normalized(cloud);
  const auth: Fields = { ...top, ...(isFields(top.auth) ? normalized(top.auth) : {}) };
  const given = (name: string): unknown => {
    const value = auth[name];
    // Ids of digits only are numbers to YAML.
    return typeof value === 'number' ? String(value) : value === '' ? undefined : (value ?? undefined);
  };

  const fields: Record<string, unknown> = { family: 'openstack' };
  for (const name of AUTH_FIELDS) fields[name] = given(name);
  fields.username ??= given('user_name');
  fields.project_name ??= given('tenant_name');
  fields.project_id ??= given('tenant_id');
  for (const owner of ['user', 'project']) {
    const [name, id] = [`${owner}_domain_name`, `${owner}_domain_id`];
    if (fields[name] !== undefined || fields[id] !== undefined) continue;
    fields[name] = given('domain_name') ?? given('default_domain_name') ?? given('default_domain');
    fields[id] = fields[name] === undefined ? (given('domain_id') ?? given('default_domain_id')) : undefined;
  }

  const authType = given('auth_type') ?? given('auth_plugin');
  fields.auth_type = typeof authType === 'string' ? (AUTH_TYPES[authType] ?? authType) : authType;

  fields.region = regionOf(top, where, warnings);
  const face = given('image_interface') ?? given('interface') ?? given('endpoint_type');
  const firstFace: unknown = Array.isArray(face) ? face[0] : face;
  fields.interface = typeof firstFace === 'string' ? firstFace.replace(/URL$/, '') : firstFace;
  fields.image_endpoint = given('image_endpoint_override') ?? given('image_endpoint');
  // Glance's version is part of the paths here.
  if (typeof fields.image_endpoint === 'string') {
    fields.image_endpoint = fields.image_endpoint.replace(/\/v2(\.\d+)?\/?$/, '');
  }

  fields.ca_file = given('cacert');
  if (isTrue(top.insecure) || isFalse(top.verify)) fields.insecure = true;
  if (given('profile') !== undefined) {
    warnings.push(
      `The vendor profile named by ${where} is not read: give its fields (auth_url, region_name) themselves.`,
    );
  }
  for (const name of ['cert', 'key']) {
    if (given(name) !== undefined) {
      warnings.push(`The field ${name} of ${where} is not used: client certificates are not sent.`);
    }
  }
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    warnings,
  };
}

function regionOf(top: Fields, where: string, warnings: string[]): unknown {
  if (top.region_name !== undefined && top.region_name !== null && top.region_name !== '') {
    return top.region_name;
  }
  const first: unknown = Array.isArray(top.regions) ? top.regions[0] : undefined;
  const named: unknown = isFields(first) ? first.name : first;
  if (named !== undefined) return named;
  warnings.push(`The ${where} names no region (region_name): ${DEFAULT_REGION} is assumed.`);
  return DEFAULT_REGION;
}

const normalized = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replaceAll('-', '_'), value]));

const isWord = (value: unknown, words: readonly string[]): boolean =>
  typeof value === 'string' && words.includes(value.toLowerCase());
const isTrue = (value: unknown): boolean => value === true || isWord(value, ['true', '1', 'yes', 'on']);
const isFalse = (value: unknown): boolean => value === false || isWord(value, ['false', '0', 'no', 'off']);
