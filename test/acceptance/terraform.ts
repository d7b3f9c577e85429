// The acceptance tests' way to terraform: suites that are skipped, with the reason, where it is absent; the three families.
import path from 'node:path';
import { describe } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { skipReason } from '../fixtures/terraform.ts';
import type { Work } from '../fixtures/work.ts';

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
  /** What an image must say there besides its source. */
  readonly imageArguments: string;
  /** Writes a file that becomes an image there. Returns its path. */
  file(work: Work, name: string, sizeBytes: number): Promise<string>;
}

const raw: Family['file'] = (work, name, sizeBytes) => work.file(`${name}.raw`, sizeBytes);

/** The three families. */
export const FAMILIES: readonly Family[] = [
  { family: 'huaweicloud', cloud: 'local', partner: 'partner', imageArguments: '', file: raw },
  {
    family: 'openstack',
    cloud: 'local-openstack',
    partner: 'partner-openstack',
    imageArguments: '',
    file: raw,
  },
  {
    family: 'ucloudstack',
    cloud: 'local-ucloudstack',
    partner: 'partner-ucloudstack',
    imageArguments:
      'os_type = "Linux"\n  os_distribution = "Ubuntu"\n  os_version = "22.04"\n  architecture = "x86_64"',
    async file(work, name, sizeBytes) {
      const file = path.join(work.dir, `${name}.qcow2`);
      await makeQcow2(file, { dataBytes: sizeBytes, seed: name });
      return file;
    },
  },
];
