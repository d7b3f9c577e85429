// Runs the real terraform on a folder, with the provider of this repository in a filesystem mirror, so that nothing is
// fetched from any network.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROVIDER_VERSION = '0.1.0';
const PROVIDER_DIR = fileURLToPath(new URL('../../provider/terraform/dist', import.meta.url));

/** Path of the terraform binary, or undefined. */
export async function findTerraform(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const dir of (env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(dir, process.platform === 'win32' ? 'terraform.exe' : 'terraform');
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  return undefined;
}

/** Terraform in one folder. */
export interface Terraform {
  /** Runs a command to its end. `onLine` gets every line it prints. */
  run(args: readonly string[], onLine?: (line: string) => void): Promise<{ code: number; output: string }>;
}

/** Prepares a folder: a mirror with the provider, and a CLI configuration that points at it. */
export async function terraformIn(dir: string, binary: string, env: NodeJS.ProcessEnv): Promise<Terraform> {
  const mirror = path.join(dir, 'mirror');
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const platform = `${os}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const place = path.join(
    mirror,
    'registry.terraform.io/imagebridge/imagebridge',
    PROVIDER_VERSION,
    platform,
  );
  await mkdir(place, { recursive: true });
  for (const name of [`terraform-provider-imagebridge_v${PROVIDER_VERSION}`, 'core.cjs', 'package.json'])
    await cp(path.join(PROVIDER_DIR, name), path.join(place, name));
  const cliConfig = path.join(dir, 'terraform.rc');
  await writeFile(
    cliConfig,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
  );
  return {
    async run(args, onLine) {
      const child = spawn(binary, [...args], {
        cwd: dir,
        env: { ...env, TF_CLI_CONFIG_FILE: cliConfig, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      let rest = '';
      const take = (text: string) => {
        output += text;
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine?.(line);
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      const [code] = await once(child, 'close');
      return { code: typeof code === 'number' ? code : 1, output };
    },
  };
}
