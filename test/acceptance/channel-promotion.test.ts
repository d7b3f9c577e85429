// Channels: promotion, rollback, what others do meanwhile, and what is refused; in the families where a mark can be kept.
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type ImageCloud, promoteImage, readChannel, retireImage } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

const KEEPING = FAMILIES.filter(({ family }) => family !== 'ucloudstack');
const ADDRESS = 'imagebridge_channel.stable';

describeTerraform('channels', () => {
  let work: Work;
  const clouds: Record<string, ImageCloud> = {};
  /** Ids of the images `a`, `b` and `c` by the name of their cloud. */
  const ids: Record<string, Record<string, string>> = {};

  beforeAll(async () => {
    work = await makeWork();
    await Promise.all(
      KEEPING.map(async ({ cloud }) => {
        const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
        clouds[cloud] = opened;
        ids[cloud] = await seedImages(opened, work, ['a', 'b', 'c']);
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
  const promote = async (cloud: string, image: string, channel = 'web-stable') => {
    const found = await opened(cloud).getImage(ids[cloud]?.[image] ?? '');
    if (!found) throw new Error(`no image ${image}`);
    await promoteImage(opened(cloud), found, channel);
  };
  const channel = (cloud: string, image: string, more = '') => `
resource "imagebridge_channel" "stable" {
  name     = "web-stable"
  image_id = "${ids[cloud]?.[image]}"
  cloud    = "${cloud}"
  ${more}
}`;

  it.each(KEEPING)(
    '$family: promotes, rolls back also what others did, is imported, and leaves the images',
    async ({ cloud, family }) => {
      const tf = await workspace(family);
      const { a, b, c } = ids[cloud] ?? {};
      const made = await tf.step(channel(cloud, 'a'));
      expect(made.actions).toEqual({ [ADDRESS]: 'create' });
      expect(made.unknown(ADDRESS)).toEqual(['previous_image_id', 'promoted_at']);
      expect(made.change(ADDRESS).after).toMatchObject({ id: 'web-stable', region: 'local-1' });
      expect((await readChannel(opened(cloud), 'web-stable')).current?.id).toBe(a);

      const moved = await tf.step(channel(cloud, 'b'));
      expect(moved.actions).toEqual({ [ADDRESS]: 'update' });
      expect((await tf.resources())[ADDRESS]).toMatchObject({
        image_id: b,
        previous_image_id: a,
        promoted_at: expect.stringMatching(/^\d{4}-/),
        status: 'settled',
      });

      await promote(cloud, 'c');
      await tf.write(channel(cloud, 'a'));
      const back = await tf.planned();
      expect(back.drift[ADDRESS]?.after).toMatchObject({ image_id: c, previous_image_id: b });
      expect(back.actions).toEqual({ [ADDRESS]: 'update' });
      await tf.applyPlanned();
      await tf.nothingToDo();
      await tf.nothingToDo('-refresh-only');
      const { current, previous } = await readChannel(opened(cloud), 'web-stable');
      expect([current?.id, previous?.id]).toEqual([a, c]);
      await tf.importVerify(ADDRESS, `${cloud}/local-1/web-stable`);

      await tf.destroy();
      expect(await readChannel(opened(cloud), 'web-stable')).toEqual({ settled: true });
      for (const id of Object.values(ids[cloud] ?? {})) {
        const image = await opened(cloud).getImage(id);
        expect(image?.status).toBe('active');
        expect(JSON.stringify([image?.tags, image?.properties])).not.toMatch(/channel|promoted/);
      }
    },
  );

  it('does not undo unseen what others did since the plan; repairs what was interrupted', async () => {
    const tf = await workspace('others');
    const cloud = 'local-openstack';
    await tf.write(channel(cloud, 'a'));
    await tf.apply();
    await tf.write(channel(cloud, 'b'));
    await tf.must(['plan', '-out=plan.bin']);
    await promote(cloud, 'c');
    const { code, output } = await tf.run(['apply', 'plan.bin']);
    expect([code, output]).toEqual([1, expect.stringMatching(/Channel web-stable has moved since the plan/)]);
    expect((await readChannel(opened(cloud), 'web-stable')).current?.id).toBe(ids[cloud]?.c);
    await tf.apply();

    // As a promotion of `b` leaves it that was killed between its two steps.
    await opened(cloud).updateImage(ids[cloud]?.c ?? '', {
      tags: { 'imagebridge_channel_web-stable': 'current' },
    });
    const repair = await tf.planned();
    expect(repair.change(ADDRESS).before).toMatchObject({ image_id: ids[cloud]?.b, status: 'unsettled' });
    await tf.applyPlanned();
    await tf.nothingToDo();
    expect(await readChannel(opened(cloud), 'web-stable')).toMatchObject({
      current: { id: ids[cloud]?.b },
      previous: { id: ids[cloud]?.c },
      settled: true,
    });
    await tf.destroy();
  });

  it('says that a channel is there already; one without images is made anew', async () => {
    const tf = await workspace('there');
    const cloud = 'local';
    await promote(cloud, 'a');
    await tf.write(channel(cloud, 'b'));
    expect(await tf.must(['plan'])).toMatch(
      /Channel web-stable is there already.*terraform import ADDRESS local\/local-1\/web-stable/s,
    );
    await tf.write(`
import {
  to = ${ADDRESS}
  id = "local/local-1/web-stable"
}
${channel(cloud, 'a', 'timeouts = { read = "5m" }')}`);
    // Only the limit is new: nothing is promoted.
    const taken = await tf.planned();
    expect(taken.actions).toEqual({ [ADDRESS]: 'update' });
    expect(taken.unknown(ADDRESS)).toEqual([]);
    await tf.applyPlanned();
    await opened(cloud).updateImage(ids[cloud]?.a ?? '', {
      properties: { 'imagebridge_channel_web-stable': null },
    });
    expect((await tf.planned()).actions).toEqual({ [ADDRESS]: 'create' });
    await tf.applyPlanned();
    await tf.nothingToDo();
    await tf.destroy();
  });

  it('follows an image that is replaced, with nothing left to do', async () => {
    const tf = await workspace('follows');
    const file = path.join(tf.dir, 'disk.raw');
    const content = async (seed: string) => copyFile(await work.file(seed, 64 * 1024), file);
    const both = `
provider "imagebridge" {
  default_cloud = "local-openstack"
}
resource "imagebridge_image" "base" {
  name   = "followed"
  source = { file = "disk.raw" }
  lifecycle {
    create_before_destroy = true
  }
}
resource "imagebridge_channel" "stable" {
  name     = "followed"
  image_id = imagebridge_image.base.id
}`;
    await content('one');
    await tf.write(both);
    await tf.apply();
    const first = await tf.attribute(ADDRESS, 'image_id');
    await content('two');
    const plan = await tf.step(both);
    expect(plan.actions).toEqual({
      'imagebridge_image.base': 'create-before-delete',
      [ADDRESS]: 'update',
    });
    expect((await tf.resources())[ADDRESS]).toMatchObject({ previous_image_id: first });
    await tf.destroy();
  });

  it('is refused while planning where it cannot be', async () => {
    const tf = await workspace('refused');
    const refused = async (configuration: string): Promise<string> => {
      await tf.write(configuration);
      const { code, output } = await tf.run(['plan']);
      expect(code).toBe(1);
      return output;
    };
    expect(await refused(channel('local-ucloudstack', 'a'))).toMatch(
      /Could not promote an image to a channel on ucloudstack.*Use tags when the image is made/s,
    );
    expect(await refused(channel('local', 'nothing'))).toMatch(/There is no image undefined on huaweicloud/);
    expect(await refused(channel('local', 'a').replace('web-stable', 'web stable'))).toMatch(
      /name must be 1 to 64 letters/,
    );
    const retired = await opened('local').getImage(ids.local?.c ?? '');
    if (retired) await retireImage(opened('local'), retired);
    expect(await refused(channel('local', 'c'))).toMatch(/image_id = .*It is retired/s);
  });
});
