// The SHA-256 of a local file without uploading it, off the main thread.
import { type CallOptions, FileChangedError } from '../model/index.ts';
import { HashThread } from './hash-thread.ts';
import { SourceFile } from './source-file.ts';
import type { FileIdentity } from './types.ts';

/**
 * Identity of a local file: its absolute path, size, mtime, inode.
 * @throws LocalFileError when it is missing, empty, unreadable or not a regular file
 */
export async function identifyFile(path: string): Promise<FileIdentity> {
  const file = await SourceFile.open(path);
  await file.close();
  return file.identity;
}

/**
 * SHA-256 of a local file in hex, with the identity it had before and after.
 * @throws LocalFileError, CancelledError; FileChangedError when it changed meanwhile
 */
export async function hashFile(
  path: string,
  options: CallOptions = {},
): Promise<{ sha256: string; file: FileIdentity }> {
  const file = await SourceFile.open(path);
  const thread = new HashThread(file);
  try {
    const sha256 = await thread.digest('sha256', 0, file.identity.sizeBytes, options.signal);
    await file.check();
    return { sha256, file: file.identity };
  } catch (error) {
    if (!(error instanceof FileChangedError)) throw error;
    const reason = error.details.reason?.replace('since its upload began', 'while it was read');
    throw new FileChangedError({
      operation: `hash ${file.identity.path}`,
      object: file.identity.path,
      reason,
    });
  } finally {
    await thread.close();
    await file.close();
  }
}
