// What users of other providers complain of when they plan: drift that is none, replacements that need not be, what cannot be
// set or cleared. A test for each, by its number.
import { createHash } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@imagebridge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
const BASE = 'imagebridge_image.base';

describeTerraform('complaints about plans', () => {
  let work: Work;
  let file: string;
  let sha256: string;

  beforeAll(async () => {
    work = await makeWork();
    file = await work.file('disk.raw', 2 * MIB);
    sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  });
  afterAll(() => work?.close());

  const image = (name: string, more = '', source = file) =>
    `resource "imagebridge_image" "base" {\n  name = "${name}"\n  source = { file = "${source}" }\n  ${more}\n}\n`;
  const workspace = (name: string) => Workspace.make(path.join(work.dir, `tf-${name}`), work.env);

  describe('on an OpenStack', () => {
    let tf: Workspace;
    const declared = (more: string) => image('drifting', `cloud = "local-openstack"\n  ${more}`);
    beforeAll(async () => {
      tf = await workspace('openstack');
    });

    it('terraform-provider-openstack#301, #1994: what the service adds to an image is no drift', async () => {
      await tf.step(declared('tags = { team = "web" }\n  properties = { hw_disk_bus = "scsi" }'));
      const cloud = await connect({ cloud: 'operator-openstack', env: work.env });
      const id = await tf.attribute(BASE, 'id');
      await cloud.updateImage(id, { properties: { hw_machine_type: 'q35', owner_note: 'x' } });
      await cloud.close();
      await tf.nothingToDo();
      await tf.nothingToDo('-refresh-only');
    });

    it('terraform-provider-openstack#304: a checksum of the service is not taken for that of the file', async () => {
      const { [BASE]: state } = await tf.resources();
      expect(state?.source).toMatchObject({ sha256 });
      expect(state?.stored_checksum).toMatch(/^[0-9a-f]{32,128}$/);
      expect(state?.stored_checksum).not.toBe(sha256);
    });

    it('terraform-provider-openstack: all tags, properties and texts can be removed, in place', async () => {
      await tf.step(
        declared(
          'tags = { team = "web", tier = "1" }\n  properties = { hw_disk_bus = "scsi" }\n  description = "first"\n  min_ram_mib = 512',
        ),
      );
      const id = await tf.attribute(BASE, 'id');
      const plan = await tf.step(declared(''));
      expect(plan.actions).toEqual({ [BASE]: 'update' });
      const cloud = await connect({ cloud: 'local-openstack', env: work.env });
      const now = await cloud.getImage(id);
      await cloud.close();
      const marks = Object.keys(now?.tags ?? {}).filter((key) => !key.startsWith('imagebridge'));
      expect([marks, now?.properties.hw_disk_bus, now?.description, now?.minRamMiB ?? 0]).toEqual([
        [],
        undefined,
        undefined,
        0,
      ]);
      await tf.destroy();
    });
  });

  it('terraform-provider-openstack#1522: an upgrade of the provider replaces nothing', async () => {
    const tf = await workspace('upgraded');
    await tf.step(image('upgraded'));
    // The state as the first version of the schema wrote it.
    const stateSchema = z.looseObject({
      resources: z.array(
        z.looseObject({
          instances: z.array(
            z.looseObject({ attributes: z.record(z.string(), z.unknown()), schema_version: z.number() }),
          ),
        }),
      ),
    });
    const state = stateSchema.parse(JSON.parse(await tf.stateText()));
    const instance = state.resources[0]?.instances[0];
    if (instance === undefined) throw new Error('the state has no image');
    const FIRST =
      'id name os_version description min_disk_gib min_ram_mib disk_format tags staging_bucket cloud region timeouts status size_bytes stored_format owner_id visibility os_type created_at'.split(
        ' ',
      );
    const kept = FIRST.map((name) => [name, instance.attributes[name] ?? null]);
    instance.attributes = { ...Object.fromEntries(kept), file: { path: file, sha256 } };
    instance.schema_version = 0;
    await writeFile(path.join(tf.dir, 'terraform.tfstate'), JSON.stringify(state));
    expect((await tf.planned()).actions).toEqual({});
    await tf.destroy();
  });

  it('azurerm#3543: a further region replaces nothing', async () => {
    const tf = await workspace('regions');
    const regions = (...names: string[]) => `
resource "imagebridge_image" "base" {
  for_each = toset(${JSON.stringify(names)})
  name     = "everywhere"
  region   = each.key
  source   = { file = "${file}" }
}`;
    await tf.step(regions('local-1'));
    const [first] = await work.cloud.storedImages();
    const plan = await tf.step(regions('local-1', 'local-2'));
    expect(plan.actions).toEqual({ 'imagebridge_image.base["local-2"]': 'create' });
    const stored = await work.cloud.storedImages();
    expect(stored.map(({ region }) => region).sort()).toEqual(['local-1', 'local-2']);
    expect(stored.find(({ region }) => region === 'local-1')?.id).toBe(first?.id);
    await tf.destroy();
  });

  it('terraform-provider-openstack: an image that is imported plans no replacement', async () => {
    const tf = await workspace('imported');
    await tf.step(image('imported', 'description = "kept"'));
    await tf.importVerify(BASE, await tf.attribute(BASE, 'id'), { ignore: ['source', 'disk_format'] });
    await tf.destroy();
  });

  it('all providers: other bytes of the same size and time are seen', async () => {
    const tf = await workspace('same-time');
    const fixed = await work.file('fixed.raw', 2 * MIB);
    // As builds do that can be repeated: every file has the same time.
    const time = new Date('2026-01-01T00:00:00Z');
    await utimes(fixed, time, time);
    await tf.step(image('same-time', '', fixed));
    const bytes = await readFile(fixed);
    bytes[MIB] = (bytes[MIB] ?? 0) ^ 1;
    await writeFile(fixed, bytes);
    await utimes(fixed, time, time);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({ [BASE]: 'replace' });
    expect(plan.replacedBy(BASE)).toEqual(['source.sha256']);
    await tf.destroy();
  });

  it('alicloud#4019, azurerm#3517: every resource has timeouts, and they hold', async () => {
    const tf = await workspace('timeouts');
    await tf.write(image('timeouts', 'timeouts = { delete = "1s" }'));
    const schemas = z
      .object({
        provider_schemas: z.record(
          z.string(),
          z.object({
            resource_schemas: z.record(
              z.string(),
              z.object({ block: z.object({ attributes: z.record(z.string(), z.unknown()) }) }),
            ),
          }),
        ),
      })
      .parse(JSON.parse(await tf.must(['providers', 'schema', '-json'])));
    const resources = Object.values(schemas.provider_schemas)[0]?.resource_schemas ?? {};
    const without = Object.entries(resources).filter(([, { block }]) => !('timeouts' in block.attributes));
    expect(without.map(([name]) => name)).toEqual([]);

    await tf.apply();
    work.cloud.faults.add({ service: 'ims', method: 'DELETE', action: { kind: 'delay', ms: 20_000 } });
    const { code, output } = await tf.run(['destroy', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/timeouts\.delete/)]);
    work.cloud.faults.clear();
    await tf.destroy();
  });
});
