// Scenarios: the same seed, the same scenario; and all kinds of faults are among them.
import { describe, expect, it } from 'vitest';
import { type FaultKind, PATHS, planOf } from './plan.ts';

const scenarios = Array.from({ length: 500 }, (_, i) => planOf(i + 1));

describe('planOf', () => {
  it('gives the same scenario for the same seed, another one for another', () => {
    expect(scenarios).toEqual(Array.from({ length: 500 }, (_, i) => planOf(i + 1)));
    expect(new Set(scenarios.map((scenario) => JSON.stringify({ ...scenario, seed: 0 }))).size).toBe(500);
  });

  it('has every kind of fault and every path among 500 runs', () => {
    const kinds = new Set<FaultKind>(
      scenarios.flatMap(({ rounds }) =>
        rounds.flatMap(({ damage, faults }) => [
          ...(damage ? [damage.kind] : []),
          ...faults.map((f) => f.kind),
        ]),
      ),
    );
    expect([...kinds].sort()).toEqual([
      'abort',
      'changed-file',
      'clock-jump',
      'cut',
      'duplicate',
      'expired-token',
      'failed-job',
      'full-disk',
      'interrupt',
      'journal-flipped',
      'journal-lost',
      'journal-torn',
      'journal-zeros',
      'kill-client',
      'kill-server',
      'late',
      'lost-part',
      'lost-reply',
      'second-process',
      'stall',
      'stall-for-good',
      'storm',
      'vanished-upload',
    ]);
    expect([...new Set(scenarios.map(({ path }) => path))].sort()).toEqual([...PATHS].sort());
  });

  it('cuts files into parts that the store takes, and not too many of them', () => {
    for (const { path, partSizeBytes, sizeBytes, partsTotal, rounds } of scenarios) {
      expect(partSizeBytes).toBeGreaterThanOrEqual(path === 'ucloudstack' ? 5 * 2 ** 20 : 100 * 1024);
      expect(sizeBytes).toBeLessThanOrEqual(path === 'ucloudstack' ? 22 * 2 ** 20 : 3 * 2 ** 20);
      expect(partsTotal).toBeLessThanOrEqual(31);
      expect(rounds.length).toBeGreaterThanOrEqual(1);
    }
  });

  it('leaves a path that there is not to another', () => {
    expect(new Set(scenarios.map(({ seed }) => planOf(seed, ['bucket']).path))).toEqual(new Set(['bucket']));
  });
});
