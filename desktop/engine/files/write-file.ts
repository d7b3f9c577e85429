// Replaces small files of the engine's own, whole or not at all. Touches the data folder.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LocalFileError } from '@imagebridge/core';

/**
 * Writes a text to a file that only its owner may read: whole and on disk, or not at all.
 * @param what the file in words, for the message
 * @throws LocalFileError when it cannot be written; the old text is there then
 */
export async function writeWhole(path: string, text: string, what: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw new LocalFileError({
      operation: `write ${what}`,
      object: path,
      reason: systemReason(cause),
      hint: 'Check that the folder exists, may be written to, and that the disk has room.',
      cause,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'it may not be accessed',
  EPERM: 'it may not be accessed',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk can only be read',
  ENOTDIR: 'it is no folder',
  EEXIST: 'a file is in the place of its folder',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk does not answer',
};

/** What the system said of a file, in words where they are known. */
export function systemReason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return REASONS[code] ?? (code || 'the system does not say why');
}
