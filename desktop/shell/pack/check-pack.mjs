// Packs the built app (dist/) for real, around a made-up Electron (a file that has nothing but fuses): what is in the package, and
// that the fuses are set. Touches a temporary folder only.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { FUSES } from './after-pack.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
// Names of hooks are looked up from here.
process.chdir(folder);
const { version } = createRequire(import.meta.url)('electron/package.json');
const fuses = Object.keys(FUSES).length;
const temp = await mkdtemp(path.join(tmpdir(), 'imagebridge-pack-'));
const electron = path.join(temp, 'electron');
const faults = [];
try {
  await mkdir(path.join(electron, 'resources'), { recursive: true });
  // How fuses are found in a program: a mark, the version of the wire, how many they are, and one digit each.
  const wire = Buffer.concat([
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, fuses]),
    Buffer.from('1'.repeat(fuses)),
  ]);
  await writeFile(
    path.join(electron, 'electron'),
    Buffer.concat([Buffer.alloc(512), wire, Buffer.alloc(512)]),
  );
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox'])
    await writeFile(path.join(electron, file), '');
  await writeFile(path.join(electron, 'version'), version);
  await mkdir(path.join(temp, 'empty'));
  await writeFile(path.join(temp, 'empty', 'package.json'), '{}');
  await createPackage(path.join(temp, 'empty'), path.join(electron, 'resources', 'default_app.asar'));

  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: folder,
    publish: 'never',
    config: {
      extends: './electron-builder.yml',
      electronDist: electron,
      directories: { output: path.join(temp, 'out') },
    },
  });

  const packed = path.join(temp, 'out', process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
  const set = await getCurrentFuseWire(path.join(packed, 'imagebridge'));
  for (const [fuse, isOn] of Object.entries(FUSES)) {
    if ((set[fuse] === FuseState.ENABLE) !== isOn)
      faults.push(`the fuse ${FuseV1Options[fuse]} is not as it should be`);
  }
  const archive = path.join(packed, 'resources', 'app.asar');
  const files = listPackage(archive, { isPack: false }).map((file) => file.split(path.sep).join('/'));
  for (const needed of [
    '/package.json',
    '/dist/main.js',
    '/dist/preload.cjs',
    '/dist/engine-entry.js',
    '/dist/engine/process.js',
    '/dist/window/index.html',
    '/dist/icons/tray.png',
    '/node_modules/electron-updater/package.json',
    '/node_modules/@napi-rs/keyring/package.json',
  ]) {
    if (!files.includes(needed)) faults.push(`${needed} is not in the package`);
  }
  const sources = files.filter(
    (file) => /\.(ts|map|test\.\w+)$|\.mjs$/.test(file) && !file.startsWith('/node_modules/'),
  );
  if (sources.length > 0) faults.push(`sources are in the package: ${sources.slice(0, 5).join(', ')}`);
  if (!existsSync(path.join(packed, 'resources', 'licences.txt')))
    faults.push('the licences are not in the package');
  process.stdout.write(`packed: ${files.length} files and folders, ${fuses} fuses\n`);
} finally {
  await rm(temp, { recursive: true, force: true });
}
for (const one of faults) process.stderr.write(`wrong: ${one}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
