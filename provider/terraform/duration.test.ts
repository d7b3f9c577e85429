import { describe, expect, it } from 'vitest';
import { timeoutMs } from './common-attributes.ts';
import { durationMs } from './duration.ts';

describe('durationMs', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
  ])('reads %s', (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each(['', '30', 'm', '0s', '-1m', '1 h', '1d', '30m!'])('refuses %j', (text) =>
    expect(durationMs(text)).toBeUndefined(),
  );

  it('falls back to the default of the operation', () => {
    expect(timeoutMs(null, 'create')).toBe(3_600_000);
    expect(timeoutMs({ create: null, update: '5m', delete: null }, 'update')).toBe(300_000);
    expect(timeoutMs({ create: null, update: '5m', delete: null }, 'delete')).toBe(1_200_000);
  });
});
