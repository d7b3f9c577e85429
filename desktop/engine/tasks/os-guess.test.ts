import type { OsVersion } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { guessOs } from './os-guess.ts';

const entry = (platform: string, osVersion: string): OsVersion => ({
  platform,
  osVersion,
  osType: 'Linux',
  bits: 64,
});
const huaweicloud: OsVersion[] = [
  entry('Debian', 'Debian GNU/Linux 12.0.0 64bit'),
  entry('Debian', 'Debian GNU/Linux 11.1.0 64bit'),
  entry('Ubuntu', 'Ubuntu 22.04 server 64bit'),
  entry('Ubuntu', 'Ubuntu 18.04 server 64bit'),
  entry('Ubuntu', 'Ubuntu 18.04.2 server 64bit'),
  { ...entry('Ubuntu', 'Ubuntu 14.04 server 32bit'), bits: 32 },
  entry('CentOS', 'CentOS 7.9 64bit'),
  entry('CentOS', 'CentOS 7.6 64bit'),
  entry('SUSE', 'SUSE Linux Enterprise Server 15 SP1 64bit'),
  entry('SUSE', 'SUSE Linux Enterprise Server 15 64bit'),
  entry('Red Hat', 'Red Hat Linux Enterprise 8.0 64bit'),
  entry('Other', 'openEuler 22.03 64bit'),
  entry('Windows', 'Windows Server 2022 Standard 64bit'),
  entry('Windows', 'Windows Server 2022 Datacenter 64bit'),
  entry('Other', 'Other Linux(64 bit)'),
];
const both = (osDistribution: string, osVersion: string): OsVersion[] =>
  ['x86_64', 'aarch64'].map((architecture) => ({
    ...{ platform: osDistribution, osDistribution, osVersion, osType: 'Linux', architecture },
  }));
const ucloudstack = [
  ...both('Debian', '11'),
  ...both('Debian', '12'),
  ...both('CentOS', '7'),
  ...both('CentOS', '7.9'),
  ...both('OpenEuler', '22.03_SP4'),
];

describe('with a catalogue of whole names', () => {
  it.each([
    ['Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64', 'Debian GNU/Linux 12.0.0 64bit'],
    ['Ubuntu-Server 22.04.4 LTS "Jammy Jellyfish" - Release amd64', 'Ubuntu 22.04 server 64bit'],
    ['Ubuntu 18.04.2 LTS', 'Ubuntu 18.04.2 server 64bit'],
    ['CentOS Linux 7.9', 'CentOS 7.9 64bit'],
    ['CentOS Linux 7.5', undefined],
    ['Ubuntu 20.04.1 LTS', undefined],
    ['Ubuntu 14.04 LTS i386', undefined],
    ['SUSE Linux Enterprise Server 15 SP1', 'SUSE Linux Enterprise Server 15 SP1 64bit'],
    ['Some Linux 9.1', undefined],
  ])('%s', (osHint, expected) => {
    expect(guessOs(huaweicloud, { osHint, fileName: 'x.iso', architecture: 'x86_64' })?.osVersion).toBe(
      expected,
    );
  });

  it.each([
    ['debian-12-genericcloud-amd64.qcow2', 'Debian GNU/Linux 12.0.0 64bit'],
    ['ubuntu-22.04-server-cloudimg-amd64.img', 'Ubuntu 22.04 server 64bit'],
    ['CentOS-7-x86_64-GenericCloud-2009.qcow2', undefined],
    ['rhel-8.0-x86_64.qcow2', 'Red Hat Linux Enterprise 8.0 64bit'],
    ['openEuler-22.03-LTS-x86_64.qcow2', 'openEuler 22.03 64bit'],
    ['windows_server_2022.vhd', undefined],
    ['windows-server-2022-datacenter.vhd', 'Windows Server 2022 Datacenter 64bit'],
    ['disk-12.qcow2', undefined],
    ['my-server.qcow2', undefined],
  ])('by the name of the file: %s', (fileName, expected) => {
    expect(guessOs(huaweicloud, { fileName })?.osVersion).toBe(expected);
  });

  it('does not believe the name of a file whose content tells something else', () => {
    expect(guessOs(huaweicloud, { osHint: 'Arch Linux', fileName: 'debian-12.iso' })).toBeUndefined();
  });
});

describe('with a catalogue of distributions and processors', () => {
  it.each([
    ['debian-12-generic-arm64.qcow2', undefined, ['12', 'aarch64']],
    ['debian-12-generic.qcow2', 'x86_64', ['12', 'x86_64']],
    ['debian-12-generic.qcow2', undefined, undefined],
    ['centos-7.9.qcow2', 'x86_64', ['7.9', 'x86_64']],
    ['centos-7.6.qcow2', 'x86_64', ['7', 'x86_64']],
    ['openEuler-22.03-LTS-SP4.qcow2', 'x86_64', ['22.03_SP4', 'x86_64']],
    ['openEuler-22.03-LTS-SP1.qcow2', 'x86_64', undefined],
  ])('%s', (fileName, architecture, expected) => {
    const found = guessOs(ucloudstack, { fileName, architecture });
    expect(found && [found.osVersion, found.architecture]).toEqual(expected);
  });
});
