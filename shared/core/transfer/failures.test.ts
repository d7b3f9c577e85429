// What goes wrong while sending, and what the engine makes of it. Against a target in memory.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  FileChangedError,
  IntegrityError,
  InvalidInputError,
  LocalFileError,
  PermissionError,
  ThrottledError,
  UnavailableError,
} from '../model/index.ts';
import { listUploads, readUpload, startUpload } from './index.ts';
import { failTimes, hanging, MemoryTarget, networkError, type TargetCall } from './testing/memory-target.ts';
import { makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

const serverError = () =>
  new UnavailableError({
    operation: 'upload a part',
    httpStatus: 503,
    code: 'ServiceUnavailable',
    retryable: true,
  });

async function uploadOf(
  target: MemoryTarget,
  extra: Partial<Parameters<typeof startUpload>[0]> = {},
  sizeBytes = 8 * KiB,
) {
  const file = await setting.file('disk.img', sizeBytes);
  const upload = await startUpload(
    { path: file.path, target, partSizeBytes: KiB, ...extra },
    setting.options,
  );
  return { file, upload };
}

describe('failures of the service', () => {
  test('a part that fails is tried again, and the reason is told', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('uploadPart', 3, serverError, 5);
    const { onEvent, events } = recorder();
    const { upload, file } = await uploadOf(target, { onEvent });
    const result = await upload.done;
    expect(result.sha256).toBe(file.sha256);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    const retries = events.filter((e) => e.type === 'retry');
    expect(retries.map((e) => [e.partNumber, e.attempt, e.error.details.code])).toEqual(
      [1, 2, 3].map((n) => [5, n, 'ServiceUnavailable']),
    );
    expect(retries.map((e) => e.waitMs)).toEqual([50, 100, 200]);
    expect(target.calls.filter((c) => c === 'uploadPart 5')).toHaveLength(4);
    expect(target.calls.filter((c) => c === 'uploadPart 4')).toHaveLength(1);
  });

  test('a part that keeps failing stops the upload after maxAttempts; a later start sends only the rest', async () => {
    const target = new MemoryTarget();
    target.mishap = (call, part) => (call === 'uploadPart' && part === 5 ? serverError() : undefined);
    const { upload, file } = await uploadOf(target, { maxAttempts: 3, parallelParts: 1 });
    await expect(upload.done).rejects.toThrow(/upload.*HTTP 503, ServiceUnavailable/);
    expect(target.calls.filter((c) => c === 'uploadPart 5')).toHaveLength(3);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({
      state: 'attention',
      active: false,
      partsDone: 4,
      problem: { kind: 'unavailable' },
    });
    target.mishap = () => undefined;
    const again = await startUpload({ path: file.path, target }, setting.options);
    expect(again.id).toBe(upload.id);
    expect((await again.done).partsSkipped).toBe(4);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('waits as long as the service asks', async () => {
    const target = new MemoryTarget();
    const slowDown = new ThrottledError({
      operation: 'upload',
      retryAfterMs: 7_000,
      retryable: true,
      httpStatus: 503,
    });
    target.mishap = failTimes('uploadPart', 1, () => slowDown);
    const { upload } = await uploadOf(target);
    await upload.done;
    expect(setting.clock.sleeps).toContain(7_000);
  });

  test.each([
    ['authentication', new AuthenticationError({ operation: 'upload', httpStatus: 401 })],
    ['permission', new PermissionError({ operation: 'upload', httpStatus: 403 })],
    ['invalid-input', new InvalidInputError({ operation: 'upload', httpStatus: 400 })],
  ])('%s errors stop at once', async (kind, error) => {
    const target = new MemoryTarget();
    target.mishap = (call) => (call === 'uploadPart' ? error : undefined);
    const { upload } = await uploadOf(target, { parallelParts: 1 });
    await expect(upload.done).rejects.toBe(error);
    expect(target.count('uploadPart')).toBe(1);
    expect(target.underWay).toBe(0);
    expect(upload.snapshot()).toMatchObject({ state: 'attention', problem: { kind } });
  });

  test('an error that is none of ours is told as a protocol error, not thrown through', async () => {
    const target = new MemoryTarget();
    target.mishap = (call) => (call === 'uploadPart' ? new TypeError('x is not a function') : undefined);
    const { upload } = await uploadOf(target);
    await expect(upload.done).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('while the network is away as a whole, the upload waits instead of using up its tries', async () => {
    const target = new MemoryTarget();
    let away = 60;
    target.mishap = (call) => (call === 'uploadPart' && away-- > 0 ? networkError() : undefined);
    const { upload, file } = await uploadOf(target, { maxAttempts: 2 });
    await upload.done;
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(away).toBeLessThan(0);
    expect(Math.max(...setting.clock.sleeps)).toBe(10_000);
  });

  test('a network that stays away ends the patience', async () => {
    const target = new MemoryTarget();
    target.mishap = (call) => (call === 'uploadPart' ? networkError() : undefined);
    const { upload } = await uploadOf(target, {
      maxAttempts: 2,
      offlinePatienceMs: 30_000,
      parallelParts: 1,
    });
    await expect(upload.done).rejects.toMatchObject({ kind: 'unavailable' });
    const waited = setting.clock.sleeps.reduce((a, b) => a + b, 0);
    expect(waited).toBeGreaterThanOrEqual(30_000);
    expect(waited).toBeLessThan(60_000);
  });

  test('one part that meets silence while the others get through uses up its tries', async () => {
    const target = new MemoryTarget();
    const uploadPart = target.uploadPart.bind(target);
    const stored = () => target.uploads.get('server-1')?.parts.size ?? 0;
    target.uploadPart = async (part, options) => {
      if (part.partNumber !== 2) return await uploadPart(part, options);
      target.calls.push('uploadPart 2');
      const before = stored();
      await until('another part gets through', () => stored() > before + 1);
      throw networkError();
    };
    const { upload } = await uploadOf(target, { maxAttempts: 2, parallelParts: 2 }, 2_000 * KiB);
    await expect(upload.done).rejects.toMatchObject({ kind: 'unavailable' });
    expect(target.calls.filter((c) => c === 'uploadPart 2')).toHaveLength(2);
  });
});

describe('integrity', () => {
  test('a part that the service calls damaged is sent again', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('uploadPart', 2, () => 'corrupt', 3);
    const { upload, file } = await uploadOf(target);
    await upload.done;
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.calls.filter((c) => c === 'uploadPart 3')).toHaveLength(3);
  });

  test('a wrong ETag is sent again, and ends in an error that names the part', async () => {
    const target = new MemoryTarget();
    target.mishap = (call, part) => (call === 'uploadPart' && part === 3 ? 'wrong-etag' : undefined);
    const { upload } = await uploadOf(target, { maxAttempts: 3 });
    await expect(upload.done).rejects.toThrow(/upload part 3 of 8 of .*its ETag is/);
    await expect(upload.done).rejects.toBeInstanceOf(IntegrityError);
    expect(target.calls.filter((c) => c === 'uploadPart 3')).toHaveLength(3);
  });

  test.each([
    ['size', (bytes: Buffer) => ({ bytes: bytes.subarray(1) })],
    ['checksum', () => ({ etag: `${'0'.repeat(32)}-8` })],
    ['upload id', () => ({ uploadId: 'of-somebody-else' })],
  ])('an object of another %s is not called complete', async (_, spoil) => {
    const target = new MemoryTarget();
    const complete = target.complete.bind(target);
    target.complete = async (...args) => {
      await complete(...args);
      if (target.object) target.object = { ...target.object, ...spoil(target.object.bytes) };
    };
    const { upload } = await uploadOf(target);
    await expect(upload.done).rejects.toBeInstanceOf(IntegrityError);
  });

  test('an object with a wrong checksum is not called complete by the next start either', async () => {
    const target = new MemoryTarget();
    const complete = target.complete.bind(target);
    target.complete = async (...args) => {
      await complete(...args);
      if (target.object) target.object.etag = `${'0'.repeat(32)}-8`;
    };
    const { upload, file } = await uploadOf(target);
    await expect(upload.done).rejects.toBeInstanceOf(IntegrityError);
    const again = await startUpload({ path: file.path, target }, setting.options);
    await expect(again.done).rejects.toBeInstanceOf(IntegrityError);
  });

  test('a part that somebody else replaced on the server is noticed before the completion and sent again', async () => {
    const target = new MemoryTarget();
    let replaced = false;
    const { upload, file } = await uploadOf(target, {
      onEvent: (event) => {
        if (replaced || event.snapshot.state !== 'verifying') return;
        replaced = true;
        target.uploads.get('server-1')?.parts.set(2, { bytes: Buffer.alloc(KiB), etag: 'f'.repeat(32) });
      },
    });
    await upload.done;
    expect(replaced).toBe(true);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.calls.filter((c) => c === 'uploadPart 2')).toHaveLength(2);
  });
});

describe('the completion', () => {
  test('a completion whose reply is lost is a success, and is not repeated', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('complete', 1, () => 'lose-reply');
    const { upload, file } = await uploadOf(target);
    expect((await upload.done).sha256).toBe(file.sha256);
    expect(target.count('complete')).toBe(1);
  });

  test('the same at a service that does not tell the upload id: the ETag decides', async () => {
    const target = new MemoryTarget();
    target.tellsUploadId = false;
    target.mishap = failTimes('complete', 1, () => 'lose-reply');
    const { upload } = await uploadOf(target);
    await upload.done;
    expect(target.count('complete')).toBe(1);
  });

  test('an older object of the same size is not taken for the new one', async () => {
    const target = new MemoryTarget();
    target.object = { bytes: Buffer.alloc(8 * KiB), etag: `${'1'.repeat(32)}-8`, uploadId: 'older' };
    target.mishap = failTimes('complete', 1, networkError);
    const { upload, file } = await uploadOf(target);
    await upload.done;
    expect(target.count('complete')).toBe(2);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });

  test('an upload that the server forgot before the completion starts again by itself', async () => {
    const target = new MemoryTarget();
    const { onEvent, events } = recorder();
    target.mishap = failTimes('complete', 1, () => {
      target.uploads.clear();
      return networkError();
    });
    const { upload, file } = await uploadOf(target, { onEvent });
    await upload.done;
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.count('initiate')).toBe(2);
    expect(events.some((e) => e.type === 'note' && /no longer knows this upload/.test(e.text))).toBe(true);
  });

  test('an upload that the server forgets in mid-upload starts again by itself', async () => {
    const target = new MemoryTarget();
    let forgotten = false;
    target.mishap = (call, part) => {
      if (call === 'uploadPart' && part === 6 && !forgotten) {
        forgotten = true;
        target.uploads.clear();
      }
      return undefined;
    };
    const { upload, file } = await uploadOf(target);
    await upload.done;
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.count('initiate')).toBe(2);
  });
});

describe('the local file', () => {
  test.each([
    ['missing', async () => join(setting.folder, 'nothing'), /no such file/],
    ['a directory', async () => setting.folder, /is a directory/],
    ['empty', async () => (await setting.file('empty', 0)).path, /is empty/],
    ['under a file', async () => join((await setting.file('f', 1)).path, 'x'), /not a directory/],
  ])('%s: refused before anything is sent or written', async (_, make, reason) => {
    const target = new MemoryTarget();
    const started = startUpload({ path: await make(), target }, setting.options);
    await expect(started).rejects.toBeInstanceOf(LocalFileError);
    await expect(started).rejects.toThrow(reason);
    expect(target.calls).toEqual([]);
    expect(await listUploads(setting.options)).toEqual([]);
  });

  test('a socket (not a regular file): refused', async () => {
    const path = join(setting.folder, 's');
    const server = createServer().listen(path);
    await until('the socket is there', () => server.listening);
    await expect(startUpload({ path, target: new MemoryTarget() }, setting.options)).rejects.toThrow(
      /not a regular file/,
    );
    server.close();
  });

  test.skipIf(process.getuid?.() === 0)(
    'unreadable: refused (skipped for root, whom file modes do not bind)',
    async () => {
      const { path } = await setting.file('secret', 10);
      const { chmod } = await import('node:fs/promises');
      await chmod(path, 0);
      await expect(startUpload({ path, target: new MemoryTarget() }, setting.options)).rejects.toThrow(
        /may not read it/,
      );
    },
  );

  test('too large for the target, or a silly part size: refused', async () => {
    const { path } = await setting.file('disk.img', 10 * KiB);
    const target = new MemoryTarget();
    target.limits = { ...target.limits, maxObjectSizeBytes: 9 * KiB };
    await expect(startUpload({ path, target }, setting.options)).rejects.toBeInstanceOf(InvalidInputError);
    target.limits = { ...target.limits, maxObjectSizeBytes: 90 * KiB, maxParts: 10 };
    for (const partSizeBytes of [0, -1, 1.5, Number.NaN, 1]) {
      const started = startUpload({ path, target, partSizeBytes }, setting.options);
      await expect(started).rejects.toBeInstanceOf(InvalidInputError);
    }
    expect(target.calls).toEqual([]);
  });

  test.each([
    ['shrinks', (path: string) => truncate(path, 5 * KiB)],
    ['grows', (path: string) => appendFile(path, 'more')],
    ['is touched', (path: string) => utimes(path, new Date(1), new Date(1))],
    [
      'is replaced by a new file of the same name',
      async (path: string) => {
        await writeFile(`${path}.new`, Buffer.alloc(8 * KiB));
        await rename(`${path}.new`, path);
      },
    ],
    ['is removed', (path: string) => rename(path, `${path}.away`)],
  ])('that %s while it is uploaded stops the upload and leaves the parts alone', async (_, change) => {
    const target = new MemoryTarget();
    const held = hanging(target, 3);
    const { upload, file } = await uploadOf(target, { parallelParts: 1 });
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2 && target.underWay === 1);
    await change(file.path);
    held.open();
    await expect(upload.done).rejects.toBeInstanceOf(FileChangedError);
    expect(upload.snapshot().state).toBe('attention');
    expect(target.count('abort')).toBe(0);
    expect(target.object).toBeUndefined();
    expect([...target.uploads.values()][0]?.parts.size).toBeGreaterThanOrEqual(2);
  });

  test('that changes after the last part and before the completion is noticed', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 4 * KiB);
    target.mishap = (call) => (call === 'complete' ? new Error('must not be reached') : undefined);
    const list = target.listParts.bind(target);
    let lists = 0;
    target.listParts = async function* (...args) {
      lists++;
      await writeFile(file.path, Buffer.alloc(4 * KiB, lists));
      yield* list(...args);
    };
    const upload = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    await expect(upload.done).rejects.toBeInstanceOf(FileChangedError);
    expect(lists).toBe(1);
    expect(target.count('complete')).toBe(0);
  });

  test('that changed since the upload was begun is refused by the next start', async () => {
    const target = new MemoryTarget();
    hanging(target, 3);
    const { upload, file } = await uploadOf(target);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    await upload.detach();
    await writeFile(file.path, Buffer.alloc(8 * KiB));
    const again = startUpload({ path: file.path, target }, setting.options);
    await expect(again).rejects.toBeInstanceOf(FileChangedError);
    await expect(again).rejects.toThrow(`discard upload ${upload.id}`);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({ active: false, partsDone: 2 });
  });

  test('whose bytes changed although size and time are the same is checked part by part', async () => {
    const target = new MemoryTarget();
    const held = hanging(target, 6);
    const file = await setting.file('disk.img', 8 * KiB);
    const time = new Date(1_700_000_000_000);
    await utimes(file.path, time, time);
    const first = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
    await until('five parts are confirmed', () => first.snapshot().partsDone === 5);
    await first.detach();
    held.open();
    const changed = Buffer.from(file.bytes);
    changed.fill(0, 0, 10);
    await writeFile(file.path, changed);
    await utimes(file.path, time, time);
    target.calls.length = 0;
    const { onEvent, events } = recorder();
    const again = await startUpload({ path: file.path, target, onEvent }, setting.options);
    const result = await again.done;
    expect(target.object?.bytes.equals(changed)).toBe(true);
    expect(result.sha256).toBe(createHash('sha256').update(changed).digest('hex'));
    expect(target.calls.filter((c) => c.startsWith('uploadPart')).sort()).toEqual(
      [1, 6, 7, 8].map((n) => `uploadPart ${n}`),
    );
    expect(events.some((e) => e.type === 'note' && /checking every part/.test(e.text))).toBe(true);
  });

  test.each([false, true])(
    'put back as a copy is checked part by part (one part is another: %s)',
    async (changes) => {
      const target = new MemoryTarget();
      const held = hanging(target, 6);
      const file = await setting.file('disk.img', 8 * KiB);
      const time = new Date(1_700_000_000_000);
      await utimes(file.path, time, time);
      const first = await startUpload({ path: file.path, target, partSizeBytes: KiB }, setting.options);
      await until('five parts are confirmed', () => first.snapshot().partsDone === 5);
      await first.detach();
      held.open();
      const bytes = Buffer.from(file.bytes);
      // Part 2: no edge, and with this setting no random pick either.
      if (changes) bytes.fill(0, KiB, KiB + 10);
      await writeFile(`${file.path}.copy`, bytes);
      await utimes(`${file.path}.copy`, time, time);
      await rename(`${file.path}.copy`, file.path);
      target.calls.length = 0;
      const again = await startUpload({ path: file.path, target }, setting.options);
      const result = await again.done;
      expect(again.id).toBe(first.id);
      expect(result.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(target.object?.bytes.equals(bytes)).toBe(true);
      expect(target.calls.filter((c) => c.startsWith('uploadPart')).sort()).toEqual(
        [...(changes ? [2] : []), 6, 7, 8].map((n) => `uploadPart ${n}`),
      );
      expect(again.timeline().some((m) => /inode changed/.test(m.text))).toBe(true);
    },
  );
});

describe('a lost reply to the start of an upload', () => {
  test('leaves no orphan: the new upload is found and used', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('initiate', 1, () => 'lose-reply');
    const { upload } = await uploadOf(target);
    await upload.done;
    expect(target.count('initiate')).toBe(1);
    expect(target.uploads.size).toBe(0);
  });
});

describe('every call of the target', () => {
  test.each<[TargetCall]>([['initiate'], ['findUploads'], ['listParts'], ['complete'], ['head']])(
    '%s is tried again when the service is away',
    async (call) => {
      const target = new MemoryTarget();
      target.mishap = failTimes(call, 2, serverError);
      const { upload, file } = await uploadOf(target);
      await upload.done;
      expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    },
  );

  test('findUploads without permission is told, and the upload goes on', async () => {
    const target = new MemoryTarget();
    target.mishap = (call) =>
      call === 'findUploads'
        ? new PermissionError({ operation: 'list uploads', httpStatus: 403 })
        : undefined;
    const { onEvent, events } = recorder();
    const { upload } = await uploadOf(target, { onEvent });
    await upload.done;
    expect(events.some((e) => e.type === 'note' && /could not be looked for/.test(e.text))).toBe(true);
  });
});

describe('the state directory', () => {
  test('that cannot be written: refused before anything is sent', async () => {
    const { path } = await setting.file('disk.img', 10);
    await mkdir(setting.folder, { recursive: true });
    const stateDir = join(path, 'under-a-file');
    const target = new MemoryTarget();
    await expect(startUpload({ path, target }, { ...setting.options, stateDir })).rejects.toBeInstanceOf(
      LocalFileError,
    );
    expect(target.calls).toEqual([]);
  });
});
