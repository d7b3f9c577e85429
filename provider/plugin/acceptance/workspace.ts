// For tests: a folder in which the real terraform works with bundled providers. Touches the temp folder and starts processes.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bundle, bundleExample, cleanEnv } from '../example/bundle.ts';

const run = promisify(execFile);

/** Whether the terraform binary is on PATH. */
export const terraformIsThere = spawnSync('terraform', ['version']).status === 0;

/** What a command left. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** A resource as `terraform show -json` tells it. */
export interface StoredResource {
  readonly address: string;
  readonly mode: string;
  readonly tainted?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The part of a plan's JSON that tests look at. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly previous_address?: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: Readonly<Record<string, unknown>> | null;
      readonly after_unknown: unknown;
      readonly after_sensitive: unknown;
      readonly replace_paths?: unknown;
    };
  }[];
}

/** A provider to bundle. */
export interface Program {
  /** Source text of the program; its imports are seen from the folder of the example. Else the example itself. */
  readonly source?: string;
  /** True where the provider takes no folder in its configuration. */
  readonly bare?: boolean;
}

/** A bundled provider and the folder it is used in. Providers are found by development overrides: no init, no network. */
export class Workspace {
  /** The first of the providers. */
  readonly bundle: Bundle;
  /** Where the configuration and the state are. */
  readonly work: string;
  /** A folder for the providers' data. */
  readonly data: string;
  readonly #programs: Readonly<Record<string, Program>>;

  private constructor(bundle: Bundle, programs: Readonly<Record<string, Program>>) {
    this.bundle = bundle;
    this.work = join(bundle.folder, 'work');
    this.data = join(bundle.folder, 'data');
    this.#programs = programs;
  }

  /**
   * Bundles providers of `example/…` and makes the folders.
   * @param programs the providers by type
   */
  static async create(programs: Readonly<Record<string, Program>>): Promise<Workspace> {
    let first: Bundle | undefined;
    for (const [type, { source }] of Object.entries(programs)) {
      const made = await bundleExample({
        type,
        ...(source !== undefined && { source }),
        ...(first && { folder: first.folder }),
      });
      first ??= made;
    }
    if (first === undefined) throw new Error('a workspace needs a provider');
    const workspace = new Workspace(first, programs);
    await mkdir(workspace.work);
    await mkdir(workspace.data);
    const folder = JSON.stringify(first.folder);
    const overrides = Object.keys(programs).map(
      (type) => `"registry.terraform.io/example/${type}" = ${folder}`,
    );
    const rc = `provider_installation {\n dev_overrides {\n${overrides.join('\n')}\n }\n direct {}\n}`;
    await writeFile(join(first.folder, 'terraform.rc'), rc);
    return workspace;
  }

  /** Removes everything. */
  remove(): Promise<void> {
    return this.bundle.remove();
  }

  /** The environment terraform runs in. */
  env(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return cleanEnv({
      TF_CLI_CONFIG_FILE: join(this.bundle.folder, 'terraform.rc'),
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      ...more,
    });
  }

  /** Runs terraform; a failure is a result as well. */
  async terraform(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
    const options = { cwd: this.work, env: this.env(env), maxBuffer: 256 * 1024 * 1024 };
    try {
      const { stdout, stderr } = await run('terraform', [...args, '-no-color'], options);
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') throw error;
      const { stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
      return { code: error.code, output: `${stdout ?? ''}${stderr ?? ''}` };
    }
  }

  /** `terraform apply` without questions. */
  apply(env: Readonly<Record<string, string>> = {}): Promise<Result> {
    return this.terraform(['apply', '-auto-approve', '-input=false'], env);
  }

  /** 0 where nothing would change, 1 for an error, 2 where something would. */
  async planCode(...more: readonly string[]): Promise<number> {
    return (await this.terraform(['plan', '-detailed-exitcode', '-input=false', ...more])).code;
  }

  /** A plan as JSON. Throws what terraform printed where it fails. */
  async plan(): Promise<PlanJson> {
    const planned = await this.terraform(['plan', '-input=false', '-out=plan']);
    if (planned.code !== 0) throw new Error(planned.output);
    return (await this.#json(['show', '-json', 'plan'])) as PlanJson;
  }

  /** The managed resources of the state. */
  async stored(): Promise<readonly StoredResource[]> {
    const state = (await this.#json(['show', '-json'])) as {
      readonly values?: { readonly root_module: { readonly resources?: readonly StoredResource[] } };
    };
    const all = state.values?.root_module.resources ?? [];
    return all.filter(({ mode }) => mode === 'managed');
  }

  /** What a command prints as JSON. */
  async #json(args: readonly string[]): Promise<unknown> {
    const { stdout } = await run('terraform', args, {
      cwd: this.work,
      env: this.env(),
      maxBuffer: 256 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  }

  /** Writes the configuration: the providers, each with this folder's data, and a body. */
  async declare(body: string): Promise<void> {
    const programs = Object.entries(this.#programs);
    const required = programs.map(([type]) => `${type} = { source = "example/${type}" }`);
    const folder = JSON.stringify(this.data);
    const configured = programs
      .filter(([, { bare }]) => bare !== true)
      .map(([type]) => `provider "${type}" {\n folder = ${folder}\n}`);
    await writeFile(
      join(this.work, 'main.tf'),
      `terraform {\n required_providers {\n${required.join('\n')}\n }\n}\n${configured.join('\n')}\n${body}\n`,
    );
  }
}
