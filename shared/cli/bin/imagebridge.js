#!/usr/bin/env node
// Starts the bundled command. It stands beside the bundle because npm links commands when it installs, before the build.
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/imagebridge.js', import.meta.url);
if (existsSync(bundle)) await import(bundle.href);
else {
  process.stderr.write('imagebridge is not built yet: run npm run build.\n');
  process.exitCode = 1;
}
