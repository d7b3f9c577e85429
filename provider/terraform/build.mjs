// Builds the provider's program as one executable file, and the module for those who read its schema.
import { chmod, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const program = 'dist/terraform-provider-imagebridge_v0.1.0';
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'warning',
};

await Promise.all([
  // CommonJS, because Node takes a file without extension for that wherever the file is put; minified, because Terraform
  // starts it several times per command.
  build({
    ...common,
    entryPoints: ['main.ts'],
    format: 'cjs',
    minify: true,
    keepNames: true,
    banner: { js: '#!/usr/bin/env node' },
    outfile: program,
  }),
  build({
    ...common,
    entryPoints: ['index.ts'],
    format: 'esm',
    packages: 'external',
    outfile: 'dist/index.mjs',
  }),
]);
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await chmod(program, 0o755);
