// Profiles from files and the environment: which one is chosen, and what a mistake is called.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HuaweicloudProfile } from '../model/index.ts';
import { parseProfile } from './parse-profile.ts';
import { stateDir } from './paths.ts';
import { loadProfiles } from './profiles.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-profiles-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function load(text: string, env: Record<string, string> = {}, mode = 0o600) {
  const path = join(dir, 'profiles.yaml');
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return loadProfiles({ path, env });
}

const LOCAL = `
clouds:
  local:
    family: huaweicloud
    region: local-1
    domain: acme
    user: acme-admin
    password: hunter2-secret
    access_key: AK
    secret_key: SK-secret
    obs_path_style: true
    regions:
      local-1: { endpoints: { iam: "http://127.0.0.1:1", ims: "http://127.0.0.1:2", obs: "http://127.0.0.1:3" } }
      local-2: { project: other, staging_bucket: there }
`;
const TWO = `
clouds:
  prod: { family: huaweicloud, region: r-1, access_key: a, secret_key: "\${SECRET}" }
  test: { family: huaweicloud, region: r-2, access_key: a, secret_key: b }
`;

describe('a file of profiles', () => {
  it('gives a profile with all its fields', () => {
    const profile = load(LOCAL).choose() as HuaweicloudProfile;
    expect(profile).toMatchObject({
      name: 'local',
      family: 'huaweicloud',
      region: 'local-1',
      domain: 'acme',
      user: 'acme-admin',
      accessKey: 'AK',
      obsPathStyle: true,
      domainSuffix: 'myhuaweicloud.com',
      regions: {
        'local-1': { endpoints: { ims: 'http://127.0.0.1:2' } },
        'local-2': { project: 'other', stagingBucket: 'there' },
      },
    });
    expect(profile.password?.reveal()).toBe('hunter2-secret');
  });

  it('does not print secrets by accident', () => {
    const profile = load(LOCAL).choose();
    for (const text of [inspect(profile, { depth: 9 }), JSON.stringify(profile), `${inspect([profile])}`]) {
      expect(text).not.toContain('secret"');
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain('SK-secret');
    }
  });

  it('takes values from the environment', () => {
    const profile = load(TWO, { SECRET: 'from-env' }).choose('prod') as HuaweicloudProfile;
    expect(profile.secretKey?.reveal()).toBe('from-env');
    expect(() => load(TWO).choose('prod')).toThrow(
      /cloud "prod" of .*profiles\.yaml: the field secret_key wants the environment variable SECRET, which is not set/,
    );
  });

  it('checks only the profile that is used', () => {
    const profiles = load(`${TWO}  broken: { family: huaweicloud }\n`);
    expect(profiles.choose('test').region).toBe('r-2');
    expect(() => profiles.choose('broken')).toThrow('the field region is missing');
  });
});

describe('which profile', () => {
  it('is the named one, else IMAGEBRIDGE_CLOUD, else the default, else the only one', () => {
    const text = `default: test\n${TWO}`;
    const env = { SECRET: 's' };
    expect(load(text, { ...env, IMAGEBRIDGE_CLOUD: 'test' }).choose('prod').name).toBe('prod');
    expect(load(text, { ...env, IMAGEBRIDGE_CLOUD: 'prod' }).choose().name).toBe('prod');
    expect(load(text, env).choose().name).toBe('test');
    expect(load(LOCAL, env).choose().name).toBe('local');
  });

  it('cannot be told among several', () => {
    expect(() => load(TWO).choose()).toThrow('there are several: prod, test. Name one with --cloud');
  });

  it('is called by the nearest name when it is unknown', () => {
    expect(() => load(TWO).choose('prd')).toThrow('Did you mean prod? Clouds: prod, test.');
  });

  it('is the environment when there is no file', () => {
    const env = {
      IMAGEBRIDGE_STATE_DIR: dir,
      HW_REGION_NAME: 'r-9',
      HW_ACCESS_KEY: 'a',
      HW_SECRET_KEY: `with-$-and-\${X}`,
      HW_AUTH_URL: 'https://iam.example:443/v3',
    };
    const path = join(dir, 'none.yaml');
    expect(() => loadProfiles({ path, env })).toThrow('the file does not exist');
    expect(() => loadProfiles({ env: { ...env, IMAGEBRIDGE_CONFIG: path } })).toThrow(
      'the file does not exist',
    );
    const profile = load('clouds: {}', env).choose() as HuaweicloudProfile;
    expect(profile).toMatchObject({
      name: 'env',
      region: 'r-9',
      endpoints: { iam: 'https://iam.example:443' },
    });
    expect(profile.secretKey?.reveal()).toBe(`with-$-and-\${X}`);
  });

  it('says what to do when there is none', () => {
    expect(() => load('').choose()).toThrow(/there is no profile .*HW_REGION_NAME/);
  });
});

describe('mistakes', () => {
  it.each([
    [
      'clouds: { c: { family: huaweicloud, region: r, acess_key: a } }',
      'the field acess_key is unknown. Did you mean access_key?',
    ],
    [
      'clouds: { c: { family: huaweicloud, region: r, endpoints: { iem: "https://x" } } }',
      'the field endpoints.iem is unknown. Did you mean endpoints.iam?',
    ],
    [
      'clouds: { c: { family: huaweicloud, region: r, regions: { r: { projct: x } } } }',
      'the field regions.r.projct is unknown. Did you mean regions.r.project?',
    ],
    ['clouds: { c: { family: huawei, region: r } }', 'the field family names no known family'],
    ['clouds: { c: { region: r } }', 'the field family is missing'],
    [
      'clouds: { c: { family: huaweicloud, region: r, access_key: 12, secret_key: b } }',
      'the field access_key must be a text; put it in quotes',
    ],
    ['clouds: { c: { family: huaweicloud, region: r } }', 'the field user (with password and domain) or'],
    [
      'clouds: { c: { family: huaweicloud, region: r, user: u, domain: d } }',
      'the field password (user is given) is missing',
    ],
    [
      'clouds: { c: { family: huaweicloud, region: r, endpoints: { obs: "ftp://x" } } }',
      'the field endpoints.obs must be an http or https URL',
    ],
    ['cloud: {}', 'the field cloud is unknown. Did you mean clouds?'],
    ['clouds: [1]', 'the field clouds must hold clouds by their names'],
    ['a: [', 'line 1 is no correct YAML'],
  ])('are named: %s', (text, message) => {
    const path = join(dir, 'profiles.yaml');
    expect(() => load(text).choose()).toThrow(message);
    expect(() => load(text).choose()).toThrow(path);
  });

  it('never show a value', () => {
    const text = 'clouds: { c: { family: huaweicloud, region: r, password: [topsecret], user: u } }';
    let message = '';
    try {
      load(text).choose();
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('the field password');
    expect(message).not.toContain('topsecret');
  });

  it('name the source that is given', () => {
    expect(() => parseProfile('main', { family: 'huaweicloud' }, 'the provider configuration')).toThrow(
      'Could not read cloud "main" of the provider configuration: the field region is missing',
    );
  });
});

describe('a file that others can read', () => {
  it.skipIf(process.platform === 'win32')('is warned about when it holds secrets', () => {
    expect(load(LOCAL, {}, 0o644).warnings).toEqual([
      expect.stringMatching(/profiles\.yaml holds secrets and can be read by others/),
    ]);
    expect(load(LOCAL, {}, 0o600).warnings).toEqual([]);
    const onlyNames = `clouds: { c: { family: huaweicloud, region: r, access_key: a, secret_key: "\${S}" } }`;
    expect(load(onlyNames, {}, 0o644).warnings).toEqual([]);
  });
});

it('finds the state folder', () => {
  expect(stateDir({ IMAGEBRIDGE_STATE_DIR: '/x' })).toBe('/x');
  expect(stateDir({})).toMatch(/imagebridge/);
});
