import type { PrivateState } from '@imagebridge/terraform-plugin';
import { expect, it } from 'vitest';
import { noteRewritten, readRewritten } from './rewritten.ts';

function memory(): PrivateState {
  const values = new Map<string, unknown>();
  return {
    get: (key, parse) => (values.has(key) ? parse(values.get(key)) : undefined),
    set: (key, value) => void values.set(key, JSON.parse(JSON.stringify(value))),
    getBytes: () => undefined,
    setBytes: () => {},
    delete: (key) => void values.delete(key),
  };
}

it('keeps what was declared while the cloud tells what it had made of it, and shows a third value', () => {
  const privateState = memory();
  noteRewritten(privateState, { os: 'Linux', arch: 'arm' }, { os: 'linux', arch: 'arm' });
  const now = readRewritten(privateState);
  expect(now('os', 'Linux', 'linux')).toBe('Linux');
  expect(now('os', 'Linux', 'windows')).toBe('windows');
  expect(now('arch', 'arm', 'arm')).toBe('arm');
  expect(now('arch', 'arm', 'x86')).toBe('x86');
  expect(now('arch', 'arm', null)).toBeNull();
  expect(now('none', '', null)).toBe('');
});

it('believes what is recorded where nothing was noted, and the cloud after an import', () => {
  const privateState = memory();
  expect(readRewritten(privateState)('os', 'Linux', 'linux')).toBe('Linux');
  expect(readRewritten(privateState)('os', null, 'linux')).toBe('linux');
  noteRewritten(privateState, {}, {});
  expect(readRewritten(privateState)('os', null, 'linux')).toBe('linux');
});

it('shows every change, where nothing was noted, of what clouds do not rewrite', () => {
  const now = readRewritten(memory(), new Set(['os']));
  expect(now('os', 'Linux', 'linux')).toBe('Linux');
  expect(now('description', 'old', 'new')).toBe('new');
  expect(now('description', '', null)).toBe('');
});
