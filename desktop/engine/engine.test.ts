import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT_VERSION, connectEngine, transportPair } from '@imagebridge/desktop-contract';
import { afterEach, describe, expect, it } from 'vitest';
import { testFolder } from './clouds/testing.ts';
import { type Engine, type StartEngineOptions, startEngine } from './engine.ts';
import { EngineRunningError } from './process/lock.ts';
import { openWindow } from './process/testing/window.ts';
import { testHost } from './testing/host.ts';

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

function folders() {
  const base = realpathSync(testFolder());
  const images = join(base, 'images');
  mkdirSync(images);
  const env = {
    IMAGEBRIDGE_STATE_DIR: join(base, 'state'),
    IMAGEBRIDGE_CONFIG: join(base, 'profiles.yaml'),
    IMAGEBRIDGE_SECRET_STORE: 'file',
    IMAGEBRIDGE_SECRETS_FILE: join(base, 'secrets.json'),
    HOME: base,
  };
  return { base, images, env };
}

async function start(at = folders(), more: Partial<StartEngineOptions> = {}) {
  const engine = await startEngine({ variant: 'web', env: at.env, roots: [at.images], ...more });
  engines.push(engine);
  const open = () => {
    const [near, far] = transportPair();
    engine.connect(far);
    return openWindow(near);
  };
  return { ...at, engine, open };
}

function rawImage(path: string, bytes = 1024 * 1024): string {
  const content = Buffer.alloc(bytes, 'x');
  content.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, content);
  return path;
}

describe('the engine', () => {
  it('greets a window with everything, and refuses one of another version', async () => {
    const { engine, open, env } = await start();
    expect(engine.dataDir).toBe(join(env.IMAGEBRIDGE_STATE_DIR, 'desktop'));
    const { hello, bad } = await open();
    expect(hello).toMatchObject({
      version: '0.1.0',
      variant: 'web',
      tasks: [],
      online: true,
      localCloud: false,
    });
    expect(bad).toEqual([]);
    const [near, far] = transportPair();
    engine.connect(far);
    const old = connectEngine(near).call('app.hello', { contract: CONTRACT_VERSION + 1 });
    await expect(old).rejects.toMatchObject({ problem: { kind: 'protocol', hint: 'Reload it.' } });
  });

  it('keeps windows in step', async () => {
    const { open, images } = await start();
    const [one, two] = [await open(), await open()];
    await one.client.call('app.setSettings', { theme: 'dark' });
    await expect.poll(() => two.events).toContainEqual(expect.objectContaining({ type: 'settings' }));
    await one.client.call('history.clear', {});
    await expect.poll(() => two.events).toContainEqual({ type: 'history-cleared' });
    const { added } = await one.client.call('tasks.add', { paths: [rawImage(join(images, 'a.raw'))] });
    const [id = ''] = added;
    await Promise.all([one.reach(id, 'draft'), two.reach(id, 'draft')]);
    const three = await open();
    expect(three.hello.settings.theme).toBe('dark');
    expect(three.hello.tasks).toEqual([two.tasks.get(id)]);
    await two.client.call('tasks.remove', { ids: [id] });
    await expect.poll(() => [one.tasks.size, three.tasks.size]).toEqual([0, 0]);
    expect([...one.bad, ...two.bad, ...three.bad]).toEqual([]);
  });

  it('holds windows of the web variant to the roots, but not the user who starts it', async () => {
    const { open, base, images, engine } = await start();
    const outside = rawImage(join(base, 'outside.raw'));
    symlinkSync(outside, join(images, 'link.raw'));
    const window = await open();
    const { added, refused } = await window.client.call('tasks.add', {
      paths: [
        outside,
        join(images, 'link.raw'),
        '/etc/hostname',
        'relative.raw',
        rawImage(join(images, 'in.raw')),
      ],
    });
    expect(added).toHaveLength(1);
    expect(refused.map(({ problem }) => problem.kind)).toEqual(Array(4).fill('permission'));
    expect(await engine.add([outside])).toEqual([]);
    expect(await engine.add([images])).toHaveLength(1);
    const download = window.client.call('images.download', {
      cloud: 'x',
      imageId: 'y',
      path: join(base, 'new.raw'),
    });
    await expect(download).rejects.toMatchObject({ problem: { kind: 'permission' } });
  });

  it('is alone on its data folder', async () => {
    const at = folders();
    const { engine } = await start(at);
    const second = start(at);
    await expect(second).rejects.toThrow(EngineRunningError);
    await expect(second).rejects.toThrow(
      `process ${process.pid} (in the browser) has its data folder since 20`,
    );
    await engine.stop();
    await start(at);
  });

  it('drops and notes what has a wrong shape', async () => {
    const { engine, open } = await start();
    const [near, far] = transportPair();
    engine.connect(far);
    near.send({ kind: 'exec', secret: 'hush' });
    near.send({ kind: 'call', id: 1, method: 'tasks.pause', params: { ids: 'all' } });
    for (let n = 0; n < 100; n++) near.send('nonsense');
    const { client } = await open();
    await expect
      .poll(() => engine.log.lines().join('\n'))
      .toContain('A window sent a message of a wrong shape');
    const { text } = await client.call('app.diagnostics', {});
    expect(text).toContain('tasks.pause: a message of a wrong shape: ids');
    expect(text).not.toContain('hush');
    expect(text.match(/: dropped/g)).toHaveLength(20);
  });

  it('warns while the list of uploads cannot be written', async () => {
    const { engine, open, images } = await start();
    const list = join(engine.dataDir, 'tasks.jsonl');
    await expect.poll(() => existsSync(list)).toBe(true);
    const window = await open();
    rmSync(list);
    mkdirSync(list);
    await window.client.call('tasks.add', { paths: [rawImage(join(images, 'a.raw'))] });
    const warnings = () =>
      window.events.findLast((event) => event.type === 'task-warnings')?.warnings.join('\n') ?? 'none told';
    await expect.poll(warnings).toContain('the list of uploads');
    rmSync(list, { recursive: true });
    await expect.poll(warnings, { timeout: 5_000 }).toBe('');
  });

  it('goes on from where it was after a restart', async () => {
    const at = folders();
    const { engine, open, images } = await start(at);
    const window = await open();
    const { added } = await window.client.call('tasks.add', { paths: [rawImage(join(images, 'a.raw'))] });
    await window.reach(added[0] ?? '', 'draft');
    await window.client.call('app.setSettings', { parallel: 7 });
    await engine.stop();
    await expect(window.client.call('tasks.pauseAll', {})).rejects.toMatchObject({
      problem: { kind: 'lost' },
    });
    const again = await (await start(at)).open();
    expect(again.hello.settings.parallel).toBe(7);
    expect(again.hello.tasks.map(({ fileName }) => fileName)).toEqual(['a.raw']);
  });
});

describe('the host', () => {
  it('is told that it is ready, and that it has stopped', async () => {
    const { host, reports, command } = testHost();
    const { engine } = await start(folders(), { variant: 'app', host });
    expect(reports[0]).toEqual({ type: 'ready' });
    command({ type: 'stop' });
    await expect.poll(() => reports.at(-1)).toEqual({ type: 'stopped' });
    await engine.stop();
    expect(reports.filter(({ type }) => type === 'stopped')).toHaveLength(1);
  });

  it('tells of the network, of sleep and of files', async () => {
    const { host, command } = testHost();
    const at = folders();
    const starting = start(at, { variant: 'app', host });
    // Before it is ready.
    command({ type: 'open', paths: [rawImage(join(at.base, 'anywhere.raw'))] });
    const { open } = await starting;
    const window = await open();
    await expect
      .poll(() => [...window.tasks.values()].map(({ fileName }) => fileName))
      .toEqual(['anywhere.raw']);
    command({ type: 'network', online: false });
    await expect.poll(() => window.events).toContainEqual({ type: 'network', online: false });
    expect((await open()).hello.online).toBe(false);
    command({ type: 'suspend' });
    command({ type: 'resume' });
    command({ type: 'network', online: true });
    await expect.poll(() => window.events.at(-1)).toEqual({ type: 'network', online: true });
  });
});
