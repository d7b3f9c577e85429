// Writes files that may hold secrets: whole or not at all, and readable by their owner only.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LocalFileError } from '../model/index.ts';

/**
 * Replaces a file's text, or makes the file (and its folder) with mode 0600. A link is followed.
 * @param what the file in words, for the message
 * @throws LocalFileError when it cannot be written; the old text is there then
 */
export function writePrivateFile(path: string, text: string, what: 'profiles' | 'secrets'): void {
  try {
    const target = realPath(path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    try {
      const file = openSync(draft, 'wx', 0o600);
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  } catch (cause) {
    throw new LocalFileError({
      operation: what === 'profiles' ? `write the profiles in ${path}` : `write the secrets in ${path}`,
      reason: cause instanceof Error && 'code' in cause ? String(cause.code) : 'the file cannot be written',
      hint: 'Check that the folder exists and may be written to.',
      cause,
    });
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
