// Copies of every kind under the real terraform: in a region, across regions, as a base image, to further stores, to another
// cloud; changed in place, replaced where they must be, imported, removed.
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { Sources } from './copy-sources.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const COPY = 'imagebridge_image_copy';

describeTerraform('copies of images', () => {
  let work: Work;
  let sources: Sources;
  let tf: Workspace;
  /** Ids of the images that are copied, by profile. */
  const source: Record<string, string> = {};

  beforeAll(async () => {
    work = await makeWork();
    sources = new Sources(work);
    for (const profile of ['local', 'operator-openstack', 'local-ucloudstack', 'operator-ucloudstack'])
      source[profile] = await sources.image(profile, `of-${profile}`);
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
  });
  afterAll(async () => {
    await sources?.close();
    await work?.close();
  });

  const configuration = (more: Record<string, string> = {}) => `
provider "imagebridge" {
  default_cloud = "local"
  default_tags  = { owner = "platform" }
}
resource "${COPY}" "near" {
  source_image_id = "${source.local}"
  ${more.near ?? 'description = "a copy"\n  properties = { team = "web" }'}
}
resource "${COPY}" "far" {
  source_image_id = "${source.local}"
  target_region   = "local-2"
  agency_name     = "copier"
}
resource "${COPY}" "base" {
  cloud           = "operator-ucloudstack"
  source_image_id = "${source['operator-ucloudstack']}"
  name            = "${more.base ?? 'base-image'}"
  to_base_image   = true
}
resource "${COPY}" "stores" {
  cloud           = "operator-openstack"
  source_image_id = "${source['operator-openstack']}"
  to_stores       = ["store2"]
  on_destroy      = "retain"
}
resource "${COPY}" "to_openstack" {
  source_image_id = "${source.local}"
  target_cloud    = "local-openstack"
  name            = "${more.openstackName ?? 'from huaweicloud'}"
  ${more.openstack ?? 'tags = { team = "web" }\n  properties = { hw_rng_model = "virtio" }\n  protected = true'}
}
resource "${COPY}" "to_huaweicloud" {
  cloud           = "local-ucloudstack"
  source_image_id = "${source['local-ucloudstack']}"
  target_cloud    = "local"
  name            = "from-ucloudstack"
  ${more.huaweicloud ?? 'tags = { team = "web" }'}
}
resource "${COPY}" "to_ucloudstack" {
  cloud           = "operator-openstack"
  source_image_id = "${source['operator-openstack']}"
  target_cloud    = "local-ucloudstack"
  target_region   = "local-2"
  name            = "from-openstack"
  os_type         = "Linux"
  os_distribution = "Ubuntu"
  os_version      = "22.04"
  architecture    = "x86_64"
}`;

  it('are made where they should be, all in one apply', async () => {
    const plan = await tf.step(configuration());
    expect(Object.values(plan.actions)).toEqual(Array.from({ length: 7 }, () => 'create'));
    expect(plan.change(`${COPY}.far`).after).toMatchObject({ region: 'local-1', target_region: 'local-2' });
    expect(plan.change(`${COPY}.to_openstack`).after).toMatchObject({
      target_region: 'local-1',
      tags_all: { owner: 'platform', team: 'web' },
    });
    expect(plan.unknown(`${COPY}.near`)).toContain('name');

    const stored = await work.cloud.storedImages();
    const there = stored.map(({ family, region, name }) => `${family} ${region} ${name}`).sort();
    expect(there).toEqual([
      'huaweicloud local-1 from-ucloudstack',
      'huaweicloud local-1 of-local',
      'huaweicloud local-1 of-local-copy',
      'huaweicloud local-2 of-local',
      'openstack local-1 from huaweicloud',
      'openstack local-1 of-operator-openstack',
      'ucloudstack local-1 base-image',
      'ucloudstack local-1 of-local-ucloudstack',
      'ucloudstack local-1 of-operator-ucloudstack',
      'ucloudstack local-2 from-openstack',
    ]);
    const hashes = (name: string) =>
      stored.filter((image) => image.name === name).map(({ sha256 }) => sha256);
    expect(hashes('from-ucloudstack')).toEqual(hashes('of-local-ucloudstack'));
    expect(hashes('from-openstack')).toEqual(hashes('of-operator-openstack'));
    const state = await tf.resources();
    expect(state[`${COPY}.near`]).toMatchObject({
      name: 'of-local-copy',
      description: 'a copy',
      status: 'active',
    });
    expect(state[`${COPY}.base`]).toMatchObject({ visibility: 'public' });
    expect(state[`${COPY}.stores`]).toMatchObject({
      id: source['operator-openstack'],
      to_stores: ['store2'],
    });
    const openstack = await sources.cloud('operator-openstack');
    const image = await openstack.getImage(source['operator-openstack'] ?? '');
    expect(image?.properties.stores?.split(',').sort()).toEqual(['store1', 'store2']);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('are found again by import, with nothing left to do', async () => {
    const state = await tf.resources();
    const idOf = (name: string) => `${state[`${COPY}.${name}`]?.id}`;
    // What matters only while a copy is made is told by no cloud.
    const importIds: Record<string, string> = {
      stores: `operator-openstack/local-1/${idOf('stores')}:store2`,
      base: `operator-ucloudstack/local-1/${idOf('base')}:base`,
      to_huaweicloud: `local-ucloudstack/local-1/${source['local-ucloudstack']}/local/local-1/${idOf('to_huaweicloud')}`,
    };
    for (const [name, id] of Object.entries(importIds)) {
      await tf.must(['state', 'rm', `${COPY}.${name}`]);
      await tf.must(['import', `${COPY}.${name}`, id]);
    }
    await tf.must(['state', 'rm', `${COPY}.far`]);
    await tf.must(['import', `${COPY}.far`, `local/local-1/local-2/${idOf('far')}`]);
    const plan = await tf.planned();
    // It records the agency and the cloud's name, and sends nothing.
    expect(plan.actions).toEqual({ [`${COPY}.far`]: 'update' });
    await tf.applyPlanned();
  });

  it('are changed in place where the cloud can, and replaced with the reason where it cannot', async () => {
    const before = await tf.resources();
    await tf.write(
      configuration({
        near: 'name = "renamed"',
        base: 'base-image-2',
        openstackName: 'renamed too',
        openstack: 'tags = { team = "core" }',
        huaweicloud: 'tags = { team = "core" }',
      }),
    );
    const { code, output } = await tf.plan();
    expect(code).toBe(2);
    expect(output).toMatch(/A change of name makes a new copy/);
    expect(output).toMatch(/A change of tags makes a new copy/);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({
      [`${COPY}.near`]: 'update',
      [`${COPY}.base`]: 'replace',
      [`${COPY}.to_openstack`]: 'update',
      [`${COPY}.to_huaweicloud`]: 'replace',
    });
    expect(plan.replacedBy(`${COPY}.base`)).toEqual(['name']);
    expect(plan.replacedBy(`${COPY}.to_huaweicloud`)).toEqual(['tags']);
    await tf.applyPlanned();
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    const near = await (await sources.cloud('local')).getImage(`${before[`${COPY}.near`]?.id}`);
    expect(near).toMatchObject({ name: 'renamed' });
    expect(near?.description ?? '').toBe('');
    expect(near?.properties.team).toBeUndefined();
    const far = await (await sources.cloud('local-openstack')).getImage(
      `${before[`${COPY}.to_openstack`]?.id}`,
    );
    expect(far).toMatchObject({
      name: 'renamed too',
      protected: false,
      tags: { team: 'core', owner: 'platform' },
    });
    expect(far?.properties.hw_rng_model).toBeUndefined();
  });

  it('show what somebody else has changed, and are made again when they are gone', async () => {
    const state = await tf.resources();
    const local = await sources.cloud('local');
    await local.updateImage(`${state[`${COPY}.near`]?.id}`, { name: 'renamed-by-hand' });
    await (await sources.cloud('local-openstack')).deleteImage(`${state[`${COPY}.to_openstack`]?.id}`);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({ [`${COPY}.near`]: 'update', [`${COPY}.to_openstack`]: 'create' });
    expect(plan.change(`${COPY}.near`).before).toMatchObject({ name: 'renamed-by-hand' });
    await tf.applyPlanned();
    await tf.nothingToDo();
  });

  it('are not destroyed while they are protected, and leave nothing behind otherwise', async () => {
    await (await sources.cloud('local-openstack')).updateImage(
      await tf.attribute(`${COPY}.to_openstack`, 'id'),
      { protected: true },
    );
    const refused = await tf.run(['destroy', '-auto-approve']);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/is protected.*Set `protected = false` and apply that first/s);
    await (await sources.cloud('local-openstack')).updateImage(
      await tf.attribute(`${COPY}.to_openstack`, 'id'),
      { protected: false },
    );
    await tf.destroy();
    const left = (await work.cloud.storedImages()).map(({ name }) => name).sort();
    expect(left).toEqual(
      Object.keys(source)
        .map((profile) => `of-${profile}`)
        .sort(),
    );
  });

  it('go to many clouds at once from one export, by one for_each', async () => {
    const many = await Workspace.make(path.join(work.dir, 'tf-many'), work.env);
    await many.write(`
locals {
  targets = { for pair in setproduct(["local-openstack", "partner-openstack", "local-ucloudstack"], ["local-1", "local-2"]) :
    join("/", pair) => { cloud = pair[0], region = pair[1] } }
}
resource "${COPY}" "everywhere" {
  for_each        = local.targets
  cloud           = "local"
  source_image_id = "${source.local}"
  name            = "everywhere"
  target_cloud    = each.value.cloud
  target_region   = each.value.region
  os_type         = "Linux"
  os_distribution = "Ubuntu"
  os_version      = "22.04"
  architecture    = "x86_64"
}`);
    work.requests.length = 0;
    await many.apply();
    const made = (await work.cloud.storedImages()).filter(({ name }) => name === 'everywhere');
    expect(made.map(({ family, region }) => `${family} ${region}`).sort()).toEqual([
      ...['openstack local-1', 'openstack local-1', 'openstack local-2', 'openstack local-2'],
      ...['ucloudstack local-1', 'ucloudstack local-2'],
    ]);
    const exported = work.requests.filter(
      ({ service, method, path: at, status }) =>
        service === 'ims' && method === 'POST' && at.endsWith('/file') && status === 200,
    );
    expect(exported, 'exports of the one image').toHaveLength(1);
    await many.nothingToDo();
    await many.destroy();
  });

  it('are refused while planning where the clouds cannot make them', async () => {
    await tf.write(`
resource "${COPY}" "base" {
  cloud           = "local"
  source_image_id = "x"
  to_base_image   = true
}
resource "${COPY}" "in_region" {
  cloud           = "local-openstack"
  source_image_id = "x"
}
resource "${COPY}" "stores" {
  cloud           = "local-easystack"
  source_image_id = "x"
  to_stores       = ["fast"]
  on_destroy      = "retain"
}
resource "${COPY}" "agency" {
  cloud           = "local"
  source_image_id = "x"
  target_region   = "local-2"
}
resource "${COPY}" "pull" {
  cloud           = "local-openstack"
  source_image_id = "x"
  target_cloud    = "local"
  via             = "pull"
}
resource "${COPY}" "name" {
  cloud           = "local-openstack"
  source_image_id = "x"
  target_cloud    = "local-ucloudstack"
  name            = "not a legal name"
}
resource "${COPY}" "tags" {
  cloud           = "local"
  source_image_id = "x"
  tags            = { team = "web" }
  os_version      = "another"
}`);
    const { code, output } = await tf.plan();
    expect(code).toBe(1);
    for (const said of [
      /Could not copy an image to a base image on huaweicloud "local".*Copy the image inside the region/s,
      /Could not copy an image in its region on openstack/,
      /Could not copy an image to store/,
      /It needs an agency, and none is given/,
      /Could not let huaweicloud "local".*It fetches no URLs/s,
      /Could not use "not a legal name" as an image name/,
      /tags cannot be set on huaweicloud "local"/,
      /os_version cannot be set on huaweicloud "local"/,
    ])
      expect(output).toMatch(said);
    await tf.write(`
resource "${COPY}" "contradicting" {
  source_image_id = "x"
  name            = "y"
  to_stores       = ["fast"]
}`);
    const contradicting = await tf.run(['validate']);
    expect(contradicting.output).toMatch(/name and to_stores contradict each other/);
  });
});
