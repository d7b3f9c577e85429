// npm run desktop:start: builds the app and starts it; downloads Electron's program first where it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronFolder, electronProgram } from './electron-program.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (!existsSync(electronFolder)) fail("The shell's packages are not there: run npm run desktop:install.");
if (electronProgram() === undefined) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    fail(
      `Electron's program is missing, and downloading it takes Node 22.12 or newer; this is ${process.versions.node}.\n` +
        'The same uploader in a browser needs none of it: npm run desktop:web.',
    );
  }
  process.stdout.write("Electron's program is missing: downloading it.\n");
  const install = [path.join(electronFolder, 'install.js')];
  const { status, stderr } = spawnSync(process.execPath, install, { stdio: ['ignore', 'inherit', 'pipe'] });
  if (status !== 0 || electronProgram() === undefined) {
    const why = /^.*Error: .*$/m.exec(String(stderr))?.[0] ?? `code ${status}`;
    fail(
      `Electron's program could not be downloaded: ${why}\n` +
        'ELECTRON_MIRROR names another place to get it from: see desktop/shell/README.md.\n' +
        'The same uploader in a browser needs none of it: npm run desktop:web.',
    );
  }
}
await import('./build.mjs');
const files = process.argv.slice(2);
const { status } = spawnSync(electronProgram(), [here, ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
