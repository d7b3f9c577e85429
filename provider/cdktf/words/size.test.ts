import { Token } from 'cdktf';
import { expect, test } from 'vitest';
import { Size } from './size.ts';

test('converts between its units', () => {
  expect(Size.gibibytes(40).toGibibytes()).toBe(40);
  expect(Size.gibibytes(1.5).toMebibytes()).toBe(1536);
  expect(Size.mebibytes(2048).toGibibytes()).toBe(2);
  expect(`${Size.mebibytes(512)}`).toBe('512 MiB');
});

test('refuses what is no whole number of the unit asked for', () => {
  expect(() => Size.mebibytes(512).toGibibytes()).toThrow('got 512 MiB, expected a whole number of GiB');
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (amount) => {
  expect(() => Size.gibibytes(amount)).toThrow(`got ${amount} GiB, expected a number from 0 on`);
});

test('lets a token through in its own unit only', () => {
  const amount = Token.asNumber({ resolve: () => 40, creationStack: [], toString: () => '' });
  expect(Size.gibibytes(amount).toGibibytes()).toBe(amount);
  expect(() => Size.gibibytes(amount).toMebibytes()).toThrow('got a token in GiB, expected one in MiB');
  expect(`${Size.gibibytes(amount)}`).toBe('(known after apply) GiB');
});
