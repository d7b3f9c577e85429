// The system's authorities are added to the usual ones, once each; where that is impossible nothing changes.
import { expect, test, vi } from 'vitest';
import { trustSystemRoots } from './system-roots.ts';

test('adds what the system has and Node has not', () => {
  const setDefaultCACertificates = vi.fn();
  const getCACertificates = (kind: string) => (kind === 'system' ? ['b', 'c'] : ['a', 'b']);
  expect(trustSystemRoots({ getCACertificates, setDefaultCACertificates })).toBe(1);
  expect(setDefaultCACertificates).toHaveBeenCalledExactlyOnceWith(['a', 'b', 'c']);
});

test('changes nothing where the system adds nothing, cannot be asked, or fails', () => {
  const setDefaultCACertificates = vi.fn();
  expect(trustSystemRoots({ getCACertificates: () => ['a'], setDefaultCACertificates })).toBe(0);
  expect(trustSystemRoots({ setDefaultCACertificates })).toBeUndefined();
  const broken = () => {
    throw new Error('no store');
  };
  expect(trustSystemRoots({ getCACertificates: broken, setDefaultCACertificates })).toBeUndefined();
  expect(setDefaultCACertificates).not.toHaveBeenCalled();
});
