import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeCacheDir, runModule } from './code-cache.ts';

const SOURCE = 'exports.answer = () => require("node:path").join("4", "2");';

describe('the folder', () => {
  it('is in the cache of the user', () => {
    const folder = (env: Record<string, string>, platform: NodeJS.Platform) => codeCacheDir(env, platform);
    expect(folder({ HOME: '/home/a' }, 'linux')).toBe('/home/a/.cache/imagebridge/code');
    expect(folder({ HOME: '/home/a', XDG_CACHE_HOME: '/b' }, 'linux')).toBe('/b/imagebridge/code');
    expect(folder({ HOME: '/Users/a' }, 'darwin')).toBe('/Users/a/Library/Caches/imagebridge/code');
    expect(folder({}, 'win32')).toBeUndefined();
  });

  it('is none where the user wants none, or the place is not absolute', () => {
    expect(codeCacheDir({ HOME: '/home/a', NODE_DISABLE_COMPILE_CACHE: '1' }, 'linux')).toBeUndefined();
    expect(codeCacheDir({ HOME: '/home/a', XDG_CACHE_HOME: 'here' }, 'linux')).toBeUndefined();
  });
});

describe('a module', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(path.join(os.tmpdir(), 'code-'));
    folder = path.join(base, 'imagebridge', 'code');
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  /** Runs it, and its work at the end of the process. */
  const run = (source = SOURCE, digest = 'one'): unknown => {
    const before = process.listeners('exit');
    const exports = runModule(source, digest, 'module.cjs', createRequire(import.meta.url), folder);
    for (const listener of process.listeners('exit'))
      if (!before.includes(listener)) {
        process.removeListener('exit', listener);
        listener(0);
      }
    return Reflect.apply(Reflect.get(Object(exports), 'answer'), undefined, []);
  };
  const kept = () => readdir(folder).catch(() => []);
  const age = async () => (await stat(path.join(folder, (await kept())[0] ?? ''))).mtimeMs;

  it('runs, and what was made of it is kept for the user alone, and used', async () => {
    expect(run()).toBe(path.join('4', '2'));
    expect(await kept()).toEqual([`one-${process.version}-${process.arch}`]);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    const madeAt = await age();
    expect(run()).toBe(path.join('4', '2'));
    expect(await age()).toBe(madeAt);
  });

  it('of another text is not mistaken for it, even of the same length', async () => {
    run();
    expect(run(SOURCE.replace('"4"', '"7"'), 'two')).toBe(path.join('7', '2'));
    expect(await kept()).toHaveLength(2);
  });

  it('runs as well where what was kept is damaged, and is kept anew', async () => {
    run();
    const file = path.join(folder, (await kept())[0] ?? '');
    const whole = await readFile(file);
    for (const damaged of [whole.subarray(0, 100), Buffer.alloc(0), Buffer.concat([whole, Buffer.of(1)])]) {
      await writeFile(file, damaged);
      expect(run()).toBe(path.join('4', '2'));
      expect((await readFile(file)).length).toBe(whole.length);
    }
  });

  it.skipIf(process.platform === 'win32')('takes nothing from where others can write', async () => {
    run();
    const file = path.join(folder, (await kept())[0] ?? '');
    await writeFile(file, Buffer.alloc(0));
    await chmod(folder, 0o777);
    expect(run()).toBe(path.join('4', '2'));
    expect((await readFile(file)).length).toBe(0);
  });

  it('keeps a few, the newest', async () => {
    for (let i = 0; i < 7; i++) run(SOURCE, `digest-${i}`);
    expect((await kept()).length).toBe(4);
  });

  it('runs where nothing can be kept', () => {
    folder = '/dev/null/code';
    expect(run()).toBe(path.join('4', '2'));
  });
});
