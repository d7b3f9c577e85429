// The whole life of an image in each family: made, changed in place, replaced with the reason, drifted, imported, removed.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type ImageChanges, type ImageCloud } from '@imagebridge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
const ADDRESS = 'imagebridge_image.base';

/** What a family's image is declared with, and what its cloud changes in place. */
interface Case {
  /** Arguments of the first declaration, besides name and source. */
  readonly first: string;
  /** The same, with everything changed and cleared that the cloud changes in place. */
  readonly second: string;
  readonly changed: Record<string, unknown>;
  /** A change that needs a new image, and the attribute it is because of. */
  readonly fixed: string;
  readonly because: string;
  /** A change from outside, and how the state shows it. */
  readonly drift: ImageChanges;
  readonly drifted: Record<string, unknown>;
}

const SYSTEM = 'os_type = "Linux"\n  os_distribution = "Ubuntu"\n  architecture = "x86_64"';

const CASES: Readonly<Record<string, Case>> = {
  huaweicloud: {
    first:
      'description = "first"\n  tags = { team = "web" }\n  properties = { purpose = "test", tier = "1" }\n  min_ram_mib = 1024\n  min_disk_gib = 50',
    second:
      'tags = { team = "web" }\n  properties = { tier = "2" }\n  boot_mode = "uefi"\n  min_disk_gib = 50',
    changed: {
      description: null,
      min_ram_mib: null,
      properties: { tier: '2' },
      boot_mode: 'uefi',
      min_disk_gib: 50,
    },
    fixed: 'tags = { team = "db" }\n  properties = { tier = "2" }\n  boot_mode = "uefi"\n  min_disk_gib = 50',
    because: 'tags',
    drift: { description: 'from outside', minRamMiB: 512, properties: { tier: '3', foreign: 'x' } },
    drifted: { description: 'from outside', min_ram_mib: 512, properties: { tier: '3' } },
  },
  openstack: {
    first:
      'description = "first"\n  tags = { team = "web", empty = "" }\n  properties = { purpose = "test" }\n  min_ram_mib = 1024\n' +
      '  min_disk_gib = 5\n  os_type = "Linux"\n  os_distribution = "ubuntu"\n  os_version = "22.04"\n  architecture = "x86_64"\n' +
      '  boot_mode = "uefi"\n  visibility = "private"\n  protected = true',
    second:
      'properties = { tier = "2" }\n  min_disk_gib = 7\n  os_version = "24.04"\n  boot_mode = "bios"\n' +
      '  visibility = "shared"\n  active = false',
    changed: {
      description: null,
      tags: null,
      tags_all: {},
      properties: { tier: '2' },
      min_ram_mib: null,
      min_disk_gib: 7,
      os_type: null,
      os_distribution: null,
      architecture: null,
      os_version: '24.04',
      boot_mode: 'bios',
      visibility: 'shared',
      protected: null,
      active: false,
      status: 'deactivated',
    },
    fixed: 'disk_format = "iso"',
    because: 'disk_format',
    drift: {
      description: 'from outside',
      tags: { team: 'db' },
      minDiskGiB: 9,
      protected: true,
      osVersion: '26.04',
      properties: { tier: null },
    },
    drifted: {
      description: 'from outside',
      tags: { team: 'db' },
      tags_all: { team: 'db' },
      min_disk_gib: 9,
      protected: true,
      os_version: '26.04',
      properties: {},
    },
  },
  ucloudstack: {
    first: `${SYSTEM}\n  os_version = "22.04"\n  description = "first"\n  tags = { team = "web" }`,
    second: `${SYSTEM}\n  os_version = "24.04"\n  description = "first"\n  tags = { team = "web" }`,
    changed: { os_version: '24.04', tags: { team: 'web' } },
    fixed: `${SYSTEM}\n  os_version = "24.04"\n  description = "second"\n  tags = { team = "web" }`,
    because: 'description',
    drift: { osVersion: '20.04' },
    drifted: { os_version: '20.04' },
  },
};

describeTerraform('the life of an image', () => {
  describe.each(FAMILIES)('of $family', ({ family, cloud: profile }) => {
    const example = CASES[family];
    let work: Work;
    let tf: Workspace;
    let cloud: ImageCloud;
    let file: string;
    let sha256: string;

    beforeAll(async () => {
      work = await makeWork({ jobDurationMs: 50 });
      tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
      cloud = await connect({ cloud: profile, configPath: work.cloud.profilesPath, env: {} });
      file = path.join(work.dir, 'disk.qcow2');
      await makeQcow2(file, { dataBytes: MIB, seed: family });
      sha256 = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
    });
    afterAll(async () => {
      await cloud?.close();
      await work?.close();
    });

    const declared = (more: string, name = 'base-1') => `
provider "imagebridge" {
  default_cloud = "${profile}"
}
resource "imagebridge_image" "base" {
  name   = "${name}"
  source = { file = "${file}" }
  ${more}
}`;
    const ids = async () => (await work.cloud.storedImages()).map(({ id }) => id);

    it('is made as declared, and then there is nothing left to do', async () => {
      const plan = await tf.step(declared(example?.first ?? ''));
      expect(plan.actions).toEqual({ [ADDRESS]: 'create' });
      expect(plan.change(ADDRESS).after).toMatchObject({ source: { file, sha256 }, disk_format: 'qcow2' });
      const [stored] = await work.cloud.storedImages();
      expect(stored).toMatchObject({ name: 'base-1', sha256, family });
      const { [ADDRESS]: state } = await tf.resources();
      expect(state).toMatchObject({ id: stored?.id, status: 'active', description: 'first' });
      expect(await work.cloud.unfinishedUploads()).toEqual([]);
    });

    it('is changed and cleared in place where the cloud can', async () => {
      const before = await ids();
      const plan = await tf.step(declared(example?.second ?? ''));
      expect(plan.actions).toEqual({ [ADDRESS]: 'update' });
      expect(await ids()).toEqual(before);
      const { [ADDRESS]: state } = await tf.resources();
      expect(state).toMatchObject(example?.changed ?? {});
    });

    it('is imported, and a matching configuration has nothing left to do', async () => {
      const [id = ''] = await ids();
      // Where an image came from, and what is not said of it, only the configuration tells.
      await tf.importVerify(ADDRESS, id, { ignore: ['source', 'disk_format', 'os_type'] });
    });

    it('shows what was changed from outside, and puts it right', async () => {
      const [id = ''] = await ids();
      await cloud.updateImage(id, example?.drift ?? {});
      const plan = await tf.planned();
      expect(plan.drift[ADDRESS]?.after).toMatchObject(example?.drifted ?? {});
      expect(plan.actions).toEqual({ [ADDRESS]: 'update' });
      await tf.applyPlanned();
      await tf.nothingToDo();
      const { [ADDRESS]: state } = await tf.resources();
      expect(state).toMatchObject(example?.changed ?? {});
    });

    it('is replaced where the cloud cannot change it, and the plan says why', async () => {
      const before = await ids();
      await tf.write(declared(example?.fixed ?? ''));
      if (example?.because === 'disk_format') {
        const refused = await tf.run(['plan']);
        expect(refused.output).toMatch(/its content is qcow2/);
        return;
      }
      const { code, output } = await tf.run(['plan', '-out=plan.bin']);
      expect(code).toBe(0);
      expect(output).toMatch(/does not change it in place: image \S+ is replaced/);
      const plan = await tf.planned();
      expect(plan.actions).toEqual({ [ADDRESS]: 'replace' });
      expect(plan.replacedBy(ADDRESS)).toEqual([example?.because]);
      await tf.applyPlanned();
      await tf.nothingToDo();
      expect(await ids()).toHaveLength(1);
      expect(await ids()).not.toEqual(before);
    });

    it('goes with the configuration', async () => {
      await tf.write(declared(example?.second ?? ''));
      await tf.destroy();
      expect(await ids()).toEqual([]);
      expect(await work.cloud.unfinishedUploads()).toEqual([]);
    });
  });
});
