// Builds the app into dist/, as it is packed: main process, preload, the engine, the window, the icons that run along, and the
// licences of what is in them.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { build as buildWindow } from 'vite';
import { licences } from '../../shared/bundle/licences.mjs';
import { slim } from '../../shared/bundle/slim.mjs';
import { buildEngine } from '../engine/build.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  conditions: ['source'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  // Electron has it built in; the updater is packed as it is, because it loads its parts by name.
  external: ['electron', 'electron-updater'],
  plugins: [slim],
};

const pathsOf = ({ metafile }) => Object.keys(metafile.inputs).map((file) => path.resolve(file));

await rm(here('dist'), { recursive: true, force: true });
await mkdir(here('dist'), { recursive: true });
const parts = await Promise.all([
  build({
    ...common,
    entryPoints: { main: here('main.ts'), 'engine-entry': here('engine-entry.ts') },
    format: 'esm',
    outdir: here('dist'),
  }).then(pathsOf),
  // A sandboxed preload is CommonJS, in one file.
  build({
    ...common,
    entryPoints: [here('preload.ts')],
    format: 'cjs',
    outfile: here('dist/preload.cjs'),
  }).then(pathsOf),
  buildEngine(here('dist/engine')),
  buildWindow({
    root: here('../window'),
    logLevel: 'warn',
    build: { outDir: here('dist/window'), emptyOutDir: true },
  }).then(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds)),
  cp(here('icons/run'), here('dist/icons'), { recursive: true }).then(() => []),
]);
await writeFile(here('dist/licences.txt'), await licences(parts.flat()));
