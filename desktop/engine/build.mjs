// Bundles the engine: for those who host it (index), the web variant (web), and the process of the app (process).
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { slim } from '../../shared/bundle/slim.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const DAY_MS = 24 * 3_600_000;

/** Removes what an earlier build left. In dist, chunks of less than a day stay: an engine that runs may still load them. */
async function clear(outdir) {
  const old = await readdir(outdir).catch(() => []);
  const isOwn = outdir === here('dist');
  for (const name of old) {
    const full = path.join(outdir, name);
    if (!isOwn) await rm(full, { recursive: true });
    else if (name === 'chunks') {
      for (const chunk of await readdir(full)) {
        const file = path.join(full, chunk);
        if (Date.now() - (await stat(file)).mtimeMs > DAY_MS) await rm(file);
      }
    }
  }
}

/**
 * Builds into a folder, and removes what an earlier build left there.
 * @returns {Promise<string[]>} paths of everything that is in it
 */
export async function buildEngine(outdir = here('dist')) {
  await clear(outdir);
  const { metafile } = await build({
    entryPoints: { index: here('index.ts'), web: here('web/main.ts'), process: here('process/main.ts') },
    bundle: true,
    // What is needed late, such as the embedded cloud, is a file of its own.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [slim],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outdir,
    logLevel: 'warning',
    metafile: true,
  });
  // Wherever the folder is put, its files are modules.
  await writeFile(path.join(outdir, 'package.json'), '{ "type": "module" }\n');
  return Object.keys(metafile.inputs).map((file) => path.resolve(file));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildEngine();
