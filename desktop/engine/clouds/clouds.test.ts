// The directory of clouds against the embedded cloud: shared clouds, changes of the file, the system's proxy.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { startLocalCloud } from '@imagebridge/local-cloud';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointOf } from './endpoints.ts';
import { proxyResolver } from './proxy.ts';
import { fakeHost, ManualClock, memoryLog, never, openTestClouds, soon, testFolder } from './testing.ts';

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const keys = (name: string, region = 'r', key = 'AK') =>
  `  ${name}: { family: huaweicloud, region: ${region}, access_key: ${key}, secret_key: topsecret }\n`;

describe('the embedded cloud', () => {
  it('starts with profiles of all families, twice at once too, and is gone when it is stopped', async () => {
    const { part, handlers, events } = await openTestClouds();
    expect(part.localRunning()).toBe(false);
    const [first, second] = await Promise.all([
      handlers['localCloud.start']({}, never),
      handlers['localCloud.start']({}, never),
    ]);
    expect(second).toEqual(first);
    expect(part.localRunning()).toBe(true);
    const views = part.clouds.profiles();
    expect(views.map(({ name }) => name)).toEqual(first.profiles);
    expect(new Set(views.map(({ family }) => family))).toEqual(
      new Set(['huaweicloud', 'openstack', 'ucloudstack']),
    );
    expect(views.every(({ isLocal, editable }) => isLocal && !editable)).toBe(true);
    expect(views.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(['local']);
    for (const name of first.profiles) {
      const cloud = await part.clouds.open(name);
      expect((await handlers['profiles.test']({ name }, never)).ok).toBe(true);
      const view = await handlers['clouds.describe']({ cloud: name }, never);
      expect(view).toMatchObject({ name, family: cloud.family, region: 'local-1' });
      expect(view.regions).toEqual(['local-1', 'local-2']);
      expect(view.abilities.download === true || typeof view.abilities.download === 'string').toBe(true);
      expect(Object.keys(view.abilities)).not.toContain('copyNeedsAgency');
      expect(new RegExp(view.imageName.pattern, view.imageName.flags).test('debian-12')).toBe(true);
    }
    await handlers['localCloud.stop']({}, never);
    expect(part.localRunning()).toBe(false);
    expect(part.clouds.profiles()).toEqual([]);
    const stopped = {
      kind: 'unavailable',
      message: expect.stringContaining('the try-out cloud does not run'),
    };
    await expect(part.clouds.open('local')).rejects.toMatchObject(stopped);
    await expect(part.clouds.open('other')).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(events.filter(({ type }) => type === 'profiles')).toHaveLength(2);
  });

  it('is on again after a restart, at the same addresses, unless it was stopped', async () => {
    const folder = testFolder();
    const first = await openTestClouds({ folder });
    await first.handlers['localCloud.start']({}, never);
    const profile = (await first.handlers['profiles.detail']({ name: 'local-openstack' }, never)).fields;
    await first.part.stop();
    const second = await openTestClouds({ folder });
    expect(second.part.localRunning()).toBe(true);
    const again = (await second.handlers['profiles.detail']({ name: 'local-openstack' }, never)).fields;
    expect(again).toEqual(profile);
    expect(profile.auth_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3$/);
    await second.handlers['localCloud.stop']({}, never);
    await second.part.stop();
    const third = await openTestClouds({ folder });
    expect(third.part.localRunning()).toBe(false);
  });

  it('takes other ports when its own are taken meanwhile, and its profiles follow', async () => {
    const folder = testFolder();
    const first = await openTestClouds({ folder });
    await first.handlers['localCloud.start']({}, never);
    const { fields } = await first.handlers['profiles.detail']({ name: 'local-openstack' }, never);
    await first.part.stop();
    const squatter = createServer().listen(Number(new URL(fields.auth_url ?? '').port), '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await soon(() => expect(squatter.listening).toBe(true));
    const second = await openTestClouds({ folder });
    const after = await second.handlers['profiles.detail']({ name: 'local-openstack' }, never);
    expect(after.fields.auth_url).not.toBe(fields.auth_url);
    expect(await (await second.part.clouds.open('local-openstack')).projectId()).not.toBe('');
  });

  it('says so when another process has it, and everything else works', async () => {
    const folder = testFolder();
    const other = await startLocalCloud({ dataDir: join(folder, 'desktop', 'local-cloud') });
    onTestFinished(() => other.close());
    writeFileSync(join(folder, 'desktop', 'local-cloud.json'), '{"running":true}');
    const { part, handlers } = await openTestClouds({ folder });
    expect(part.warnings().join()).toContain('is served by another embedded cloud already');
    await expect(handlers['localCloud.start']({}, never)).rejects.toMatchObject({ kind: 'busy' });
  });

  it('leaves a name to the user who has it', async () => {
    const folder = testFolder();
    write(join(folder, 'config', 'profiles.yaml'), `clouds:\n${keys('local')}`);
    const { handlers, part } = await openTestClouds({ folder });
    const { profiles } = await handlers['localCloud.start']({}, never);
    expect(profiles).toContain('local (embedded)');
    expect(part.clouds.profiles().find(({ name }) => name === 'local')?.isLocal).toBe(false);
    write(join(folder, 'config', 'profiles.yaml'), `clouds:\n${keys('local')}${keys('partner')}`);
    expect(part.clouds.profiles().filter(({ name }) => name === 'partner')).toMatchObject([
      { isLocal: true },
    ]);
    expect(part.warnings().join()).toContain('The profile "partner" of');
    const cloud = await part.clouds.open('local (embedded)');
    expect([cloud.name, await cloud.projectId()]).toEqual(['local (embedded)', expect.any(String)]);
  });

  it('answers for systems and quotas, and refuses what a family does not have', async () => {
    const { handlers } = await openTestClouds();
    await handlers['localCloud.start']({}, never);
    const systems = await handlers['clouds.osVersions']({ cloud: 'local' }, never);
    expect(systems.length).toBeGreaterThan(5);
    expect(await handlers['clouds.quotas']({ cloud: 'local' }, never)).toContainEqual({
      resource: expect.any(String),
      used: 0,
      limit: expect.any(Number),
    });
    await expect(handlers['clouds.quotas']({ cloud: 'local-ucloudstack' }, never)).rejects.toMatchObject({
      kind: 'unsupported',
    });
  });
});

describe('the directory', () => {
  it('opens each cloud once for all who ask, in each region, and anew when it was forgotten', async () => {
    const { part, handlers } = await openTestClouds();
    await handlers['localCloud.start']({}, never);
    const { clouds } = part;
    const [a, b, other] = await Promise.all([
      clouds.open('local'),
      clouds.open('local', 'local-1'),
      clouds.open('local', 'local-2'),
    ]);
    expect(b).toBe(a);
    expect(other.region).toBe('local-2');
    expect(await clouds.open('local', 'local-2')).toBe(other);
    clouds.forget('local');
    const after = await clouds.open('local');
    expect(after).not.toBe(a);
    await expect(a.projectId().then(() => a.getImage('x', { fresh: true }))).rejects.toThrow();
    expect(await after.projectId()).not.toBe('');
    clouds.dropConnections();
    expect(await clouds.open('local')).not.toBe(after);
  });

  it('notices what others write into the file, closes only what has changed, and tells', async () => {
    const folder = testFolder();
    const path = join(folder, 'config', 'profiles.yaml');
    write(path, `clouds:\n${keys('a')}${keys('b')}`);
    const { part, events } = await openTestClouds({ folder });
    let told = 0;
    part.clouds.subscribe(() => {
      told += 1;
    });
    const [a, b] = [await part.clouds.open('a'), await part.clouds.open('b')];
    write(path, `clouds:\n${keys('a')}${keys('b', 'r', 'OTHER')}${keys('c')}`);
    await soon(() => expect(events.length).toBeGreaterThan(0));
    expect(events.at(-1)).toMatchObject({
      type: 'profiles',
      profiles: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    });
    expect(told).toBe(1);
    expect(await part.clouds.open('a')).toBe(a);
    expect(await part.clouds.open('b')).not.toBe(b);
    expect(JSON.stringify(events)).not.toContain('topsecret');
  });

  it('sees a change at once when it is asked, before the file was looked at', async () => {
    const folder = testFolder();
    const path = join(folder, 'config', 'profiles.yaml');
    const { part } = await openTestClouds({ folder, watchMs: 3_600_000 });
    expect(part.clouds.profiles()).toEqual([]);
    write(path, `clouds:\n${keys('a')}`);
    expect(part.clouds.profiles()).toMatchObject([
      {
        name: 'a',
        family: 'huaweicloud',
        region: 'r',
        source: 'file',
        place: path,
        isDefault: true,
        editable: true,
      },
    ]);
    const cloud = await part.clouds.open('a');
    write(path, `clouds:\n${keys('a', 'r-other')}`);
    const changed = await part.clouds.open('a');
    expect(changed).not.toBe(cloud);
    expect(changed.region).toBe('r-other');
  });

  it('goes on with what it has while the file is broken, and says so', async () => {
    const folder = testFolder();
    const path = join(folder, 'config', 'profiles.yaml');
    write(path, `clouds:\n${keys('a')}`);
    const { part } = await openTestClouds({ folder });
    const cloud = await part.clouds.open('a');
    write(path, 'clouds: [topsecret');
    expect(part.clouds.profiles()).toHaveLength(1);
    expect(part.warnings().join()).toContain(
      `Could not read the profiles in ${path}: line 1 is no correct YAML`,
    );
    expect(part.warnings().join()).not.toContain('topsecret');
    expect(await part.clouds.open('a')).toBe(cloud);
    rmSync(path);
    expect(part.clouds.profiles()).toEqual([]);
    await expect(part.clouds.open('a')).rejects.toThrow('find cloud "a"');
  });

  it('starts with a broken file too', async () => {
    const folder = testFolder();
    write(join(folder, 'config', 'profiles.yaml'), 'clouds: [');
    const { part } = await openTestClouds({ folder });
    expect(part.clouds.profiles()).toEqual([]);
    expect(part.warnings().join()).toContain('line 1 is no correct YAML');
    await expect(part.clouds.open('a')).rejects.toThrow('is no correct YAML');
  });

  it('has the profiles of clouds.yaml and of the environment too', async () => {
    const folder = testFolder();
    write(
      join(folder, '.config', 'openstack', 'clouds.yaml'),
      'clouds: { lab: { region_name: R, auth: { auth_url: "https://k.example", token: topsecret } } }',
    );
    const { part, handlers } = await openTestClouds({
      folder,
      env: { HOME: folder, HW_REGION_NAME: 'r', HW_ACCESS_KEY: 'a', HW_SECRET_KEY: 'topsecret' },
    });
    expect(part.clouds.profiles()).toMatchObject([
      { name: 'env', source: 'environment', editable: false },
      { name: 'clouds.yaml:lab', source: 'clouds.yaml', editable: false, family: 'openstack' },
    ]);
    const detail = await handlers['profiles.detail']({ name: 'clouds.yaml:lab' }, never);
    expect(detail.secrets).toEqual([
      { field: 'token', kind: 'profile', place: expect.stringContaining('clouds.yaml') },
    ]);
    expect(JSON.stringify(detail)).not.toContain('topsecret');
    await expect(handlers['profiles.remove']({ name: 'env' }, never)).rejects.toThrow('only profiles of');
    const cloud = await part.clouds.open('clouds.yaml:lab');
    write(
      join(folder, '.config', 'openstack', 'clouds.yaml'),
      'clouds: { lab: { region_name: R2, auth: { auth_url: "https://k.example", token: topsecret } } }',
    );
    expect((await part.clouds.open('clouds.yaml:lab')).region).toBe('R2');
    expect(cloud.region).toBe('R');
  });
});

describe("the system's proxy", () => {
  const profile = (more: string) =>
    `clouds: { a: { family: openstack, region: r, auth_url: "http://keystone.example:5000/v3", token: topsecret${more} } }`;

  it('is asked for by profiles that have none of their own', async () => {
    const seen: string[] = [];
    const proxy = createServer((socket) => {
      socket.once('data', (chunk) => {
        seen.push(chunk.toString('latin1').split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n');
      });
      socket.on('error', () => {});
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void proxy.close());
    await soon(() => expect(proxy.listening).toBe(true));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const folder = testFolder();
    write(join(folder, 'config', 'profiles.yaml'), profile(''));
    const { part } = await openTestClouds({ folder });
    const { host, asked } = fakeHost(() => `http://127.0.0.1:${port}`);
    part.setHost(host);
    const cloud = await part.clouds.open('a');
    await expect(cloud.projectId({ signal: AbortSignal.timeout(5000) })).rejects.toThrow();
    expect(asked).toEqual(['http://keystone.example:5000/v3']);
    expect(seen[0]).toMatch(/^CONNECT keystone\.example:5000 /);
  });

  it('is not asked for where the profile has one, or belongs to the embedded cloud', async () => {
    const folder = testFolder();
    write(join(folder, 'config', 'profiles.yaml'), profile(', proxy: "http://p.example:1"'));
    const { part, handlers } = await openTestClouds({ folder });
    const { host, asked } = fakeHost(() => null);
    part.setHost(host);
    await part.clouds.open('a');
    await handlers['localCloud.start']({}, never);
    await part.clouds.open('local');
    expect(asked).toEqual([]);
  });

  it('is none when nobody answers in time, says direct, or says what cannot be used', async () => {
    const clock = new ManualClock();
    const log = memoryLog();
    const silent = proxyResolver({ clock, log });
    expect(await silent.resolve('https://x.example')).toBeUndefined();
    silent.setHost(fakeHost(() => undefined).host);
    const waiting = silent.resolve('https://x.example/secret?token=topsecret');
    clock.advance(5_000);
    expect(await waiting).toBeUndefined();
    expect(log.lines().join()).toContain('https://x.example');
    expect(log.lines().join()).not.toContain('topsecret');
    const ended = silent.resolve('https://x.example');
    silent.stop();
    expect(await ended).toBeUndefined();
    const resolve = (answer: string | null) => {
      const resolver = proxyResolver({ clock, log });
      resolver.setHost(fakeHost(() => answer).host);
      return resolver.resolve('https://x.example');
    };
    expect(await resolve(null)).toBeUndefined();
    expect(await resolve('socks5://p.example:1080')).toBeUndefined();
    expect(await resolve('http://p.example:3128')).toBe('http://p.example:3128');
    expect(clock.waiting).toBe(0);
  });
});

it('the address of a profile is that of its main service', async () => {
  const huawei = {
    name: 'h',
    family: 'huaweicloud',
    region: 'cn-north-4',
    domainSuffix: 'myhuaweicloud.com',
    endpoints: {},
    regions: {},
  } as const;
  expect(endpointOf(huawei)).toBe('https://ims.cn-north-4.myhuaweicloud.com');
  const endpoints = { ims: 'https://ims.{region}.x.example' };
  expect(endpointOf({ ...huawei, endpoints })).toBe('https://ims.cn-north-4.x.example');
});

it('a started embedded cloud writes nothing into the files of the user', async () => {
  const { handlers, configPath, folder } = await openTestClouds();
  await handlers['localCloud.start']({}, never);
  expect(() => readFileSync(configPath)).toThrow('ENOENT');
  expect(readFileSync(join(folder, 'desktop', 'local-cloud.json'), 'utf8')).toBe('{"running":true}\n');
});
