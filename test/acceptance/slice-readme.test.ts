// The example of the provider's README works word by word.
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

describeTerraform('the example of provider/terraform/README.md', () => {
  let work: Work;
  beforeAll(async () => {
    work = await makeWork();
  });
  afterAll(() => work?.close());

  it('applies, has nothing left to do, and is destroyed', async () => {
    const readme = await readFile(new URL('../../provider/terraform/README.md', import.meta.url), 'utf8');
    const example = /```hcl\n(.*?)```/s.exec(readme)?.[1] ?? '';
    expect(example).toContain('resource "imagebridge_image"');
    const project = work.cloud.accounts[1]?.projects['local-1'] ?? '';
    const tf = await Workspace.make(path.join(work.dir, 'tf'), {
      ...work.env,
      TF_VAR_partner_project_id: project,
    });
    await tf.writeWhole(example);
    await rename(await work.file('disk.raw', 1024 ** 2), path.join(tf.dir, 'disk.qcow2'));
    const output = await tf.apply();
    expect(output).toContain('Resources: 4 added');
    expect((await work.cloud.storedImages()).map((image) => image.name).sort()).toEqual([
      'base-1',
      'base-1-far',
    ]);
    await tf.nothingToDo();
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });
});
