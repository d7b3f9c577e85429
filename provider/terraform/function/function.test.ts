// The functions of the provider, called as the framework calls them.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArgumentError, type Logger } from '@imagebridge/terraform-plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageNameFunction } from './image-name.ts';
import { fileSha256Function, inspectFileFunction } from './local-file.ts';

const log: Logger = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => log,
};
const { signal } = new AbortController();

describe('image_name', () => {
  const name = (family: string, ...rest: string[]) =>
    imageNameFunction.call({ args: [family], rest, log, signal });

  it('joins parts to a name that the family takes', async () => {
    expect(await name('openstack', 'Débian', '', '12', 'a/b c')).toBe('Debian-12-a-b-c');
    expect(await name('huaweicloud', '.hidden-')).toBe('hidden');
  });

  it('keeps long names apart', async () => {
    const long = 'x'.repeat(300);
    const [one, two] = [await name('ucloudstack', long, '1'), await name('ucloudstack', long, '2')];
    expect(one).toMatch(/^x{41}-[0-9a-f]{8}$/);
    expect(two).toHaveLength(50);
    expect(one).not.toBe(two);
    expect(await name('huaweicloud', 'x'.repeat(128))).toBe('x'.repeat(128));
    expect(await name('openstack', long)).toHaveLength(255);
  });

  it('blames the argument', async () => {
    await expect(name('aws', 'x')).rejects.toMatchObject({
      argument: 0,
      message: expect.stringContaining('no family "aws"'),
    });
    await expect(name('toString', 'x')).rejects.toBeInstanceOf(ArgumentError);
    await expect(name('openstack')).rejects.toMatchObject({ argument: 1 });
    await expect(name('openstack', '系统')).rejects.toMatchObject({ argument: 1 });
  });
});

describe('functions of files', () => {
  let dir: string;
  let before: string | undefined;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'imagebridge-'));
    before = process.env.IMAGEBRIDGE_STATE_DIR;
    process.env.IMAGEBRIDGE_STATE_DIR = path.join(dir, 'state');
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.IMAGEBRIDGE_STATE_DIR;
    else process.env.IMAGEBRIDGE_STATE_DIR = before;
    await rm(dir, { recursive: true, force: true });
  });
  const call = { rest: [], log, signal } as const;

  it('hash and inspect', async () => {
    const file = path.join(dir, 'x.raw');
    await writeFile(file, 'abc');
    expect(await fileSha256Function.call({ args: [file], ...call })).toMatch(/^ba7816bf8f01cfea/);
    await truncate(file, 1 << 20);
    expect(await inspectFileFunction.call({ args: [file], ...call })).toMatchObject({
      format: 'raw',
      virtual_size_bytes: 1 << 20,
      findings: expect.any(Array),
    });
  });

  it('blame the path', async () => {
    for (const one of [fileSha256Function, inspectFileFunction])
      await expect(one.call({ args: [path.join(dir, 'nowhere')], ...call })).rejects.toMatchObject({
        argument: 0,
        message: expect.stringContaining('there is no such file'),
      });
  });
});
