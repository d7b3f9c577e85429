// For tests: the example as one executable file, as a provider is shipped.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A built example. */
export interface Bundle {
  readonly folder: string;
  /** The executable, named as Terraform wants it. */
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/** Bundles the example into a folder of its own. */
export async function bundleExample(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'tfp-'));
  const program = join(folder, 'terraform-provider-notes');
  await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    // Starts some milliseconds sooner than a module.
    format: 'cjs',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'error',
  });
  await chmod(program, 0o755);
  return { folder, program, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The environment for programs under test: what the machine adds to every Node start would blur the figures. */
export function cleanEnv(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certs, NODE_OPTIONS: _options, ...env } = process.env;
  return { ...env, ...more };
}
