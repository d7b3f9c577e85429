// Uploads of sources that are no local file: read once, in order, within a limit of memory.
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CancelledError,
  FileChangedError,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  PermissionError,
} from '../model/index.ts';
import { listUploads, openFile, readUpload, startUpload } from './index.ts';
import { MemoryFeed, type WholeState } from './memory-feed.ts';
import { Outage } from './retry.ts';
import { HttpTarget, serveTarget } from './testing/http-target.ts';
import { MemorySource } from './testing/memory-source.ts';
import { failTimes, hanging, MemoryTarget, networkError } from './testing/memory-target.ts';
import { makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

const rulesForever = (signal: AbortSignal) => ({
  clock: setting.clock,
  random: () => 0.5,
  maxAttempts: 3,
  outage: new Outage(0),
  signal,
  onRetry: () => {},
});
const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const start = (source: MemorySource, target: MemoryTarget, extra: object = {}) =>
  startUpload({ source, target, partSizeBytes: KiB, ...extra }, setting.options);

describe('a source without a descriptor', () => {
  test('is read once, in ascending order, and arrives whole', async () => {
    const source = new MemorySource(randomBytes(20 * KiB + 7));
    source.sha256 = hex(source.bytes);
    const target = new MemoryTarget();
    const upload = await start(source, target);
    const result = await upload.done;
    expect(result.sha256).toBe(hex(source.bytes));
    expect(target.object?.bytes.equals(source.bytes)).toBe(true);
    expect(source.reads).toEqual(Array.from({ length: 21 }, (_, i) => i * KiB));
    expect(upload.snapshot()).toMatchObject({
      hashedBytes: source.bytes.length,
      file: { path: 'image:prod/region-1/7' },
    });
    expect([source.closed, source.underWay]).toEqual([1, 0]);
  });

  test('a part is sent again from memory', async () => {
    const source = new MemorySource(randomBytes(8 * KiB));
    const target = new MemoryTarget();
    target.mishap = failTimes('uploadPart', 4, networkError, 3);
    await (await start(source, target)).done;
    expect(target.calls.filter((c) => c === 'uploadPart 3')).toHaveLength(5);
    expect(source.reads.filter((at) => at === 2 * KiB)).toHaveLength(1);
    expect(target.object?.bytes.equals(source.bytes)).toBe(true);
  });

  test('the memory bounds the parts under way and what is read ahead, however small it is', async () => {
    for (const [memory, most] of [
      [3 * KiB, 3],
      [1, 1],
    ] as const) {
      const source = new MemorySource(randomBytes(12 * KiB));
      const target = new MemoryTarget(`disk-${most}`);
      const held = hanging(target);
      const upload = await start(source, target, { parallelParts: 8, partMemoryBytes: memory });
      await until('the lanes are full', () => target.underWay === most);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(source.reads).toHaveLength(most);
      held.open();
      await upload.done;
      expect(target.mostUnderWay).toBe(most);
      expect(target.object?.bytes.equals(source.bytes)).toBe(true);
    }
  });

  test('is found again by its name after the process has gone, and only what is missing is sent', async () => {
    const bytes = randomBytes(10 * KiB);
    const target = new MemoryTarget();
    hanging(target, 5);
    const first = await start(new MemorySource(bytes), target, { partMemoryBytes: 4 * KiB });
    await until('four parts are confirmed', () => first.snapshot().partsDone === 4);
    await first.detach();
    await expect(first.done).rejects.toBeInstanceOf(CancelledError);
    target.partGate = undefined;
    target.calls.length = 0;
    const source = new MemorySource(bytes);
    const second = await start(source, target);
    const result = await second.done;
    expect(second.id).toBe(first.id);
    expect(result).toMatchObject({ sha256: hex(bytes), partsSkipped: 4, sentBytes: 6 * KiB });
    expect(target.count('uploadPart')).toBe(6);
    // The SHA-256 goes on where it was: of what was sent only a few parts are looked at.
    expect(source.reads).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => i * KiB));
    expect(target.object?.bytes.equals(bytes)).toBe(true);
    expect(await listUploads(setting.options)).toHaveLength(1);
  });

  test.each([1, 63, 64, 65, 100, 127, 1000])(
    'parts of %i bytes: the SHA-256 goes on after every part',
    async (size) => {
      const bytes = randomBytes(size * 7 + Math.floor(size / 2) + 1);
      const plan = {
        sizeBytes: bytes.length,
        partSizeBytes: size,
        partsTotal: Math.ceil(bytes.length / size),
      };
      let whole: WholeState | undefined;
      for (let part = 1; part <= plan.partsTotal; part++) {
        const source = new MemorySource(bytes);
        const feed: MemoryFeed = new MemoryFeed(source, plan, {
          memoryBytes: size,
          rules: rulesForever,
          whole,
          onWhole: (state) => {
            whole = state;
          },
        });
        expect(feed.hashedBytes).toBe((part - 1) * size);
        feed.release(part);
        const stop = new AbortController();
        const sha = feed.runSha256(stop.signal);
        await until('one more part is hashed', () => feed.hashedBytes >= Math.min(part * size, bytes.length));
        stop.abort();
        expect(await sha).toBe(part === plan.partsTotal ? hex(bytes) : undefined);
        expect(source.reads).toEqual([(part - 1) * size]);
        await feed.close();
      }
    },
  );

  test('pauses and goes on in one process, many times, and its SHA-256 is right', async () => {
    const source = new MemorySource(randomBytes(40 * KiB));
    const target = new MemoryTarget();
    target.partGate = () => new Promise((resolve) => setTimeout(resolve, 2));
    const upload = await start(source, target, { partMemoryBytes: 5 * KiB });
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1 + i));
      await upload.pause();
      expect(source.underWay).toBe(0);
      if (upload.snapshot().state === 'uploaded') break;
      await upload.resume();
    }
    expect((await upload.done).sha256).toBe(hex(source.bytes));
    expect(target.object?.bytes.equals(source.bytes)).toBe(true);
  });

  test('whatever parts the server has, the rest is sent and the whole is right', async () => {
    const bytes = randomBytes(12 * KiB);
    for (let seed = 0; seed < 12; seed++) {
      const target = new MemoryTarget(`disk-${seed}`);
      const first = await start(new MemorySource(bytes), target, { parallelParts: 2 });
      await until('some parts are there', () => first.snapshot().partsDone >= Math.min(seed, 9));
      await first.detach();
      await first.done.catch(() => {});
      if (target.count('complete') > 0) continue;
      const [upload] = target.uploads.values();
      for (const n of upload?.parts.keys() ?? []) if ((n * 7 + seed) % 3 === 0) upload?.parts.delete(n);
      const there = upload?.parts.size ?? 0;
      const memory = (1 + (seed % 3)) * KiB;
      const result = await (await start(new MemorySource(bytes), target, { partMemoryBytes: memory })).done;
      expect(result).toMatchObject({ sha256: hex(bytes), partsSkipped: there });
      expect(target.object?.bytes.equals(bytes)).toBe(true);
    }
  });

  test('a read that fails is tried again, and the reason is told', async () => {
    const source = new MemorySource(randomBytes(6 * KiB));
    let left = 3;
    source.mishap = (at) => (at === 3 * KiB && left-- > 0 ? networkError('read the image') : undefined);
    const { onEvent, events } = recorder();
    const target = new MemoryTarget();
    await (await start(source, target, { onEvent })).done;
    expect(target.object?.bytes.equals(source.bytes)).toBe(true);
    expect(events.filter((e) => e.type === 'retry').map((e) => e.attempt)).toEqual([1, 2, 3]);
  });

  test('a read that cannot succeed stops the upload with the reason; it can be resumed', async () => {
    const source = new MemorySource(randomBytes(6 * KiB));
    source.mishap = (at) =>
      at === 3 * KiB ? new NotFoundError({ operation: 'read image 7', reason: 'it was deleted' }) : undefined;
    const target = new MemoryTarget();
    const upload = await start(source, target);
    await expect(upload.done).rejects.toThrow(/read image 7.*it was deleted/);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({ state: 'attention', active: false });
    expect([source.closed, source.underWay, target.underWay]).toEqual([1, 0, 0]);
    const again = new MemorySource(source.bytes);
    expect((await (await start(again, target)).done).sha256).toBe(hex(source.bytes));
  });

  test('that changes stops the upload', async () => {
    const source = new MemorySource(randomBytes(6 * KiB));
    let checks = 0;
    source.changed = () =>
      ++checks > 3
        ? new FileChangedError({ operation: 'upload', reason: 'the image is another one' })
        : undefined;
    const target = new MemoryTarget();
    await expect((await start(source, target, { parallelParts: 1 })).done).rejects.toBeInstanceOf(
      FileChangedError,
    );
    expect(target.object).toBeUndefined();
  });

  test('other bytes than its SHA-256 promises are never completed', async () => {
    const source = new MemorySource(randomBytes(6 * KiB));
    source.sha256 = hex(randomBytes(8));
    const target = new MemoryTarget();
    await expect((await start(source, target)).done).rejects.toBeInstanceOf(IntegrityError);
    expect(target.count('complete')).toBe(0);
  });

  test('bytes that changed under the same name are found out, and all parts are checked', async () => {
    const bytes = randomBytes(8 * KiB);
    const target = new MemoryTarget();
    hanging(target, 6);
    const first = await start(new MemorySource(bytes), target);
    await until('five parts are confirmed', () => first.snapshot().partsDone === 5);
    await first.detach();
    await first.done.catch(() => {});
    target.partGate = undefined;
    const others = Buffer.from(bytes);
    others[0] = (others[0] ?? 0) ^ 1;
    others[3 * KiB] = (others[3 * KiB] ?? 0) ^ 1;
    const { onEvent, events } = recorder();
    const result = await (await start(new MemorySource(others), target, { onEvent })).done;
    expect(result).toMatchObject({ sha256: hex(others), sentBytes: 5 * KiB });
    expect(target.object?.bytes.equals(others)).toBe(true);
    expect(events.flatMap((e) => (e.type === 'note' ? [e.text] : [])).join()).toMatch(/checking every part/);
  });

  test('goes through a real HTTP client', async () => {
    const source = new MemorySource(randomBytes(3 * KiB * KiB + 11));
    const target = new MemoryTarget();
    const server = await serveTarget(target);
    const http = new HttpTarget(server.port);
    const upload = await startUpload({ source, target: http, partSizeBytes: KiB * KiB }, setting.options);
    expect((await upload.done).sha256).toBe(hex(source.bytes));
    expect(target.object?.bytes.equals(source.bytes)).toBe(true);
    await http.close();
    await server.close();
  });
});

describe('the source of a request', () => {
  test('is closed when the start is refused', async () => {
    const source = new MemorySource(randomBytes(KiB));
    const target = new MemoryTarget();
    await expect(start(source, target, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      CancelledError,
    );
    await expect(start(source, target, { partSizeBytes: 0 })).rejects.toBeInstanceOf(InvalidInputError);
    expect(source.closed).toBe(2);
    await expect(startUpload({ target }, setting.options)).rejects.toBeInstanceOf(InvalidInputError);
    expect(await listUploads(setting.options)).toEqual([]);
  });

  test('may be an opened file', async () => {
    const file = await setting.file('disk.img', 5 * KiB);
    const source = await openFile(file.path);
    const into = new Uint8Array(KiB);
    await source.read(2 * KiB, into);
    expect(Buffer.from(into).equals(file.bytes.subarray(2 * KiB, 3 * KiB))).toBe(true);
    await expect(source.read(4.5 * KiB, into)).rejects.toBeInstanceOf(FileChangedError);
    const target = new MemoryTarget();
    const upload = await startUpload({ source, target, partSizeBytes: KiB }, setting.options);
    expect((await upload.done).sha256).toBe(file.sha256);
    await expect(source.check()).rejects.toThrow();
  });

  test('a target that refuses leaves no source open', async () => {
    const source = new MemorySource(randomBytes(4 * KiB));
    const target = new MemoryTarget();
    target.mishap = (call) =>
      call === 'initiate' ? new PermissionError({ operation: 'initiate', httpStatus: 403 }) : undefined;
    await expect((await start(source, target)).done).rejects.toBeInstanceOf(PermissionError);
    expect(source.closed).toBe(1);
  });
});
