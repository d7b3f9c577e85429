// Going on with an upload: what the server has is the truth, whatever the journal says or does not say.
import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuthenticationError } from '../model/index.ts';
import { listUploads, relocateUpload, startUpload } from './index.ts';
import { failTimes, hanging, MemoryTarget, networkError } from './testing/memory-target.ts';
import { makeSetting, recorder, type Setting, until } from './testing/setting.ts';
import type { Upload } from './types.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

/** An upload of eight parts that stopped after the first five. */
async function half(
  target: MemoryTarget,
): Promise<{ upload: Upload; path: string; bytes: Buffer; sha256: string }> {
  const file = await setting.file('disk.img', 8 * KiB - 100);
  const held = hanging(target, 6);
  const upload = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
  await until('five parts are confirmed', () => upload.snapshot().partsDone === 5);
  await upload.detach();
  held.open();
  target.calls.length = 0;
  return { upload, ...file };
}

const sentParts = (target: MemoryTarget) =>
  target.calls
    .filter((c) => c.startsWith('uploadPart'))
    .map((c) => Number(c.split(' ')[1]))
    .sort((a, b) => a - b);

describe('with the journal', () => {
  test('parts that the server lost are sent again', async () => {
    const target = new MemoryTarget();
    const { path, bytes } = await half(target);
    target.uploads.get('server-1')?.parts.delete(2);
    const again = await startUpload({ path, target }, setting.options);
    expect((await again.done).partsSkipped).toBe(4);
    expect(sentParts(target)).toEqual([2, 6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
  });

  test('a file that was moved is gone on with at its new place', async () => {
    const target = new MemoryTarget();
    const { upload, path, bytes } = await half(target);
    const moved = join(setting.folder, 'moved.img');
    await copyFile(path, moved);
    await rm(path);
    await relocateUpload(upload.id, moved, setting.options);
    const again = await startUpload({ path: moved, target }, setting.options);
    expect(again.id).toBe(upload.id);
    await again.done;
    expect(sentParts(target)).toEqual([6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
  });

  test('another file is not taken for one that was moved', async () => {
    const target = new MemoryTarget();
    const { upload } = await half(target);
    const other = await setting.file('other.img', KiB);
    await expect(relocateUpload(upload.id, other.path, setting.options)).rejects.toMatchObject({
      kind: 'file-changed',
    });
  });

  test('parts of another size or ETag are sent again', async () => {
    const target = new MemoryTarget();
    const { path, bytes } = await half(target);
    const { parts } = target.uploads.get('server-1') ?? { parts: new Map() };
    parts.set(1, { bytes: Buffer.alloc(10), etag: parts.get(1)?.etag ?? '' });
    parts.set(3, { bytes: Buffer.alloc(KiB), etag: 'e'.repeat(32) });
    const again = await startUpload({ path, target }, setting.options);
    await again.done;
    expect(sentParts(target)).toEqual([1, 3, 6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
  });

  test('a part whose reply was lost is hashed, recognised and not sent again', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 4 * KiB);
    const request = { path: file.path, target, partSizeBytes: KiB, parallelParts: 1, maxAttempts: 1 };
    target.mishap = failTimes('uploadPart', 1, () => 'lose-reply', 3);
    const first = await startUpload({ ...request, offlinePatienceMs: 0 }, setting.options);
    await expect(first.done).rejects.toMatchObject({ kind: 'unavailable' });
    target.calls.length = 0;
    const second = await startUpload(request, setting.options);
    expect((await second.done).partsSkipped).toBe(3);
    expect(sentParts(target)).toEqual([4]);
  });

  test('a part whose reply is lost while it is being sent is found on the server and not sent again', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 8 * KiB);
    target.mishap = failTimes('uploadPart', 1, () => 'lose-reply', 3);
    const request = { path: file.path, target, partSizeBytes: KiB };
    const result = await (await startUpload(request, setting.options)).done;
    expect(sentParts(target)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(result).toMatchObject({ sentBytes: 8 * KiB, partsSkipped: 0, sha256: file.sha256 });
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('one whose reply is lost and that the server does not have is sent again', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 8 * KiB);
    const uploadPart = target.uploadPart.bind(target);
    let lost = 0;
    target.uploadPart = async (part, options) => {
      const answer = await uploadPart(part, options);
      if (part.partNumber !== 3 || lost++ > 0) return answer;
      target.uploads.get(part.uploadId)?.parts.delete(3);
      throw networkError();
    };
    const request = { path: file.path, target, partSizeBytes: KiB };
    await (await startUpload(request, setting.options)).done;
    expect(sentParts(target)).toEqual([1, 2, 3, 3, 4, 5, 6, 7, 8]);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('credentials that end in mid-upload: other ones go on with the parts', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 8 * KiB);
    const request = { path: file.path, target, partSizeBytes: KiB, parallelParts: 1 };
    const expired = new AuthenticationError({ operation: 'upload a part', httpStatus: 401 });
    target.mishap = (call, part) => (call === 'uploadPart' && part === 6 ? expired : undefined);
    const first = await startUpload(request, setting.options);
    await expect(first.done).rejects.toBe(expired);
    target.mishap = () => undefined;
    target.calls.length = 0;
    const second = await startUpload(request, setting.options);
    expect(second.id).toBe(first.id);
    expect((await second.done).partsSkipped).toBe(5);
    expect(sentParts(target)).toEqual([6, 7, 8]);
  });

  test('an upload id that the server forgot: begins again, and says so', async () => {
    const target = new MemoryTarget();
    const { path, bytes } = await half(target);
    target.uploads.clear();
    const { onEvent, events } = recorder();
    const again = await startUpload({ path, target, onEvent }, setting.options);
    expect((await again.done).partsSkipped).toBe(0);
    expect(sentParts(target)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
    expect(events.some((e) => e.type === 'note' && /no longer knows/.test(e.text))).toBe(true);
  });

  test('an upload that was completed without our hearing of it is a success, with its SHA-256', async () => {
    for (const tellsUploadId of [true, false]) {
      const target = new MemoryTarget(`key-${tellsUploadId}`);
      target.tellsUploadId = tellsUploadId;
      const file = await setting.file('disk.img', 4 * KiB);
      target.mishap = (call) => {
        if (call === 'complete') return 'lose-reply';
        return call === 'head' ? new Error('the process dies here') : undefined;
      };
      const first = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
      await expect(first.done).rejects.toMatchObject({ kind: 'protocol' });
      target.mishap = () => undefined;
      target.calls.length = 0;
      const second = await startUpload({ path: file.path, target }, setting.options);
      const result = await second.done;
      expect(result).toMatchObject({ sha256: file.sha256, partsSkipped: 4, sentBytes: 0 });
      expect(target.count('complete')).toBe(0);
      expect(sentParts(target)).toEqual([]);
    }
  });

  test('a damaged journal: the good beginning is used, the rest is asked from the server', async () => {
    const target = new MemoryTarget();
    const { path, bytes, upload } = await half(target);
    const journal = join(setting.options.stateDir, 'uploads', upload.id, 'journal.jsonl');
    const text = await readFile(journal, 'utf8');
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(6);
    lines[4] = `${lines[4]?.slice(0, 40)}X${lines[4]?.slice(41)}`;
    await writeFile(journal, lines.join('\n'));
    const { onEvent, events } = recorder();
    const again = await startUpload({ path, target, onEvent }, setting.options);
    expect((await again.done).partsSkipped).toBe(5);
    expect(sentParts(target)).toEqual([6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
    expect(events.some((e) => e.type === 'note' && /journal.*damaged/.test(e.text))).toBe(true);
  });
});

describe('without the journal', () => {
  const forget = () => rm(setting.options.stateDir, { recursive: true });

  test('an unfinished upload of the same bytes is adopted with its part size', async () => {
    const target = new MemoryTarget();
    const { path, bytes } = await half(target);
    await forget();
    const again = await startUpload({ path, target }, setting.options);
    const result = await again.done;
    expect(result).toMatchObject({ partsTotal: 8, partsSkipped: 5 });
    expect(target.count('initiate')).toBe(0);
    expect(sentParts(target)).toEqual([6, 7, 8]);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
  });

  test('an unfinished upload of other bytes is left alone', async () => {
    const target = new MemoryTarget();
    const { path } = await half(target);
    await forget();
    const other = Buffer.alloc(8 * KiB - 100, 7);
    await writeFile(path, other);
    const again = await startUpload({ path, target }, setting.options);
    const result = await again.done;
    expect(result).toMatchObject({ partsTotal: 1, partsSkipped: 0 });
    expect(target.uploads.get('server-1')?.parts.size).toBe(5);
    expect(target.object?.bytes.equals(other)).toBe(true);
  });

  test('an unfinished upload of a longer or shorter file is left alone', async () => {
    const target = new MemoryTarget();
    const { path } = await half(target);
    await forget();
    await appendFile(path, Buffer.alloc(3 * KiB));
    const again = await startUpload({ path, target, partSizeBytes: 2 * KiB }, setting.options);
    expect((await again.done).partsSkipped).toBe(0);
    expect(target.uploads.has('server-1')).toBe(true);
  });

  test('where the ETag is no MD5 nothing is adopted', async () => {
    const target = new MemoryTarget();
    const { path } = await half(target);
    await forget();
    target.etagIsMd5 = false;
    const again = await startUpload({ path, target, partSizeBytes: KiB }, setting.options);
    expect((await again.done).partsSkipped).toBe(0);
  });
});

describe('where the ETag is no MD5', () => {
  test('the journal is believed where the ETags agree', async () => {
    const target = new MemoryTarget();
    target.etagIsMd5 = false;
    const { path, bytes } = await half(target);
    const again = await startUpload({ path, target }, setting.options);
    expect((await again.done).partsSkipped).toBe(5);
    expect(target.object?.bytes.equals(bytes)).toBe(true);
  });
});

test('whatever the server and the journal have lost, the object ends up right', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lost: fc.subarray([1, 2, 3, 4, 5]),
        spoiled: fc.subarray([1, 2, 3, 4, 5]),
        journalGone: fc.boolean(),
        idForgotten: fc.boolean(),
        fails: fc.array(
          fc.constantFrom<'lose-reply' | 'corrupt' | 'wrong-etag'>('lose-reply', 'corrupt', 'wrong-etag'),
          {
            maxLength: 4,
          },
        ),
      }),
      async ({ lost, spoiled, journalGone, idForgotten, fails }) => {
        const target = new MemoryTarget(`key-${++runs}`);
        const { path, bytes, sha256 } = await half(target);
        const parts = target.uploads.get('server-1')?.parts;
        for (const n of spoiled) parts?.set(n, { bytes: Buffer.alloc(KiB, n), etag: `${n}`.repeat(32) });
        for (const n of lost) parts?.delete(n);
        if (idForgotten) target.uploads.clear();
        if (journalGone) await rm(setting.options.stateDir, { recursive: true });
        const left = [...fails];
        target.mishap = (call) => (call === 'uploadPart' ? left.pop() : undefined);
        const again = await startUpload({ path, target, partSizeBytes: KiB }, setting.options);
        expect((await again.done).sha256).toBe(sha256);
        expect(target.object?.bytes.equals(bytes)).toBe(true);
        const all = await listUploads(setting.options);
        expect(all.every((u) => !u.active)).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});
