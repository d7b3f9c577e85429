// Several uploads of one file at once: each hash is computed once, and nobody's end harms the others.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hasher } from './hasher.ts';
import { startUpload } from './index.ts';
import { hanging, MemoryTarget } from './testing/memory-target.ts';
import { makeSetting, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await setting.remove();
});

test('uploads of one file to several targets share a hasher, whichever ends first', async () => {
  const file = await setting.file('disk.img', 12 * KiB);
  const closes = vi.spyOn(Hasher.prototype, 'close');
  const hashers = new Set<unknown>();
  const md5 = Hasher.prototype.md5;
  vi.spyOn(Hasher.prototype, 'md5').mockImplementation(function (this: Hasher, ...args) {
    hashers.add(this);
    return md5.apply(this, args);
  });
  const targets = [1, 2, 3].map((n) => new MemoryTarget(`disk-${n}`));
  const held = hanging(targets[2] ?? new MemoryTarget(), 5);
  const uploads = [];
  for (const target of targets) {
    uploads.push(await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options));
  }
  const [first, second, third] = uploads;
  expect((await first?.done)?.sha256).toBe(file.sha256);
  expect((await second?.done)?.sha256).toBe(file.sha256);
  await until('the last one hangs', () => third?.snapshot().partsDone === 4);
  expect(closes).toHaveBeenCalledTimes(0);
  held.open();
  expect((await third?.done)?.sha256).toBe(file.sha256);
  expect(hashers.size).toBe(1);
  expect(closes).toHaveBeenCalledTimes(1);
  for (const target of targets) expect(target.object?.bytes.equals(file.bytes)).toBe(true);
});

test('an abort of one does not stop the others; another part size shares nothing', async () => {
  const file = await setting.file('disk.img', 12 * KiB);
  const [a, b, c] = ['a', 'b', 'c'].map((key) => new MemoryTarget(key));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three targets');
  const held = [hanging(a, 3), hanging(b, 3), hanging(c, 3)];
  const start = (target: MemoryTarget, partSizeBytes: number) =>
    startUpload({ path: file.path, target, partSizeBytes }, setting.options);
  const uploads = [await start(a, KiB), await start(b, KiB), await start(c, 2 * KiB)];
  await until('all have begun', () => uploads.every((u) => u.snapshot().partsDone >= 2));
  await uploads[0]?.abort();
  await uploads[0]?.done.catch(() => {});
  for (const h of held) h.open();
  expect((await uploads[1]?.done)?.sha256).toBe(file.sha256);
  expect((await uploads[2]?.done)?.sha256).toBe(file.sha256);
  expect(b.object?.bytes.equals(file.bytes)).toBe(true);
  expect(c.object?.bytes.equals(file.bytes)).toBe(true);
});
