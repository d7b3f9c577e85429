// The commands that people run: `cdktf deploy` of CDKTF 0.21, and `cdktn deploy` of its successor, which wants Node 22. Both
// deploy and destroy the project of the examples, with the provider from a filesystem mirror. Hundreds of MB are installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Project } from '../acceptance/cdktf-project.ts';
import { skipReason } from '../acceptance/terraform.ts';
import { findTerraform, terraformIn } from '../first-run/terraform.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = path.join(REPOSITORY, 'provider/cdktf/examples/project');
const LIMIT_MS = 900_000;
const COMMON = ['constructs@10.7.2', '@types/node@20', 'typescript@5.9.3'];
const NODE_22 = `node-${process.platform}-${process.arch}`;
const reason =
  skipReason ?? (process.platform === 'win32' ? 'the commands are tried on Linux and macOS' : undefined);
if (reason !== undefined) process.stderr.write(`skipped: the commands of CDKTF: ${reason}\n`);

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
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

describe.skipIf(reason !== undefined)(`the commands of CDKTF${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let project: Project;
  let tarball: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    project = await Project.make();
    const { dir } = project.work;
    await run(
      'npm',
      ['pack', '-w', '@imagebridge/cdktf', '--pack-destination', dir],
      REPOSITORY,
      process.env,
    );
    tarball = path.join(dir, (await readdir(dir)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
    const mirror = path.join(dir, 'mirror');
    await mkdir(mirror);
    await terraformIn(mirror, (await findTerraform(project.env)) ?? '', project.env);
    env = {
      ...project.env,
      TF_CLI_CONFIG_FILE: path.join(mirror, 'terraform.rc'),
      CHECKPOINT_DISABLE: '1',
      CI: '1',
    };
  }, LIMIT_MS);
  afterAll(() => project?.close());

  it.each([
    ['cdktf', ['cdktf@0.21.0', 'cdktf-cli@0.21.0']],
    ['cdktn', ['cdktf@npm:cdktn@0.24.0', 'cdktn-cli@0.24.0', `${NODE_22}@22.23.3`]],
  ])(
    '%s deploy, and destroy',
    async (command, packages) => {
      const dir = path.join(project.work.dir, command);
      await mkdir(dir);
      await writeFile(path.join(dir, 'package.json'), '{ "name": "images", "private": true }\n');
      // The successor's command wants a newer Node than the one that installs it.
      await run(
        'npm',
        ['install', '--no-audit', '--no-fund', '--engine-strict=false', tarball, ...packages, ...COMMON],
        dir,
        process.env,
      );
      for (const name of ['main.ts', 'images-stack.ts', 'cdktf.json'])
        await copyFile(path.join(EXAMPLE, name), path.join(dir, name));
      await copyFile(path.join(EXAMPLE, 'tsconfig.user.json'), path.join(dir, 'tsconfig.json'));
      await copyFile(path.join(project.dir, 'debian-12.qcow2'), path.join(dir, 'debian-12.qcow2'));

      // The successor's command finds its Node first; the other one runs on ours.
      const node22 = path.join(dir, 'node_modules', NODE_22, 'bin');
      const own = command === 'cdktn' ? { ...env, PATH: `${node22}${path.delimiter}${env.PATH}` } : env;
      const cli = (action: string) =>
        run('npx', [command, action, 'images', '--auto-approve', '--skip-provider-lock'], dir, own);
      expect(await cli('deploy')).toContain('Resources: 2 added');
      expect(await project.work.cloud.storedImages()).toMatchObject([{ name: 'debian-12-1' }]);
      expect(await cli('destroy')).toContain('Resources: 2 destroyed');
      expect(await project.work.cloud.storedImages()).toEqual([]);
    },
    LIMIT_MS,
  );
});
