// The shortest life of an image in each family, for every run of the tests: planned, made, nothing left to do, removed.
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('an image', () => {
  let work: Work;

  beforeAll(async () => {
    work = await makeWork();
  });
  afterAll(() => work?.close());

  it.each(FAMILIES)('lives and goes on $family, and no plan has anything to do meanwhile', async (family) => {
    const tf = await Workspace.make(path.join(work.dir, `tf-${family.family}`), work.env);
    const file = await family.file(work, 'short-lived', MIB);
    const plan = await tf.step(
      `resource "imagebridge_image" "base" {\n  cloud = "${family.cloud}"\n  name = "short-lived"\n  source = { file = "${file}" }\n  ${family.imageArguments}\n}`,
    );
    expect(plan.actions).toEqual({ 'imagebridge_image.base': 'create' });
    expect(plan.unknown('imagebridge_image.base')).toContain('id');
    expect(plan.sensitive('imagebridge_image.base')).toEqual([]);
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });
});
