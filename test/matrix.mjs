// Runs the unit tests under every supported major version of Node. npm's `node` package carries the binaries.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const versions = ['20', '22', '24'];
const failed = [];
const print = (text) => process.stdout.write(`${text}\n`);

for (const version of versions) {
  print(`\n== Node ${version}`);
  const npx = ['--yes', '--package', `node@${version}`, '--', 'node'];
  const shown = spawnSync('npx', [...npx, '--version'], { cwd: root, encoding: 'utf8' });
  if (shown.status !== 0) {
    failed.push(`Node ${version}: npm could not provide it (${shown.stderr.trim().split('\n').pop()})`);
    continue;
  }
  print(shown.stdout.trim());
  const args = [...npx, vitest, 'run', '--config', 'test/vitest.config.ts', '--project', 'unit'];
  if (spawnSync('npx', args, { cwd: root, stdio: 'inherit' }).status !== 0) failed.push(`Node ${version}`);
}

print(
  failed.length === 0 ? `\nAll of Node ${versions.join(', ')} passed.` : `\nFailed: ${failed.join('; ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
