import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BusyError, CancelledError } from '../model/index.ts';
import { readUpload, startUpload } from './index.ts';
import { hanging, MemoryTarget } from './testing/memory-target.ts';
import { makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

describe('a plain upload', () => {
  test('sends every byte once, in parts, and verifies the object', async () => {
    const file = await setting.file('disk.img', 10 * 64 * KiB + 7);
    const target = new MemoryTarget();
    const { onEvent, states, events } = recorder();
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: 64 * KiB, onEvent },
      setting.options,
    );
    const result = await upload.done;
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(result).toMatchObject({
      uploadId: upload.id,
      sha256: file.sha256,
      partsTotal: 11,
      partsSkipped: 0,
      sentBytes: file.bytes.length,
      sizeBytes: file.bytes.length,
    });
    expect(states()).toEqual(['uploading', 'verifying', 'completing', 'uploaded']);
    expect(target.count('uploadPart')).toBe(11);
    const confirmed = events.map((e) => e.snapshot.confirmedBytes);
    expect(confirmed).toEqual([...confirmed].sort((a, b) => a - b));
    expect(confirmed.at(-1)).toBe(file.bytes.length);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({
      state: 'uploaded',
      active: false,
      partsDone: 11,
      sha256: file.sha256,
    });
  });

  test('keeps no more parts under way than asked for', async () => {
    const file = await setting.file('disk.img', 40 * KiB);
    const target = new MemoryTarget();
    target.partGate = () => new Promise((resolve) => setTimeout(resolve, 3));
    await (
      await startUpload(
        { path: file.path, target, partSizeBytes: 2 * KiB, parallelParts: 3 },
        setting.options,
      )
    ).done;
    expect(target.mostUnderWay).toBe(3);
  });

  test('takes a Chinese file name with spaces, and a file of one byte', async () => {
    const file = await setting.file('麒麟 服务器 V10 镜像.iso', 1);
    const target = new MemoryTarget('images/麒麟 服务器.iso');
    const upload = await startUpload({ path: file.path, target }, setting.options);
    expect((await upload.done).sha256).toBe(file.sha256);
    expect((await readUpload(upload.id, setting.options))?.file.path).toBe(file.path);
  });

  test('starts a new upload when the earlier one is finished', async () => {
    const file = await setting.file('disk.img', 100);
    const target = new MemoryTarget();
    const first = await startUpload({ path: file.path, target }, setting.options);
    await first.done;
    const second = await startUpload({ path: file.path, target }, setting.options);
    await second.done;
    expect(second.id > first.id).toBe(true);
  });
});

describe('pause and resume', () => {
  test('a pause drops the parts under way; a resume sends only what is missing', async () => {
    const file = await setting.file('disk.img', 8 * KiB);
    const target = new MemoryTarget();
    const held = hanging(target, 4);
    const upload = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    await until('three parts are confirmed', () => upload.snapshot().partsDone === 3);
    await Promise.all([upload.pause(), upload.pause()]);
    expect(target.underWay).toBe(0);
    expect(upload.snapshot()).toMatchObject({ state: 'paused', partsDone: 3, confirmedBytes: 3 * KiB });
    expect((await readUpload(upload.id, setting.options))?.state).toBe('paused');
    held.open();
    target.calls.length = 0;
    await upload.resume();
    const result = await upload.done;
    expect(target.calls.filter((c) => c.startsWith('uploadPart')).sort()).toEqual(
      [4, 5, 6, 7, 8].map((n) => `uploadPart ${n}`),
    );
    expect(result.sha256).toBe(file.sha256);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('a detached upload is gone on with by the next start, and its parts are not sent again', async () => {
    const file = await setting.file('disk.img', 8 * KiB);
    const target = new MemoryTarget();
    const held = hanging(target, 4);
    const first = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    await until('three parts are confirmed', () => first.snapshot().partsDone === 3);
    await first.detach();
    await expect(first.done).rejects.toBeInstanceOf(CancelledError);
    held.open();
    const { onEvent, events } = recorder();
    const second = await startUpload({ path: file.path, target, onEvent }, setting.options);
    const result = await second.done;
    expect(second.id).toBe(first.id);
    expect(result.partsSkipped).toBe(3);
    expect(result.sentBytes).toBe(5 * KiB);
    expect(events[0]?.snapshot.confirmedBytes).toBe(3 * KiB);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('aborting the signal pauses the upload and lets go of it', async () => {
    const file = await setting.file('disk.img', 4 * KiB);
    const target = new MemoryTarget();
    hanging(target);
    const { signal, abort } = (() => {
      const c = new AbortController();
      return { signal: c.signal, abort: () => c.abort() };
    })();
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: KiB, signal },
      setting.options,
    );
    await until('a part is under way', () => target.underWay > 0);
    abort();
    await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
    expect(target.underWay).toBe(0);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({ state: 'paused', active: false });
    await expect(startUpload({ path: file.path, target, signal }, setting.options)).rejects.toBeInstanceOf(
      CancelledError,
    );
  });

  test('a second start in the same process is refused while the first one works', async () => {
    const file = await setting.file('disk.img', 4 * KiB);
    const target = new MemoryTarget();
    hanging(target);
    const upload = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    const refused = startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    await expect(refused).rejects.toThrow(
      new RegExp(`this very process \\(pid ${process.pid}\\).* since 20`),
    );
    await expect(refused).rejects.toBeInstanceOf(BusyError);
    await expect(refused).rejects.toMatchObject({ details: { object: upload.id } });
    await upload.detach();
  });

  test('two starts at the same time make one upload', async () => {
    const file = await setting.file('disk.img', 4 * KiB);
    const target = new MemoryTarget();
    hanging(target);
    const request = { path: file.path, target, partSizeBytes: KiB };
    const both = await Promise.allSettled([
      startUpload(request, setting.options),
      startUpload(request, setting.options),
    ]);
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const b of both) if (b.status === 'fulfilled') await b.value.detach();
  });
});
