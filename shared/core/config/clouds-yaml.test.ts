// clouds.yaml and secure.yaml: which files are read, and what becomes of a cloud in them.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenstackProfile } from '../model/index.ts';
import { cloudsYamlFolders } from './clouds-yaml.ts';
import { loadProfiles } from './profiles.ts';
import { testFolder, write } from './test-files.ts';

const CLOUDS = `
clouds:
  dev:
    region_name: dev-1
    auth:
      auth_url: https://keystone.example/v3
      username: u
      user_domain_name: Default
      project_name: p
      project_domain_name: Default
`;
const SECURE = 'clouds: { dev: { auth: { password: "from-secure-$HOME" } } }';

function places() {
  const folder = testFolder();
  const cwd = join(folder, 'cwd');
  const home = join(folder, 'home');
  write(home, 'empty', '');
  const ours = (text = '') => write(folder, 'profiles.yaml', text);
  const load = (env: Record<string, string> = {}, text?: string) =>
    loadProfiles({ path: ours(text), env: { HOME: home, ...env }, cwd });
  return { folder, cwd, home, load };
}

describe('the files', () => {
  it('are searched in the order of openstacksdk', () => {
    expect(cloudsYamlFolders({}, { cwd: '/work', home: '/home/u', platform: 'linux' })).toEqual([
      '/work',
      '/home/u/.config/openstack',
      '/etc/xdg/openstack',
      '/etc/openstack',
    ]);
    expect(cloudsYamlFolders({}, { cwd: '/work', home: '/Users/u', platform: 'darwin' })).toEqual([
      '/work',
      '/Users/u/Library/Application Support/openstack',
      '/Users/u/.config/openstack',
      '/Library/Application Support/openstack',
      '/etc/openstack',
    ]);
    expect(
      cloudsYamlFolders(
        { XDG_CONFIG_HOME: '/xdg', XDG_CONFIG_DIRS: '/a:/b', SNAP_REAL_HOME: '/real' },
        { cwd: '/work', home: '/home/u', platform: 'linux' },
      ),
    ).toEqual([
      '/work',
      '/xdg/openstack',
      '/real/.config/openstack',
      '/a/openstack',
      '/b/openstack',
      '/etc/openstack',
    ]);
  });

  it('are found: the current folder before the home, the variable before both', () => {
    const { folder, cwd, home, load } = places();
    const named = (region: string) => CLOUDS.replace('dev-1', region);
    write(home, '.config/openstack/clouds.yaml', named('from-home'));
    write(home, '.config/openstack/secure.yaml', SECURE);
    expect(load().get('dev').region).toBe('from-home');
    write(cwd, 'clouds.yml', named('from-cwd'));
    expect(load().get('dev').region).toBe('from-cwd');
    const path = write(folder, 'named.yaml', named('from-variable'));
    expect(load({ OS_CLIENT_CONFIG_FILE: path }).get('dev').region).toBe('from-variable');
    expect(load({ OS_CLIENT_CONFIG_FILE: join(folder, 'none') }).get('dev').region).toBe('from-cwd');
  });

  it('are merged, and secure.yaml wins', () => {
    const { folder, cwd, load } = places();
    write(cwd, 'clouds.yaml', `${CLOUDS}      password: from-clouds\n`);
    const password = (env = {}) => (load(env).get('dev') as OpenstackProfile).password?.reveal();
    expect(password()).toBe('from-clouds');
    write(cwd, 'secure.yaml', SECURE);
    // A $ means itself in these files.
    expect(password()).toBe('from-secure-$HOME');
    const path = write(folder, 's.yaml', 'clouds: { dev: { auth: { password: "elsewhere" } } }');
    expect(password({ OS_CLIENT_SECURE_FILE: path })).toBe('elsewhere');
  });

  it('do not stand in the way when they are broken', () => {
    const { cwd, load } = places();
    write(cwd, 'clouds.yaml', 'clouds: { dev: { auth: { password: "topsecret" ');
    const profiles = load(
      {},
      'clouds: { c: { family: huaweicloud, region: r, access_key: a, secret_key: b } }',
    );
    expect(profiles.choose().name).toBe('c');
    expect(profiles.warnings).toEqual([
      expect.stringMatching(/clouds\.yaml could not be read: line 1 is no correct YAML/),
    ]);
    expect(() => profiles.get('dev')).toThrow(/clouds\.yaml could not be read/);
    expect(() => profiles.get('dev')).not.toThrow(/topsecret/);
  });
});

describe('a cloud in them', () => {
  function withCloud(cloud: string, env: Record<string, string> = {}, ours?: string) {
    const { cwd, load } = places();
    write(cwd, 'clouds.yaml', cloud);
    write(cwd, 'secure.yaml', SECURE);
    return load(env, ours);
  }

  it('is a profile under both names, and ours wins', () => {
    expect(withCloud(CLOUDS).names).toEqual(['clouds.yaml:dev']);
    expect(withCloud(CLOUDS).get('dev')).toMatchObject({
      name: 'clouds.yaml:dev',
      family: 'openstack',
      region: 'dev-1',
      authType: 'password',
      authUrl: 'https://keystone.example/v3',
      userName: 'u',
      userDomainName: 'Default',
      projectName: 'p',
      projectDomainName: 'Default',
    });
    const ours = 'clouds: { dev: { family: huaweicloud, region: r, access_key: a, secret_key: b } }';
    const both = withCloud(CLOUDS, {}, ours);
    expect(both.get('dev').family).toBe('huaweicloud');
    expect(both.get('clouds.yaml:dev').family).toBe('openstack');
    // Clouds of other programs make no choice necessary.
    expect(both.choose().family).toBe('huaweicloud');
  });

  it('is chosen by OS_CLOUD', () => {
    const ours = `default: mine\nclouds: { mine: { family: huaweicloud, region: r, access_key: a, secret_key: b } }`;
    expect(withCloud(CLOUDS, { OS_CLOUD: 'dev' }, ours).choose().name).toBe('clouds.yaml:dev');
    expect(withCloud(CLOUDS, { OS_CLOUD: 'dev', IMAGEBRIDGE_CLOUD: 'mine' }, ours).choose().name).toBe(
      'mine',
    );
    expect(() => withCloud(CLOUDS, { OS_CLOUD: 'dve' }).choose()).toThrow('Did you mean clouds.yaml:dev?');
  });

  it('may leave certificates unchecked, loudly', () => {
    for (const line of ['    verify: false\n', '    verify: "False"\n', '    insecure: true\n']) {
      const profiles = withCloud(CLOUDS.replace('    auth:\n', `${line}    auth:\n`));
      expect(profiles.warnings).toEqual([]);
      expect(profiles.get('dev').insecure).toBe(true);
      expect(profiles.warnings).toEqual([expect.stringContaining('CERTIFICATES ARE NOT CHECKED')]);
    }
    expect(
      withCloud(CLOUDS.replace('    auth:\n', '    verify: maybe\n    auth:\n')).get('dev').insecure,
    ).toBe(undefined);
  });

  it('has its other fields understood', () => {
    const profiles = withCloud(`
clouds:
  dev:
    profile: vendor
    auth_type: v3applicationcredential
    regions: [ { name: first, values: {} }, second ]
    interface: internalURL
    image_endpoint_override: https://glance.example/image/v2
    cacert: /ca.pem
    cert: /client.pem
    identity_api_version: 3
    auth: { auth_url: "https://keystone.example", application_credential_id: 12, application-credential-secret: s }
`);
    expect(profiles.get('dev')).toMatchObject({
      region: 'first',
      authType: 'application_credential',
      applicationCredentialId: '12',
      interface: 'internal',
      imageEndpoint: 'https://glance.example/image',
      caFile: '/ca.pem',
    });
    expect(profiles.warnings).toEqual([
      expect.stringContaining('vendor profile'),
      expect.stringContaining('The field cert'),
    ]);
  });

  it('is refused by its field when it cannot be used', () => {
    expect(() =>
      withCloud(CLOUDS.replace('    auth:\n', '    auth_type: v3totp\n    auth:\n')).get('dev'),
    ).toThrow('the field auth_type must be one of password, token, application_credential');
  });
});
