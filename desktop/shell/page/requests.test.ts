// What the window asks of the shell is checked; names that it suggests are names and no paths.
import { expect, test } from 'vitest';
import { CHANNELS } from './channels.ts';
import { REQUESTS, safeFileName } from './requests.ts';

test.each([
  ['history.csv', 'history.csv'],
  ['镜像.json', '镜像.json'],
  ['../../.bashrc', 'bashrc'],
  ['C:\\Windows\\system.ini', 'system.ini'],
  ['a\u202Efdp.exe', 'a_fdp.exe'],
  ['a\nb', 'a_b'],
  ['<b>.txt', '_b_.txt'],
  ['CON . ', 'CON'],
  ['..', 'image'],
  ['/', 'image'],
])('%j is suggested as %j', (name, suggested) => {
  expect(safeFileName(name)).toBe(suggested);
});

test('arguments of a wrong shape are refused', () => {
  expect(REQUESTS[CHANNELS.pickFiles].safeParse(['all']).success).toBe(false);
  expect(REQUESTS[CHANNELS.pickFiles].safeParse(['one', 'two']).success).toBe(false);
  expect(REQUESTS[CHANNELS.saveText].safeParse(['a.txt']).success).toBe(false);
  expect(REQUESTS[CHANNELS.saveText].safeParse(['x'.repeat(256), '']).success).toBe(false);
  expect(REQUESTS[CHANNELS.reveal].safeParse(['relative/path']).success).toBe(false);
  expect(REQUESTS[CHANNELS.reveal].safeParse(['/data/a.iso']).data).toEqual(['/data/a.iso']);
});
