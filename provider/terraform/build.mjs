// Builds the provider's program, the core that it loads when it is first needed, the module for those who read its schema, and
// the program that makes releases. dist/single has the provider for single executables, which load the core out of themselves.
import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licences } from '../../shared/bundle/licences.mjs';
import { slim } from '../../shared/bundle/slim.mjs';

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
const coreApart = (standIn) => ({
  name: 'core-apart',
  setup(build) {
    build.onResolve({ filter: /^@imagebridge\/core$/ }, ({ kind, importer }) => {
      if (kind === 'dynamic-import') return { path: here(`./bundle/${standIn}`) };
      const text = `${importer} imports the core at the start: use core() of core.ts, and import only types`;
      return { errors: [{ text }] };
    });
  },
});

const core = await build({
  ...small,
  entryPoints: [here('../../shared/core/index.ts')],
  plugins: [slim],
  outfile: 'dist/core.cjs',
});
const coreText = await readFile('dist/core.cjs');
if (coreText.some((byte) => byte > 0x7f))
  throw new Error('dist/core.cjs is read as ASCII, and is more than that.');
const CORE_DIGEST = createHash('sha256').update(coreText).digest('hex').slice(0, 32);
const define = { CORE_DIGEST: JSON.stringify(CORE_DIGEST) };
const [main] = await Promise.all([
  build({
    ...small,
    define,
    entryPoints: ['main.ts'],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [coreApart('core-file.cjs')],
    outfile: program,
  }),
  build({
    ...small,
    define,
    entryPoints: ['main.ts'],
    plugins: [coreApart('core-asset.cjs')],
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
