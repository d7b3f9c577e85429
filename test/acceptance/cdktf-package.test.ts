// The package as users get it: packed, installed into an empty project with nothing but its peers, compiled strictly,
// synthesised and applied; with cdktf, and with its successor under cdktf's name.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project } from './cdktf-project.ts';
import { skipReason } from './terraform.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = path.join(REPOSITORY, 'provider/cdktf/examples/project');

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env = process.env,
): Promise<string> {
  const child = spawn(command, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

const npm = (args: readonly string[], cwd: string) =>
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, '--no-audit', '--no-fund'], cwd);

const noRegistry = await npm(['view', 'constructs@10.7.2', 'version', '--fetch-retries=0'], REPOSITORY).then(
  () => undefined,
  () => 'npm reaches no registry',
);
const reason = skipReason ?? noRegistry;
if (reason !== undefined) process.stderr.write(`skipped: the packed constructs: ${reason}\n`);

describe.skipIf(reason !== undefined)(`the packed constructs${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let project: Project;
  let tarball: string;

  beforeAll(async () => {
    project = await Project.make();
    await npm(['pack', '-w', '@imagebridge/cdktf', '--pack-destination', project.work.dir], REPOSITORY);
    tarball = path.join(
      project.work.dir,
      (await readdir(project.work.dir)).find((name) => name.endsWith('.tgz')) ?? 'no tarball',
    );
  });
  afterAll(() => project?.close());

  it.each([
    ['cdktf', 'cdktf@0.21.0'],
    ['its successor', 'cdktf@npm:cdktn@0.24.0'],
  ])('compile, synthesise and apply in an empty project with %s', async (_, library) => {
    const dir = path.join(project.work.dir, library.replace(/\W+/g, '-'));
    await mkdir(dir);
    await writeFile(path.join(dir, 'package.json'), '{ "name": "images", "private": true }\n');
    await npm(['install', '--prefer-offline', tarball, library, 'constructs@10.7.2', '@types/node@20'], dir);
    for (const name of ['main.ts', 'images-stack.ts'])
      await copyFile(path.join(EXAMPLE, name), path.join(dir, name));
    await copyFile(path.join(EXAMPLE, 'tsconfig.user.json'), path.join(dir, 'tsconfig.json'));
    await copyFile(path.join(project.dir, 'debian-12.qcow2'), path.join(dir, 'debian-12.qcow2'));

    await run(path.join(REPOSITORY, 'node_modules/.bin/tsc'), ['--strict', '-p', '.'], dir);
    await run(process.execPath, ['main.js'], dir, project.env);
    const stack = await project.stack(path.join(dir, 'cdktf.out/stacks'), 'images');
    expect(await stack.apply()).toContain('Resources: 2 added');
    expect(await project.work.cloud.storedImages()).toMatchObject([
      { name: 'debian-12-1', family: 'openstack' },
    ]);
    await stack.destroy();
    expect(await project.work.cloud.storedImages()).toEqual([]);
  });
});
