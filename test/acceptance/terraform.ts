// The acceptance tests' way to terraform: suites that are skipped, with the reason, where it is absent; the three families.
import { describe } from 'vitest';
import { skipReason } from '../fixtures/terraform.ts';

export * from '../fixtures/terraform.ts';
export { Plan, pathsOfTrue } from '../fixtures/terraform-plan.ts';

/** As vitest's `describe`; without terraform the suite is skipped, and its name says why. */
export function describeTerraform(name: string, body: () => void): void {
  if (skipReason === undefined) {
    describe(name, body);
    return;
  }
  process.stderr.write(`skipped: ${name}: ${skipReason}\n`);
  describe.skip(`${name} (skipped: ${skipReason})`, body);
}

/** A family of clouds, as every work place has it: one embedded cloud serves all three. */
export interface Family {
  readonly family: 'huaweicloud' | 'openstack' | 'ucloudstack';
  /** Profile of the account that owns things; its project is that of `accounts[0]`. */
  readonly cloud: string;
  /** Profile of the account that things are shared with: `accounts[1]`. */
  readonly partner: string;
  /** What an image of a raw disk must say there. */
  readonly imageArguments: string;
}

/** The three families. */
export const FAMILIES: readonly Family[] = [
  { family: 'huaweicloud', cloud: 'local', partner: 'partner', imageArguments: '' },
  { family: 'openstack', cloud: 'local-openstack', partner: 'partner-openstack', imageArguments: '' },
  {
    family: 'ucloudstack',
    cloud: 'local-ucloudstack',
    partner: 'partner-ucloudstack',
    imageArguments:
      'os_type = "Linux"\n  os_distribution = "Ubuntu"\n  os_version = "22.04"\n  architecture = "x86_64"',
  },
];
