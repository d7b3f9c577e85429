// Bundles the engine: for those who host it (index), the web variant (web), and the process of the app (process).
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Leaves out what nobody uses: zod's error messages in other languages; undici's fetch, mocks and caches. */
const slim = {
  name: 'slim',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
    // The same part of it that the Terraform provider has.
    build.onResolve({ filter: /^undici$/ }, () => ({
      path: here('../../provider/terraform/bundle/undici.cjs'),
    }));
  },
};

/**
 * Builds into a folder; what an earlier build left there is removed, but for the types.
 * @returns {Promise<string[]>} paths of everything that is in it
 */
export async function buildEngine(outdir = here('dist')) {
  const old = await readdir(outdir).catch(() => []);
  for (const name of old) if (name !== 'types') await rm(path.join(outdir, name), { recursive: true });
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
