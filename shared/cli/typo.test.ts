import { expect, it } from 'vitest';
import { nearestWord } from './typo.ts';

it.each([
  ['lst', 'list'],
  ['lsit', 'list'],
  ['dowload', 'download'],
  ['del', 'delete'],
  ['remove', undefined],
  ['xy', undefined],
])('%s: %s', (typed, meant) => {
  expect(nearestWord(typed, ['list', 'show', 'download', 'delete'])).toBe(meant);
});
