// Builds the provider's program, the core that it loads when it is first needed, the module for those who read its schema, and
// the program that makes releases. dist/single has the provider for single executables, which load the core out of themselves.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licences } from './dist-tool/licences.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const program = `dist/terraform-provider-imagebridge_v${version}`;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'warning',
  metafile: true,
};
// CommonJS, because Node takes a file without extension for that wherever the file is put. Small, because Terraform starts
// the program several times per command, and Node reads all of it each time. Names stay: errors and stack traces have them,
// and renaming them back at run time costs more than the bytes.
const small = {
  ...common,
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // `require` is synchronous, and does not start the loader of modules.
  supported: { 'dynamic-import': false },
};

/** The core is a file of its own: most starts are for the schema only, and its source takes 50 ms to read. */
const coreApart = (replacement) => ({
  name: 'core-apart',
  setup(build) {
    build.onResolve({ filter: /^@imagebridge\/core$/ }, () => replacement);
  },
});

/** Leaves out what the core never uses of its packages: other languages' error messages, and undici's fetch, mocks and caches. */
const slim = {
  name: 'slim',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
    build.onResolve({ filter: /^undici$/ }, () => ({ path: here('./dist-tool/undici.cjs') }));
  },
};

const [main, core] = await Promise.all([
  build({
    ...small,
    entryPoints: ['main.ts'],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [coreApart({ path: './core.cjs', external: true })],
    outfile: program,
  }),
  build({
    ...small,
    entryPoints: [here('../../shared/core/index.ts')],
    plugins: [slim],
    outfile: 'dist/core.cjs',
  }),
  build({
    ...small,
    entryPoints: ['main.ts'],
    plugins: [coreApart({ path: here('./dist-tool/core-asset.cjs') })],
    outfile: 'dist/single/main.cjs',
  }),
  build({
    ...common,
    entryPoints: { index: 'index.ts', 'dist-tool': 'dist-tool/main.ts' },
    format: 'esm',
    packages: 'external',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
  }),
]);
const early = Object.values(main.metafile.inputs)
  .flatMap(({ imports }) => imports)
  .filter(({ path, kind }) => path === './core.cjs' && kind !== 'dynamic-import');
if (early.length > 0)
  throw new Error('The core is imported at the start: use core() of core.ts, and import only types.');
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await writeFile(
  'dist/THIRD-PARTY-LICENSES.txt',
  await licences(
    [main.metafile, core.metafile].flatMap(({ inputs }) =>
      Object.keys(inputs).map((one) => path.resolve(one)),
    ),
  ),
);
await chmod(program, 0o755);
