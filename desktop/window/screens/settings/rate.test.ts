// Bandwidth limits as people write them.
import { describe, expect, it } from 'vitest';
import { parseRate, rateText, unitOf } from './rate.ts';

describe('a bandwidth limit', () => {
  it.each([
    ['12', 'MiB/s', 12 * 1024 ** 2],
    [' 1,5 ', 'MiB/s', 1.5 * 1024 ** 2],
    ['100', 'Mbit/s', 12_500_000],
    ['1', 'KiB/s', 1024],
    ['', 'MiB/s', null],
    ['  ', 'MiB/s', null],
    ['0', 'MiB/s', undefined],
    ['-1', 'MiB/s', undefined],
    ['0.5', 'KiB/s', undefined],
    ['1e9', 'MiB/s', undefined],
    ['fast', 'MiB/s', undefined],
    ['1.2.3', 'MiB/s', undefined],
  ] as const)('%j %s is %s bytes per second', (text, unit, rate) => {
    expect(parseRate(text, unit)).toBe(rate);
  });

  it('is shown in the unit in which it is round, and read again as what it was', () => {
    for (const [text, unit] of [
      ['12', 'MiB/s'],
      ['100', 'Mbit/s'],
      ['300', 'KiB/s'],
    ] as const) {
      const rate = parseRate(text, unit) ?? undefined;
      expect([rateText(rate, unitOf(rate)), unitOf(rate)]).toEqual([text, unit]);
    }
    expect(rateText(undefined, unitOf(undefined))).toBe('');
  });
});
