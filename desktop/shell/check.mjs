// npm run desktop:check: types, electron-builder's configuration, packing, tests; the built app in Chromium, and in
// Electron where its program is there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
if (!existsSync(new URL('node_modules/electron/package.json', import.meta.url))) {
  process.stderr.write("The shell's packages are not there: run npm run desktop:install.\n");
  process.exit(1);
}

/** Runs a program of this Node; its words go on. Ends the check when it fails. */
function run(name, script, args) {
  process.stdout.write(`\n${name}\n`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`desktop:check: ${name}: failed\n`);
    process.exit(1);
  }
}

run('types', `${root}node_modules/typescript/bin/tsc`, ['-p', here]);
run('configuration of electron-builder', `${here}pack/check-config.mjs`, []);
run('build', `${here}build.mjs`, []);
run('packing', `${here}pack/check-pack.mjs`, []);
const vitest = `${root}node_modules/vitest/vitest.mjs`;
run('tests', vitest, ['run', '--config', 'desktop/shell/vitest.config.ts']);
run('the app in Chromium', `${here}testing/in-chromium.mjs`, []);
run('smoke test', `${here}smoke.mjs`, []);
process.stdout.write('\ndesktop:check: passed\n');
