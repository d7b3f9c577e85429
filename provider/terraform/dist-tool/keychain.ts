// The binding to the system's keychain, which lies beside an executable: native libraries cannot be inside. Reads package-lock.json.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { unpackPackage } from './npm-package.ts';
import type { Target } from './targets.ts';
import type { ZipEntry } from './zip.ts';

/** The files for a target, below `node_modules` beside the executable, where its `require` finds them. */
export async function keychain(target: Target, root: string, into: string): Promise<ZipEntry[]> {
  const lock: unknown = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const entries: ZipEntry[] = [];
  for (const name of ['@napi-rs/keyring', target.keychainPackage]) {
    const { version, integrity } = locked(lock, name);
    const folder = await unpackPackage(name, version, integrity, path.join(into, name));
    for (const file of await readdir(folder)) {
      if (!/^package\.json$|\.js$|\.node$|^licen[cs]e/i.test(file)) continue;
      entries.push({
        name: `node_modules/${name}/${file}`,
        bytes: await readFile(path.join(folder, file)),
      });
    }
  }
  return entries;
}

function locked(lock: unknown, name: string): { version: string; integrity: string } {
  const packages = lock instanceof Object && 'packages' in lock ? lock.packages : undefined;
  const entry: unknown =
    packages instanceof Object ? Reflect.get(packages, `node_modules/${name}`) : undefined;
  if (
    entry instanceof Object &&
    'version' in entry &&
    typeof entry.version === 'string' &&
    'integrity' in entry &&
    typeof entry.integrity === 'string'
  )
    return { version: entry.version, integrity: entry.integrity };
  throw new Error(`package-lock.json does not name ${name}.`);
}
