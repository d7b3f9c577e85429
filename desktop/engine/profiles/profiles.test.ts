// Profiles as the window handles them: saving, trying, removing, importing; and no secret ever comes back.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EngineError, type ProfileForm } from '@imagebridge/desktop-contract';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock, never, noKeychain, openTestClouds, testFolder, textsBelow } from '../clouds/testing.ts';
import { problemOf } from '../problem.ts';
import { PendingImports } from './imports.ts';
import { firstAccount, firstRegion, rightForm } from './testing.ts';
import type { tryProfile } from './try-profile.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud({
    dataDir: mkdtempSync(join(tmpdir(), 'imagebridge-profiles-')),
    jobDurationMs: 40,
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(dirname(cloud.profilesPath), { recursive: true, force: true });
});

const acme = () => firstAccount(cloud);
const region = () => firstRegion(cloud);
const FAMILIES = ['openstack', 'huaweicloud', 'ucloudstack'] as const;
const formOf = (family: ProfileForm['family'], change: Partial<ProfileForm> = {}): ProfileForm => ({
  ...rightForm(cloud, family),
  ...change,
});
const save = { overwrite: false, makeDefault: false, allowFile: false };
const outcomes = (test: { steps: readonly { step: string; outcome: string }[] }) =>
  Object.fromEntries(test.steps.map(({ step, outcome }) => [step, outcome]));
const failedStep = (test: Awaited<ReturnType<typeof tryProfile>>) =>
  test.steps.find(({ outcome }) => outcome === 'failed');
/** What a handler refused, as the window gets it. */
const problem = (work: unknown) =>
  Promise.resolve(work).then(
    () => {
      throw new Error('it was not refused');
    },
    (thrown: unknown) => problemOf(thrown),
  );

describe.each(FAMILIES)('a profile of %s', (family) => {
  it('is tried as it is filled in, saved, tried again, changed without its secrets, and removed', async () => {
    const { part, handlers, keychain, folder, events, log, configPath } = await openTestClouds();
    const form = formOf(family);
    const texts = Object.values(form.secrets);
    const replies: unknown[] = [];
    const reply = async <T>(work: T | Promise<T>): Promise<T> => {
      const value = await work;
      replies.push(value);
      return value;
    };
    const tried = await reply(handlers['profiles.test']({ form }, never));
    expect(tried).toMatchObject({ ok: true });
    expect(outcomes(tried)).toEqual({
      settings: 'works',
      reach: 'works',
      'sign-in': 'works',
      project: 'works',
      'list-images': 'works',
      upload: 'not-tried',
    });
    expect(keychain.kept.size).toBe(0);
    expect(part.clouds.profiles()).toEqual([]);

    const { kept } = await reply(handlers['profiles.save']({ form, ...save }, never));
    expect(kept).toHaveLength(texts.length);
    expect([...keychain.kept.values()].toSorted()).toEqual(texts.toSorted());
    expect(await reply(handlers['profiles.test']({ name: 'mine' }, never))).toMatchObject({ ok: true });
    const detail = await reply(handlers['profiles.detail']({ name: 'mine' }, never));
    expect(detail).toMatchObject({ profile: { name: 'mine', family, editable: true }, fields: form.fields });
    expect(detail.secrets.map(({ field }) => field).toSorted()).toEqual(Object.keys(form.secrets).toSorted());
    expect(new Set(detail.secrets.map(({ kind }) => kind))).toEqual(new Set(['keychain']));
    expect(detail.problem).toBeUndefined();

    const before = await part.clouds.open('mine');
    const changed = {
      ...form,
      fields: { ...form.fields, project_id: acme().openstack.projectId },
      secrets: {},
    };
    const again =
      family === 'huaweicloud' ? { ...changed, fields: { ...form.fields, agency_name: 'a' } } : changed;
    await reply(handlers['profiles.save']({ form: again, ...save, overwrite: true }, never));
    expect([...keychain.kept.values()].toSorted()).toEqual(texts.toSorted());
    expect(await part.clouds.open('mine')).not.toBe(before);
    expect((await reply(handlers['profiles.detail']({ name: 'mine' }, never))).fields).toMatchObject(
      again.fields,
    );

    const { notes } = await reply(handlers['profiles.remove']({ name: 'mine' }, never));
    expect(notes.join()).toContain('Its stored secrets are removed');
    expect(keychain.kept.size).toBe(0);
    expect(part.clouds.profiles()).toEqual([]);
    expect(await problem(part.clouds.open('mine'))).toMatchObject({ kind: 'invalid-input' });
    expect(readFileSync(configPath, 'utf8')).not.toContain('mine');

    const said = JSON.stringify([replies, events, log.lines()]);
    for (const secret of texts) {
      expect(said).not.toContain(secret);
      for (const { path, text } of textsBelow(folder))
        expect([path, text.includes(secret)]).toEqual([path, false]);
    }
  });

  it('with a wrong secret fails at the sign-in, with the words of the service', async () => {
    const { handlers } = await openTestClouds();
    const wrong = Object.fromEntries(
      Object.keys(formOf(family).secrets).map((name) => [name, 'topsecret-wrong']),
    );
    const tried = await handlers['profiles.test']({ form: formOf(family, { secrets: wrong }) }, never);
    expect(tried.ok).toBe(false);
    expect(outcomes(tried)).toMatchObject({
      settings: 'works',
      reach: 'works',
      'sign-in': 'failed',
      project: 'not-tried',
      'list-images': 'not-tried',
    });
    expect(failedStep(tried)?.problem).toMatchObject({ kind: 'authentication' });
    expect(failedStep(tried)?.problem?.message).toContain('the service answered:');
    expect(JSON.stringify(tried)).not.toContain('topsecret');
  });

  it('that leads nowhere, or to a web page, fails at reaching it', async () => {
    const { handlers } = await openTestClouds();
    const page = createServer((_, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><script>alert(1)</script>Log in</html>');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void page.close());
    await new Promise((resolve) => page.once('listening', resolve));
    const address = page.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const at = (url: string): ProfileForm => {
      const form = formOf(family);
      const urls = Object.entries(form.fields).map(([name, text]) => [
        name,
        text.startsWith('http') ? url : text,
      ]);
      return { ...form, fields: Object.fromEntries(urls) };
    };
    const html = await handlers['profiles.test']({ form: at(origin) }, never);
    expect(failedStep(html)).toMatchObject({ step: 'reach', problem: { kind: 'protocol' } });
    const nowhere = await handlers['profiles.test']({ form: at('http://127.0.0.1:9') }, never);
    expect(failedStep(nowhere)).toMatchObject({ step: 'reach', problem: { kind: 'unavailable' } });
    expect(outcomes(nowhere)).toMatchObject({ settings: 'works', 'sign-in': 'not-tried' });
  });

  it('with a field that is wrong fails at the settings', async () => {
    const { handlers } = await openTestClouds();
    const form = formOf(family);
    const tried = await handlers['profiles.test'](
      { form: { ...form, fields: { ...form.fields, region: '' } } },
      never,
    );
    expect(failedStep(tried)).toMatchObject({ step: 'settings', problem: { kind: 'invalid-input' } });
    expect(failedStep(tried)?.problem?.message).toContain('the field region is missing');
  });
});

describe('a test of a profile', () => {
  it('names the project that is not there, and the staging bucket that may not be read', async () => {
    const { handlers } = await openTestClouds();
    const form = formOf('huaweicloud');
    const noProject = { ...form, fields: { ...form.fields, project: 'nobody' } };
    expect(failedStep(await handlers['profiles.test']({ form: noProject }, never))?.step).toMatch(
      /project|sign-in/,
    );
    const wrongKey = { ...form, secrets: { ...form.secrets, secret_key: 'topsecret-wrong' } };
    const tried = await handlers['profiles.test']({ form: wrongKey }, never);
    expect(failedStep(tried)).toMatchObject({ step: 'upload' });
    expect(outcomes(tried)).toMatchObject({ 'list-images': 'works' });
  });

  it('ends after 20 seconds, and says what did not answer', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const clock = new ManualClock();
    const { handlers } = await openTestClouds({ clock });
    const form = formOf('openstack');
    const at = { ...form, fields: { ...form.fields, auth_url: `http://127.0.0.1:${port}` } };
    const asked = new Promise((resolve) => silent.once('request', resolve));
    const trying = handlers['profiles.test']({ form: at }, never);
    await asked;
    clock.advance(20_000);
    expect(failedStep(await trying)).toMatchObject({
      step: 'reach',
      problem: { kind: 'unavailable', message: expect.stringContaining('it had not answered after 20 s') },
    });
    expect(clock.waiting).toBe(0);
  });

  it('ends when the window gives up', async () => {
    const { handlers } = await openTestClouds();
    const controller = new AbortController();
    controller.abort();
    const given = await problem(handlers['profiles.test']({ form: formOf('openstack') }, controller.signal));
    expect(given.kind).toBe('cancelled');
  });
});

describe('saving', () => {
  it('refuses a name that is taken, of the user or of the embedded cloud', async () => {
    const { handlers, configPath } = await openTestClouds();
    await handlers['profiles.save']({ form: formOf('openstack'), ...save }, never);
    const before = readFileSync(configPath, 'utf8');
    const taken = await problem(handlers['profiles.save']({ form: formOf('huaweicloud'), ...save }, never));
    expect(taken).toMatchObject({ kind: 'conflict', message: 'There is a profile "mine" already.' });
    await handlers['localCloud.start']({}, never);
    for (const work of [
      () => handlers['profiles.save']({ form: formOf('openstack', { name: 'local' }), ...save }, never),
      () => handlers['profiles.remove']({ name: 'local' }, never),
    ])
      expect(await problem(work())).toMatchObject({ kind: 'conflict' });
    expect(readFileSync(configPath, 'utf8')).toBe(before);
  });

  it('changes nothing when a field is wrong', async () => {
    const { handlers, configPath, keychain } = await openTestClouds();
    await handlers['profiles.save']({ form: formOf('openstack'), ...save }, never);
    const before = [readFileSync(configPath, 'utf8'), ...keychain.kept];
    const form = formOf('openstack', { secrets: { password: 'topsecret-new' } });
    const wrong = { ...form, fields: { ...form.fields, auth_url: 'topsecret-no-url' } };
    const given = await problem(handlers['profiles.save']({ form: wrong, ...save, overwrite: true }, never));
    expect(given).toMatchObject({ kind: 'invalid-input', message: expect.stringContaining('auth_url') });
    expect(JSON.stringify(given)).not.toContain('topsecret');
    expect([readFileSync(configPath, 'utf8'), ...keychain.kept]).toEqual(before);
  });

  it('asks before it keeps secrets in a file, where there is no keychain', async () => {
    const { handlers, configPath, folder } = await openTestClouds({ loadKeychain: noKeychain });
    const secretsPath = join(folder, 'config', 'secrets.json');
    expect(await handlers['profiles.secretStore']({}, never)).toEqual({
      kind: 'file',
      place: secretsPath,
      reason: 'no keychain can be used here',
    });
    const form = formOf('openstack');
    const given = await problem(handlers['profiles.save']({ form, ...save }, never));
    expect(given.kind).toBe('weak-store');
    expect(given.message).toContain(`unencrypted in the file ${secretsPath}`);
    expect(() => statSync(configPath)).toThrow('ENOENT');
    expect(() => statSync(secretsPath)).toThrow('ENOENT');
    await handlers['profiles.save']({ form, ...save, allowFile: true }, never);
    expect(statSync(secretsPath).mode & 0o077).toBe(0);
    const { secrets } = await handlers['profiles.detail']({ name: 'mine' }, never);
    expect(secrets).toEqual([{ field: 'password', kind: 'file', place: secretsPath }]);
    expect(readFileSync(configPath, 'utf8')).not.toContain(acme().openstack.password);
    expect(await handlers['profiles.test']({ name: 'mine' }, never)).toMatchObject({ ok: true });
    // Nothing new is kept: nothing is asked.
    await handlers['profiles.save']({ form: { ...form, secrets: {} }, ...save, overwrite: true }, never);
    expect(await handlers['profiles.test']({ name: 'mine' }, never)).toMatchObject({ ok: true });
  });

  it('tells the keychain where there is one', async () => {
    const { handlers } = await openTestClouds();
    expect(await handlers['profiles.secretStore']({}, never)).toEqual({
      kind: 'keychain',
      place: 'the keychain of this system',
    });
  });

  it('leaves what was written by hand: text secrets, other profiles, what no form has', async () => {
    const folder = testFolder();
    const path = join(folder, 'config', 'profiles.yaml');
    mkdirSync(dirname(path), { recursive: true });
    const other = '  # by hand\n  other: { family: nonsense }\n';
    writeFileSync(
      path,
      `clouds:\n${other}  stack:\n    family: ucloudstack\n    region: r\n    endpoint: https://x.example/api\n    public_key: k\n    private_key: topsecret-text\n    part_transport: { kind: s3, endpoint: "https://s3.example" }\n`,
    );
    const { handlers, keychain } = await openTestClouds({ folder });
    const detail = await handlers['profiles.detail']({ name: 'stack' }, never);
    expect(detail.secrets).toEqual([{ field: 'private_key', kind: 'profile', place: path }]);
    expect(JSON.stringify(detail)).not.toContain('topsecret');
    const fields = { region: 'r-2', endpoint: 'https://x.example/api', public_key: 'k' };
    const form: ProfileForm = { name: 'stack', family: 'ucloudstack', fields, secrets: {} };
    await handlers['profiles.save']({ form, ...save, overwrite: true, makeDefault: true }, never);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(other);
    expect(text).toContain('private_key: topsecret-text');
    expect(text).toContain('endpoint: https://s3.example');
    expect(text).toContain('region: r-2');
    expect(text).toContain('default: stack');
    expect(keychain.kept.size).toBe(0);
    const broken = await handlers['profiles.detail']({ name: 'other' }, never);
    expect(broken.problem?.message).toContain('the field family names no known family');
    expect(broken.profile.family).toBeUndefined();
  });
});

describe('a clouds.yaml', () => {
  const text = () => `
clouds:
  lab:
    region_name: ${region().name}
    auth:
      auth_url: ${cloud.endpoints.keystone}/v3
      username: ${acme().openstack.userName}
      user_domain_name: Default
      project_name: ${acme().openstack.projectName}
      project_domain_name: Default
      password: ${acme().openstack.password}
  broken: { auth: { username: u, password: topsecret-broken } }
`;

  it('is read without giving secrets back, and what is chosen becomes profiles that work', async () => {
    const { handlers, keychain, folder } = await openTestClouds();
    const read = await handlers['profiles.readCloudsYaml']({ text: text() }, never);
    expect(read.clouds).toMatchObject([
      { name: 'lab', fields: { username: acme().openstack.userName } },
      { name: 'broken', problem: { kind: 'invalid-input' } },
    ]);
    const { importId } = read;
    const names = ['lab', 'broken'];
    const done = await handlers['profiles.importClouds']({ importId, names, allowFile: false }, never);
    expect(done).toMatchObject({ imported: ['lab'], failed: [{ name: 'broken' }] });
    expect(keychain.kept.size).toBe(1);
    expect(await handlers['profiles.test']({ name: 'lab' }, never)).toMatchObject({ ok: true });
    const again = await handlers['profiles.importClouds'](
      { importId, names: ['lab'], allowFile: false },
      never,
    );
    expect(again.failed).toMatchObject([{ name: 'lab', problem: { kind: 'conflict' } }]);
    for (const secret of [acme().openstack.password, 'topsecret-broken']) {
      expect(JSON.stringify([read, done, again])).not.toContain(secret);
      expect(textsBelow(folder).filter((file) => file.text.includes(secret))).toEqual([]);
    }
  });

  it('is asked about where there is no keychain, refused when it is none, and forgotten after a while', async () => {
    const { handlers } = await openTestClouds({ loadKeychain: noKeychain });
    const { importId } = await handlers['profiles.readCloudsYaml']({ text: text() }, never);
    const asked = { importId, names: ['lab'] };
    const weak = await problem(handlers['profiles.importClouds']({ ...asked, allowFile: false }, never));
    expect(weak.kind).toBe('weak-store');
    expect(await handlers['profiles.importClouds']({ ...asked, allowFile: true }, never)).toMatchObject({
      imported: ['lab'],
    });
    expect(
      await problem(handlers['profiles.importClouds']({ ...asked, allowFile: true }, never)),
    ).toMatchObject({
      kind: 'not-found',
    });
    const none = await problem(
      (async () => handlers['profiles.readCloudsYaml']({ text: 'topsecret' }, never))(),
    );
    expect(none.kind).toBe('invalid-input');
    expect(JSON.stringify(none)).not.toContain('topsecret');

    const clock = new ManualClock();
    const imports = new PendingImports(clock);
    const first = imports.read(text()).importId;
    expect(imports.get(first)).toHaveLength(2);
    clock.advance(10 * 60_000);
    await Promise.resolve();
    expect(() => imports.get(first)).toThrow(EngineError);
    for (let i = 0; i < 6; i += 1) imports.read(text());
    expect(clock.waiting).toBe(4);
    imports.stop();
    expect(clock.waiting).toBe(0);
  });
});
