import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { zip } from './zip.ts';

const ENTRIES = [
  { name: 'text.txt', bytes: Buffer.from('some text, some text, some text') },
  { name: 'folder/program', bytes: Buffer.from('#!/bin/sh\n'), executable: true },
];

it('gives the same bytes whatever the order and the time', async () => {
  expect(await zip(ENTRIES)).toEqual(await zip([...ENTRIES].reverse()));
});

const unzip = spawnSync('python3', ['--version']).status === 0;
it.skipIf(!unzip)(
  `is unpacked by others, with the exec bit${unzip ? '' : ' (skipped: python3 is not on PATH)'}`,
  async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'zip-'));
    try {
      const file = path.join(dir, 'a.zip');
      await writeFile(file, await zip(ENTRIES));
      const script =
        'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
        'print([(i.filename, oct(i.external_attr >> 16), i.date_time) for i in z.infolist()])\nz.extractall(sys.argv[2])';
      const { stdout, stderr } = spawnSync('python3', ['-c', script, file, dir], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe(
        "[('folder/program', '0o100755', (1980, 1, 1, 0, 0, 0)), ('text.txt', '0o100644', (1980, 1, 1, 0, 0, 0))]",
      );
      expect(await readFile(path.join(dir, 'text.txt'), 'utf8')).toBe('some text, some text, some text');
      expect((await stat(path.join(dir, 'folder/program'))).size).toBe(10);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
