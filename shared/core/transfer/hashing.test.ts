// Hashes off the main thread: right, in steps, stopped, and noticing a file that ends early. Real files and threads.
import { createHash } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancelledError, FileChangedError, LocalFileError } from '../model/index.ts';
import { Hasher } from './hasher.ts';
import { hashFile, identifyFile } from './index.ts';
import { SourceFile } from './source-file.ts';
import { makeSetting, type Setting } from './testing/setting.ts';

const MiB = 1024 ** 2;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());
const never = new AbortController().signal;

async function hasherOf(sizeBytes: number, partSizeBytes: number) {
  const made = await setting.file('disk.img', sizeBytes);
  const file = await SourceFile.open(made.path);
  const plan = { sizeBytes, partSizeBytes, partsTotal: Math.ceil(sizeBytes / partSizeBytes) };
  const hasher = new Hasher(file, plan);
  const close = async () => {
    await hasher.close();
    await file.close();
  };
  return { ...made, hasher, close };
}

test('MD5 of each part and SHA-256 of the whole, over block borders, in whatever order parts are asked for', async () => {
  const { hasher, bytes, sha256, close } = await hasherOf(37 * MiB + 5, 18 * MiB);
  const sha = hasher.runSha256(never);
  const md5s = await Promise.all([3, 1, 2].map((n) => hasher.md5(n, never)));
  const expected = [3, 1, 2].map((n) =>
    createHash('md5')
      .update(bytes.subarray((n - 1) * 18 * MiB, n * 18 * MiB))
      .digest('hex'),
  );
  expect(md5s).toEqual(expected);
  expect(await sha).toBe(sha256);
  expect(hasher.hashedBytes).toBe(bytes.length);
  await close();
});

test('the SHA-256 does not run ahead of the parts, and goes on after a pause where it was', async () => {
  const { hasher, sha256, close } = await hasherOf(4 * MiB, MiB);
  const pause = new AbortController();
  const first = hasher.runSha256(pause.signal);
  await hasher.md5(1, never);
  await hasher.md5(2, never);
  while (hasher.hashedBytes < 2 * MiB) await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hasher.hashedBytes).toBe(2 * MiB);
  pause.abort();
  expect(await first).toBeUndefined();
  hasher.release(3);
  hasher.release(4);
  expect(await hasher.runSha256(never)).toBe(sha256);
  await close();
});

test('a file that ends early is a changed file', async () => {
  const { hasher, path, close } = await hasherOf(4 * MiB, MiB);
  await truncate(path, 2.5 * MiB);
  await hasher.md5(1, never);
  await expect(hasher.md5(3, never)).rejects.toThrow(/ends at byte 2621440/);
  await expect(hasher.md5(4, never)).rejects.toBeInstanceOf(FileChangedError);
  await close();
});

test('what is asked for when the threads end is cancelled', async () => {
  const { hasher, close } = await hasherOf(64 * MiB, 64 * MiB);
  const md5 = hasher.md5(1, never);
  const refused = expect(md5).rejects.toBeInstanceOf(CancelledError);
  await close();
  await refused;
});

test('a file is hashed and identified without an upload', async () => {
  const { path, sha256, bytes } = await setting.file('镜像 2.iso', 20 * MiB + 1);
  const { sha256: found, file } = await hashFile(path);
  expect(found).toBe(sha256);
  expect(file).toEqual(await identifyFile(path));
  expect(file.sizeBytes).toBe(bytes.length);
  await expect(hashFile(path, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
  await expect(hashFile(setting.folder)).rejects.toBeInstanceOf(LocalFileError);
});
