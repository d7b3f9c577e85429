import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../clouds/testing.ts';
import { isWithin, openPicker } from './picker.ts';

const signal = new AbortController().signal;

function setUp() {
  const base = realpathSync(testFolder());
  const root = join(base, 'root');
  const outside = join(base, 'root-not');
  mkdirSync(join(root, 'folder'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), 'x');
  writeFileSync(join(root, 'b.iso'), '12345');
  writeFileSync(join(root, 'a10.iso'), '');
  writeFileSync(join(root, 'a9.iso'), '');
  const picker = openPicker([root]);
  const list = async (path: string) => picker.handlers['files.list']({ path }, signal);
  return { base, root, outside, picker, list };
}

describe('the picker', () => {
  it('shows folders first, then files, as people count', async () => {
    const { root, list, picker } = setUp();
    expect(await picker.handlers['files.roots']({}, signal)).toEqual({
      roots: [{ name: 'root', path: root, kind: 'folder' }],
    });
    const view = await list(root);
    expect(view.entries.map(({ name }) => name)).toEqual(['folder', 'a9.iso', 'a10.iso', 'b.iso']);
    expect(view.entries[3]).toMatchObject({ path: join(root, 'b.iso'), kind: 'file', sizeBytes: 5 });
    expect(view.parent).toBeUndefined();
    expect(view.truncated).toBe(false);
    expect((await list(join(root, 'folder'))).parent).toBe(root);
  });

  it('refuses what lies elsewhere, however it is spelt, and does not tell whether it exists', async () => {
    const { root, outside, list, base } = setUp();
    for (const path of [
      outside,
      base,
      '/',
      join(base, 'nothing'),
      `${root}/../root-not`,
      `${root}/folder/../..`,
    ]) {
      await expect(list(path), path).rejects.toMatchObject({ kind: 'permission' });
    }
    for (const path of ['folder', '', `${root}\0/../..`]) {
      await expect(list(path), path).rejects.toThrow('no absolute path');
    }
    await expect(list(join(root, 'nothing'))).rejects.toThrow('it does not exist');
    await expect(list(join(root, 'b.iso'))).rejects.toThrow('it is no folder');
  });

  it('refuses links that lead out, hides them, and follows those that stay', async () => {
    const { root, outside, list, picker } = setUp();
    symlinkSync(outside, join(root, 'way-out'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'secret'));
    symlinkSync(join(root, 'b.iso'), join(root, 'stays.iso'));
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    symlinkSync(join(root, 'circle'), join(root, 'circle'));
    const names = (await list(root)).entries.map(({ name }) => name);
    expect(names).toEqual(['folder', 'a9.iso', 'a10.iso', 'b.iso', 'stays.iso']);
    await expect(list(join(root, 'way-out'))).rejects.toMatchObject({ kind: 'permission' });
    await expect(picker.allowed(join(root, 'secret'))).rejects.toMatchObject({ kind: 'permission' });
    await expect(picker.allowedNew(join(root, 'way-out', 'new.raw'))).rejects.toMatchObject({
      kind: 'permission',
    });
    expect(await picker.allowed(join(root, 'stays.iso'))).toBe(join(root, 'b.iso'));
    expect(await picker.allowedNew(join(root, 'folder', 'new.raw'))).toBe(join(root, 'folder', 'new.raw'));
  });

  it('takes a root that is itself a link', async () => {
    const { base, root } = setUp();
    const link = join(base, 'link');
    symlinkSync(root, link);
    const view = await openPicker([link]).handlers['files.list']({ path: join(link, 'folder') }, signal);
    expect(view.path).toBe(join(root, 'folder'));
  });

  it('takes hostile names as data', async () => {
    const { root, list } = setUp();
    const names = ['<img src=x onerror=alert(1)>.iso', 'a\nb.iso', '\u202Egpj.iso', `${'n'.repeat(251)}.iso`];
    for (const name of names) writeFileSync(join(root, name), '');
    const shown = (await list(root)).entries.map(({ name }) => name);
    for (const name of names) expect(shown).toContain(name);
  });

  it('shows no more than the limit, and says so', async () => {
    const { root } = setUp();
    const many = join(root, 'many');
    mkdirSync(many);
    for (let n = 0; n < 12; n++) writeFileSync(join(many, `f${n}`), '');
    const view = await openPicker([root], 10).handlers['files.list']({ path: many }, signal);
    expect([view.entries.length, view.truncated]).toEqual([10, true]);
  });

  it('knows that a name may begin like another', () => {
    expect(isWithin('/a/b', '/a/b')).toBe(true);
    expect(isWithin('/a/b', '/a/b/..c')).toBe(true);
    expect(isWithin('/a/b', '/a/bc')).toBe(false);
    expect(isWithin('/a/b', '/a')).toBe(false);
    expect(isWithin('/', '/a')).toBe(true);
  });
});
