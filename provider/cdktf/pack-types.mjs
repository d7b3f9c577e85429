// What esbuild and tsc leave to do. `commonjs`: marks dist/cjs as CommonJS; `clean`, before a package is packed: removes
// declarations, also those of files that are gone; `types`, after tsc: puts them where CommonJS programs find them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('dist/', import.meta.url));
const NOT_PUBLISHED = /\.test\.d\.ts$|testing\.d\.ts$|\/(generator|examples)$|\.tsbuildinfo$/;

const steps = {
  commonjs() {
    mkdirSync(`${dist}cjs`, { recursive: true });
    writeFileSync(`${dist}cjs/package.json`, '{ "type": "commonjs" }\n');
  },
  clean() {
    rmSync(`${dist}types`, { recursive: true, force: true });
  },
  types() {
    rmSync(`${dist}cjs/types`, { recursive: true, force: true });
    cpSync(`${dist}types`, `${dist}cjs/types`, {
      recursive: true,
      filter: (path) => !NOT_PUBLISHED.test(path),
    });
  },
};

const step = steps[process.argv[2]];
if (!step) {
  process.stderr.write(`Usage: node pack-types.mjs ${Object.keys(steps).join(' | ')}\n`);
  process.exit(2);
}
step();
