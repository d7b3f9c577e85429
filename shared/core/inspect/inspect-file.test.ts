import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CancelledError, LocalFileError } from '../model/index.ts';
import { inspectFile } from './inspect-file.ts';
import { qcow2Of } from './testing/containers.ts';
import { gptDisk } from './testing/disks.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'inspect-'));
});
afterAll(() => rm(dir, { recursive: true }));

it('says what is wrong with a missing file and a directory', async () => {
  const missing = inspectFile(path.join(dir, 'none.iso'));
  await expect(missing).rejects.toThrow(/there is no such file/);
  await expect(missing).rejects.toBeInstanceOf(LocalFileError);
  await expect(inspectFile(dir)).rejects.toThrow(/it is a directory/);
});

it('finds fault with an empty file', async () => {
  const file = path.join(dir, 'empty.iso');
  await writeFile(file, '');
  expect(await inspectFile(file)).toMatchObject({
    format: 'raw',
    virtualSizeBytes: 0,
    boot: 'none',
    findings: [
      { severity: 'error', code: 'empty-file', remedy: expect.stringContaining('it is empty (0 bytes)') },
    ],
  });
});

it('takes a file name in Chinese with spaces', async () => {
  const file = path.join(dir, '我的 镜像 1.qcow2');
  await writeFile(file, qcow2Of(gptDisk()));
  expect(await inspectFile(file)).toMatchObject({
    path: file,
    format: 'qcow2',
    fileSizeBytes: expect.any(Number),
    virtualSizeBytes: 1024 * 1024,
    boot: 'uefi',
    findings: [],
  });
});

it('names the file in the commands of remedies, quoted for a shell', async () => {
  const file = path.join(dir, "it's an overlay.qcow2");
  await writeFile(file, qcow2Of(gptDisk(), { change: (header) => header.writeBigUInt64BE(200n, 8) }));
  const { findings } = await inspectFile(file);
  const quoted = file.replace("'", "'\\''");
  const output = quoted.replace('.qcow2', '.new.qcow2');
  expect(findings[0]?.remedy).toBe(`Flatten it: qemu-img convert -O qcow2 '${quoted}' '${output}'.`);
});

it('tells how much of a sparse file is allocated', async () => {
  const file = path.join(dir, 'sparse.raw');
  await writeFile(file, Buffer.alloc(4096, 1));
  await truncate(file, 64 * 1024 * 1024);
  const { allocatedBytes, fileSizeBytes } = await inspectFile(file);
  expect(fileSizeBytes).toBe(64 * 1024 * 1024);
  if (process.platform !== 'win32') expect(allocatedBytes).toBeLessThan(1024 * 1024);
});

it('stops when it is told to', async () => {
  const file = path.join(dir, 'some.raw');
  await writeFile(file, gptDisk());
  const stopped = inspectFile(file, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toBeInstanceOf(CancelledError);
});
