#!/usr/bin/env node
// Starts the bundled command. It stands beside the bundle because npm links commands when it installs, before the build.
// The version is told without loading anything: scripts and shells ask for it often.
import { existsSync, readFileSync } from 'node:fs';

const bundle = new URL('../dist/bundle/imagebridge.js', import.meta.url);
const [word, ...others] = process.argv.slice(2);
if ((word === '--version' || word === '-V') && others.length === 0) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else if (existsSync(bundle)) await import(bundle.href);
else {
  process.stderr.write('imagebridge is not built yet: run npm run build.\n');
  process.exitCode = 1;
}
