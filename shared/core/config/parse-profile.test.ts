// Profiles of each family from plain values: what is read, and what a mistake is called.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OpenstackProfile, UcloudstackProfile } from '../model/index.ts';
import { parseProfile, SECRET_FIELDS } from './parse-profile.ts';

const STACK = {
  family: 'ucloudstack',
  region: 'r',
  endpoint: 'https://console.example/api',
  public_key: 'PUBLIC',
  private_key: 'topsecret-1',
};
const OPEN = {
  family: 'openstack',
  region: 'r',
  auth_url: 'https://keystone.example/v3',
  username: 'u',
  user_domain_name: 'Default',
  password: 'topsecret-2',
  project_name: 'p',
  project_domain_name: 'Default',
};
const HUAWEI = { family: 'huaweicloud', region: 'r', access_key: 'AK', secret_key: 'topsecret-3' };

describe('ucloudstack', () => {
  it('gives all its fields', () => {
    const profile = parseProfile('c', {
      ...STACK,
      security_token: 'topsecret-4',
      company_id: 200000236,
      project_id: 'project-1',
      request_form: 'json',
      return_codes: 'v1',
      limits: 'extended',
      download_url: 'https://{region}.example/s3/download',
      part_transport: {
        kind: 's3',
        endpoint: 'https://s3.{region}.example',
        key_template: '{image_id}/{upload_id}',
        signer: 'obs',
        access_key: 'AK',
        secret_key: 'topsecret-5',
        signing_region: 'x',
      },
      regions: { other: { download_url: 'https://o.example/download', part_endpoint: 'https://o.example' } },
      proxy: 'http://user:topsecret-6@proxy.example:3128',
      ca_file: '~/ca.pem',
      insecure: true,
    }) as UcloudstackProfile;
    expect(profile).toMatchObject({
      name: 'c',
      family: 'ucloudstack',
      region: 'r',
      endpoint: 'https://console.example/api',
      publicKey: 'PUBLIC',
      companyId: 200000236,
      projectId: 'project-1',
      requestForm: 'json',
      returnCodes: 'v1',
      limits: 'extended',
      downloadUrl: 'https://{region}.example/s3/download',
      partTransport: {
        kind: 's3',
        endpoint: 'https://s3.{region}.example',
        keyTemplate: '{image_id}/{upload_id}',
        signer: 'obs',
        accessKey: 'AK',
        signingRegion: 'x',
      },
      regions: { other: { downloadUrl: 'https://o.example/download', partEndpoint: 'https://o.example' } },
      caFile: join(homedir(), 'ca.pem'),
      insecure: true,
    });
    expect(profile.privateKey.reveal()).toBe('topsecret-1');
    expect(profile.securityToken?.reveal()).toBe('topsecret-4');
    expect(profile.partTransport?.secretKey?.reveal()).toBe('topsecret-5');
    expect(profile.proxy?.reveal()).toBe('http://user:topsecret-6@proxy.example:3128');
    expect(inspect(profile, { depth: 9 }) + JSON.stringify(profile)).not.toContain('topsecret');
  });

  it('takes the digits of a company too', () => {
    expect(parseProfile('c', { ...STACK, company_id: '17' })).toMatchObject({ companyId: 17 });
  });

  it.each([
    [{ endpoint: undefined }, 'the field endpoint is missing'],
    [{ public_key: undefined }, 'the field public_key is missing'],
    [{ private_key: null }, 'the field private_key must be a text'],
    [{ company_id: 1.5 }, 'the field company_id must be a whole number above 0'],
    [{ company_id: 'x' }, 'the field company_id must be a whole number'],
    [{ request_form: 'xml' }, 'the field request_form must be one of form, json, get'],
    [{ private_kye: 'k' }, 'the field private_kye is unknown. Did you mean private_key?'],
    [{ part_transport: 's3' }, 'the field part_transport must hold fields by their names'],
    [{ part_transport: { endpoint: 'https://x' } }, 'the field part_transport.kind is missing'],
    [{ part_transport: { kind: 'ftp', endpoint: 'https://x' } }, 'the field part_transport.kind must be s3'],
    [
      { part_transport: { kind: 's3', endpoint: 'https://x', acces_key: 'a' } },
      'the field part_transport.acces_key is unknown. Did you mean part_transport.access_key?',
    ],
    [
      { part_transport: { kind: 's3', endpoint: 'https://x', access_key: 'a' } },
      'the field part_transport.secret_key (part_transport.access_key is given) is missing',
    ],
    [
      { regions: { r: { part_endpoit: 'https://x' } } },
      'the field regions.r.part_endpoit is unknown. Did you mean regions.r.part_endpoint?',
    ],
    [{ proxy: 'socks5://x' }, 'the field proxy must be the http or https URL of a proxy'],
    [{ insecure: 'yes' }, 'the field insecure must be true or false'],
  ])('calls the mistake %j by its name', (change, message) => {
    expect(() => parseProfile('c', { ...STACK, ...change })).toThrow(message);
  });
});

describe('openstack', () => {
  it('gives all its fields', () => {
    const profile = parseProfile('c', {
      ...OPEN,
      dialect: 'easystack',
      user_id: 'uid',
      user_domain_id: 'udid',
      project_id: 'pid',
      project_domain_id: 'pdid',
      interface: 'internal',
      image_endpoint: 'https://glance.{region}.example/image',
    }) as OpenstackProfile;
    expect(profile).toMatchObject({
      dialect: 'easystack',
      authUrl: 'https://keystone.example/v3',
      authType: 'password',
      userName: 'u',
      userId: 'uid',
      userDomainName: 'Default',
      userDomainId: 'udid',
      projectName: 'p',
      projectId: 'pid',
      projectDomainName: 'Default',
      projectDomainId: 'pdid',
      interface: 'internal',
      imageEndpoint: 'https://glance.{region}.example/image',
    });
    expect(profile.password?.reveal()).toBe('topsecret-2');
  });

  const bare = { family: 'openstack', region: 'r', auth_url: 'https://k.example' };
  it.each([
    [{ ...OPEN }, 'password'],
    [{ ...OPEN, token: 't' }, 'password'],
    [{ ...OPEN, token: 't', auth_type: 'token' }, 'token'],
    [{ ...bare, token: 't' }, 'token'],
    [
      { ...bare, application_credential_id: 'i', application_credential_secret: 's' },
      'application_credential',
    ],
    [
      { ...bare, application_credential_name: 'n', application_credential_secret: 's', user_id: 'u' },
      'application_credential',
    ],
  ])('tells how %j authenticates', (fields, authType) => {
    expect(parseProfile('c', fields)).toMatchObject({ authType });
  });

  it.each([
    [bare, 'the field username (with password), token, or application_credential_id'],
    [{ ...OPEN, auth_url: undefined }, 'the field auth_url is missing'],
    [{ ...OPEN, password: undefined }, 'the field password (username or user_id is given) is missing'],
    [{ ...OPEN, user_domain_name: undefined }, 'the field user_domain_name or user_domain_id'],
    [{ ...OPEN, project_name: undefined }, 'the field project_name or project_id'],
    [{ ...OPEN, project_domain_name: undefined }, 'the field project_domain_name or project_domain_id'],
    [{ ...OPEN, auth_type: 'token' }, 'the field token (auth_type is token) is missing'],
    [{ ...bare, application_credential_id: 'i' }, 'the field application_credential_secret is missing'],
    [
      { ...bare, application_credential_name: 'n', application_credential_secret: 's' },
      'the field username or user_id (application_credential_name is given) is missing',
    ],
    [{ ...OPEN, user_name: 'u' }, 'the field user_name is unknown. Did you mean username?'],
    [{ ...OPEN, interface: 'publicURL' }, 'the field interface must be one of public, internal, admin'],
  ])('calls the mistake in %j by its name', (fields, message) => {
    expect(() => parseProfile('c', fields)).toThrow(message);
  });
});

describe('every family', () => {
  const whole = [STACK, OPEN, HUAWEI];

  it('hides each of its secret fields', () => {
    for (const base of whole) {
      const partners = {
        ...base,
        ...(base.family === 'ucloudstack'
          ? { part_transport: { kind: 's3', endpoint: 'https://x', access_key: 'a', secret_key: 'hidden-0' } }
          : {}),
        ...(base.family === 'huaweicloud' ? { user: 'u', domain: 'd' } : {}),
        ...(base.family === 'openstack' ? { application_credential_id: 'i' } : {}),
      };
      const fields: Record<string, unknown> = { ...partners };
      const names = SECRET_FIELDS[base.family as keyof typeof SECRET_FIELDS];
      for (const name of names) {
        if (!name.includes('.')) fields[name] = name === 'proxy' ? 'http://u:hidden-1@p.example' : 'hidden-2';
      }
      const shown = inspect(parseProfile('c', fields), { depth: 9 });
      expect(shown).not.toContain('hidden-');
      expect(shown.match(/\*\*\*/g)).toHaveLength(names.length);
    }
  });

  it('never shows a value in a message, whatever is wrong', () => {
    const fields = [
      'private_key',
      'password',
      'proxy',
      'endpoint',
      'auth_url',
      'region',
      'company_id',
      'endpoints',
    ];
    const strange = fc.oneof(
      fc.constant('topsecret-value'),
      fc.constant(['topsecret-value']),
      fc.constant({ topsecret: 'topsecret-value' }),
      fc.constant(12345678901),
    );
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.constantFrom(...fields), strange, (base, field, value) => {
        try {
          parseProfile('c', { ...base, [field]: value });
        } catch (error) {
          expect(String(error)).not.toContain('topsecret-');
          expect(String(error)).not.toContain('12345678901');
        }
      }),
    );
  });
});

// The text that the embedded cloud writes, with other keys.
const EMBEDDED = `# Written by the embedded cloud at each start.
default: local
clouds:
${['local', 'partner', 'operator']
  .map(
    (name) => `  ${name}:
    family: huaweicloud
    region: "local-1"
    domain: "acme"
    user: "acme-admin"
    password: "topsecret-password"
    access_key: "AKAKAKAKAKAKAKAKAKAK"
    secret_key: "topsecret-key"
    obs_path_style: true
    regions:
      "local-1":
        endpoints:
          iam: "http://127.0.0.1:40001"
          ims: "http://127.0.0.1:40002"
          obs: "http://127.0.0.1:40003"
      "local-2":
        endpoints:
          iam: "http://127.0.0.1:40001"
          ims: "http://127.0.0.1:40004"
          obs: "http://127.0.0.1:40005"
${['openstack', 'easystack']
  .map(
    (kind) => `  ${name}-${kind}:
    family: openstack
    region: "local-1"
    auth_url: "http://127.0.0.1:40006/v3"
    username: "acme-user"
    user_domain_name: "Default"
    password: "topsecret-password"
    project_name: "acme"
    project_domain_name: "Default"
${kind === 'easystack' ? '    dialect: "easystack"\n' : ''}`,
  )
  .join('')}  ${name}-ucloudstack:
    family: ucloudstack
    region: "local-1"
    endpoint: "http://127.0.0.1:40007/api"
    public_key: "public"
    private_key: "topsecret-private"
    company_id: 200000236
    project_id: "project-abcdefghijklmn"
    part_transport:
      kind: "s3"
      endpoint: "http://127.0.0.1:40008"
      key_template: "{image_id}"
      signer: "sigv4"
      access_key: "AKAKAKAKAKAKAKAKAKAK"
      secret_key: "topsecret-key"
    regions:
      "local-1":
        download_url: "http://127.0.0.1:40008/s3/download"
        part_endpoint: "http://127.0.0.1:40008"
      "local-2":
        download_url: "http://127.0.0.1:40009/s3/download"
        part_endpoint: "http://127.0.0.1:40009"
`,
  )
  .join('')}`;

it('reads all twelve profiles of the embedded cloud', () => {
  const { clouds } = parse(EMBEDDED) as { clouds: Record<string, unknown> };
  const profiles = Object.entries(clouds).map(([name, fields]) => parseProfile(name, fields));
  expect(profiles.map(({ name, family }) => [name, family])).toEqual(
    ['local', 'partner', 'operator'].flatMap((name) => [
      [name, 'huaweicloud'],
      [`${name}-openstack`, 'openstack'],
      [`${name}-easystack`, 'openstack'],
      [`${name}-ucloudstack`, 'ucloudstack'],
    ]),
  );
});
