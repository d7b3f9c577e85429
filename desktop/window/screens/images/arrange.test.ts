// Search, filters and order of the list.
import { describe, expect, it } from 'vitest';
import { matching, NO_FILTER, sorted, systemKind, systemOf, valuesOf } from './arrange.ts';
import { someImage } from './testing.ts';

const images = [
  someImage({ id: 'a', name: 'web-10', sizeBytes: 5, createdAt: 3, osDistribution: 'Ubuntu' }),
  someImage({
    id: 'b',
    name: 'web-9',
    createdAt: 1,
    status: 'failed',
    diskFormat: 'raw',
    tags: { env: 'prod' },
  }),
  someImage({ id: 'c', name: 'Ｄ盘', sizeBytes: 9, osType: 'Windows', description: 'Golden image' }),
];
const ids = (list: typeof images) => list.map(({ id }) => id).join('');

describe('the list of images', () => {
  it.each([
    ['web', 'ab'],
    ['WEB 9', 'b'],
    ['env=prod', 'b'],
    ['golden', 'c'],
    // The full-width letter is the same letter.
    ['d盘', 'c'],
    ['web golden', ''],
    ['  ', 'abc'],
  ])('finds %j', (text, found) => {
    expect(ids(matching(images, { text }))).toBe(found);
  });

  it('shows what is deleted only when it is asked for', () => {
    const both = [someImage({ id: 'a' }), someImage({ id: 'b', status: 'deleted' })];
    expect(ids(matching(both, NO_FILTER))).toBe('a');
    expect(ids(matching(both, { text: '', status: 'deleted' }))).toBe('b');
  });

  it.each([
    [{ osVersion: 'Ubuntu 22.04 server 64bit', osDistribution: 'Ubuntu' }, 'Ubuntu 22.04 server 64bit'],
    [{ osVersion: '22.04', osDistribution: 'Ubuntu' }, 'Ubuntu 22.04'],
    [{ osVersion: '2019', osType: 'Windows' }, 'Windows 2019'],
    [{ osVersion: 'Debian 12', osType: 'Linux' }, 'Debian 12'],
    [{ osDistribution: 'Debian', osType: 'Linux' }, 'Debian'],
    [{}, ''],
  ])('names the system of %j', (over, text) => {
    expect(systemOf({ ...someImage(), osType: undefined, ...over })).toBe(text);
  });

  it('filters by status, format and system together', () => {
    expect(ids(matching(images, { ...NO_FILTER, status: 'failed' }))).toBe('b');
    expect(ids(matching(images, { ...NO_FILTER, format: 'raw', status: 'active' }))).toBe('');
    expect(ids(matching(images, { ...NO_FILTER, system: 'ubuntu' }))).toBe('a');
    expect(valuesOf(images, systemKind)).toEqual(['linux', 'ubuntu', 'windows']);
  });

  it('sorts numbers in names as numbers, and puts what has no value last both ways', () => {
    const by = (key: string, direction: 'ascending' | 'descending') =>
      ids(sorted(images, { key, direction }, 'en'));
    expect(by('name', 'ascending')).toBe('cba');
    expect(by('name', 'descending')).toBe('abc');
    expect(by('size', 'ascending')).toBe('acb');
    expect(by('size', 'descending')).toBe('cab');
    expect(by('created', 'descending')).toBe('abc');
  });
});
