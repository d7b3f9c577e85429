// A user's CDKTF project for the acceptance tests: a folder with an image file, whose programs are synthesised on cdktf or on
// its successor, and whose stacks are then applied by the real terraform. The clouds have the names that the examples use.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { findTerraform, type Terraform, terraformIn } from '../first-run/terraform.ts';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The library that a program is synthesised with. */
export type Library = 'cdktf' | 'cdktn';

/** The names of the examples' clouds, and what they are in the embedded cloud. */
const CLOUDS: Readonly<Record<string, string>> = {
  build: 'local',
  partner: 'partner',
  public: 'local',
  private: 'local-openstack',
  edge: 'local-ucloudstack',
  development: 'local-openstack',
  production: 'partner-openstack',
};

/** A project. Close it at the end. */
export class Project {
  readonly work: Work;
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(work: Work, dir: string, env: NodeJS.ProcessEnv) {
    this.work = work;
    this.dir = dir;
    this.env = env;
  }

  /** Makes a project with the file `debian-12.qcow2`, and clouds in the regions that the examples name. */
  static async make(): Promise<Project> {
    const work = await makeWork({ regions: ['cn-north-4', 'cn-east-3'] });
    const dir = path.join(work.dir, 'project');
    await mkdir(dir);
    const config = path.join(work.dir, 'profiles.yaml');
    await writeFile(config, renamed(await readFile(work.cloud.profilesPath, 'utf8')), { mode: 0o600 });
    const project = new Project(work, dir, { ...work.env, IMAGEBRIDGE_CONFIG: config });
    await project.writeImage('version 1');
    return project;
  }

  /** Writes the image file anew, with other content for another seed. */
  async writeImage(seed: string): Promise<void> {
    await makeQcow2(path.join(this.dir, 'debian-12.qcow2'), { dataBytes: 2 * 1024 ** 2, seed });
  }

  /**
   * Runs a program as a user does.
   * @param program path from the root of the repository
   * @returns the folder with the stacks
   */
  async synthesise(program: string, library: Library, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const name = path.basename(program, '.ts');
    // Beside the repository's packages, so that the library is found.
    const outfile = path.join(REPOSITORY, 'test/dist/programs', `${name}-${library}-${process.pid}.mjs`);
    await build({
      entryPoints: [path.join(REPOSITORY, program)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      conditions: ['source'],
      alias: { cdktf: library },
      external: ['cdktf', 'cdktn', 'constructs'],
      outfile,
      logLevel: 'warning',
    });
    // Equal names, so that the paths in the two outputs are equal.
    const outdir = path.join(this.dir, `${library}.out`);
    const child = spawn(process.execPath, [outfile], {
      cwd: this.dir,
      env: { ...this.env, CDKTF_OUTDIR: outdir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [code] = await once(child, 'close');
    await rm(outfile);
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
    return path.join(outdir, 'stacks');
  }

  /** What a stack was synthesised to, without what names the library and its version. */
  async synthesised(stacks: string, stack: string): Promise<unknown> {
    const json: unknown = JSON.parse(await readFile(path.join(stacks, stack, 'cdk.tf.json'), 'utf8'));
    return JSON.parse(JSON.stringify(json, (key, value: unknown) => (key === '//' ? undefined : value)));
  }

  /** A stack under terraform, initialised. */
  async stack(stacks: string, stack: string, env: NodeJS.ProcessEnv = {}): Promise<Stack> {
    const binary = await findTerraform(this.env);
    if (binary === undefined) throw new Error('terraform is not on PATH');
    const made = new Stack(await terraformIn(path.join(stacks, stack), binary, { ...this.env, ...env }));
    await made.must('init', '-input=false');
    return made;
  }

  /** Ends the embedded cloud, and removes the folder. */
  close(): Promise<void> {
    return this.work.close();
  }
}

/** A synthesised stack under the real terraform. */
export class Stack {
  readonly #terraform: Terraform;

  constructor(terraform: Terraform) {
    this.#terraform = terraform;
  }

  /** Runs a command that must succeed. */
  async must(...args: string[]): Promise<string> {
    const { code, output } = await this.#terraform.run([...args, '-no-color']);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** Applies, and then neither a plan nor a refresh may find anything to do. */
  async apply(): Promise<string> {
    const output = await this.must('apply', '-auto-approve', '-input=false');
    await this.must('plan', '-detailed-exitcode', '-input=false');
    return output;
  }

  destroy(): Promise<string> {
    return this.must('destroy', '-auto-approve', '-input=false');
  }
}

/** The profiles file of the embedded cloud, with the names of the examples. */
function renamed(text: string): string {
  const entries = new Map(
    [...text.matchAll(/^ {2}"?([\w-]+)"?:\n((?: {4}.*\n)+)/gm)].map(([, name = '', fields = '']) => [
      name,
      fields,
    ]),
  );
  const lines = Object.entries(CLOUDS).map(([name, from]) => {
    const fields = entries.get(from);
    if (fields === undefined) throw new Error(`the embedded cloud has no profile ${from}`);
    return `  ${name}:\n${fields}`;
  });
  return `clouds:\n${lines.join('')}`;
}
