// Names of the systems of a catalogue.
import { expect, it } from 'vitest';
import { systemsByName } from './systems.ts';

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
