// Drives the real terraform in a folder of its own, with the built provider as a development override.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { z } from 'zod';

const PROVIDER_DIR = fileURLToPath(new URL('../../provider/terraform/dist', import.meta.url));
const PROVIDER = path.join(PROVIDER_DIR, 'terraform-provider-imagebridge_v0.1.0');

const found = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' });

/** Why the suites cannot run here; undefined where they can. */
export const skipReason: string | undefined =
  found.status === 0
    ? undefined
    : 'terraform is not on PATH (see https://developer.hashicorp.com/terraform/install)';

/** As vitest's `describe`; without terraform the suite is skipped, and its name says why. */
export function describeTerraform(name: string, body: () => void): void {
  if (skipReason === undefined) {
    describe(name, body);
    return;
  }
  process.stderr.write(`skipped: ${name}: ${skipReason}\n`);
  describe.skip(`${name} (skipped: ${skipReason})`, body);
}

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, in the order they came, without colours and line breaks inside messages. */
  readonly output: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
  /** Sends a signal to terraform and to the provider, as a terminal does on Ctrl-C. */
  signalAll(signal: NodeJS.Signals): void;
}

const valuesSchema = z.record(z.string(), z.unknown());
const stateSchema = z.object({
  values: z
    .object({
      outputs: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
      root_module: z.object({
        resources: z.array(z.object({ address: z.string(), values: valuesSchema })).default([]),
      }),
    })
    .optional(),
});
const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: valuesSchema.nullable(),
          after: valuesSchema.nullable(),
          after_unknown: z.unknown(),
          replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
        }),
      }),
    )
    .default([]),
});

/** One planned change. */
export type Change = z.infer<typeof planSchema>['resource_changes'][number]['change'];

/** A folder with a configuration and its state. */
export class Workspace {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(dir: string, env: NodeJS.ProcessEnv) {
    this.dir = dir;
    this.env = env;
  }

  /**
   * Makes the folder. Dev overrides need no `terraform init`.
   * @param env points the provider at its profiles and state directory
   */
  static async make(dir: string, env: NodeJS.ProcessEnv): Promise<Workspace> {
    await access(PROVIDER).catch(() => {
      throw new Error('The provider is not built: run `npm run build` first.');
    });
    await mkdir(dir, { recursive: true });
    const cliConfig = path.join(dir, 'terraform.rc');
    await writeFile(
      cliConfig,
      `provider_installation {\n  dev_overrides { "imagebridge/imagebridge" = ${JSON.stringify(PROVIDER_DIR)} }\n  direct {}\n}\n`,
    );
    return new Workspace(dir, {
      ...env,
      TF_CLI_CONFIG_FILE: cliConfig,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    });
  }

  /** Writes the configuration; the provider requirement is added. */
  async write(configuration: string): Promise<void> {
    await writeFile(
      path.join(this.dir, 'main.tf'),
      `terraform {\n  required_providers {\n    imagebridge = { source = "imagebridge/imagebridge" }\n  }\n}\n\n${configuration}\n`,
    );
  }

  /** Writes a configuration that requires the provider itself. */
  async writeWhole(configuration: string): Promise<void> {
    await writeFile(path.join(this.dir, 'main.tf'), configuration);
  }

  /** Starts a command. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn('terraform', [...args], {
      cwd: this.dir,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that a signal reaches the provider too, and not the test.
      detached: true,
    });
    let raw = '';
    const take = (text: string) => {
      raw += text;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const done = once(child, 'close').then(([code]) => ({
      code: typeof code === 'number' ? code : -1,
      output: readable(raw),
    }));
    return {
      child,
      done,
      signalAll(signal) {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
      },
    };
  }

  /** Runs a command to its end. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome> {
    return this.start([...args, '-no-color'], env).done;
  }

  /** Runs a command that must succeed. */
  async must(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
    const { code, output } = await this.run(args, env);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  apply(...args: string[]): Promise<string> {
    return this.must(['apply', '-auto-approve', ...args]);
  }

  destroy(): Promise<string> {
    return this.must(['destroy', '-auto-approve']);
  }

  /** Code of `plan -detailed-exitcode`: 0 nothing to do, 1 error, 2 changes. */
  plan(...args: string[]): Promise<Outcome> {
    return this.run(['plan', '-detailed-exitcode', ...args]);
  }

  /** Fails, showing the plan, unless a plan is empty. */
  async nothingToDo(...args: string[]): Promise<void> {
    const { code, output } = await this.plan(...args);
    if (code !== 0) throw new Error(`the plan is not empty (${args.join(' ')}, code ${code}):\n${output}`);
  }

  /** The planned changes by address. */
  async changes(): Promise<Record<string, Change>> {
    await this.must(['plan', '-out=plan.bin']);
    const json = await this.json(['show', '-json', 'plan.bin'], planSchema);
    return Object.fromEntries(json.resource_changes.map(({ address, change }) => [address, change]));
  }

  /** The resources in the state by address. */
  async resources(): Promise<Record<string, Record<string, unknown>>> {
    const json = await this.json(['show', '-json'], stateSchema);
    const resources = json.values?.root_module.resources ?? [];
    return Object.fromEntries(resources.map(({ address, values }) => [address, values]));
  }

  /** The state file's text. */
  stateText(): Promise<string> {
    return readFile(path.join(this.dir, 'terraform.tfstate'), 'utf8');
  }

  private async json<T>(args: readonly string[], schema: z.ZodType<T>): Promise<T> {
    const { code, output } = await this.run(args);
    const line = output.split('\n').find((one) => one.startsWith('{'));
    if (code !== 0 || line === undefined)
      throw new Error(`terraform ${args.join(' ')} ended with ${code}:\n${output}`);
    return schema.parse(JSON.parse(line));
  }
}

/** Terraform draws a frame around messages and wraps them: undo both, so that a sentence can be looked for. */
function readable(raw: string): string {
  return raw
    .replace(/^[│╷╵] ?/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/([^\n{}])\n(?=[^\n{}])/g, '$1 ')
    .replace(/ {2,}/g, ' ');
}

/** Waits until something is so. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not so after ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
