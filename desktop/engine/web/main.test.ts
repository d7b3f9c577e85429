// The web variant as its user has it: a process in a terminal, a link, a browser's line, signals.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse, buildPrograms, diskImage, signIn, startWeb, testUser } from '../process/testing/programs.ts';
import { upload } from '../process/testing/window.ts';

let programs = '';
beforeAll(async () => {
  programs = await buildPrograms();
}, 60_000);
afterAll(() => rmSync(programs, { recursive: true, force: true }));

const MIB = 1024 * 1024;
const SLOW = 60_000;

async function serve(user: ReturnType<typeof testUser>, args: readonly string[] = []) {
  const web = startWeb(programs, user.env, ['--port', '0', '--root', user.images, ...args]);
  const link = await web.link();
  return { web, link, address: new URL(link).origin };
}

describe('a whole upload', () => {
  it('goes over the WebSocket into the embedded cloud and arrives bit by bit', {
    timeout: SLOW,
  }, async () => {
    const user = testUser();
    const { web, link, address } = await serve(user, ['--local-cloud']);
    const window = await browse(address, await signIn(link));
    await expect.poll(() => web.printed()).toContain('The embedded cloud runs');
    const profiles = (await browse(address, await signIn(await another(user)))).hello.profiles;
    const cloud = profiles.find(({ isLocal, family }) => isLocal && family === 'huaweicloud')?.name ?? '';
    const path = diskImage(join(user.images, 'disk.raw'), 24 * MIB);
    const id = await upload(window, path, cloud, 'first');
    const done = await window.reach(id, 'done');
    expect(done.imageId).toBeTruthy();
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    const { entries } = await window.client.call('history.list', { filter: {}, offset: 0, limit: 10 });
    expect(entries).toMatchObject([{ outcome: 'done', imageName: 'first', imageId: done.imageId, sha256 }]);
    const { images } = await window.client.call('images.list', { query: { cloud, scope: 'own' } });
    expect(images).toMatchObject([{ id: done.imageId, name: 'first', status: 'active' }]);
    expect(window.bad).toEqual([]);
    web.child.kill('SIGINT');
    expect(await web.ended).toBe(0);
    // The token, the cookie and the key are nowhere on disk.
    const log = readFileSync(join(user.dataDir, 'engine.log'), 'utf8');
    expect(log).not.toContain(new URL(link).searchParams.get('token'));
  });

  /** A second start prints a link to the one that runs. */
  async function another(user: ReturnType<typeof testUser>): Promise<string> {
    const web = startWeb(programs, user.env, ['--json']);
    const link = await web.link();
    expect(await web.ended).toBe(0);
    return link;
  }
});

describe('interruptions', () => {
  async function halfway() {
    const user = testUser();
    const first = await serve(user, ['--local-cloud']);
    const cookie = await signIn(first.link);
    await expect.poll(() => first.web.printed()).toContain('The embedded cloud runs');
    const window = await browse(first.address, cookie);
    const cloud =
      window.hello.profiles.find((one) => one.isLocal && one.family === 'huaweicloud')?.name ?? '';
    await window.client.call('app.setSettings', { limitBytesPerSecond: 8 * MIB });
    const id = await upload(window, diskImage(join(user.images, 'disk.raw'), 32 * MIB), cloud, 'slow');
    await expect
      .poll(() => window.tasks.get(id)?.progress?.confirmedBytes ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(0);
    return { user, ...first, cookie, id, window };
  }

  it('by Ctrl-C pause everything; the next start goes on', { timeout: SLOW }, async () => {
    const { user, web, cookie, id, address } = await halfway();
    web.child.kill('SIGINT');
    // npm hands the same Ctrl-C on.
    web.child.kill('SIGINT');
    expect(await web.ended).toBe(0);
    expect(web.printed()).toContain('Pausing all uploads.');
    expect(web.printed()).toContain('Paused. The next start goes on from here.');
    const port = new URL(address).port;
    await serve(user, ['--port', port]);
    // The same browser is still in.
    const again = await browse(address, cookie);
    await again.client.call('app.setSettings', { limitBytesPerSecond: null });
    const task = again.hello.tasks.find((one) => one.id === id);
    expect(['queued', 'uploading', 'paused', 'verifying']).toContain(task?.state);
    if (task?.state === 'paused') await again.client.call('tasks.resume', { ids: [id] });
    await again.reach(id, 'done');
    const detail = await again.client.call('tasks.detail', { id });
    expect(detail.partsSkipped ?? 0).toBeGreaterThan(0);
  });

  it('by SIGKILL lose nothing that had arrived', { timeout: SLOW }, async () => {
    const { user, web, cookie, id, address, window } = await halfway();
    web.child.kill('SIGKILL');
    expect(await web.ended).toBe('SIGKILL');
    await expect(window.client.call('tasks.pauseAll', {})).rejects.toMatchObject({
      problem: { kind: 'lost' },
    });
    await serve(user, ['--port', new URL(address).port]);
    const again = await browse(address, cookie);
    await again.client.call('app.setSettings', { limitBytesPerSecond: null });
    if (again.tasks.get(id)?.state === 'paused') await again.client.call('tasks.resume', { ids: [id] });
    await again.reach(id, 'done');
    const detail = await again.client.call('tasks.detail', { id });
    expect(detail.partsSkipped ?? 0).toBeGreaterThan(0);
    const { total } = await again.client.call('history.list', { filter: {}, offset: 0, limit: 1 });
    expect(total).toBe(1);
  });
});

describe('an error that nobody caught', () => {
  it('is noted, and everything goes on', async () => {
    const user = testUser();
    const file = join(user.base, 'throw');
    const code = `import { existsSync } from 'node:fs'; const timer = setInterval(() => {
      if (!existsSync(${JSON.stringify(file)})) return;
      clearInterval(timer);
      void Promise.reject(new Error('nobody caught this promise'));
      throw new Error('nobody caught this');
    }, 20); timer.unref();`;
    const options = `--import data:text/javascript,${encodeURIComponent(code)}`;
    const web = startWeb(programs, { ...user.env, NODE_OPTIONS: options }, ['--port', '0']);
    const link = await web.link();
    const window = await browse(new URL(link).origin, await signIn(link));
    writeFileSync(file, '');
    await expect
      .poll(() => readFileSync(join(user.dataDir, 'engine.log'), 'utf8'))
      .toMatch(/An error was not caught: Error: nobody caught this ⏎ at[\s\S]*nobody caught this promise/);
    await window.client.call('app.setSettings', { parallel: 3 });
    web.child.kill('SIGINT');
    expect(await web.ended).toBe(0);
    expect(web.printed()).not.toContain('nobody caught');
  });
});

describe('the command', () => {
  it('prints help and version', async () => {
    const help = startWeb(programs, testUser().env, ['--help']);
    expect(await help.ended).toBe(0);
    expect(help.printed()).toContain('ssh -L');
    const version = startWeb(programs, testUser().env, ['--version']);
    expect(await version.ended).toBe(0);
    expect(version.printed()).toBe('0.1.0\n');
  });

  it('says what is wrong, in one sentence and without a stack', async () => {
    const user = testUser();
    const typo = startWeb(programs, user.env, ['--prot', '1']);
    expect(await typo.ended).toBe(2);
    expect(typo.printed()).toBe(
      "imagebridge: Could not start the uploader: Unknown option '--prot'. desktop:web --help tells all options.\n",
    );
    const unbuilt = startWeb(programs, { ...user.env, IMAGEBRIDGE_WINDOW_DIR: '/nothing' });
    expect(await unbuilt.ended).toBe(1);
    expect(unbuilt.printed()).toContain('it has not been built. Run npm run build');
    writeFileSync(join(user.base, 'file'), '');
    const noFolder = startWeb(programs, user.env, ['--data', join(user.base, 'file')]);
    expect(await noFolder.ended).toBe(1);
    expect(noFolder.printed()).toBe(
      `imagebridge: Could not use the data folder (${join(user.base, 'file')}): a file is in the place of its folder. Name another one by IMAGEBRIDGE_DESKTOP_DIR or --data, or make this one writable.\n`,
    );
  });

  it('adds files of the command line, wherever they lie, and says what it refuses', async () => {
    const user = testUser();
    const outside = diskImage(join(user.base, 'outside.raw'), MIB);
    const { web, link, address } = await serve(user, [outside, user.images, join(user.base, 'missing.iso')]);
    await expect.poll(() => web.printed()).toContain('Added 1 of 3 files.');
    const window = await browse(address, await signIn(link));
    expect(window.hello.tasks.map(({ path }) => path)).toEqual([outside]);
    expect(web.printed()).toContain('missing.iso');
  });

  it('hands its files to the one that runs already', async () => {
    const user = testUser();
    const { link, address } = await serve(user);
    const window = await browse(address, await signIn(link));
    const second = startWeb(programs, user.env, [diskImage(join(user.base, 'late.raw'), MIB), user.images]);
    expect(await second.ended).toBe(0);
    expect(second.printed()).toContain('ImageBridge runs already (process ');
    expect(second.printed()).toContain('Added 1 of 2 files.');
    await expect.poll(() => [...window.tasks.values()].map(({ fileName }) => fileName)).toEqual(['late.raw']);
    await signIn(await second.link());
  });

  it('prints one line of JSON, and the link works once', async () => {
    const user = testUser();
    const web = startWeb(programs, user.env, ['--port', '0', '--json']);
    const link = await web.link();
    expect(JSON.parse(web.printed())).toEqual({
      url: link,
      address: new URL(link).origin,
      pid: web.child.pid,
    });
    await signIn(link);
    await expect(signIn(link)).rejects.toThrow('401');
  });

  it('keeps damaged settings aside and starts', async () => {
    const user = testUser();
    const first = await serve(user);
    first.web.child.kill('SIGTERM');
    expect(await first.web.ended).toBe(0);
    writeFileSync(join(user.dataDir, 'settings.json'), '\0\0\0');
    const second = await serve(user);
    expect(existsSync(join(user.dataDir, 'settings.damaged.json'))).toBe(true);
    const window = await browse(second.address, await signIn(second.link));
    expect(window.hello.settings.parallel).toBe(2);
    const { text } = await window.client.call('app.diagnostics', {});
    expect(text).toContain('The settings were damaged');
    expect(text).not.toContain(user.base);
  });

  it('warns loudly of other machines', async () => {
    const user = testUser();
    const { web, link } = await serve(user, ['--host', '0.0.0.0', '--allow-remote']);
    expect(new URL(link).hostname).not.toBe('0.0.0.0');
    await expect.poll(() => web.printed()).toContain('Warning: other machines can reach this address.');
    expect(web.printed()).toContain('ssh -L');
  });
});
