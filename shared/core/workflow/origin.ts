// Which state directory something came from, so that a later run knows its own leavings. Touches one small file there.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LocalFileError } from '../model/index.ts';
import type { EngineOptions } from '../transfer/index.ts';

/** Tag of a record whose upload cannot be found again by its marker alone. */
export const ORIGIN_TAG = 'imagebridge-origin';

/**
 * Whoever begins things with this engine: what the engine says, or a random name of the state directory, made at the first
 * use.
 * @throws LocalFileError when the directory cannot be written
 */
export async function originOf({
  origin,
  stateDir,
}: Pick<EngineOptions, 'origin' | 'stateDir'>): Promise<string> {
  if (origin !== undefined) return origin;
  const file = path.join(stateDir, 'origin');
  const known = await readOrigin(file);
  if (known !== undefined) return known;
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await writeFile(fresh, randomBytes(12).toString('hex'), { mode: 0o600 });
    // Of two processes that come first, one wins; a link never replaces.
    await link(fresh, file).catch(() => {});
  } catch (cause) {
    throw new LocalFileError({ operation: `write ${file}`, object: file, cause });
  } finally {
    await rm(fresh, { force: true });
  }
  const made = await readOrigin(file);
  if (made !== undefined) return made;
  throw new LocalFileError({ operation: `write ${file}`, object: file, reason: 'it cannot be read back' });
}

async function readOrigin(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^[0-9a-f]{24}$/.test(text) ? text : undefined;
}
