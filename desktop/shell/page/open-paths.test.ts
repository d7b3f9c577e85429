// Files named by a command line, by a desktop, and by a second start.
import { expect, test } from 'vitest';
import { openPaths, pathsHandedOver } from './open-paths.ts';

test('takes files, and leaves switches and addresses out', () => {
  const words = ['--enable-crash-reporter', 'a.iso', '/b/c d.qcow2', '-psn_0_1', 'https://example.com/x', ''];
  expect(openPaths(words, '/home/u')).toEqual(['/home/u/a.iso', '/b/c d.qcow2']);
});

test('after -- everything is a file', () => {
  expect(openPaths(['-x', '--', '-y.iso', '--'], '/d')).toEqual(['/d/-y.iso', '/d/--']);
});

test('reads file URLs, with other alphabets too, and no broken ones', () => {
  const words = [
    'file:///data/%E9%95%9C%E5%83%8F.iso',
    'file://elsewhere/x.iso',
    'file:///%00',
    'FILE:///b.iso',
  ];
  expect(openPaths(words, '/')).toEqual(['/data/镜像.iso', '/b.iso']);
});

test('names a file once, none with a NUL, none of absurd length, and at most ten thousand', () => {
  expect(openPaths(['/a', '/a/', './a\0b', `/${'x'.repeat(5000)}`], '/')).toEqual(['/a']);
  expect(
    openPaths(
      Array.from({ length: 20_000 }, (_, n) => `/f${n}`),
      '/',
    ),
  ).toHaveLength(10_000);
});

test('what a second start hands over is checked', () => {
  expect(pathsHandedOver({ paths: ['/a.iso', 'relative.iso'] })).toEqual(['/a.iso']);
  for (const wrong of [undefined, null, 'x', { paths: 'x' }, { paths: [1] }]) {
    expect(pathsHandedOver(wrong)).toEqual([]);
  }
});
