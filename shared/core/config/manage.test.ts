// Writing profiles: what the file is afterwards, where secrets are, what is refused.
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type HuaweicloudProfile, LocalFileError, Secret, type SecretStore } from '../model/index.ts';
import { loadProfiles } from './profiles.ts';
import { testFolder, write } from './test-files.ts';

/** A store that can be looked into. */
function memoryStore() {
  const kept = new Map<string, string>();
  let asked = 0;
  let failing = false;
  const key = (profile: string, field: string) => `${profile} ${field}`;
  const store: SecretStore = {
    get: async (profile, field) => {
      asked += 1;
      const text = kept.get(key(profile, field));
      return text === undefined ? undefined : { secret: new Secret(text), place: 'a box' };
    },
    set: async (profile, field, secret) => {
      if (failing) throw new LocalFileError({ operation: 'keep it', reason: 'the disk is full' });
      kept.set(key(profile, field), secret.reveal());
      return `The secret ${field} is kept in a box.`;
    },
    remove: async (profile, field) => kept.delete(key(profile, field)),
  };
  return { kept, store, asked: () => asked, fail: () => (failing = true) };
}

function setUp(text?: string, env: Record<string, string> = {}) {
  const folder = testFolder();
  const path =
    text === undefined ? join(folder, 'new', 'profiles.yaml') : write(folder, 'profiles.yaml', text);
  const box = memoryStore();
  const load = () =>
    loadProfiles({
      path,
      mustExist: false,
      env: { HOME: folder, ...env },
      cwd: folder,
      secretStore: box.store,
    });
  return { folder, path, load, ...box };
}

const FIELDS = { family: 'huaweicloud', region: 'r-1', access_key: 'AK' };
/** Secrets as somebody types them, when asked. */
const typed = (field: string, text: string) => ({
  secretFields: [field],
  readSecrets: async (fields: readonly string[]) =>
    new Map(fields.map((name) => [name, new Secret(text)] as const)),
});
const SECRETS = typed('secret_key', 'topsecret');

describe('adding', () => {
  it('makes a file with mode 0600, and the secret goes to the store', async () => {
    const { path, load, kept } = setUp();
    expect(await load().add('prod', { fields: FIELDS, ...SECRETS })).toEqual([
      'The secret secret_key is kept in a box.',
    ]);
    expect(readFileSync(path, 'utf8')).toBe(
      'clouds:\n  prod:\n    family: huaweicloud\n    region: r-1\n    access_key: AK\n    secret_key:\n      stored: true\n',
    );
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([...kept]).toEqual([['prod secret_key', 'topsecret']]);
    const profile = (await load().open()) as HuaweicloudProfile;
    expect(profile.secretKey?.reveal()).toBe('topsecret');
  });

  it('leaves what others wrote: comments, order, quotes, other profiles', async () => {
    const text = `# ours
default: "a" # the usual
clouds:
  # the first
  a: { family: huaweicloud, region: r, access_key: a, secret_key: '\${S}' } # keep
  b:
    family: huaweicloud # long ${'x'.repeat(120)}
    region: "r"
`;
    const { path, load, folder } = setUp(text);
    await load().add('c', { fields: FIELDS, ...SECRETS });
    expect(readFileSync(path, 'utf8')).toBe(
      `${text}  c:\n    family: huaweicloud\n    region: r-1\n    access_key: AK\n    secret_key:\n      stored: true\n`,
    );
    expect(readdirSync(folder)).toEqual(['profiles.yaml']);
    await load().remove('c');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('refuses to replace a profile unless it is told to, and forgets its stored secrets then', async () => {
    const { load, kept } = setUp();
    await load().add('c', { fields: FIELDS, ...SECRETS });
    await expect(load().add('c', { fields: FIELDS, ...SECRETS })).rejects.toThrow(
      'it is there already. Choose another name, or replace it with --force.',
    );
    const fields = { ...FIELDS, secret_key: `\${SK}` };
    await load().add('c', { fields, overwrite: true, makeDefault: true });
    expect(kept.size).toBe(0);
    expect(load().list()).toMatchObject([{ name: 'c', isDefault: true }]);
  });

  it.each([
    ['a:b', FIELDS, 'this is no name'],
    ['__proto__', FIELDS, 'this is no name'],
    ['c', { ...FIELDS, secret_key: 'literal' }, 'the field secret_key is a secret'],
    [
      'c',
      { ...FIELDS, secret_key: `\${SK}`, regoin: 'x' },
      'the field regoin is unknown. Did you mean region?',
    ],
    ['c', { family: 'huaweicloud', region: 'r' }, 'the field access_key (secret_key is given) is missing'],
    ['c', { ...FIELDS, region: `\${NOT_SET}` }, 'wants the environment variable NOT_SET'],
  ])('refuses %s %j and writes nothing', async (name, fields, message) => {
    const { path, load, kept } = setUp();
    const work = load().add(name, { fields, ...('secret_key' in fields ? {} : SECRETS) });
    await expect(work).rejects.toThrow(message);
    expect(() => statSync(path)).toThrow('ENOENT');
    expect(kept.size).toBe(0);
  });

  it('refuses a secret that the family does not have', async () => {
    const work = setUp()
      .load()
      .add('c', { fields: FIELDS, ...typed('secret_kye', 'x') });
    await expect(work).rejects.toThrow('Did you mean secret_key?');
  });

  it('asks for secrets only when everything else is right', async () => {
    let asked = 0;
    const readSecrets = async () => {
      asked += 1;
      return new Map<string, Secret>();
    };
    const add = (fields: Record<string, unknown>) =>
      setUp()
        .load()
        .add('c', { fields, secretFields: ['secret_key'], readSecrets });
    await expect(add({ ...FIELDS, regoin: 'x' })).rejects.toThrow('regoin');
    expect(asked).toBe(0);
    await expect(add(FIELDS)).rejects.toThrow('the secret secret_key was not given');
    expect(asked).toBe(1);
  });

  it('takes everything back when the secret cannot be kept', async () => {
    const fresh = setUp();
    fresh.fail();
    await expect(fresh.load().add('c', { fields: FIELDS, ...SECRETS })).rejects.toThrow('the disk is full');
    expect(() => statSync(fresh.path)).toThrow('ENOENT');
    const text = '# mine\nclouds: {}\n';
    const old = setUp(text);
    old.fail();
    await expect(old.load().add('c', { fields: FIELDS, ...SECRETS })).rejects.toThrow('the disk is full');
    expect(readFileSync(old.path, 'utf8')).toBe(text);
  });

  it('puts replaced secrets back when another one cannot be kept', async () => {
    const { load, kept, store } = setUp();
    const two = (text: string) => ({
      fields: { ...FIELDS, user: 'u', domain: 'd' },
      secretFields: ['secret_key', 'password'],
      readSecrets: async () => new Map(['secret_key', 'password'].map((f) => [f, new Secret(text)] as const)),
    });
    await load().add('c', two('old'));
    const { set } = store;
    store.set = async (profile, field, secret) => {
      if (field === 'password' && secret.reveal() === 'new')
        throw new LocalFileError({ operation: 'keep it', reason: 'the disk is full' });
      return set(profile, field, secret);
    };
    await expect(load().add('c', { ...two('new'), overwrite: true })).rejects.toThrow('the disk is full');
    expect(Object.fromEntries(kept)).toEqual({ 'c secret_key': 'old', 'c password': 'old' });
    await expect(load().add('d', two('new'))).rejects.toThrow('the disk is full');
    expect(kept.size).toBe(2);
  });

  it('can be looked at beforehand, with all secrets, and nothing is written', async () => {
    const { path, load, kept } = setUp();
    await load().add('c', { fields: FIELDS, ...SECRETS });
    const before = readFileSync(path, 'utf8');
    const fields = { ...FIELDS, region: 'r-2', user: 'u', domain: 'd' };
    const profile = await load().preview('c', {
      fields,
      ...typed('password', 'new'),
      overwrite: true,
      keep: ['secret_key'],
    });
    expect(profile).toMatchObject({ name: 'c', region: 'r-2' });
    if (profile.family !== 'huaweicloud') throw new Error('another family');
    expect([profile.password?.reveal(), profile.secretKey?.reveal()]).toEqual(['new', 'topsecret']);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect([...kept.keys()]).toEqual(['c secret_key']);
    await expect(load().preview('d', { fields: { ...FIELDS, regoin: 'x' } })).rejects.toThrow('regoin');
  });

  it('keeps of a replaced profile what it is told to, as it stands there', async () => {
    const { path, load, kept } = setUp(
      `clouds:
  c:
    family: huaweicloud
    region: r
    access_key: AK
    secret_key: { stored: true }
    security_token: "\${TOKEN}"
    proxy: http://u:p@proxy.example
    project: old
    regions: { "a.b": { project: p, endpoints: { obs: "https://old.example" } } }
`,
      { TOKEN: 't' },
    );
    kept.set('c secret_key', 'topsecret');
    await load().add('c', {
      fields: { ...FIELDS, regions: { 'a.b': { endpoints: { obs: 'https://new.example' } } } },
      overwrite: true,
      keep: ['secret_key', 'security_token', 'proxy', 'regions', 'region', 'not_there'],
    });
    expect(kept.get('c secret_key')).toBe('topsecret');
    const profile = (await load().open('c')) as HuaweicloudProfile;
    expect(profile.secretKey?.reveal()).toBe('topsecret');
    expect(profile.proxy?.reveal()).toBe('http://u:p@proxy.example');
    expect(profile).toMatchObject({
      region: 'r-1',
      project: undefined,
      regions: { 'a.b': { project: 'p', endpoints: { obs: 'https://new.example' } } },
    });
    expect(readFileSync(path, 'utf8')).toContain(`security_token: \${TOKEN}`);
  });

  it('changes no other cloud by way of a YAML alias', async () => {
    const text = `clouds:
  a: &a { family: huaweicloud, region: r, access_key: a, secret_key: "\${S}" }
  b: *a
`;
    const { path, load } = setUp(text, { S: 's' });
    await expect(load().remove('a')).rejects.toThrow('would change other clouds');
    expect(() => load().record('a', { project: 'p' })).toThrow('would change other clouds');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.skipIf(process.platform === 'win32')('writes through a link', async () => {
    const { folder, load } = setUp('clouds: {}\n');
    const link = join(folder, 'link.yaml');
    symlinkSync(join(folder, 'profiles.yaml'), link);
    const profiles = loadProfiles({
      path: link,
      env: { HOME: folder },
      cwd: folder,
      secretStore: memoryStore().store,
    });
    await profiles.add('c', { fields: FIELDS, ...SECRETS });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(load().names).toEqual(['c']);
  });
});

describe('stored secrets', () => {
  const text =
    'clouds: { c: { family: ucloudstack, region: r, endpoint: "https://x.example", public_key: k, private_key: { stored: true }, part_transport: { kind: s3, endpoint: "https://y.example", access_key: a, secret_key: { stored: true } } } }';

  it('are read when the profile is opened, not before', async () => {
    const { load, kept, asked } = setUp(text);
    kept.set('c private_key', 'topsecret-1').set('c part_transport.secret_key', 'topsecret-2');
    const profiles = load();
    expect(profiles.list()).toHaveLength(1);
    expect(() => profiles.get('c')).toThrow(
      'the secret private_key is in the secret store, which is not read here',
    );
    expect(asked()).toBe(0);
    const profile = await profiles.open('c');
    expect(asked()).toBe(2);
    if (profile.family !== 'ucloudstack') throw new Error('another family');
    expect(profile.privateKey.reveal()).toBe('topsecret-1');
    expect(profile.partTransport?.secretKey?.reveal()).toBe('topsecret-2');
  });

  it('are missed by name', async () => {
    await expect(setUp(text).load().open()).rejects.toThrow(
      'the secret private_key is not in the secret store of this machine and user. Store it: imagebridge profile add c',
    );
  });

  it('are asked for only by our own file', async () => {
    const { folder, load, kept } = setUp('');
    kept.set('clouds.yaml:c password', 'topsecret');
    write(
      folder,
      'clouds.yaml',
      'clouds: { c: { region_name: r, auth: { auth_url: "https://x.example", username: u, user_domain_name: d, project_id: p, password: { stored: true } } } }',
    );
    await expect(load().open('c')).rejects.toThrow('the field password must be a text');
  });

  it('go with their profile', async () => {
    const { load, kept } = setUp(text);
    kept.set('c private_key', 'x').set('c part_transport.secret_key', 'y').set('d private_key', 'z');
    expect(await load().remove('c')).toEqual({
      removed: ['private_key', 'part_transport.secret_key'],
      left: [],
    });
    expect([...kept.keys()]).toEqual(['d private_key']);
  });
});

describe('a store that cannot be reached', () => {
  const text = `clouds: { c: { family: huaweicloud, region: r, access_key: a, secret_key: { stored: true } } }`;
  const broken = (operation: string) => async () => {
    throw new LocalFileError({ operation, reason: 'the keychain is locked' });
  };
  const locked: SecretStore = { get: broken('read'), set: broken('keep'), remove: broken('remove') };

  it('stands in the way of neither showing nor removing a profile, and is told of', async () => {
    const { path, folder } = setUp(text);
    const load = () => loadProfiles({ path, env: { HOME: folder }, cwd: folder, secretStore: locked });
    expect(await load().describe('c')).toMatchObject({
      secrets: [{ field: 'secret_key', kind: 'unreadable', place: 'the secret store, which cannot be read' }],
      problem: expect.stringContaining('the keychain is locked'),
    });
    await expect(load().open('c')).rejects.toThrow('the keychain is locked');
    expect(await load().remove('c')).toEqual({
      removed: [],
      left: ['Could not remove: the keychain is locked.'],
    });
    expect(load().names).toEqual([]);
  });
});

describe('showing', () => {
  it('gives everything but secrets, and where they are', async () => {
    const { load, kept } = setUp(
      `default: c
clouds:
  c:
    family: huaweicloud
    region: r
    user: u
    domain: d
    password: { stored: true }
    access_key: AK
    secret_key: topsecret-text
    security_token: "\${TOKEN}"
    proxy: http://u:topsecret-proxy@p.example
    passwort: topsecret-mistake
    endpoints: { obs: "https://u:topsecret-url@x.example" }
`,
    );
    kept.set('c password', 'topsecret-store');
    const shown = await load().describe();
    expect(inspect(shown, { depth: 9 })).not.toContain('topsecret');
    expect(shown).toMatchObject({
      name: 'c',
      family: 'huaweicloud',
      isDefault: true,
      fields: {
        password: '***',
        secret_key: '***',
        security_token: `\${TOKEN}`,
        passwort: '***',
        access_key: 'AK',
      },
      secrets: [
        { field: 'password', kind: 'keychain', place: 'a box' },
        { field: 'secret_key', kind: 'profile', name: expect.stringContaining('profiles.yaml') },
        {
          field: 'security_token',
          kind: 'variable',
          place: `the environment variable \${TOKEN}`,
          name: 'TOKEN',
        },
        { field: 'proxy', kind: 'profile', place: expect.stringContaining('profiles.yaml') },
      ],
      problem: expect.stringContaining('the field'),
    });
  });

  it('leaves what holds no secret as it is written', async () => {
    const { load } = setUp(
      'clouds: { c: { family: openstack, region: r, auth_url: "https://x.example", image_endpoint: "https://{region}.x" } }',
    );
    expect((await load().describe()).fields).toMatchObject({
      auth_url: 'https://x.example',
      image_endpoint: 'https://{region}.x',
    });
  });

  it('finds no fault in a good profile of the environment with a $ in it', async () => {
    const { load } = setUp('', { HW_REGION_NAME: 'r', HW_ACCESS_KEY: 'a', HW_SECRET_KEY: `x\${Y}` });
    const shown = await load().describe('env');
    expect(shown.problem).toBeUndefined();
    expect(inspect(shown)).not.toContain(`x\${Y}`);
  });
});

describe('recording', () => {
  it('sets fields, also nested ones, and keeps comments', () => {
    const text = `clouds:
  # mine
  c:
    # what it is
    family: ucloudstack
    region: r
    endpoint: https://x.example # here
    public_key: k
    private_key: \${K}
`;
    const { path, load } = setUp(text);
    load().record('c', {
      request_form: 'json',
      'part_transport.kind': 's3',
      'part_transport.endpoint': 'https://y',
    });
    expect(readFileSync(path, 'utf8')).toBe(
      `${text}    request_form: json\n    part_transport:\n      kind: s3\n      endpoint: https://y\n`,
    );
    expect(() => load().record('c', { request_form: 'xml' })).toThrow('must be one of form, json, get');
    expect(() => load().record('c', { request_fort: 'json' })).toThrow('Did you mean request_form?');
  });

  it('is for profiles of the file', async () => {
    const { load } = setUp('', { HW_REGION_NAME: 'r', HW_ACCESS_KEY: 'a', HW_SECRET_KEY: 'b' });
    expect(() => load().record('env', { region: 'x' })).toThrow('it comes from the environment');
    await expect(load().remove('env')).rejects.toThrow('only profiles of');
  });
});
