// The SHA-256 of a local file, remembered by path, size, times and inode, so that planning twice reads 60 GB once.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CallOptions } from '../model/index.ts';
import { type FileIdentity, hashFile, identifyFile } from '../transfer/index.ts';

const remembered = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  // Builds that can be repeated give every file the same mtime; no program can set this one. Absent in older entries.
  ctimeMs: z.number().optional(),
  inode: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The SHA-256 of a file in hex. The cache is only a help: when it can't be written, the file is hashed again next time.
 * A file that was written less than two seconds ago is hashed but not remembered, because a second write could leave
 * its times as they are.
 * @throws LocalFileError when the file is missing, empty or unreadable; FileChangedError; CancelledError
 */
export async function fileSha256(
  filePath: string,
  options: CallOptions & { stateDir: string },
): Promise<string> {
  const identity = await identifyFile(filePath);
  const { ctimeMs } = await stat(identity.path);
  const cachePath = path.join(
    options.stateDir,
    'hashes',
    `${createHash('sha256').update(identity.path).digest('hex').slice(0, 32)}.json`,
  );
  const known = await recall(cachePath);
  if (known && known.ctimeMs === ctimeMs && sameFile(known, identity)) return known.sha256;
  const { sha256, file } = await hashFile(filePath, options);
  if (Date.now() - Math.max(file.mtimeMs, ctimeMs) > 2_000)
    await remember(cachePath, { ...file, ctimeMs, sha256 });
  return sha256;
}

const sameFile = (a: FileIdentity, b: FileIdentity) =>
  a.path === b.path && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.inode === b.inode;

async function recall(cachePath: string) {
  try {
    const found = remembered.safeParse(JSON.parse(await readFile(cachePath, 'utf8')));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}

async function remember(cachePath: string, entry: z.infer<typeof remembered>): Promise<void> {
  const temporary = `${cachePath}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(cachePath), { recursive: true, mode: 0o700 });
    await writeFile(temporary, JSON.stringify(entry), { mode: 0o600 });
    await rename(temporary, cachePath);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}
