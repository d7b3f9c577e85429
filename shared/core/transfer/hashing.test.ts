// Hashes off the main thread: right, in steps, stopped, and noticing a file that ends early. Real files and threads.
import { createHash } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, FileChangedError, LocalFileError } from '../model/index.ts';
import { HashThread } from './hash-thread.ts';
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

test('threads that have nothing to do are given back, and start anew when they are asked', async () => {
  const { hasher, bytes, sha256, close } = await hasherOf(4 * MiB, MiB);
  const pause = new AbortController();
  const first = hasher.runSha256(pause.signal);
  await hasher.md5(1, never);
  while (hasher.hashedBytes < MiB) await new Promise((resolve) => setTimeout(resolve, 2));
  pause.abort();
  await first;
  // In the middle of the SHA-256 its thread stays, and that of the parts goes.
  await hasher.rest();
  const sha = hasher.runSha256(never);
  const md5s = await Promise.all([2, 3, 4].map((n) => hasher.md5(n, never)));
  expect(md5s[0]).toBe(
    createHash('md5')
      .update(bytes.subarray(MiB, 2 * MiB))
      .digest('hex'),
  );
  expect(await sha).toBe(sha256);
  await hasher.rest();
  await hasher.rest();
  expect(await hasher.md5(4, never)).toBe(md5s[2]);
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

describe('MD5s side by side', () => {
  const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

  test('of any lengths and positions are those that come one by one', async () => {
    const { path, bytes } = await setting.file('disk.img', 3 * MiB + 77);
    const file = await SourceFile.open(path);
    const thread = new HashThread(file, 'md5');
    const chunk = 128 * 1024;
    // Around the borders of MD5's blocks and padding, and of the pieces that are read at a time.
    const odd = [1, 55, 56, 63, 64, 65, 119, 120, chunk - 9, chunk - 8, chunk - 1, chunk, chunk + 1, 3 * MiB];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            startByte: fc.nat(77),
            sizeBytes: fc.oneof(fc.constantFrom(...odd), fc.nat(3 * MiB - 1)),
          }),
          { minLength: 1, maxLength: thread.lanes },
        ),
        async (asked) => {
          const ranges = asked.map(({ startByte, sizeBytes }) => ({ startByte, sizeBytes: sizeBytes || 1 }));
          expect(await thread.md5s(ranges, never)).toEqual(
            ranges.map(({ startByte, sizeBytes }) => md5(bytes.subarray(startByte, startByte + sizeBytes))),
          );
        },
      ),
      { numRuns: 60 },
    );
    await thread.close();
    await file.close();
  });

  test('go over the borders of messages, where one range ends before the others', async () => {
    const { path, bytes } = await setting.file('disk.img', 40 * MiB);
    const file = await SourceFile.open(path);
    const thread = new HashThread(file, 'md5');
    const ranges = [40 * MiB, 16 * MiB, 16 * MiB + 1, 33 * MiB].map((sizeBytes) => ({
      startByte: 0,
      sizeBytes,
    }));
    expect(await thread.md5s(ranges, never)).toEqual(
      ranges.map(({ sizeBytes }) => md5(bytes.subarray(0, sizeBytes))),
    );
    await expect(thread.md5s(ranges, AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
    await thread.close();
    await file.close();
  });

  test('are made of four parts at once, when they are asked for ahead', async () => {
    const { hasher, bytes, close } = await hasherOf(9 * MiB, MiB);
    const ahead = [1, 2, 3].map((n) => hasher.md5(n, never, 'ahead'));
    const early = Promise.race([...ahead, new Promise((resolve) => setTimeout(resolve, 60, 'nothing yet'))]);
    expect(await early).toBe('nothing yet');
    const fourth = hasher.md5(4, never, 'ahead');
    const found = await Promise.all([...ahead, fourth]);
    expect(found).toEqual([0, 1, 2, 3].map((n) => md5(bytes.subarray(n * MiB, (n + 1) * MiB))));
    const later = hasher.md5(5, never, 'ahead');
    expect(await hasher.md5(6, never)).toBe(md5(bytes.subarray(5 * MiB, 6 * MiB)));
    expect(await later).toBe(md5(bytes.subarray(4 * MiB, 5 * MiB)));
    await close();
  });
});

describe('several uploads of one file', () => {
  test('share its hashes; one that stops takes nothing from the others', async () => {
    const { hasher, bytes, sha256, close } = await hasherOf(24 * MiB, 8 * MiB);
    const first = new AbortController();
    const shas = [hasher.runSha256(first.signal), hasher.runSha256(never), hasher.runSha256(never)];
    const md5s = [1, 2, 3].map((n) => [hasher.md5(n, first.signal), hasher.md5(n, never)] as const);
    first.abort();
    for (const [index, [stopped, other]] of md5s.entries()) {
      await expect(stopped).rejects.toBeInstanceOf(CancelledError);
      const part = bytes.subarray(index * 8 * MiB, (index + 1) * 8 * MiB);
      expect(await other).toBe(createHash('md5').update(part).digest('hex'));
    }
    expect(await Promise.all(shas)).toEqual([undefined, sha256, sha256]);
    await hasher.idle();
    await close();
  });

  test('a SHA-256 that becomes known on the way ends the work on it', async () => {
    const { hasher, sha256, close } = await hasherOf(4 * MiB, MiB);
    const waiting = hasher.runSha256(never);
    await hasher.md5(1, never);
    hasher.know(sha256);
    expect(await waiting).toBe(sha256);
    expect(hasher.hashedBytes).toBe(4 * MiB);
    await close();
  });

  test('what nobody waits for any more is given up, and can be asked for again', async () => {
    const { hasher, bytes, close } = await hasherOf(96 * MiB, 48 * MiB);
    const stop = new AbortController();
    const given = [1, 2].map((n) => hasher.md5(n, stop.signal));
    await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    for (const one of given) await expect(one).rejects.toBeInstanceOf(CancelledError);
    expect(await hasher.md5(2, never)).toBe(
      createHash('md5')
        .update(bytes.subarray(48 * MiB))
        .digest('hex'),
    );
    await hasher.idle();
    await close();
  });
});
