// `npm run desktop:web`: builds what is older than its sources, quietly, and runs the web variant in this very process.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const at = (...names) => path.join(root, ...names);
const SKIPPED = new Set(['node_modules', 'dist', 'testing']);

/** When the newest source below the folders was changed, in ms. */
function newest(folders) {
  let latest = 0;
  for (const entry of folders.flatMap((folder) => readdirSync(folder, { withFileTypes: true }))) {
    const full = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) latest = Math.max(latest, newest([full]));
    } else if (!entry.name.includes('.test.')) latest = Math.max(latest, statSync(full).mtimeMs);
  }
  return latest;
}

const builtAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs a build; what it says is shown only when it fails. */
function run(script, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim() || `code ${code}`))));
  });
}

async function prepare() {
  const [contract, window, engine] = ['contract', 'window', 'engine'].map((name) => at('desktop', name));
  const shared = [at('shared', 'core'), at('shared', 'local-cloud')];
  const work = [];
  if (builtAt(at('desktop/engine/dist/web.js')) < newest([engine, contract, ...shared])) {
    work.push([at('desktop/engine/build.mjs'), [], engine]);
  }
  // Help and version need no window.
  const words = process.argv.slice(2);
  const needsWindow = !words.some((word) => ['--help', '-h', '--version'].includes(word));
  if (needsWindow && builtAt(at('desktop/window/dist/app/index.html')) < newest([window, contract])) {
    work.push([at('node_modules/vite/bin/vite.js'), ['build', '--logLevel', 'warn'], window]);
  }
  if (work.length > 0) process.stderr.write('Building the uploader; this takes a few seconds …\n');
  await Promise.all(work.map(([script, args, cwd]) => run(script, args, cwd)));
}

if (!existsSync(at('node_modules'))) {
  process.stderr.write('imagebridge: the packages are not installed yet: run npm ci first.\n');
  process.exit(1);
}
try {
  await prepare();
} catch (error) {
  process.stderr.write(`imagebridge: the uploader could not be built:\n${error.message}\n`);
  process.exit(1);
}
await import('../dist/web.js');
