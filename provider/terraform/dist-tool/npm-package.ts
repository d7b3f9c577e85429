// Gets packages from the npm registry by npm itself, into a cache outside the repository, and checks them against a pinned hash.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where packages are kept between runs; `IMAGEBRIDGE_DIST_CACHE` names another folder. */
export const CACHE_DIR: string =
  process.env.IMAGEBRIDGE_DIST_CACHE ||
  path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'imagebridge-dist');

/**
 * The folder of an unpacked package. What is in the cache is checked each time: the hash is of the archive, and the archive
 * is unpacked anew.
 * @param integrity `sha512-…` as in package-lock.json
 * @param into a folder that does not exist yet
 * @throws Error when the registry cannot be reached, or sends something else
 */
export async function unpackPackage(
  name: string,
  version: string,
  integrity: string,
  into: string,
): Promise<string> {
  await mkdir(CACHE_DIR, { recursive: true });
  const archive = path.join(CACHE_DIR, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(archive)) await download(`${name}@${version}`, archive);
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (found !== integrity) {
    await rm(archive);
    throw new Error(`${name}@${version} is not what it was: its hash is ${found} instead of ${integrity}.`);
  }
  await mkdir(into, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', into, '--strip-components=1']);
  return into;
}

async function download(wanted: string, archive: string): Promise<void> {
  const folder = await mkdtemp(path.join(CACHE_DIR, 'download-'));
  try {
    await run('npm', ['pack', wanted, '--silent', '--pack-destination', folder]);
    await rename(path.join(folder, path.basename(archive)), archive);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${wanted} could not be had from the npm registry: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
