// Bundles the programs of the tests: first run, benchmarks, faults, fuzzing, documents, and the processes that they start.
import { build } from 'esbuild';

const programs = {
  'first-run': 'first-run/main.ts',
  docs: 'docs/main.ts',
  sentences: 'sentences/main.ts',
  bench: 'bench/main.ts',
  'list-server': 'bench/list-server.ts',
  'upload-child': 'bench/upload-child.ts',
  'lib-storage-child': 'bench/lib-storage-child.ts',
  faults: 'faults/main.ts',
  'faults-client': 'faults/client.ts',
  'faults-clock': 'faults/clock.ts',
  'faults-server': 'faults/server.ts',
  fuzz: 'fuzz/main.ts',
  kills: 'kills/main.ts',
};

await build({
  entryPoints: programs,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  external: ['@aws-sdk/*', 'undici', 'cdktf', 'constructs', 'playwright-core', 'vite'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  outdir: 'dist',
  logLevel: 'warning',
});
