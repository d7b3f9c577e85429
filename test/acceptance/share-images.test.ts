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

  /** Those that share. One configuration is for both, which halves the number of terraform's runs. */
  const families = FAMILIES.filter(({ family }) => family !== 'ucloudstack');

  it('are accepted in the apply that shares them', async () => {
    const tf = await workspace('accept');
    const seeds = await Promise.all(
      families.map(async ({ family, cloud, partner }) => ({
        family,
        cloud,
        partner,
        imageId: await seed(cloud, `for-partner-${family}`),
        project: await cloudOf(partner).projectId(),
      })),
    );
    const all = <T>(what: (one: (typeof seeds)[number]) => Promise<T>) => Promise.all(seeds.map(what));
    const SHARE = 'imagebridge_image_share';
    const ACCEPTANCE = 'imagebridge_image_share_acceptance';
    const both = (kind: string, action: string) =>
      Object.fromEntries(seeds.map(({ family }) => [`${kind}.${family}`, action]));

    const plan = await tf.step(
      seeds
        .map(
          ({ family, cloud, partner, imageId, project }) => `
resource "${SHARE}" "${family}" {
  cloud      = "${cloud}"
  image_id   = "${imageId}"
  project_id = "${project}"
}
resource "${ACCEPTANCE}" "${family}" {
  cloud      = "${partner}"
  image_id   = ${SHARE}.${family}.image_id
  project_id = ${SHARE}.${family}.project_id
}`,
        )
        .join('\n'),
    );
    expect(plan.actions).toEqual({ ...both(SHARE, 'create'), ...both(ACCEPTANCE, 'create') });
    await all(async ({ family, cloud, imageId, project }) => {
      expect(await sharesOf(cloud, imageId)).toMatchObject([{ projectId: project, status: 'accepted' }]);
      expect(await tf.attribute(`${ACCEPTANCE}.${family}`, 'status')).toBe('accepted');
    });

    for (const { family, cloud, partner, imageId, project } of seeds) {
      await tf.must(['state', 'rm', `${SHARE}.${family}`, `${ACCEPTANCE}.${family}`]);
      await tf.must(['import', `${SHARE}.${family}`, `${cloud}/local-1/${imageId}/${project}`]);
      await tf.must(['import', `${ACCEPTANCE}.${family}`, `${partner}/local-1/${imageId}`]);
    }
    await tf.nothingToDo();

    // Rejected by hand: accepted again.
    await all(({ partner, imageId }) => cloudOf(partner).answerShare(imageId, 'rejected'));
    await work.pause(300);
    expect((await tf.planned()).actions).toEqual(both(ACCEPTANCE, 'update'));
    await tf.applyPlanned();
    // Ended by hand: shared and accepted again.
    await all(({ cloud, imageId, project }) => cloudOf(cloud).removeShare(imageId, project));
    await work.pause(300);
    expect((await tf.planned()).actions).toEqual({
      ...both(SHARE, 'create'),
      ...both(ACCEPTANCE, 'create'),
    });
    await tf.applyPlanned();
    await all(async ({ cloud, imageId }) =>
      expect(await sharesOf(cloud, imageId)).toMatchObject([{ status: 'accepted' }]),
    );

    await tf.must([
      'destroy',
      '-auto-approve',
      ...seeds.map(({ family }) => `-target=${ACCEPTANCE}.${family}`),
    ]);
    await all(async ({ cloud, imageId }) =>
      expect(await sharesOf(cloud, imageId)).toMatchObject([{ status: 'rejected' }]),
    );
    await tf.destroy();
    await all(async ({ cloud, imageId }) => expect(await sharesOf(cloud, imageId)).toEqual([]));
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

  it('with a set of projects, and with no others', async () => {
    const tf = await workspace('set');
    const SHARES = 'imagebridge_image_shares';
    const operator = work.cloud.accounts[2];
    const seeds = await Promise.all(
      families.map(async ({ family, cloud, partner }) => ({
        family,
        cloud,
        imageId: await seed(cloud, `for-many-${family}`),
        first: await cloudOf(partner).projectId(),
        second:
          (family === 'huaweicloud' ? operator?.projects['local-1'] : operator?.openstack.projectId) ?? '',
      })),
    );
    type Seed = (typeof seeds)[number];
    const shares = (projects: (one: Seed) => string[]) =>
      seeds
        .map(
          (one) => `
resource "${SHARES}" "${one.family}" {
  cloud       = "${one.cloud}"
  image_id    = "${one.imageId}"
  project_ids = ${JSON.stringify(projects(one))}
}`,
        )
        .join('\n');
    const both = (action: string) =>
      Object.fromEntries(seeds.map(({ family }) => [`${SHARES}.${family}`, action]));
    const expectShared = async (projects: (one: Seed) => string[]) => {
      for (const one of seeds) {
        const shared = await sharesOf(one.cloud, one.imageId);
        expect(shared.map(({ projectId }) => projectId).sort()).toEqual(projects(one).sort());
      }
    };

    const plan = await tf.step(shares(({ first, second }) => [first, second]));
    expect(plan.actions).toEqual(both('create'));
    await expectShared(({ first, second }) => [first, second]);
    for (const { family, cloud, imageId } of seeds)
      await tf.importVerify(`${SHARES}.${family}`, `${cloud}/local-1/${imageId}`);
    await tf.write(shares(({ first }) => [first]));
    expect((await tf.planned()).actions).toEqual(both('update'));
    await tf.applyPlanned();
    await expectShared(({ first }) => [first]);

    // A stranger is shown, and goes.
    for (const { cloud, imageId, second } of seeds) await cloudOf(cloud).addShare(imageId, second);
    await work.pause(300);
    const drift = await tf.planned();
    expect(drift.actions).toEqual(both('update'));
    for (const { family, first, second } of seeds)
      expect(drift.change(`${SHARES}.${family}`).before).toMatchObject({
        project_ids: [first, second].sort(),
      });
    await tf.applyPlanned();
    await expectShared(({ first }) => [first]);

    await tf.step(shares(() => []));
    await expectShared(() => []);
    await tf.write(shares(({ second }) => [second]));
    await tf.apply();
    await tf.destroy();
    await expectShared(() => []);
  });

  it('of many images with several projects are one for_each', async () => {
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
    // How many come together depends on the machine's load; that they are sent together is shown by a unit test.
    expect(sent.length).toBeLessThanOrEqual(names.length * projects.length);
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
