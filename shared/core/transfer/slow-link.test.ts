// Smaller parts on slow links: only in a new plan, never below 5 MiB, never more than the target takes.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readUpload, startUpload } from './index.ts';
import { planParts } from './plan.ts';
import { FirstRate, pieceForRate, smallerPartSize } from './slow-link.ts';
import { chunkBytes } from './source-file.ts';
import { MemoryTarget } from './testing/memory-target.ts';
import { type HastyClock, makeSetting, type Setting, until } from './testing/setting.ts';

const MiB = 1024 ** 2;
const limits = {
  minPartSizeBytes: 5 * MiB,
  maxPartSizeBytes: 5 * 1024 * MiB,
  maxParts: 10_000,
  maxObjectSizeBytes: 48 * 1024 ** 4,
};

describe('the size', () => {
  test('keeps a part under a minute, between 5 MiB and what was planned', () => {
    const plan = planParts(1024 * MiB, limits);
    expect(smallerPartSize(plan, limits, 10 * MiB)).toBeUndefined();
    expect(smallerPartSize(plan, limits, 16 * MiB)).toBeUndefined();
    expect(smallerPartSize(plan, limits, 0.2 * MiB)).toBe(12 * MiB);
    expect(smallerPartSize(plan, limits, 1)).toBe(5 * MiB);
    // 100 GiB need 11 MiB for 10,000 parts.
    expect(smallerPartSize(planParts(100 * 1024 * MiB, limits), limits, 1)).toBe(11 * MiB);
    expect(smallerPartSize(planParts(9 * MiB, limits), limits, 1)).toBeUndefined();
  });

  test('is always legal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: limits.maxObjectSizeBytes }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (size, rate) => {
          const plan = planParts(size, limits);
          const smaller = smallerPartSize(plan, limits, rate);
          if (smaller === undefined) return;
          expect(smaller).toBeLessThan(plan.partSizeBytes);
          expect(planParts(size, limits, smaller).partsTotal).toBeLessThanOrEqual(limits.maxParts);
        },
      ),
    );
  });

  test('is judged after some seconds only', () => {
    const first = new FirstRate();
    expect(first.perPart(1_000, 500, 4)).toBeUndefined();
    expect(first.perPart(5_900, 40_500, 4)).toBeUndefined();
    expect(first.perPart(6_000, 40_500, 4)).toBe(2_000);
  });

  test('pieces are small until the link has shown that it is fast', () => {
    expect(pieceForRate(100 * MiB, 0)).toBe(64 * 1024);
    expect(pieceForRate(100 * MiB, 9 * MiB)).toBe(chunkBytes);
    expect(pieceForRate(MiB, 900 * MiB)).toBe(64 * 1024);
  });
});

describe('an upload', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await makeSetting();
  });
  afterEach(() => setting.remove());

  /** Each piece takes its time on a clock that is counted. */
  function slow(target: MemoryTarget, clock: HastyClock, bytesPerSecond: number) {
    const upload = target.uploadPart.bind(target);
    target.uploadPart = (part, options) => {
      const body = async function* () {
        for await (const piece of part.body()) {
          yield piece;
          await clock.sleep((piece.length / bytesPerSecond) * 1000, options?.signal);
        }
      };
      return upload({ ...part, body }, options);
    };
  }

  test('on a slow link begins again with smaller parts, once, in the same upload on the server', async () => {
    const file = await setting.file('disk.img', 40 * MiB + 5);
    const target = new MemoryTarget();
    slow(target, setting.clock, 400_000);
    const notes: string[] = [];
    const upload = await startUpload(
      {
        path: file.path,
        target,
        parallelParts: 2,
        onEvent: (e) => void (e.type === 'note' && notes.push(e.text)),
      },
      setting.options,
    );
    expect(upload.snapshot()).toMatchObject({ partSizeBytes: 16 * MiB, partsTotal: 3 });
    const result = await upload.done;
    expect(notes.join()).toMatch(/slow.*parts of 1[01] MiB/);
    expect(notes).toHaveLength(1);
    expect(result.sha256).toBe(file.sha256);
    expect(result.partsTotal).toBeGreaterThan(3);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.count('initiate')).toBe(1);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({ partsTotal: result.partsTotal });
  });

  test('that has parts on the server keeps its plan, and so does one whose part size was chosen', async () => {
    const file = await setting.file('disk.img', 40 * MiB);
    const target = new MemoryTarget();
    const first = await startUpload({ path: file.path, target, parallelParts: 1 }, setting.options);
    await until('a part is confirmed', () => first.snapshot().partsDone >= 1);
    await first.detach();
    if (target.object !== undefined) throw new Error('too fast for this test');
    slow(target, setting.clock, 100_000);
    const again = await startUpload({ path: file.path, target, parallelParts: 1 }, setting.options);
    expect((await again.done).partsTotal).toBe(3);

    const fixed = new MemoryTarget('fixed');
    slow(fixed, setting.clock, 100_000);
    const request = { path: file.path, target: fixed, partSizeBytes: 16 * MiB };
    expect((await (await startUpload(request, setting.options)).done).partsTotal).toBe(3);
  });

  test('with a limit of the rate is planned for it from the beginning', async () => {
    const file = await setting.file('disk.img', 40 * MiB);
    const target = new MemoryTarget();
    const request = { path: file.path, target, limitBytesPerSecond: 400_000 };
    const upload = await startUpload(request, setting.options);
    expect(upload.snapshot().partSizeBytes).toBe(5 * MiB);
    upload.setLimit(undefined);
    expect((await upload.done).partsTotal).toBe(8);
  });
});
