// For tests: bundles a provider as a provider's author would do it, into an executable file.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A built program. */
export interface Bundle {
  readonly folder: string;
  /** The executable, named as Terraform wants it. */
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/** What to bundle, and how. */
export interface BundleOptions {
  /** Source text of the program; its imports are seen from this folder. Else the example's own program. */
  readonly source?: string;
  /** Modules in several files instead of one CommonJS file. */
  readonly split?: boolean;
  /** The provider's type, which names the file. */
  readonly type?: string;
  /** An existing folder to put it into; else a new one. */
  readonly folder?: string;
}

/** Bundles a program into a folder. */
export async function bundleExample({
  source,
  split,
  type,
  folder: given,
}: BundleOptions = {}): Promise<Bundle> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'tfp-')));
  const name = `terraform-provider-${type ?? 'notes'}`;
  const here = fileURLToPath(new URL('.', import.meta.url));
  const entry = source ?? `import ${JSON.stringify('./main.ts')};`;
  await build({
    stdin: { contents: entry, resolveDir: here, loader: 'ts', sourcefile: `${name}.ts` },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'error',
    ...(split
      ? { format: 'esm', splitting: true, outdir: folder, entryNames: name, outExtension: { '.js': '.mjs' } }
      : // Starts some milliseconds sooner than a module.
        { format: 'cjs', outfile: join(folder, name) }),
  });
  const program = join(folder, split ? `${name}.mjs` : name);
  await chmod(program, 0o755);
  return { folder, program, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The environment for programs under test: what the machine adds to every Node start would blur the figures. */
export function cleanEnv(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certs, NODE_OPTIONS: _options, ...env } = process.env;
  return { ...env, ...more };
}
