// The operating systems that the families' catalogues name, as far as their documents tell. Data, and looking things up in it.

/** Systems that this library can name in the words of every family. */
export type Distribution =
  | 'Ubuntu'
  | 'Debian'
  | 'CentOS'
  | 'Rocky'
  | 'openEuler'
  | 'EulerOS'
  | 'RedHat'
  | 'SUSE'
  | 'OracleLinux'
  | 'Fedora'
  | 'WindowsServer';

interface Names {
  /** The name in Huawei Cloud's catalogue, where it has one, with `{v}` for the version. */
  readonly huaweicloud?: string;
  /** Versions in Huawei Cloud's catalogue, newest first. */
  readonly huaweicloudVersions?: readonly string[];
  /** The distribution in UCloudStack's catalogue, where it has one. */
  readonly ucloudstack?: string;
  /** Versions in UCloudStack's catalogue. */
  readonly ucloudstackVersions?: readonly string[];
  /** `os_distro` of OpenStack: libosinfo's short name. */
  readonly openstack: string;
}

const list = (text: string): readonly string[] => text.split(' ');

/** What each family calls a distribution. */
export const CATALOGUE: Readonly<Record<Distribution, Names>> = {
  Ubuntu: {
    huaweicloud: 'Ubuntu {v} server 64bit',
    huaweicloudVersions: list('24.04 22.04 20.04 19.04 18.04.2 18.04.1 18.04 16.04.6 16.04 14.04.5 14.04'),
    ucloudstack: 'Ubuntu',
    ucloudstackVersions: list('24.04 22.04 20.04 18.04 16.04 16 14.04 14'),
    openstack: 'ubuntu',
  },
  Debian: {
    huaweicloud: 'Debian GNU/Linux {v} 64bit',
    huaweicloudVersions: list('12.0.0 11.1.0 10.0.0 9.3.0 9.0.0 8.10.0 8.8.0 8.7.0 8.6.0 8.5.0 8.4.0 8.2.0'),
    ucloudstack: 'Debian',
    ucloudstackVersions: list('12 11 10'),
    openstack: 'debian',
  },
  CentOS: {
    huaweicloud: 'CentOS {v} 64bit',
    huaweicloudVersions: list('8.0 7.9 7.8 7.7 7.6 7.5 7.4 7.3 7.2 7.1 7.0 6.10 6.9 6.8 6.7 6.6 6.5 6.4 6.3'),
    ucloudstack: 'CentOS',
    ucloudstackVersions: list('9 8.5 8 7.9 7 6.10 6'),
    openstack: 'centos',
  },
  Rocky: { ucloudstack: 'Rocky', ucloudstackVersions: list('9.2 9 8'), openstack: 'rocky' },
  openEuler: {
    huaweicloud: 'openEuler {v} 64bit',
    huaweicloudVersions: list('22.03 20.03'),
    ucloudstack: 'OpenEuler',
    ucloudstackVersions: list('24.03_SP1 22.03_SP4 20.03_SP4'),
    openstack: 'openeuler',
  },
  EulerOS: {
    huaweicloud: 'EulerOS {v} 64bit',
    huaweicloudVersions: list('2.9 2.5 2.3 2.2 2.1'),
    openstack: 'euleros',
  },
  RedHat: {
    huaweicloud: 'Red Hat Linux Enterprise {v} 64bit',
    huaweicloudVersions: list('8.0 7.6 7.5 7.4 7.3 7.2 7.1 7.0 6.10 6.9 6.8 6.7 6.6 6.5 6.4'),
    openstack: 'rhel',
  },
  SUSE: {
    huaweicloud: 'SUSE Linux Enterprise Server {v} 64bit',
    huaweicloudVersions: list('15_SP1 15 12_SP5 12_SP4 12_SP3 12_SP2 12_SP1 11_SP4 11_SP3').map((version) =>
      version.replace('_', ' '),
    ),
    openstack: 'sles',
  },
  OracleLinux: {
    huaweicloud: 'Oracle Linux Server release {v} 64bit',
    huaweicloudVersions: list('8.4 7.6 7.5 7.4 7.3 7.2 7.1 7.0 6.10 6.9 6.8 6.7 6.5'),
    openstack: 'ol',
  },
  Fedora: {
    huaweicloud: 'Fedora {v} 64bit',
    huaweicloudVersions: list('30 29 28 27 26 25 24 23 22'),
    openstack: 'fedora',
  },
  WindowsServer: {
    huaweicloud: 'Windows Server {v} 64bit',
    huaweicloudVersions: [
      '2022 Standard',
      '2022 Datacenter',
      '2019 Standard',
      '2019 Datacenter',
      '2016 Standard',
      '2016 Datacenter',
      '2012 R2 Standard',
      '2012 R2 Datacenter',
    ],
    ucloudstack: 'Windows',
    ucloudstackVersions: list('2022 2019 2016 2012R2'),
    openstack: 'windows',
  },
};

/**
 * The version of a list that is meant: itself, or the newest that begins with it (`12` is `12.0.0`).
 * @returns undefined where the list has none
 */
export function versionIn(versions: readonly string[], version: string): string | undefined {
  if (versions.includes(version)) return version;
  return versions.find((one) => one.startsWith(`${version}.`) || one.startsWith(`${version} `));
}
