// The measuring pass: unpacks an archive once to learn the size and SHA-256 of its content, and remembers them by path,
// size, mtime and inode, so that a resume does not measure again. Touches the archive and the state directory.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CancelledError, RefusedError } from '../model/index.ts';
import { type ArchiveFile, stateDifference } from './archive-file.ts';
import type { UnpackOptions } from './types.ts';
import { entrySchema, type Measured, UnpackThread } from './unpack-thread.ts';

/** How much of the content's end is kept, in bytes. */
const tailBytes = 64 * 1024;
/** Most bytes that may come out of an archive where nothing else is said. */
const defaultMaxBytes = 16 * 1024 ** 4;
/** A file that was written less than this before is measured but not remembered: a second write could leave its times as they are. */
const settledMs = 2_000;

const remembered = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  inode: z.number(),
  unpacked: z.object({
    sizeBytes: z.number().int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    tail: z.base64(),
    entries: z.array(entrySchema),
  }),
});

/**
 * Size, SHA-256 and end of the content of an archive, remembered or found out.
 * @throws IntegrityError, UnsupportedError, LocalFileError, FileChangedError, CancelledError as the unpacking does
 * @throws RefusedError when more comes out than may
 */
export async function measureArchive(file: ArchiveFile, options: UnpackOptions): Promise<Measured> {
  const { state } = file;
  const maxBytes = options.maxUnpackedBytes ?? defaultMaxBytes;
  const name = createHash('sha256').update(state.path).digest('hex').slice(0, 32);
  const cachePath = path.join(options.stateDir, 'unpacked', `${name}.json`);
  const known = await recall(cachePath);
  if (known && known.path === state.path && stateDifference(known, state) === undefined) {
    const { sizeBytes, tail } = known.unpacked;
    if (sizeBytes > maxBytes)
      throw new RefusedError({
        operation: `unpack ${state.path}`,
        object: state.path,
        reason: `it unpacks to ${sizeBytes} bytes, and at most ${maxBytes} may come out`,
        hint: 'It is larger inside than the target takes.',
      });
    return { ...known.unpacked, tail: Buffer.from(tail, 'base64') };
  }
  const measured = await pass(file, maxBytes, options);
  await file.check();
  if (Date.now() - state.mtimeMs > settledMs) await remember(cachePath, { ...state, measured });
  return measured;
}

async function pass(file: ArchiveFile, maxBytes: number, options: UnpackOptions): Promise<Measured> {
  const { path, sizeBytes } = file.state;
  const { signal, onMeasure } = options;
  const thread = new UnpackThread(file, 0);
  const stop = () => void thread.close();
  signal?.addEventListener('abort', stop);
  try {
    if (signal?.aborted)
      throw new CancelledError({ operation: `measure ${path}`, reason: 'it was cancelled' });
    return await thread.measure(maxBytes, tailBytes, (readBytes, unpackedBytes) =>
      onMeasure?.({ readBytes, archiveBytes: sizeBytes, unpackedBytes }),
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    await thread.close();
  }
}

async function recall(cachePath: string) {
  try {
    return remembered.safeParse(JSON.parse(await readFile(cachePath, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The cache is only a help: when it can't be written, the archive is measured again next time. */
async function remember(
  cachePath: string,
  { measured, ...state }: ArchiveFile['state'] & { measured: Measured },
): Promise<void> {
  const temporary = `${cachePath}.${randomUUID()}`;
  const entry: z.infer<typeof remembered> = {
    ...state,
    unpacked: {
      ...measured,
      tail: Buffer.from(measured.tail).toString('base64'),
      entries: [...measured.entries],
    },
  };
  try {
    await mkdir(path.dirname(cachePath), { recursive: true, mode: 0o700 });
    await writeFile(temporary, JSON.stringify(entry), { mode: 0o600, flush: true });
    await rename(temporary, cachePath);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}
