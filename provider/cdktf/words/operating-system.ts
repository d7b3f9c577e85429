// What an image says of the system inside it, in the words of its cloud's family. Pure.
import { Token } from 'cdktf';
import type { CloudFamily } from '../cloud/rules.ts';
import { CATALOGUE, type Distribution, versionIn } from './os-catalogue.ts';

/** The attributes of an image that tell of its system. */
export interface OperatingSystemFacts {
  /** Kind: `Linux`, `Windows`. @default not said */
  readonly type?: string | undefined;
  /** Distribution, where the family tells it from the version. @default not said */
  readonly distribution?: string | undefined;
  /** Version; the whole name where the family has no distribution. @default not said */
  readonly version?: string | undefined;
}

/** The system inside an image: one of those that the families know, or what you say of it. */
export class OperatingSystem {
  /** For messages, e.g. `Ubuntu 22.04`. */
  readonly label: string;
  readonly #facts: (family: CloudFamily) => OperatingSystemFacts;
  readonly #needsFamily: boolean;

  private constructor(
    label: string,
    facts: (family: CloudFamily) => OperatingSystemFacts,
    needsFamily: boolean,
  ) {
    this.label = label;
    this.#facts = facts;
    this.#needsFamily = needsFamily;
  }

  /** Ubuntu Server, e.g. `22.04`. */
  static ubuntu(version: string): OperatingSystem {
    return known('Ubuntu', version);
  }

  /** Debian, e.g. `12`. */
  static debian(version: string): OperatingSystem {
    return known('Debian', version);
  }

  /** CentOS, e.g. `7.9`. */
  static centos(version: string): OperatingSystem {
    return known('CentOS', version);
  }

  /** Rocky Linux, e.g. `9`. Huawei Cloud's catalogue has none: name one there with `huaweicloud()`. */
  static rocky(version: string): OperatingSystem {
    return known('Rocky', version);
  }

  /** openEuler, e.g. `22.03`. */
  static openEuler(version: string): OperatingSystem {
    return known('openEuler', version);
  }

  /** EulerOS, e.g. `2.9`. */
  static eulerOs(version: string): OperatingSystem {
    return known('EulerOS', version);
  }

  /** Red Hat Enterprise Linux, e.g. `8.0`. */
  static redHat(version: string): OperatingSystem {
    return known('RedHat', version);
  }

  /** SUSE Linux Enterprise Server, e.g. `15 SP1`. */
  static suse(version: string): OperatingSystem {
    return known('SUSE', version);
  }

  /** Oracle Linux, e.g. `8.4`. */
  static oracleLinux(version: string): OperatingSystem {
    return known('OracleLinux', version);
  }

  /** Fedora, e.g. `30`. */
  static fedora(version: string): OperatingSystem {
    return known('Fedora', version);
  }

  /**
   * Windows Server, e.g. `2019`.
   * @param edition as Huawei Cloud tells them apart
   */
  static windowsServer(version: string, edition: 'Standard' | 'Datacenter' = 'Standard'): OperatingSystem {
    return new OperatingSystem(
      `Windows Server ${version}`,
      (family) => windowsFacts(family, version, edition),
      true,
    );
  }

  /** A system as Huawei Cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. May be a token. */
  static huaweicloud(name: string): OperatingSystem {
    return OperatingSystem.of({ version: name });
  }

  /** A system as OpenStack images tell it: `os_distro` and `os_version`, e.g. `ubuntu` and `22.04`. */
  static openstack(distribution: string, version: string): OperatingSystem {
    return OperatingSystem.of({ distribution, version });
  }

  /** A system as UCloudStack's catalogue has it, e.g. `Linux`, `Ubuntu`, `22.04`. */
  static ucloudstack(type: string, distribution: string, version: string): OperatingSystem {
    return OperatingSystem.of({ type, distribution, version });
  }

  /** Whatever you say, for any family. Values may be tokens. */
  static of(facts: OperatingSystemFacts): OperatingSystem {
    const parts = [facts.type, facts.distribution, facts.version];
    return new OperatingSystem(parts.filter((part) => part !== undefined).join(' '), () => facts, false);
  }

  /** @internal */
  static fromCatalogue(label: string, facts: (family: CloudFamily) => OperatingSystemFacts): OperatingSystem {
    return new OperatingSystem(label, facts, true);
  }

  /**
   * The attributes in the words of a family.
   * @param family undefined: not known
   * @returns undefined where the words depend on the family, and it is not known
   */
  factsFor(family: CloudFamily | undefined): OperatingSystemFacts | undefined {
    if (family !== undefined) return this.#facts(family);
    return this.#needsFamily ? undefined : this.#facts('openstack');
  }
}

function known(distribution: Distribution, version: string): OperatingSystem {
  if (Token.isUnresolved(version)) {
    throw new Error(
      `OperatingSystem: version of ${distribution}: got a token, expected a literal, which can be spelt for each cloud; ` +
        'or OperatingSystem.of({ … }) with tokens.',
    );
  }
  return OperatingSystem.fromCatalogue(`${distribution} ${version}`, (family) => {
    const names = CATALOGUE[distribution];
    if (family === 'openstack') return { type: 'linux', distribution: names.openstack, version };
    if (family === 'ucloudstack') {
      const found = versionIn(names.ucloudstackVersions ?? [], version);
      return { type: 'Linux', distribution: names.ucloudstack ?? 'Other', version: found ?? version };
    }
    const found = versionIn(names.huaweicloudVersions ?? [], version) ?? version;
    return { version: names.huaweicloud?.replace('{v}', found) ?? 'Other Linux(64 bit)' };
  });
}

function windowsFacts(family: CloudFamily, version: string, edition: string): OperatingSystemFacts {
  const names = CATALOGUE.WindowsServer;
  if (family === 'openstack') return { type: 'windows', distribution: names.openstack, version };
  if (family === 'ucloudstack')
    return { type: 'Windows', distribution: 'Windows', version: version.replace(/\s+/g, '') };
  return { version: `Windows Server ${version} ${edition} 64bit` };
}
