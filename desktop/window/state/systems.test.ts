// Names of the systems of a catalogue.
import { expect, it } from 'vitest';
import { nameOfSystem, systemsByName } from './systems.ts';

it('names each system of a catalogue in one way', () => {
  const linux = { platform: 'Linux', osType: 'Linux' };
  const ubuntu = { ...linux, osDistribution: 'Ubuntu', osVersion: '22.04' };
  const systems = systemsByName([
    { ...ubuntu, architecture: 'x86_64' },
    { ...ubuntu, architecture: 'aarch64' },
    { ...ubuntu, architecture: 'aarch64' },
    { ...linux, osVersion: 'CentOS 7.6 64bit', osDistribution: 'CentOS' },
    { ...linux, osVersion: 'Other' },
  ]);
  expect([...systems.keys()]).toEqual([
    'Ubuntu 22.04 · x86_64',
    'Ubuntu 22.04 · aarch64',
    'CentOS 7.6 64bit',
    'Other',
  ]);
  expect(systems.get('Ubuntu 22.04 · aarch64')).toEqual({
    osType: 'Linux',
    osDistribution: 'Ubuntu',
    osVersion: '22.04',
    architecture: 'aarch64',
  });
  expect(systems.get('Other')).toEqual({ osType: 'Linux', osVersion: 'Other' });
});

it('finds the name of what a form says', () => {
  const entry = (osDistribution: string, architecture: string) => ({
    ...{ platform: osDistribution, osType: 'Linux', osVersion: '7', osDistribution, architecture },
  });
  const systems = systemsByName([
    entry('CentOS', 'x86_64'),
    entry('CentOS', 'aarch64'),
    entry('RedHat', 'x86_64'),
  ]);
  const said = { osVersion: '7', osDistribution: 'CentOS' };
  expect(nameOfSystem(systems, { ...said, architecture: 'aarch64' })).toBe('CentOS 7 · aarch64');
  expect(nameOfSystem(systems, said)).toBe('CentOS 7 · x86_64');
  expect(nameOfSystem(systems, { osVersion: '7', osDistribution: 'RedHat' })).toBe('RedHat 7');
  expect(nameOfSystem(systems, { osVersion: '8' })).toBeUndefined();
});
