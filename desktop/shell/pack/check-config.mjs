// Checks electron-builder.yml by electron-builder's own schema and code, that the files it names are there, and that the
// check would find mistakes.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js');
const quiet = { isEnabled: false, add() {} };

/** The first fault that electron-builder finds, or undefined. */
async function faultOf(config) {
  try {
    await validateConfiguration(config, quiet);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const say = (text) => process.stdout.write(`${text}\n`);
const faults = [];

const config = await getConfig(folder, 'electron-builder.yml', null);
const fault = await faultOf(config);
if (fault === undefined) say('electron-builder.yml: right by the schema');
else faults.push(fault);

const named = [
  config.afterPack,
  config.mac.icon,
  config.mac.entitlements,
  config.mac.entitlementsInherit,
  config.win.icon,
  config.linux.icon,
  config.nsis.include,
];
for (const file of named) {
  if (!existsSync(path.resolve(folder, file))) faults.push(`${file} is not there`);
}
say(`files that it names: ${named.length}`);

const targets = [config.linux.target, config.mac.target, config.win.target].flat();
for (const target of ['AppImage', 'deb', 'dmg', 'zip', 'nsis']) {
  if (!targets.includes(target)) faults.push(`the target ${target} is not made`);
}

// What must not pass: a check that accepts everything is none.
const wrong = {
  'a key that does not exist': { ...config, appID: 'x' },
  'a text where a truth value belongs': { ...config, nsis: { ...config.nsis, oneClick: 'no' } },
  'a compression that does not exist': { ...config, compression: 'tiny' },
  'a fuse that does not exist': { ...config, electronFuses: { runAsNod: false } },
};
for (const [name, one] of Object.entries(wrong)) {
  if ((await faultOf(structuredClone(one))) === undefined) faults.push(`${name} was not found`);
  else say(`found, as it must be: ${name}`);
}

for (const one of faults) process.stderr.write(`wrong: ${one}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
