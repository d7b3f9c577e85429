// Lists that are made once for all of their pages.
import { expect, it } from 'vitest';
import { listKey, Memo } from './memo.ts';

it('makes a result once for a version and a key, and remembers the last sixteen', () => {
  const memo = new Memo<number>();
  let made = 0;
  const get = (version: number, key: string) => memo.get(version, key, () => ++made);
  expect([get(1, 'a'), get(1, 'b'), get(1, 'a')]).toEqual([1, 2, 1]);
  expect(get(2, 'a')).toBe(3);
  expect(get(2, 'b')).toBe(4);
  for (let n = 0; n < 15; n++) get(2, `other ${n}`);
  expect(get(2, 'b')).toBe(4);
  expect(get(2, 'a')).toBe(20);
});

it('tells lists apart by all but their pages', () => {
  const key = (query: string, who = 'me') => listKey(new URLSearchParams(query), who);
  expect(key('owner=a&limit=5')).toBe(key('owner=a&marker=x'));
  expect(key('owner=a')).not.toBe(key('owner=b'));
  expect(key('owner=a')).not.toBe(key('owner=a', 'you'));
  expect(key('tag=a&tag=b')).not.toBe(key('tag=a'));
});
