// Sharing under the real terraform: one project, a set of them, the receiver's acceptance; where a cloud has none of it, the plan
// says so.
import path from 'node:path';
import { connect, type ImageCloud, type Share } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

describeTerraform('sharing images', () => {
  let work: Work;
  const clouds = new Map<string, ImageCloud>();

  beforeAll(async () => {
    work = await makeWork();
    for (const name of FAMILIES.flatMap(({ cloud, partner }) => [cloud, partner]))
      clouds.set(name, await connect({ cloud: name, configPath: work.cloud.profilesPath, env: {} }));
  });
  afterAll(async () => {
    for (const cloud of clouds.values()) await cloud.close();
    await work?.close();
  });

  function cloudOf(name: string): ImageCloud {
    const cloud = clouds.get(name);
    if (cloud === undefined) throw new Error(`no cloud ${name}`);
    return cloud;
  }

  const seed = async (cloud: string, name: string): Promise<string> =>
    (await seedImages(cloudOf(cloud), work, [name]))[name] ?? '';

  async function sharesOf(cloud: string, imageId: string): Promise<Share[]> {
    const shares: Share[] = [];
    for await (const share of cloudOf(cloud).listShares(imageId)) shares.push(share);
    return shares;
  }

  const workspace = (name: string) => Workspace.make(path.join(work.dir, name), work.env);

  const families = FAMILIES.filter(({ family }) => family !== 'ucloudstack');

  it.each(families)('are accepted in the apply that shares them, on $family', async ({ cloud, partner }) => {
    const tf = await workspace(`accept-${cloud}`);
    const imageId = await seed(cloud, 'for-partner');
    const project = await cloudOf(partner).projectId();
    const plan = await tf.step(`
resource "imagebridge_image_share" "partner" {
  cloud      = "${cloud}"
  image_id   = "${imageId}"
  project_id = "${project}"
}
resource "imagebridge_image_share_acceptance" "partner" {
  cloud      = "${partner}"
  image_id   = imagebridge_image_share.partner.image_id
  project_id = imagebridge_image_share.partner.project_id
}`);
    expect(plan.actions).toEqual({
      'imagebridge_image_share.partner': 'create',
      'imagebridge_image_share_acceptance.partner': 'create',
    });
    expect(await sharesOf(cloud, imageId)).toMatchObject([{ projectId: project, status: 'accepted' }]);
    expect(await tf.attribute('imagebridge_image_share_acceptance.partner', 'status')).toBe('accepted');

    await tf.importVerify('imagebridge_image_share.partner', `${cloud}/local-1/${imageId}/${project}`);
    await tf.importVerify('imagebridge_image_share_acceptance.partner', `${partner}/local-1/${imageId}`);

    // Rejected by hand: accepted again.
    await cloudOf(partner).answerShare(imageId, 'rejected');
    await work.pause(300);
    expect((await tf.planned()).actions).toEqual({
      'imagebridge_image_share_acceptance.partner': 'update',
    });
    await tf.applyPlanned();
    expect(await sharesOf(cloud, imageId)).toMatchObject([{ status: 'accepted' }]);

    // Ended by hand: shared and accepted again.
    await cloudOf(cloud).removeShare(imageId, project);
    await work.pause(300);
    expect((await tf.planned()).actions).toEqual({
      'imagebridge_image_share.partner': 'create',
      'imagebridge_image_share_acceptance.partner': 'create',
    });
    await tf.applyPlanned();

    await tf.must(['destroy', '-auto-approve', '-target=imagebridge_image_share_acceptance.partner']);
    expect(await sharesOf(cloud, imageId)).toMatchObject([{ status: 'rejected' }]);
    await tf.destroy();
    expect(await sharesOf(cloud, imageId)).toEqual([]);
  });

  it('are accepted by nobody but the receiver, and the message says by whom', async () => {
    const tf = await workspace('wrong-receiver');
    const imageId = await seed('local', 'for-others');
    const acceptance = (extra: string) => `
resource "imagebridge_image_share_acceptance" "wrong" {
  cloud    = "local"
  image_id = "${imageId}"
  ${extra}
}`;
    const project = await cloudOf('partner').projectId();
    await tf.write(acceptance(`project_id = "${project}"`));
    const planned = await tf.plan();
    expect(planned.code).toBe(1);
    expect(planned.output).toMatch(/The share is for another project/);
    expect(planned.output).toContain(`is to be accepted by project ${project}`);
    await tf.write(acceptance(''));
    const applied = await tf.run(['apply', '-auto-approve']);
    expect(applied.code).toBe(1);
    expect(applied.output).toMatch(/owns the image; only the project that it is shared with can answer/i);
    expect(applied.output).toMatch(/Name the cloud, or the credentials, of the receiving project/);
  });

  it.each(families)(
    'with a set of projects, and with no others, on $family',
    async ({ family, cloud, partner }) => {
      const tf = await workspace(`set-${cloud}`);
      const imageId = await seed(cloud, 'for-many');
      const operator = family === 'huaweicloud' ? 2 : undefined;
      const first = await cloudOf(partner).projectId();
      const second =
        operator === undefined
          ? (work.cloud.accounts[2]?.openstack.projectId ?? '')
          : (work.cloud.accounts[operator]?.projects['local-1'] ?? '');
      const shares = (...projects: string[]) => `
resource "imagebridge_image_shares" "all" {
  cloud       = "${cloud}"
  image_id    = "${imageId}"
  project_ids = ${JSON.stringify(projects)}
}`;
      const address = 'imagebridge_image_shares.all';
      expect((await tf.step(shares(first, second))).actions).toEqual({ [address]: 'create' });
      expect((await sharesOf(cloud, imageId)).map(({ projectId }) => projectId).sort()).toEqual(
        [first, second].sort(),
      );
      expect((await tf.step(shares(first))).actions).toEqual({ [address]: 'update' });
      expect((await sharesOf(cloud, imageId)).map(({ projectId }) => projectId)).toEqual([first]);

      // A stranger is shown, and goes.
      await cloudOf(cloud).addShare(imageId, second);
      await work.pause(300);
      const drift = await tf.planned();
      expect(drift.actions).toEqual({ [address]: 'update' });
      expect(drift.change(address).before).toMatchObject({ project_ids: [first, second].sort() });
      await tf.applyPlanned();
      await tf.nothingToDo();
      expect((await sharesOf(cloud, imageId)).map(({ projectId }) => projectId)).toEqual([first]);

      await tf.importVerify(address, `${cloud}/local-1/${imageId}`);
      await tf.step(shares());
      expect(await sharesOf(cloud, imageId)).toEqual([]);
      await tf.step(shares(second));
      await tf.destroy();
      expect(await sharesOf(cloud, imageId)).toEqual([]);
    },
  );

  it('of many images with several projects take few calls', async () => {
    const tf = await workspace('many');
    const names = ['many-1', 'many-2', 'many-3'];
    const ids = await seedImages(cloudOf('local'), work, names);
    const projects = [1, 2].map((account) => work.cloud.accounts[account]?.projects['local-1'] ?? '');
    await tf.write(`
locals { pairs = { for pair in setproduct(${JSON.stringify(Object.values(ids))}, ${JSON.stringify(projects)}) : join("/", pair) => pair } }
resource "imagebridge_image_share" "all" {
  for_each   = local.pairs
  cloud      = "local"
  image_id   = each.value[0]
  project_id = each.value[1]
}`);
    work.requests.length = 0;
    await tf.apply('-parallelism=50');
    const sent = work.requests.filter(({ service, method }) => service === 'ims' && method === 'POST');
    expect(sent.length, 'calls that share: one for each image').toBe(names.length);
    for (const id of Object.values(ids)) expect(await sharesOf('local', id)).toHaveLength(projects.length);
    await tf.nothingToDo();
    await tf.destroy();
    for (const id of Object.values(ids)) expect(await sharesOf('local', id)).toEqual([]);
  });

  it('are refused while planning where the cloud has no sharing, with what to do instead', async () => {
    const tf = await workspace('refused');
    await tf.write(`
resource "imagebridge_image_share" "one" {
  cloud      = "local-ucloudstack"
  image_id   = "any"
  project_id = "any"
}
resource "imagebridge_image_shares" "all" {
  cloud       = "local-ucloudstack"
  image_id    = "any"
  project_ids = ["any"]
}
resource "imagebridge_image_share_acceptance" "one" {
  cloud    = "local-ucloudstack"
  image_id = "any"
}`);
    const { code, output } = await tf.plan();
    expect(code).toBe(1);
    expect(output.match(/Could not share an image on ucloudstack/g)).toHaveLength(2);
    expect(output).toMatch(/Could not accept a share on ucloudstack/);
    expect(output).toMatch(/Copy it to a base image, which other tenants can use/);
  });

  it('writes a configuration for shares that are imported', async () => {
    const tf = await workspace('generated');
    const imageId = await seed('local', 'generated');
    const project = await cloudOf('partner').projectId();
    await cloudOf('local').addShare(imageId, project);
    await work.pause(300);
    await tf.write(`
provider "imagebridge" { default_cloud = "local" }
import {
  to = imagebridge_image_share.one
  id = "${imageId}/${project}"
}
import {
  to = imagebridge_image_shares.all
  id = "${imageId}"
}`);
    await tf.must(['plan', '-generate-config-out=generated.tf']);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({});
    await tf.applyPlanned();
    await tf.nothingToDo();
  });
});
