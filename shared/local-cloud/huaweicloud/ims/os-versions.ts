// The catalogue of operating systems (seed 001 table 9-1 and §5.1.9), with newer systems that the service has since got.

/** One operating system. */
export interface OsVersionEntry {
  platform: string;
  osVersion: string;
  osType: 'Linux' | 'Windows' | 'Other';
  bits: 32 | 64;
}

const expand = (platform: string, prefix: string, versions: string, suffix = ''): OsVersionEntry[] =>
  versions.split(',').map((version) => {
    const [, name = version, bits = '64'] = /^(.*?)(?:\/(32))?$/.exec(version.trim()) ?? [];
    return {
      platform,
      osVersion: `${prefix} ${name}${suffix} ${bits}bit`,
      osType: platform === 'Windows' ? 'Windows' : 'Linux',
      bits: bits === '32' ? 32 : 64,
    };
  });

/** Everything the service knows. */
export const osVersions: readonly OsVersionEntry[] = [
  ...expand(
    'Windows',
    'Windows',
    '10,Server 2022 Standard,Server 2022 Datacenter,Server 2019 Standard,Server 2019 Datacenter,Server 2016 Standard,' +
      'Server 2016 Datacenter,Server 2012 R2 Standard,Server 2012 Essentials R2,Server 2012 R2 Datacenter,' +
      'Server 2012 Datacenter,Server 2012 Standard,Server 2008 R2 WEB,Server 2008 R2 Standard,' +
      'Server 2008 R2 Enterprise,Server 2008 R2 Datacenter',
  ),
  ...expand(
    'SUSE',
    'SUSE Linux Enterprise Server',
    '15 SP1,15,12 SP5,12 SP4,12 SP3,12 SP2,12 SP1,11 SP4,11 SP3,11 SP3/32',
  ),
  ...expand(
    'Oracle Linux',
    'Oracle Linux Server release',
    '8.4,7.6,7.5,7.4,7.3,7.2,7.1,7.0,6.10,6.9,6.8,6.7,6.5',
  ),
  ...expand(
    'Red Hat',
    'Red Hat Linux Enterprise',
    '8.0,7.6,7.5,7.4,7.3,7.2,7.1,7.0,6.10,6.9,6.8,6.7,6.6,6.6/32,6.5,6.4,6.4/32',
  ),
  ...expand(
    'Ubuntu',
    'Ubuntu',
    '24.04,22.04,20.04,19.04,18.04.2,18.04.1,18.04,16.04.6,16.04.5,16.04.4,16.04.3,16.04.2,16.04,14.04.5,' +
      '14.04.4,14.04.3,14.04.1,14.04',
    ' server',
  ),
  ...['14.04.4', '14.04.3', '14.04.1', '14.04'].map(
    (version): OsVersionEntry => ({
      platform: 'Ubuntu',
      osVersion: `Ubuntu ${version} server 32bit`,
      osType: 'Linux',
      bits: 32,
    }),
  ),
  ...expand('OpenSUSE', 'openSUSE', '42.3,42.2,42.1,15.0,13.2,11.3'),
  ...expand(
    'CentOS',
    'CentOS',
    '8.0,7.9,7.8,7.7,7.6,7.5,7.4,7.3,7.2,7.1,7.0,7.0/32,6.10,6.10/32,6.9,6.8,6.7,6.7/32,6.6,6.6/32,6.5,6.5/32,6.4,' +
      '6.4/32,6.3,6.3/32',
  ),
  ...expand(
    'Debian',
    'Debian GNU/Linux',
    '12.0.0,11.1.0,10.0.0,9.3.0,9.0.0,8.10.0,8.8.0,8.7.0,8.6.0,8.5.0,8.4.0,8.2.0,8.1.0',
  ),
  ...expand('Fedora', 'Fedora', '30,29,28,27,26,25,24,23,22'),
  ...expand('EulerOS', 'EulerOS', '2.9,2.5,2.3,2.2,2.1'),
  ...expand('Other', 'openEuler', '22.03,20.03'),
  ...expand('Other', 'NeoKylin', '7.4,Server release 5.0 U2,Linux Advanced Server release 7.0 U5'),
  { platform: 'Other', osVersion: 'Other Linux(64 bit)', osType: 'Linux', bits: 64 },
  { platform: 'Other', osVersion: 'Other(64 bit)', osType: 'Other', bits: 64 },
  { platform: 'Other', osVersion: 'Other(32 bit)', osType: 'Other', bits: 32 },
];

/** What an image is said to run when nobody said it (seed 001 operation 35). */
export const defaultOsVersion = 'Other Linux(64 bit)';

/** Editions of the documents spell names differently: spaces and case are ignored, and so is one word order. */
const folded = (name: string) =>
  name.toLowerCase().replace(/\s+/g, '').replace('redhatenterpriselinux', 'redhatlinuxenterprise');

const byName = new Map(osVersions.map((entry) => [folded(entry.osVersion), entry]));

/** The entry of a name, or undefined. */
export function findOsVersion(name: string): OsVersionEntry | undefined {
  return byName.get(folded(name));
}

/** `GET /v1/cloudimages/os_version` (seed 001 operation 22): the whole catalogue, or less for `tag=bms`. */
export function listOsVersions(tags: readonly string[]): unknown[] {
  const wanted = tags.includes('bms') ? osVersions.filter((entry) => entry.bits === 64) : osVersions;
  const platforms = [...new Set(wanted.map((entry) => entry.platform))];
  return platforms.map((platform) => ({
    platform,
    version_list: wanted
      .filter((entry) => entry.platform === platform)
      .map((entry) => ({
        platform,
        os_version_key: entry.osVersion,
        os_version: entry.osVersion,
        os_bit: entry.bits,
        os_type: entry.osType,
      })),
  }));
}
