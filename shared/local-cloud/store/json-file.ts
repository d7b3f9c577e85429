// Small JSON documents on disk that are either whole or absent. May touch only the paths it is given.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { LocalCloudError } from '../failure.ts';

/**
 * Writes a document to a temporary name and renames it, so that a killed process leaves the old or the new one.
 * Synchronous on purpose: a change of state is one step of the event loop, and needs no lock.
 * @param mode file mode; 0o600 for what holds secrets
 */
export function writeTextFile(path: string, text: string, mode = 0o644): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}

/** Same, for JSON. */
export function writeJsonFile(path: string, value: unknown, mode?: number): void {
  writeTextFile(path, `${JSON.stringify(value)}\n`, mode);
}

/**
 * Reads and checks a document.
 * @returns undefined when the file does not exist
 * @throws LocalCloudError when it is not what the schema describes
 */
export function readJsonFile<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LocalCloudError(`${path} is not JSON. Remove the data directory to start afresh.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new LocalCloudError(
    `${path} was written by another version of the embedded cloud. Remove the data directory to start afresh.`,
  );
}
