// Properties of the reconciliation, and the ETag of a whole object.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartLimits, RemotePart } from '../model/index.ts';
import { partAt, planParts } from './plan.ts';
import { objectEtag, planForParts, reconcile, sampleOf } from './reconcile.ts';

const limits: PartLimits = {
  minPartSizeBytes: 6,
  maxPartSizeBytes: 10_000,
  maxParts: 1_000,
  maxObjectSizeBytes: 1_000_000,
};
const digest = fc.constantFrom('a', 'b', 'c').map((c) => c.repeat(32));
const plan = planParts(95, limits, 10);
const remoteParts = fc.uniqueArray(
  fc.record({
    partNumber: fc.integer({ min: 1, max: 12 }),
    sizeBytes: fc.constantFrom(5, 10, 11),
    etag: digest,
  }),
  { selector: (p) => p.partNumber },
);
const journalParts = fc
  .uniqueArray(fc.record({ n: fc.integer({ min: 1, max: 10 }), etag: digest, md5: digest }), {
    selector: (p) => p.n,
  })
  .map((parts) => new Map(parts.map(({ n, etag, md5 }) => [n, { etag, md5 }])));

describe('reconcile', () => {
  test('puts every part in exactly one place, and trusts only where server, journal and size agree', () => {
    fc.assert(
      fc.property(remoteParts, journalParts, fc.boolean(), (remote, journal, etagIsMd5) => {
        const { trusted, doubtful, missing } = reconcile(plan, remote, journal, etagIsMd5);
        const all = [...trusted.keys(), ...doubtful.keys(), ...missing].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
        const there = new Map(remote.map((p) => [p.partNumber, p]));
        for (const [n, part] of trusted) {
          expect(there.get(n)).toMatchObject({ sizeBytes: partAt(plan, n).sizeBytes, etag: part.etag });
          expect(journal.get(n)).toEqual(part);
          if (etagIsMd5) expect(part.md5).toBe(part.etag);
        }
        for (const [n, etag] of doubtful) {
          expect(etagIsMd5).toBe(true);
          expect(there.get(n)).toMatchObject({ sizeBytes: partAt(plan, n).sizeBytes, etag });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('does not mind quotes or capitals in ETags', () => {
    const etag = 'ab'.repeat(16);
    const remote = [{ partNumber: 1, sizeBytes: 10, etag: `"${etag.toUpperCase()}"` }];
    const { trusted } = reconcile(plan, remote, new Map([[1, { etag, md5: etag }]]), true);
    expect([...trusted.keys()]).toEqual([1]);
  });
});

describe('planForParts', () => {
  const own = planParts(95, limits, 95);
  const cut = (size: number, numbers: number[]): RemotePart[] => {
    const p = planParts(95, limits, size);
    return numbers.map((n) => ({ partNumber: n, sizeBytes: partAt(p, n).sizeBytes, etag: '' }));
  };

  test('finds the part size of any set of parts that has one whole part', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 94 }).chain((size) =>
          fc
            .subarray(
              Array.from({ length: Math.ceil(95 / size) }, (_, i) => i + 1),
              { minLength: 1 },
            )
            .filter((numbers) => numbers[0] !== Math.ceil(95 / size))
            .map((numbers) => ({ size, numbers })),
        ),
        ({ size, numbers }) => {
          const found = planForParts(cut(size, numbers), own, limits, false);
          expect(found?.partSizeBytes).toBe(size);
        },
      ),
    );
  });

  test.each<[string, RemotePart[], boolean]>([
    ['nothing is there', [], false],
    ['only a last part is there', cut(10, [10]), false],
    ['sizes contradict each other', [...cut(10, [1]), ...cut(20, [2])], false],
    ['a part lies behind the end', [...cut(10, [1]), { partNumber: 11, sizeBytes: 10, etag: '' }], false],
    ['the part size is illegal', [{ partNumber: 1, sizeBytes: 4, etag: '' }], false],
    ['the user wants another part size', cut(10, [1, 2]), true],
  ])('gives none when %s', (_, remote, fixed) => {
    expect(planForParts(remote, own, limits, fixed)).toBeUndefined();
  });

  test('takes a lone last part when its size fits the plan that would be chosen anyway', () => {
    expect(planForParts(cut(10, [10]), planParts(95, limits, 10), limits, false)?.partSizeBytes).toBe(10);
  });
});

test('a sample has the first and the last, and nothing that is not there', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100)), fc.double({ min: 0, max: 0.999, noNaN: true }), (numbers, r) => {
      const sample = sampleOf(numbers, 3, () => r);
      expect(sample.every((n) => numbers.includes(n))).toBe(true);
      expect(new Set(sample).size).toBe(sample.length);
      if (numbers.length > 0) {
        expect(sample).toContain(Math.min(...numbers));
        expect(sample).toContain(Math.max(...numbers));
      }
    }),
  );
});

test('the ETag of an object is the MD5 of the MD5s', () => {
  const md5 = (b: Buffer | string) => createHash('md5').update(b);
  const whole = md5(Buffer.concat([md5('one').digest(), md5('two').digest()])).digest('hex');
  expect(objectEtag([md5('one').digest('hex'), md5('two').digest('hex')])).toBe(`${whole}-2`);
});
