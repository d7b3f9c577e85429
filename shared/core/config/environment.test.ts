// Profiles made of environment variables: which there are, and what they hold.
import { describe, expect, it } from 'vitest';
import type { HuaweicloudProfile, OpenstackProfile, UcloudstackProfile } from '../model/index.ts';
import { loadProfiles } from './profiles.ts';
import { testFolder, write } from './test-files.ts';

const HW = { HW_REGION_NAME: 'hw-1', HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: 'hw-secret' };
const OS = {
  OS_AUTH_URL: 'https://keystone.example/v3',
  OS_USERNAME: 'u',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PASSWORD: 'os-secret',
  OS_PROJECT_NAME: 'p',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'os-1',
};
const UCLOUD = {
  UCLOUDSTACK_ENDPOINT: 'https://console.example/api',
  UCLOUDSTACK_REGION: 'uc-1',
  UCLOUDSTACK_PUBLIC_KEY: 'PUBLIC',
  UCLOUDSTACK_PRIVATE_KEY: 'uc-secret',
};

function load(env: Record<string, string>, text = '') {
  const folder = testFolder();
  return loadProfiles({
    path: write(folder, 'profiles.yaml', text),
    env: { HOME: folder, ...env },
    cwd: folder,
  });
}

describe('one family', () => {
  it('ucloudstack', () => {
    const profile = load({
      ...UCLOUD,
      UCLOUDSTACK_SECURITY_TOKEN: 'uc-token',
      UCLOUDSTACK_COMPANY_ID: '200000236',
      UCLOUDSTACK_PROJECT_ID: 'project-1',
    }).choose() as UcloudstackProfile;
    expect(profile).toMatchObject({
      name: 'env',
      family: 'ucloudstack',
      region: 'uc-1',
      endpoint: 'https://console.example/api',
      publicKey: 'PUBLIC',
      companyId: 200000236,
      projectId: 'project-1',
    });
    expect(profile.privateKey.reveal()).toBe('uc-secret');
    expect(profile.securityToken?.reveal()).toBe('uc-token');
  });

  it('openstack, by password', () => {
    const profiles = load({ ...OS, OS_INTERFACE: 'internalURL', OS_CACERT: '/ca.pem', OS_INSECURE: 'true' });
    const profile = profiles.choose() as OpenstackProfile;
    expect(profile).toMatchObject({
      name: 'env',
      family: 'openstack',
      region: 'os-1',
      authUrl: 'https://keystone.example/v3',
      authType: 'password',
      userName: 'u',
      userDomainName: 'Default',
      projectName: 'p',
      projectDomainName: 'Default',
      interface: 'internal',
      caFile: '/ca.pem',
      insecure: true,
    });
    expect(profile.password?.reveal()).toBe('os-secret');
    expect(profiles.warnings).toEqual([expect.stringContaining('CERTIFICATES ARE NOT CHECKED')]);
  });

  it('openstack, by application credential, token, and old names', () => {
    const { OS_AUTH_URL, OS_REGION_NAME } = OS;
    const base = { OS_AUTH_URL, OS_REGION_NAME };
    expect(
      load({
        ...base,
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_ID: 'id',
        OS_APPLICATION_CREDENTIAL_SECRET: 's',
      }).choose(),
    ).toMatchObject({ authType: 'application_credential', applicationCredentialId: 'id' });
    expect(load({ ...base, OS_AUTH_TYPE: 'v3token', OS_TOKEN: 't' }).choose()).toMatchObject({
      authType: 'token',
    });
    expect(
      load({
        ...base,
        OS_USERNAME: 'u',
        OS_PASSWORD: 'p',
        OS_TENANT_NAME: 'old',
        OS_DEFAULT_DOMAIN: 'Default',
        OS_ENDPOINT_TYPE: 'adminURL',
      }).choose(),
    ).toMatchObject({
      projectName: 'old',
      userDomainName: 'Default',
      projectDomainName: 'Default',
      interface: 'admin',
    });
  });

  it('assumes the region that a plain OpenStack has, and says so', () => {
    const { OS_REGION_NAME: _, ...env } = OS;
    const profiles = load(env);
    expect(profiles.warnings).toEqual([]);
    expect(profiles.choose().region).toBe('RegionOne');
    expect(profiles.warnings).toEqual([
      'The cloud of the OS_ variables names no region (region_name): RegionOne is assumed.',
    ]);
  });

  it('says what is missing, with the source', () => {
    const { UCLOUDSTACK_PRIVATE_KEY: _, ...env } = UCLOUD;
    expect(() => load(env).choose()).toThrow(
      'Could not read cloud "env" of the environment: the field private_key is missing.',
    );
  });
});

describe('several families', () => {
  const all = { ...HW, ...OS, ...UCLOUD };

  it('are told apart, and env alone is ambiguous', () => {
    const profiles = load(all);
    expect(profiles.names).toEqual(['env-huaweicloud', 'env-openstack', 'env-ucloudstack']);
    expect(profiles.get('env-openstack').region).toBe('os-1');
    expect(() => profiles.get('env')).toThrow(
      'the environment has credentials of several families (env-huaweicloud, env-openstack, env-ucloudstack). Name one of these, or choose the family with IMAGEBRIDGE_FAMILY.',
    );
    expect(() => profiles.choose()).toThrow('there are several: env-huaweicloud, env-openstack');
  });

  it('are one when IMAGEBRIDGE_FAMILY chooses', () => {
    const profiles = load({ ...all, IMAGEBRIDGE_FAMILY: 'ucloudstack' });
    expect(profiles.names).toEqual(['env']);
    expect(profiles.choose().family).toBe('ucloudstack');
    expect(() => load({ ...all, IMAGEBRIDGE_FAMILY: 'openstak' })).toThrow('Did you mean openstack?');
  });
});

describe('variables of our own', () => {
  it('win over those of the vendor', () => {
    const profile = load({
      ...HW,
      IMAGEBRIDGE_REGION: 'ours',
      IMAGEBRIDGE_CA_FILE: '/ours.pem',
      IMAGEBRIDGE_PROXY: 'http://proxy.example:3128',
      IMAGEBRIDGE_INSECURE: 'false',
      IMAGEBRIDGE_OBS_PATH_STYLE: '1',
      IMAGEBRIDGE_CLOUD: 'env',
    }).choose() as HuaweicloudProfile;
    expect(profile).toMatchObject({
      region: 'ours',
      caFile: '/ours.pem',
      insecure: false,
      obsPathStyle: true,
    });
    expect(profile.proxy?.reveal()).toBe('http://proxy.example:3128');
  });

  it('are enough, with the family', () => {
    expect(
      load({
        IMAGEBRIDGE_FAMILY: 'ucloudstack',
        IMAGEBRIDGE_REGION: 'r',
        IMAGEBRIDGE_ENDPOINT: 'https://x.example/api',
        IMAGEBRIDGE_PUBLIC_KEY: 'k',
        IMAGEBRIDGE_PRIVATE_KEY: 's',
      }).choose(),
    ).toMatchObject({ family: 'ucloudstack', region: 'r' });
  });

  it('leave profiles of the file alone', () => {
    const text = 'clouds: { c: { family: huaweicloud, region: r, access_key: a, secret_key: b } }';
    expect(load({ IMAGEBRIDGE_REGION: 'ours' }, text).choose().region).toBe('r');
  });

  it('must be true or false where they are switches', () => {
    expect(() => load({ ...HW, IMAGEBRIDGE_INSECURE: 'maybe' })).toThrow(
      'the environment variable IMAGEBRIDGE_INSECURE must be true or false',
    );
  });
});
