// Which cloud a name stands for. Opens clouds, but sends nothing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseProfile } from '@imagebridge/core';
import { Diagnostics, UNKNOWN } from '@imagebridge/terraform-plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudAttributes, FAMILY_FIELDS, REGION_FIELDS, SHARED_FIELDS } from './cloud-schema.ts';
import { Connections, type ProviderConfig } from './connections.ts';
import { isFamily, type Values } from './settings.ts';
import { providerConfig } from './testing.ts';
import { validateProviderConfig } from './validate.ts';

const own = { family: 'huaweicloud', region: 'r-1', access_key: 'AK', secret_key: 'not-shown' };
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
        clouds: { a: own, b: { profile: 'two' }, one: { region: 'r-5' } },
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
    expect(made.knows(null)).toBe(false);
    expect(await made.cloudIfKnown(nowhere)).toBeUndefined();
    await expect(made.cloud(nowhere)).rejects.toThrow('The provider configuration is not known yet');
  });

  it('lets the environment choose among several clouds, where nothing else does', async () => {
    const clouds = { a: own, b: { ...own, region: 'r-2' } };
    const env = { IMAGEBRIDGE_CLOUD: 'b' };
    expect(await where(new Connections(providerConfig({ clouds }), env), nowhere)).toBe('b r-2');
    const told = new Connections(providerConfig({ clouds, default_cloud: 'a' }), env);
    expect(await where(told, nowhere)).toBe('a r-1');
    expect(await where(new Connections(providerConfig({ clouds: { a: own } }), env), nowhere)).toBe('a r-1');
  });

  it('knows a cloud whose own settings are known', async () => {
    const clouds: ProviderConfig['clouds'] = { a: own, b: { ...own, secret_key: UNKNOWN }, c: UNKNOWN };
    const made = new Connections(providerConfig({ clouds, default_tags: UNKNOWN }), {});
    const known = (cloud: string | null) => made.cloudIfKnown({ cloud, region: null });
    expect((await known('a'))?.name).toBe('a');
    expect([await known('b'), await known('c')]).toEqual([undefined, undefined]);
    const undecided = new Connections(providerConfig({ clouds: { a: own }, default_cloud: UNKNOWN }), {});
    expect([undecided.knows(null), undecided.knows('a')]).toEqual([false, true]);
  });

  it.each<[string, Values, Record<string, string>, string]>([
    [
      'huaweicloud',
      { family: 'huaweicloud' },
      { HW_REGION_NAME: 'e-1', HW_ACCESS_KEY: 'A', HW_SECRET_KEY: 'S' },
      'x e-1',
    ],
    [
      'huaweicloud with a region of its own',
      { family: 'huaweicloud', region: 'r-1' },
      { HW_REGION_NAME: 'e-1', HW_ACCESS_KEY: 'A', HW_SECRET_KEY: 'S', OS_AUTH_URL: 'http://k' },
      'x r-1',
    ],
    [
      'openstack',
      { family: 'openstack', project_name: 'p', project_domain_id: 'd' },
      { OS_AUTH_URL: 'http://k', OS_REGION_NAME: 'e-2', OS_TOKEN: 't' },
      'x e-2',
    ],
    [
      'ucloudstack',
      { family: 'ucloudstack', region: 'r-3' },
      { UCLOUDSTACK_ENDPOINT: 'http://u', UCLOUDSTACK_PUBLIC_KEY: 'P', UCLOUDSTACK_PRIVATE_KEY: 'S' },
      'x r-3',
    ],
    [
      'ours',
      { family: 'huaweicloud' },
      { IMAGEBRIDGE_REGION: 'e-4', IMAGEBRIDGE_ACCESS_KEY: 'A', IMAGEBRIDGE_SECRET_KEY: 'S' },
      'x e-4',
    ],
  ])(
    'takes what an entry without credentials leaves out from the environment: %s',
    async (_, entry, env, at) => {
      const made = new Connections(providerConfig({ clouds: { x: entry } }), env);
      expect(await where(made, nowhere)).toBe(at);
    },
  );

  it('never mixes the accounts of an entry and of the environment', async () => {
    const entry = { family: 'huaweicloud', region: 'r-1', user: 'u', password: 'p' };
    const env = { HW_ACCESS_KEY: 'A', HW_SECRET_KEY: 'S', HW_DOMAIN_NAME: 'd' };
    const made = new Connections(providerConfig({ clouds: { x: entry } }), env);
    await expect(made.cloud(nowhere)).rejects.toThrow(/the field domain \(user is given\) is missing/);
  });

  it('warns once of certificates that are not checked', async () => {
    const made = new Connections(providerConfig({ clouds: { x: { ...own, insecure: true } } }), {});
    const told = () => {
      const diagnostics = new Diagnostics();
      made.tellWarnings(diagnostics);
      return diagnostics.all.map(({ severity, detail }) => `${severity}: ${detail}`);
    };
    expect(told()).toEqual([]);
    await made.cloud(nowhere);
    expect(told()).toEqual([expect.stringMatching(/^warning: CERTIFICATES ARE NOT CHECKED for cloud "x"/)]);
    expect(told()).toEqual([]);
  });

  it('has one budget for all uploads', async () => {
    const made = new Connections(providerConfig({ upload_parallel_parts: 1 }), {
      IMAGEBRIDGE_STATE_DIR: '/s',
    });
    const [engine, again] = [await made.engine(), await made.engine()];
    expect(engine.stateDir).toBe('/s');
    expect(engine.budget).toBe(again.budget);
    const never = new AbortController().signal;
    const leave = await engine.budget.join().slot(never);
    await expect(again.budget.join().slot(AbortSignal.timeout(5))).rejects.toThrow();
    leave();
  });
});

describe('the attributes of a cloud', () => {
  it.each(Object.keys(FAMILY_FIELDS))('are all fields that a profile of %s can have', (family) => {
    const known = (values: Values, hint: RegExp) => {
      try {
        parseProfile('x', { family, ...values });
      } catch (error) {
        const { details } = error as { details: { hint: string } };
        return (hint.exec(details.hint)?.[1] ?? '').split(', ').sort();
      }
      return [];
    };
    if (!isFamily(family)) throw new Error(family);
    const list = /Known fields: (.*)\./;
    const region = Object.keys(REGION_FIELDS[family]).sort();
    const shared = SHARED_FIELDS.filter((field) => field !== 'regions' || region.length > 0);
    expect(known({ zzzzzzzz: 1 }, list)).toEqual(
      [...shared, ...Object.keys(FAMILY_FIELDS[family].fields)].sort(),
    );
    if (region.length > 0) expect(known({ regions: { r: { zzzzzzzz: 1 } } }, list)).toEqual(region);
  });
});

describe('validateProviderConfig', () => {
  const problems = (clouds: ProviderConfig['clouds']) => {
    const diagnostics = new Diagnostics();
    validateProviderConfig(providerConfig({ clouds }), diagnostics);
    return diagnostics.all.map((one) => `${one.path}: ${one.detail}`);
  };
  /** As Terraform hands an entry over: every attribute is there. */
  const entry = (given: Values) => ({
    ...Object.fromEntries(Object.keys(cloudAttributes).map((name) => [name, null])),
    ...given,
  });

  it('accepts profiles, settings of each family, an empty entry, the environment and unknown values', () => {
    const unknown = { family: UNKNOWN, region: UNKNOWN, secret_key: UNKNOWN, auth_url: UNKNOWN };
    expect(
      problems({
        a: entry({ profile: 'x', region: 'r', requests_per_second: 5 }),
        b: entry(own),
        c: entry({}),
        d: UNKNOWN,
        e: entry(unknown),
        f: entry({ family: 'openstack', auth_url: 'u', region: 'r', username: 'u', password: 'p' }),
        g: entry({
          family: 'ucloudstack',
          region: 'r',
          endpoint: 'u',
          public_key: 'P',
          private_key: UNKNOWN,
        }),
        h: entry({ family: 'huaweicloud' }),
      }),
    ).toEqual([]);
    expect(problems(UNKNOWN)).toEqual([]);
  });

  it('names the attribute, and shows no value', () => {
    const found = [
      ...problems({ a: entry({ ...own, profile: 'x' }) }),
      ...problems({ b: entry({ secret_key: 'not-shown' }) }),
      ...problems({
        c: entry({ ...own, secret_key: null, auth_url: 'not-shown', regions: { q: { part_endpoint: 'u' } } }),
      }),
      ...problems({ d: entry({ family: 'openstack', region: 'r', password: 'not-shown' }) }),
      ...problems({ e: entry({ auth_url: 'not-shown' }) }),
    ];
    expect(found).toEqual([
      expect.stringMatching(/^clouds\["a"\]\.profile: .*both profile and family, access_key, secret_key/),
      expect.stringMatching(/^clouds\["b"\]\.family: /),
      expect.stringMatching(/^clouds\["b"\]\.region: /),
      'clouds["c"].auth_url: clouds["c"].auth_url is no setting of the family huaweicloud, but of openstack.',
      'clouds["c"].regions: clouds["c"].regions["q"].part_endpoint is no setting of the family huaweicloud.',
      'clouds["c"].secret_key: clouds["c"] has access_key without secret_key.',
      'clouds["d"].username: clouds["d"] has password without username or user_id.',
      'clouds["e"].family: clouds["e"] needs family, e.g. family = "openstack".',
    ]);
    expect(found.join()).not.toContain('not-shown');
  });
});
