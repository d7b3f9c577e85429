// The catalogue of operating systems (seed 000, DescribeImageOSVersions), and the check of values against it.
import { createHash } from 'node:crypto';
import { ApiError } from './codes.ts';

/** An entry of the catalogue. */
export interface OsEntry {
  id: string;
  type: string;
  arch: string;
  distribution: string;
  version: string;
  /** `NetworkScripts`, `Interfaces`, `Netplan` or `None`. */
  networkMode: string;
}

const x86 = ['x86_64'];
const both = ['x86_64', 'aarch64'];

const families: [
  type: string,
  distribution: string,
  networkMode: string,
  arches: string[],
  versions: string,
][] = [
  ['Linux', 'CentOS', 'NetworkScripts', x86, '6 6.10'],
  ['Linux', 'CentOS', 'NetworkScripts', both, '7 7.9 8 8.5 9'],
  ['Linux', 'Ubuntu', 'Interfaces', x86, '14 14.04 16 16.04'],
  ['Linux', 'Ubuntu', 'Netplan', both, '18.04 20.04 22.04 24.04'],
  ['Linux', 'Debian', 'Interfaces', both, '10 11 12'],
  ['Linux', 'OpenEuler', 'NetworkScripts', both, '20.03_SP4 22.03_SP4 24.03_SP1'],
  ['Linux', 'Rocky', 'NetworkScripts', both, '8 9 9.2'],
  ['Linux', 'TencentOS', 'NetworkScripts', x86, '2.4 3.1'],
  ['Linux', 'Kylin', 'NetworkScripts', both, 'V10'],
  ['Linux', 'Other', 'None', both, 'Other'],
  ['Windows', 'Windows', 'None', x86, '10 11 2012R2 2016 2019 2022'],
];

/** Everything that an image may say of its system. */
export const osCatalogue: readonly OsEntry[] = families.flatMap(
  ([type, distribution, networkMode, arches, versions]) =>
    arches.flatMap((arch) =>
      versions.split(' ').map((version) => ({
        id: fixedId('imageos', `${distribution} ${version} ${arch}`),
        type,
        arch,
        distribution,
        version,
        networkMode,
      })),
    ),
);

/** An id in the form of the service's that is the same in every run. */
export function fixedId(kind: string, of: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(of).digest('hex')}`).toString(36);
  return `${kind}-${digits.slice(0, 14)}`;
}

/** The system of an image. */
export interface OsFacts {
  osType: string;
  arch: string;
  osDistribution: string;
  osVersion: string;
}

/** @throws ApiError 113 when the catalogue does not have such a system, 1018 when it has it for another architecture */
export function checkOs({ osType, arch, osDistribution, osVersion }: OsFacts): void {
  if (!osCatalogue.some((entry) => entry.type === osType)) throw new ApiError(113, `OSType ${osType}`);
  if (!osCatalogue.some((entry) => entry.arch === arch)) throw new ApiError(113, `SetArch ${arch}`);
  const same = osCatalogue.filter((entry) => entry.type === osType && entry.distribution === osDistribution);
  if (same.length === 0) throw new ApiError(113, `OSDistribution ${osDistribution}`);
  const versions = same.filter((entry) => entry.version === osVersion);
  if (versions.length === 0) throw new ApiError(113, `OSVersion ${osVersion}`);
  if (!versions.some((entry) => entry.arch === arch)) {
    throw new ApiError(1018, `${osDistribution} ${osVersion} ${arch}`);
  }
}
