// Retention: a plan lists what goes and how, its apply does that or less, and then there is nothing left to do.
import path from 'node:path';
import { connect, type ImageCloud, promoteImage } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

const ADDRESS = 'imagebridge_image_retention.web';

describeTerraform('retention', () => {
  let work: Work;
  const clouds: Record<string, ImageCloud> = {};
  /** Ids of the images `web-1` to `web-4` by the name of their cloud. */
  const ids: Record<string, Record<string, string>> = {};

  beforeAll(async () => {
    work = await makeWork();
    await Promise.all(
      FAMILIES.map(async ({ cloud }) => {
        const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
        clouds[cloud] = opened;
        ids[cloud] = await seedImages(opened, work, ['web-1', 'web-2', 'web-3', 'web-4']);
      }),
    );
  });
  afterAll(async () => {
    for (const cloud of Object.values(clouds)) await cloud.close();
    await work?.close();
  });

  const workspace = (name: string) => Workspace.make(path.join(work.dir, name), work.env);
  const opened = (cloud: string): ImageCloud => {
    const found = clouds[cloud];
    if (!found) throw new Error(`no cloud ${cloud}`);
    return found;
  };
  const names = async (cloud: string) => {
    const found: string[] = [];
    // What was deleted may lie in a recycle bin.
    for await (const { name, status } of opened(cloud).listImages({ scope: 'own' }))
      if (status !== 'deleted') found.push(name);
    return found.sort();
  };
  const retention = (cloud: string, more = '', prefix = 'web-') => `
resource "imagebridge_image_retention" "web" {
  name_prefix  = "${prefix}"
  keep         = 2
  min_age_days = 0
  cloud        = "${cloud}"
  ${more}
}`;

  it.each(FAMILIES)(
    '$family: records the rules, lists what goes, deletes it, and is done',
    async ({ cloud, family }) => {
      const tf = await workspace(family);
      await tf.write(retention(cloud));
      expect(await tf.apply()).toMatch(
        /By these rules 2 images are due already.*delete .*"web-2": not one of/s,
      );
      expect(await names(cloud)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);

      await tf.nothingToDo('-refresh-only');
      const plan = await tf.planned();
      expect(plan.actions).toEqual({ [ADDRESS]: 'update' });
      expect(plan.unknown(ADDRESS)).toEqual(['outcomes', 'retired_at']);
      const line = (name: string, reason: string) => ({ image_id: ids[cloud]?.[name], name, reason });
      expect(plan.change(ADDRESS).after).toMatchObject({
        retiring: [
          { ...line('web-2', 'not one of the newest 2'), action: 'delete' },
          { ...line('web-1', 'not one of the newest 2'), action: 'delete' },
        ],
        keeping: [line('web-4', 'number 1 of the newest 2'), line('web-3', 'number 2 of the newest 2')],
      });
      await tf.applyPlanned();
      expect(await names(cloud)).toEqual(['web-3', 'web-4']);
      await tf.nothingToDo();
      await tf.nothingToDo('-refresh-only');
      expect((await tf.resources())[ADDRESS]).toMatchObject({
        outcomes: [
          { image_id: ids[cloud]?.['web-2'], outcome: 'deleted' },
          { image_id: ids[cloud]?.['web-1'], outcome: 'deleted' },
        ],
        retired_at: expect.stringMatching(/^\d{4}-/),
      });
      await tf.destroy();
      expect(await names(cloud)).toEqual(['web-3', 'web-4']);
    },
  );

  it('does less than planned where something speaks for an image meanwhile, and nothing to what came meanwhile', async () => {
    const cloud = 'local-openstack';
    const own = await seedImages(opened(cloud), work, ['db-1', 'db-2', 'db-3', 'db-4', 'db-5']);
    const tf = await workspace('meanwhile');
    await tf.write(retention(cloud, '', 'db-'));
    await tf.apply();
    expect((await tf.planned()).change(ADDRESS).after?.retiring).toMatchObject([
      { name: 'db-3' },
      { name: 'db-2' },
      { name: 'db-1' },
    ]);
    const second = await opened(cloud).getImage(own['db-2'] ?? '');
    if (second) await promoteImage(opened(cloud), second, 'db-stable');
    await opened(cloud).deleteImage(own['db-5'] ?? '');
    await seedImages(opened(cloud), work, ['db-6', 'db-7']);
    await tf.applyPlanned();
    expect((await names(cloud)).filter((name) => name.startsWith('db-'))).toEqual([
      'db-2',
      'db-4',
      'db-6',
      'db-7',
    ]);
    expect((await tf.resources())[ADDRESS]?.outcomes).toMatchObject([
      { name: 'db-3', outcome: 'deleted' },
      { name: 'db-2', outcome: 'kept', reason: 'current in channel db-stable' },
      { name: 'db-1', outcome: 'deleted' },
    ]);

    // What came meanwhile counts in the next plan. A failure is told, and planned again.
    work.cloud.faults.add({ service: 'glance', method: 'DELETE', action: { kind: 'status', status: 403 } });
    expect((await tf.planned()).change(ADDRESS).after?.retiring).toMatchObject([{ name: 'db-4' }]);
    const { code, output } = await tf.run(['apply', 'plan.bin']);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/Could not retire 1 of 1 images.*"db-4".*403/s),
    ]);
    work.cloud.faults.clear();
    await tf.apply();
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    expect((await names(cloud)).filter((name) => name.startsWith('db-'))).toEqual(['db-2', 'db-6', 'db-7']);
    await tf.destroy();
  });

  it('hides, deactivates and deprecates where the cloud can, once', async () => {
    const cloud = 'local-openstack';
    const actions = ['hide', 'deactivate', 'deprecate'];
    const own = await seedImages(
      opened(cloud),
      work,
      actions.flatMap((action) => [`${action}-1`, `${action}-2`]),
    );
    const tf = await workspace('actions');
    // What is being built is spared by an id that no plan knows yet: what is due is listed all the same.
    const configuration = (build: number) => `
resource "terraform_data" "build" {
  triggers_replace = ${build}
}
resource "imagebridge_image_retention" "each" {
  for_each          = toset(${JSON.stringify(actions)})
  name_regex        = "^\${each.key}-[0-9]$"
  keep              = 1
  min_age_days      = 0
  action            = each.key
  reason            = "superseded"
  exclude_image_ids = [terraform_data.build.id]
  cloud             = "${cloud}"
}`;
    await tf.write(configuration(1));
    await tf.apply();
    const plan = await tf.step(configuration(2));
    const hiding = plan.change('imagebridge_image_retention.each["hide"]');
    expect(hiding.actions).toEqual(['update']);
    expect(hiding.after).toMatchObject({ retiring: [{ name: 'hide-1', action: 'hide' }] });
    const now = async (name: string) => opened(cloud).getImage(own[name] ?? '', { fresh: true });
    const deprecated = {
      imagebridge_deprecated: expect.any(String),
      imagebridge_deprecated_reason: 'superseded',
    };
    expect(await now('hide-1')).toMatchObject({
      status: 'active',
      properties: { os_hidden: 'true', ...deprecated },
    });
    expect(await now('deactivate-1')).toMatchObject({ status: 'deactivated', properties: deprecated });
    expect(await now('deprecate-1')).toMatchObject({ status: 'active', properties: deprecated });
    expect(await now('hide-2')).toMatchObject({ status: 'active', properties: { os_hidden: 'false' } });
    await tf.destroy();
    expect((await now('deprecate-1'))?.properties).toMatchObject(deprecated);
  });

  it('is changed in place, and imported by its rules', async () => {
    const tf = await workspace('rules');
    const before = await names('local');
    const rules = (keep: number) => `
resource "imagebridge_image_retention" "web" {
  name_prefix       = "none/at all-"
  with_tags         = { team = "web" }
  keep              = ${keep}
  exclude_image_ids = ["y", "x"]
}`;
    await tf.write(rules(3));
    await tf.apply();
    const plan = await tf.step(rules(4));
    expect(plan.actions).toEqual({ [ADDRESS]: 'update' });
    const id = await tf.attribute(ADDRESS, 'id');
    expect(id).toBe(
      'name_prefix=none%2Fat+all-&tag.team=web&keep=4&min_age_days=14&action=delete&exclude_image_id=y&exclude_image_id=x',
    );
    await tf.importVerify(ADDRESS, id);
    await tf.destroy();
    expect(await names('local')).toEqual(before);
  });

  it.each<[string, () => string, RegExp]>([
    [
      'rules that look at everything',
      () => 'resource "imagebridge_image_retention" "web" {\n  keep = 1\n}',
      /Nothing says which images are meant/,
    ],
    [
      'an action that the cloud does not know',
      () => retention('local', 'action = "deactivate"'),
      /Could not retire old images and take it out of use.*action = "deactivate"/s,
    ],
    ['hiding where nothing is hidden', () => retention('local', 'action = "hide"'), /hide/],
    [
      'marks where none can be kept',
      () => retention('local-ucloudstack', 'action = "deprecate"'),
      /Use tags when the image is made/,
    ],
    ['an unknown action', () => retention('local', 'action = "burn"'), /action must be one of/],
  ])('%s are refused while planning', async (_, configuration, message) => {
    const tf = await workspace('refused');
    await tf.write(configuration());
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
});
