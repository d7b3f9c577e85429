// The generated classes under the real terraform: provider functions, an ephemeral resource whose value goes into a write-only
// attribute, and data sources, synthesised on cdktf and on its successor.
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Project } from './cdktf-project.ts';
import { describeTerraform } from './terraform.ts';

describeTerraform('the generated constructs', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make();
    // Next to the stack, where Terraform evaluates functions.
    await copyFile(path.join(project.dir, 'debian-12.qcow2'), path.join(project.work.dir, 'disk.qcow2'));
  });
  afterAll(() => project?.close());

  it('call functions, and hand on a URL that is kept nowhere', async () => {
    const program = 'test/acceptance/cdktf-generated-stack.ts';
    const env = { DISK: path.join(project.work.dir, 'disk.qcow2') };
    const stacks = await project.synthesise(program, 'cdktf', env);
    const successors = await project.synthesise(program, 'cdktn', env);
    expect(await project.synthesised(successors, 'generated')).toEqual(
      await project.synthesised(stacks, 'generated'),
    );

    const stack = await project.stack(stacks, 'generated');
    await stack.apply();
    const outputs: unknown = JSON.parse(await stack.must('output', '-json'));
    expect(outputs).toMatchObject({
      format: { value: 'qcow2' },
      name: { value: 'Debian-12-disk' },
      found: { value: 2 },
    });
    const stored = await project.work.cloud.storedImages();
    expect(stored.map(({ name, family }) => `${name} ${family}`).sort()).toEqual([
      'Debian-12-disk ucloudstack',
      'by-url ucloudstack',
    ]);
    expect(new Set(stored.map(({ sha256 }) => sha256)).size).toBe(1);
    await stack.destroy();
    expect(await project.work.cloud.storedImages()).toEqual([]);
  });
});
