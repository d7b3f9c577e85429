// Before the package is packed: `clean` removes declarations, also those of files that are gone; without it, they are put where
// CommonJS programs find them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('dist/', import.meta.url));
const NOT_PUBLISHED = /\.test\.d\.ts$|testing\.d\.ts$|\/(generator|examples)$|\.tsbuildinfo$/;

if (process.argv[2] === 'clean') {
  rmSync(`${dist}types`, { recursive: true, force: true });
} else {
  mkdirSync(`${dist}cjs`, { recursive: true });
  rmSync(`${dist}cjs/types`, { recursive: true, force: true });
  cpSync(`${dist}types`, `${dist}cjs/types`, {
    recursive: true,
    filter: (path) => !NOT_PUBLISHED.test(path),
  });
  // What lies below is CommonJS, to Node and to TypeScript.
  writeFileSync(`${dist}cjs/package.json`, '{ "type": "commonjs" }\n');
}
