// Import blocks for copies and exports: terraform writes their configuration, and the plan after it changes nothing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { copyAcross, copyImage, exportImage } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { LINUX, Sources } from './copy-sources.ts';
import { describeTerraform, Workspace } from './terraform.ts';

describeTerraform('copies and exports that terraform did not make', () => {
  let work: Work;
  let sources: Sources;

  beforeAll(async () => {
    work = await makeWork();
    sources = new Sources(work);
  });
  afterAll(async () => {
    await sources?.close();
    await work?.close();
  });

  it('are imported with a configuration that terraform writes', async () => {
    const local = await sources.cloud('local');
    const operator = await sources.cloud('operator-ucloudstack');
    const glance = await sources.cloud('operator-openstack');
    const source = await sources.image('local', 'source');
    const based = await sources.image('operator-ucloudstack', 'based');
    const stored = await sources.image('operator-openstack', 'stored');
    const near = await copyImage(local, { sourceImageId: source, name: 'near', description: 'by hand' });
    const far = await copyImage(local, {
      sourceImageId: source,
      name: 'far',
      region: 'local-2',
      agencyName: 'copier',
    });
    const base = await copyImage(operator, { sourceImageId: based, name: 'base', toBaseImage: true });
    await copyImage(glance, { sourceImageId: stored, name: 'stored', toStores: ['store2'] });
    const across = await copyAcross(
      local,
      await sources.cloud('local-ucloudstack'),
      {
        sourceImageId: source,
        image: { name: 'across', description: 'over there', tags: { team: 'web' }, ...LINUX },
      },
      { stateDir: path.join(work.dir, 'hand') },
    );
    await local.stage({ bucket: 'exports', key: 'any' });
    await exportImage(local, {
      imageId: source,
      bucket: 'exports',
      key: 'deep/one.qcow2',
      diskFormat: 'qcow2',
    });

    const ids = {
      'copy.near': `local/local-1/${near.image.id}`,
      'copy.far': `local/local-1/local-2/${far.image.id}`,
      'copy.base': `operator-ucloudstack/local-1/${base.image.id}:base`,
      'copy.stores': `operator-openstack/local-1/${stored}:store2`,
      'copy.across': `local/local-1/${source}/local-ucloudstack/local-1/${across.image.id}`,
      'export.one': `local/local-1/${source}:exports/deep/one.qcow2`,
    };
    const tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    await tf.write(
      Object.entries(ids)
        .map(([address, id]) => `import {\n  to = imagebridge_image_${address}\n  id = "${id}"\n}`)
        .join('\n'),
    );
    await tf.must(['plan', '-generate-config-out=generated.tf']);
    const generated = await readFile(path.join(tf.dir, 'generated.tf'), 'utf8');
    expect(generated).toMatch(/to_stores\s+= \["store2"\]/);
    expect(generated).toMatch(/description\s+= "over there"/);
    expect((await tf.planned()).actions).toEqual({});
    await tf.applyPlanned();
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
  });

  it('say which import ids there are', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf-bad'), work.env);
    await tf.write('resource "imagebridge_image_copy" "it" {\n  source_image_id = "x"\n}');
    const { code, output } = await tf.run(['import', 'imagebridge_image_copy.it', 'a/b']);
    expect(code).toBe(1);
    expect(output).toMatch(/The id must be ID, CLOUD\/REGION\/ID/);
  });
});
