// Every example of provider/terraform/examples is valid and planned by the real terraform. All of them are modules of one
// configuration, so that one plan is enough.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const EXAMPLES = fileURLToPath(new URL('../../provider/terraform/examples', import.meta.url));
const REQUIRED =
  'terraform {\n  required_providers {\n    imagebridge = { source = "imagebridge/imagebridge" }\n  }\n}\n';

/** Folders of the examples that are parts of a configuration, below `examples`. */
async function examples(): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ['resources', 'data-sources', 'ephemeral-resources', 'functions'])
    for (const name of await readdir(path.join(EXAMPLES, kind))) found.push(`${kind}/${name}`);
  return found.sort();
}

async function terraformText(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.tf'));
  return (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))).join('\n');
}

describeTerraform('the examples', () => {
  let work: Work;
  let tf: Workspace;
  /** What the variables of the examples stand for here. */
  let values: Record<string, unknown>;

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    const disk = await work.file('debian-12.qcow2', 1024 ** 2);
    await cp(disk, path.join(tf.dir, 'debian-12.qcow2'));
    values = await prepared();
  });
  afterAll(() => work?.close());

  /** Objects that examples ask for, and how they are named. */
  async function prepared(): Promise<Record<string, unknown>> {
    const cloudNamed = (cloud: string) =>
      connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
    const clouds = await Promise.all(['local', 'local-ucloudstack'].map(cloudNamed));
    const [local, ucloudstack] = clouds;
    if (local === undefined || ucloudstack === undefined) throw new Error('no clouds');
    try {
      const name = 'debian-12-base';
      const imageId = (await seedImages(local, work, [name], { team: 'platform' }))[name] ?? '';
      const projectId = work.cloud.accounts[1]?.projects['local-1'] ?? '';
      const job = await local.copyImage({ sourceImageId: imageId, name: 'copied' });
      return {
        image_id: imageId,
        shared_image_id: imageId,
        partner_project_id: projectId,
        server_id: 'a5d9c0c1-0e0f-4fb5-9b52-2d5f2e2a7f2b',
        job_id: job.id,
        ucloudstack_image_id: (await seedImages(ucloudstack, work, [name]))[name],
      };
    } finally {
      for (const cloud of clouds) await cloud.close();
    }
  }

  it('are valid and planned, each with something to do or to show', async () => {
    const names = await examples();
    const modules: string[] = [];
    for (const name of names) {
      const module = path.join(tf.dir, 'examples', name);
      await mkdir(path.dirname(module), { recursive: true });
      await cp(path.join(EXAMPLES, name), module, { recursive: true });
      await writeFile(path.join(module, 'versions.tf'), REQUIRED);
      const declared = [...(await terraformText(module)).matchAll(/^variable "(\w+)" \{\n([^}]*)\}/gm)];
      const given = declared
        .filter(([, , body = '']) => !body.includes('default'))
        .map(([, variable = '']) => {
          if (!(variable in values)) throw new Error(`${name}: no value for var.${variable} in this test`);
          return `  ${variable} = ${JSON.stringify(values[variable])}`;
        });
      const label = name.replace(/\W/g, '_');
      modules.push(
        `module "${label}" {\n  source = "./examples/${name}"\n${given.join('\n')}\n}`,
        `output "${label}" {\n  value = module.${label}\n}`,
      );
    }
    await tf.write(modules.join('\n'));
    await tf.must(['get']);
    const output = await tf.must(['plan', '-out=plan.bin']);
    for (const name of names) expect(output, name).toContain(name.replace(/\W/g, '_'));
  });

  it('of the provider is valid', async () => {
    const dir = path.join(work.dir, 'provider');
    const provider = await Workspace.make(dir, work.env);
    await provider.writeWhole(await terraformText(path.join(EXAMPLES, 'provider')));
    await provider.must(['validate']);
    const whole = await Workspace.make(path.join(work.dir, 'quickstart'), work.env);
    await whole.writeWhole(await terraformText(path.join(EXAMPLES, 'quickstart')));
    await cp(path.join(tf.dir, 'debian-12.qcow2'), path.join(whole.dir, 'disk.raw'));
    expect(await whole.must(['plan'])).toContain('1 to add');
  });

  it('show import ids of the forms that the provider takes', async () => {
    const files = (await readdir(path.join(EXAMPLES, 'resources'))).map((name) => [
      name,
      path.join(EXAMPLES, 'resources', name, 'import.sh'),
    ]);
    for (const [name = '', file = ''] of files) {
      const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('terraform'));
      expect(lines.length, name).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatch(new RegExp(`^terraform import ${name}\\.\\w+ \\S+$`));
    }
  });
});
