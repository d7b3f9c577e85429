// Which cloud a name stands for. Opens clouds, but sends nothing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Diagnostics, UNKNOWN } from '@imagebridge/terraform-plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections, type ProviderConfig } from './connections.ts';
import { providerConfig } from './testing.ts';
import { validateProviderConfig } from './validate.ts';

type Clouds = Exclude<ProviderConfig['clouds'], null | typeof UNKNOWN>;
type Entry = Exclude<Clouds[string], typeof UNKNOWN>;

const blank: Entry = {
  profile: null,
  family: null,
  region: null,
  project: null,
  project_id: null,
  domain: null,
  user: null,
  password: null,
  access_key: null,
  secret_key: null,
  security_token: null,
  obs_path_style: null,
  staging_bucket: null,
  agency_name: null,
  domain_suffix: null,
  endpoints: null,
  regions: null,
};
const own: Entry = {
  ...blank,
  family: 'huaweicloud',
  region: 'r-1',
  access_key: 'AK',
  secret_key: 'not-shown',
};
const nowhere = { cloud: null, region: null };

describe('Connections', () => {
  let dir: string;
  let file: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'imagebridge-'));
    file = path.join(dir, 'profiles.yaml');
    const fields = 'family: huaweicloud, access_key: AK, secret_key: SK';
    await writeFile(
      file,
      `default: one\nclouds:\n  one: { region: r-1, ${fields} }\n  two: { region: r-2, ${fields} }\n`,
      {
        mode: 0o600,
      },
    );
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const where = async (made: Connections, place: { cloud: string | null; region: string | null }) => {
    const cloud = await made.cloud(place);
    return `${cloud.name} ${cloud.region}`;
  };

  it('with nothing given uses the profiles file and its default, as the command line does', async () => {
    const made = new Connections(providerConfig(), { IMAGEBRIDGE_CONFIG: file });
    expect(await where(made, nowhere)).toBe('one r-1');
    expect(await where(made, { cloud: 'two', region: null })).toBe('two r-2');
    expect(await where(made, { cloud: 'two', region: 'r-9' })).toBe('two r-9');
  });

  it('takes the only cloud, default_cloud, profiles under another name, and settings of its own', async () => {
    const one = new Connections(providerConfig({ clouds: { mine: own } }), {});
    expect(await where(one, nowhere)).toBe('mine r-1');
    const many = new Connections(
      providerConfig({
        config_file: file,
        default_cloud: 'b',
        clouds: { a: own, b: { ...blank, profile: 'two' }, one: { ...blank, region: 'r-5' } },
      }),
      {},
    );
    expect(await where(many, nowhere)).toBe('two r-2');
    expect(await where(many, { cloud: 'a', region: null })).toBe('a r-1');
    expect(await where(many, { cloud: 'one', region: null })).toBe('one r-5');
  });

  it('opens each cloud and region once', async () => {
    const made = new Connections(providerConfig({ clouds: { mine: own } }), {});
    const place = { cloud: 'mine', region: 'r-2' };
    expect(await made.cloud(place)).toBe(await made.cloud({ ...place }));
    expect(await made.cloud({ cloud: null, region: 'r-1' })).toBe(await made.cloud(nowhere));
  });

  it('does not guess among several', async () => {
    const made = new Connections(providerConfig({ clouds: { a: own, b: own } }), {});
    await expect(made.cloud(nowhere)).rejects.toThrow('No cloud was named');
  });

  it('does not keep a failure', async () => {
    const late = path.join(dir, 'late.yaml');
    const made = new Connections(providerConfig({ config_file: late }), {});
    await expect(made.cloud(nowhere)).rejects.toThrow(/does not exist/);
    await writeFile(
      late,
      'clouds: { x: { family: huaweicloud, region: r-1, access_key: AK, secret_key: SK } }',
    );
    expect(await where(made, nowhere)).toBe('x r-1');
  });

  it('waits for values that are known only after apply', async () => {
    const made = new Connections(providerConfig({ clouds: { a: { ...own, secret_key: UNKNOWN } } }), {});
    expect(made.ready).toBe(false);
    expect(await made.cloudIfKnown(nowhere)).toBeUndefined();
    await expect(made.cloud(nowhere)).rejects.toThrow('The provider configuration is not known yet');
  });
});

describe('validateProviderConfig', () => {
  const problems = (clouds: ProviderConfig['clouds']) => {
    const diagnostics = new Diagnostics();
    validateProviderConfig(providerConfig({ clouds }), diagnostics);
    return diagnostics.all.map((one) => `${one.path}: ${one.detail}`);
  };

  it('accepts profiles, settings, an empty entry and unknown values', () => {
    expect(problems({ a: { ...blank, profile: 'x', region: 'r' }, b: own, c: blank, d: UNKNOWN })).toEqual(
      [],
    );
    expect(problems(UNKNOWN)).toEqual([]);
    expect(problems({ a: { ...own, family: UNKNOWN, region: UNKNOWN, secret_key: UNKNOWN } })).toEqual([]);
  });

  it('names the attribute, and shows no value', () => {
    expect(problems({ a: { ...own, profile: 'x' } })).toEqual([
      expect.stringMatching(/^clouds\["a"\]\.profile: .*both profile and family, access_key, secret_key/),
    ]);
    const [family, region, pair, ...more] = problems({ a: { ...blank, secret_key: 'not-shown' } });
    expect(family).toMatch(/^clouds\["a"\]\.family: /);
    expect(region).toMatch(/^clouds\["a"\]\.region: /);
    expect(pair).toMatch(/^clouds\["a"\]\.access_key: .*has secret_key without access_key/);
    expect(more).toEqual([]);
    expect(`${family}${region}${pair}`).not.toContain('not-shown');
  });
});
