// Every resource is found again: by `terraform import`, by `import` blocks with the configuration that made it, and by `import`
// blocks alone, from which terraform writes the configuration. The plan is empty each time.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type ImageCloud } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, type Family, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('imports', () => {
  let work: Work;
  let partner: ImageCloud;
  let made: Workspace;
  let configuration = '';
  /** Import ids by address. */
  let ids: Readonly<Record<string, string>> = {};

  const image = async (family: Family) =>
    `resource "imagebridge_image" "${family.family}" {\n  cloud = "${family.cloud}"\n  name = "imported"\n  source = { file = "${await family.file(work, family.family, MIB)}" }\n  ${family.imageArguments}\n}\n`;

  beforeAll(async () => {
    work = await makeWork();
    partner = await connect({ cloud: 'partner', env: work.env });
    const images = await Promise.all(FAMILIES.map(image));
    configuration = `
${images.join('')}
provider "imagebridge" {
  default_cloud = "local"
}
resource "imagebridge_image_share" "one" {
  image_id   = imagebridge_image.huaweicloud.id
  project_id = "${await partner.projectId()}"
}
resource "imagebridge_image_share_acceptance" "one" {
  cloud    = "partner"
  image_id = imagebridge_image_share.one.image_id
}
resource "imagebridge_image_shares" "all" {
  cloud       = "local-openstack"
  image_id    = imagebridge_image.openstack.id
  project_ids = ["${work.cloud.accounts[1]?.openstack.projectId}"]
}
resource "imagebridge_image_copy" "near" {
  source_image_id = imagebridge_image.huaweicloud.id
  name            = "imported-copy"
}
resource "imagebridge_channel" "stable" {
  name     = "imported-stable"
  image_id = imagebridge_image.huaweicloud.id
}
resource "imagebridge_image_retention" "old" {
  name_prefix = "imported-old"
  keep        = 3
}
`;
    made = await Workspace.make(path.join(work.dir, 'tf-made'), work.env);
    await made.write(configuration);
    await made.apply();
    await made.nothingToDo();
    const id = async (address: string) => made.attribute(address, 'id');
    const huawei = await id('imagebridge_image.huaweicloud');
    ids = {
      'imagebridge_image.huaweicloud': `local/local-1/${huawei}`,
      'imagebridge_image.openstack': `local-openstack/local-1/${await id('imagebridge_image.openstack')}`,
      'imagebridge_image.ucloudstack': `local-ucloudstack/local-1/${await id('imagebridge_image.ucloudstack')}`,
      'imagebridge_image_share.one': `${huawei}/${await partner.projectId()}`,
      'imagebridge_image_share_acceptance.one': `partner/local-1/${huawei}`,
      'imagebridge_image_shares.all': `local-openstack/local-1/${await id('imagebridge_image.openstack')}`,
      'imagebridge_image_copy.near': await id('imagebridge_image_copy.near'),
      'imagebridge_channel.stable': 'imported-stable',
      'imagebridge_image_retention.old': await id('imagebridge_image_retention.old'),
    };
  });
  afterAll(async () => {
    await partner?.close();
    await work?.close();
  });

  it('covers every resource that needs nothing but the embedded cloud', async () => {
    const schemas = z
      .object({
        provider_schemas: z.record(
          z.string(),
          z.object({ resource_schemas: z.record(z.string(), z.unknown()) }),
        ),
      })
      .parse(JSON.parse(await made.must(['providers', 'schema', '-json'])));
    const all = Object.keys(Object.values(schemas.provider_schemas)[0]?.resource_schemas ?? {});
    const covered = new Set(Object.keys(ids).map((address) => address.split('.')[0]));
    // Exports are imported in export-images.test.ts.
    expect(all.filter((name) => !covered.has(name))).toEqual(['imagebridge_image_export']);
  });

  const blocks = () =>
    Object.entries(ids)
      .map(([to, id]) => `import {\n  to = ${to}\n  id = "${id}"\n}\n`)
      .join('');

  it('by import blocks, with the configuration that made them', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf-blocks'), work.env);
    await tf.write(configuration + blocks());
    const plan = await tf.planned();
    expect(plan.actions).toEqual({});
    await tf.applyPlanned();
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
  });

  it('by import blocks alone: terraform writes the configuration', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf-generated'), work.env);
    await tf.write(`provider "imagebridge" {\n  default_cloud = "local"\n}\n${blocks()}`);
    await tf.must(['plan', '-generate-config-out=generated.tf']);
    const generated = await readFile(path.join(tf.dir, 'generated.tf'), 'utf8');
    expect(generated.match(/^resource /gm)).toHaveLength(Object.keys(ids).length);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({});
    await tf.applyPlanned();
    await tf.nothingToDo();
    // What was written needs no import blocks to be of use.
    await tf.write('provider "imagebridge" {\n  default_cloud = "local"\n}\n');
    await writeFile(path.join(tf.dir, 'generated.tf'), generated);
    await tf.nothingToDo();
  });

  it('by terraform import', async () => {
    await made.must(['state', 'rm', ...Object.keys(ids)]);
    for (const [address, id] of Object.entries(ids)) await made.must(['import', address, id]);
    expect((await made.planned()).actions).toEqual({});
    await made.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });

  it.each([
    ['imagebridge_image.huaweicloud', 'a/b', /IMAGE_ID or CLOUD\/REGION\/IMAGE_ID/],
    ['imagebridge_image.huaweicloud', '00000000-0000-4000-8000-000000000000', /non-existent remote object/],
    ['imagebridge_image_share.one', 'only-one-part', /IMAGE_ID\/PROJECT_ID/],
    ['imagebridge_image.huaweicloud', 'nowhere/local-1/x', /nowhere/],
  ])('of %s as %s is refused, with the form that it takes', async (address, id, message) => {
    const { code, output } = await made.run(['import', address, id]);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
});
