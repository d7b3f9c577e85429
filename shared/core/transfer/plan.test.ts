// Properties of the cut: every byte exactly once, and only what the target takes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError, type PartLimits } from '../model/index.ts';
import { bytesOf, defaultPartSizeBytes, partAt, planParts } from './plan.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const obs: PartLimits = {
  minPartSizeBytes: 100 * 1024,
  maxPartSizeBytes: 5 * GiB,
  maxParts: 10_000,
  maxObjectSizeBytes: 10_000 * 5 * GiB,
};

/** Sizes of a plan's parts after checking that they follow each other without gap or overlap. */
function sizesOf(plan: ReturnType<typeof planParts>): number[] {
  let next = 0;
  const sizes: number[] = [];
  for (let n = 1; n <= plan.partsTotal; n++) {
    const part = partAt(plan, n);
    expect(part.startByte).toBe(next);
    next += part.sizeBytes;
    sizes.push(part.sizeBytes);
  }
  expect(next).toBe(plan.sizeBytes);
  return sizes;
}

const anyLimits = fc
  .record({
    minPartSizeBytes: fc.integer({ min: 1, max: 10 * MiB }),
    span: fc.integer({ min: 0, max: GiB }),
    maxParts: fc.integer({ min: 1, max: 2_000 }),
    maxObjectSizeBytes: fc.integer({ min: 1, max: 2 ** 45 }),
  })
  .map(({ span, ...l }): PartLimits => ({ ...l, maxPartSizeBytes: l.minPartSizeBytes + span }));

describe('planParts', () => {
  test('covers every byte exactly once with legal parts, whatever the size and the limits', () => {
    fc.assert(
      fc.property(anyLimits, fc.double({ min: 0, max: 1, noNaN: true }), (limits, share) => {
        const largest = Math.min(limits.maxObjectSizeBytes, limits.maxPartSizeBytes * limits.maxParts);
        const size = Math.max(1, Math.floor(largest * share));
        const plan = planParts(size, limits);
        const sizes = sizesOf(plan);
        expect(sizes.length).toBeLessThanOrEqual(limits.maxParts);
        for (const s of sizes.slice(0, -1)) {
          expect(s).toBe(plan.partSizeBytes);
          expect(s).toBeGreaterThanOrEqual(limits.minPartSizeBytes);
        }
        for (const s of sizes) {
          expect(s).toBeLessThanOrEqual(limits.maxPartSizeBytes);
          expect(s).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('refuses what the limits exclude, whatever they are', () => {
    fc.assert(
      fc.property(anyLimits, fc.integer({ min: 1, max: 1000 }), (limits, more) => {
        const largest = Math.min(limits.maxObjectSizeBytes, limits.maxPartSizeBytes * limits.maxParts);
        expect(() => planParts(largest + more, limits)).toThrow(InvalidInputError);
      }),
    );
  });

  test.each([
    [1, defaultPartSizeBytes, 1],
    [defaultPartSizeBytes, defaultPartSizeBytes, 1],
    [defaultPartSizeBytes + 1, defaultPartSizeBytes, 2],
    [60 * GiB, defaultPartSizeBytes, 3840],
    [10_000 * defaultPartSizeBytes, defaultPartSizeBytes, 10_000],
    [10_000 * defaultPartSizeBytes + 1, 17 * MiB, 9412],
    [500 * 10 ** 9, 48 * MiB, 9935],
    [10_000 * 5 * GiB, 5 * GiB, 10_000],
  ])('a file of %d bytes: parts of %d bytes, %d of them', (size, partSizeBytes, partsTotal) => {
    expect(planParts(size, obs)).toEqual({ sizeBytes: size, partSizeBytes, partsTotal });
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 60])('refuses a size of %d', (size) => {
    expect(() => planParts(size, obs)).toThrow(InvalidInputError);
  });

  test.each([0, -5, 1.5, Number.NaN, 1024, 6 * GiB])(
    'refuses a part size of %d, and says what is allowed',
    (size) => {
      expect(() => planParts(GiB, obs, size)).toThrow(/from 102400 to 5368709120/);
    },
  );

  test('refuses a part size that makes too many parts, and says which would do', () => {
    expect(() => planParts(500 * GiB, obs, 16 * MiB)).toThrow(/32000 parts.*at least 53687092 bytes/);
    expect(planParts(500 * GiB, obs, 53_687_092).partsTotal).toBe(10_000);
  });

  test('has no part 0, none after the last, and knows the bytes of a set', () => {
    const plan = planParts(250, { ...obs, minPartSizeBytes: 1 }, 100);
    for (const n of [0, 4, 1.5]) expect(() => partAt(plan, n)).toThrow(RangeError);
    expect(bytesOf(plan, [1, 3])).toBe(150);
  });
});
