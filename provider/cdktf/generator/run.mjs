// Runs the package's scripts: `schema` writes schema.json from the provider's sources, `generate` writes gen/ from schema.json, and API.md.
// Bundles TypeScript to a temporary file first, since Node 20 does not run it. The constructs never import the provider.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packagePath = fileURLToPath(new URL('..', import.meta.url));

const scripts = {
  schema: {
    resolveDir: join(packagePath, '../terraform'),
    contents: `
      import { writeFileSync } from 'node:fs';
      import { schemaJson } from '@imagebridge/terraform-plugin';
      import { provider } from './index.ts';
      import { format } from '../cdktf/generator/generate.ts';
      const path = process.argv[2] + 'schema.json';
      writeFileSync(path, format(JSON.stringify(schemaJson(provider), null, 2), path));`,
  },
  generate: {
    resolveDir: join(packagePath, 'generator'),
    contents: `
      import { generationsOf, writeGeneration } from './generate.ts';
      import { writeFileSync } from 'node:fs';
      import { apiReference } from './api-reference.ts';
      for (const generation of generationsOf(process.argv[2])) writeGeneration(generation);
      writeFileSync(process.argv[2] + 'API.md', apiReference(process.argv[2]));`,
  },
};

const script = scripts[process.argv[2]];
if (!script) {
  process.stderr.write(`Usage: node generator/run.mjs ${Object.keys(scripts).join(' | ')}\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'imagebridge-'));
try {
  const outfile = join(folder, 'script.mjs');
  await build({
    stdin: { ...script, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    banner: {
      js: "import { createRequire as imagebridgeRequire } from 'node:module'; const require = imagebridgeRequire(import.meta.url);",
    },
    logLevel: 'warning',
    outfile,
  });
  const run = spawnSync(process.execPath, [outfile, packagePath], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
