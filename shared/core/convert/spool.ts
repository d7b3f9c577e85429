// Conversions by qemu-img into files that outlive the process: made once, reused after a restart. qemu-img cannot go on
// with half a file, so an unfinished conversion starts again. Touches the spool folder and a child process.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  FileChangedError,
  IntegrityError,
  InvalidInputError,
  LocalFileError,
  UnsupportedError,
} from '../model/index.ts';
import { type FileState, localFileError, stateDifference, stateOf, systemCode } from './archive-file.ts';
import { findQemuImg, runQemuImg } from './qemu-img.ts';
import { convertArguments, convertCommand, isConvertible, qemuName } from './recipe.ts';
import { livingOwner, takeLock } from './spool-lock.ts';
import { requireStandsAlone } from './stands-alone.ts';
import type { ConversionRecipe, QemuImg, SpoolRequest, SpoolResult } from './types.ts';

const stateSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  inode: z.number(),
});

/** What is noted of a finished conversion, beside its file. */
const receiptSchema = z.object({
  version: z.literal(1),
  source: stateSchema,
  recipe: z.object({ from: z.string(), to: z.string(), compress: z.boolean() }),
  output: stateSchema,
  qemuImgVersion: z.string(),
});

/** Room that is left on the disk besides the file, in bytes. */
const spareBytes = 64 * 1024 * 1024;

/**
 * Converts a disk image into a file of the spool folder, or gives the file that was made of the same image before.
 * The source must have been found to stand alone (`conversionFor`); its header is looked at once more.
 * @throws UnsupportedError with the command to type when there is no qemu-img; RefusedError when the image names other
 *   files; BusyError when another process makes the same conversion; FileChangedError when the source changes meanwhile;
 *   LocalFileError when the disk is too full, or qemu-img fails, with its own words; IntegrityError when what came out
 *   is not what it must be; InvalidInputError for a recipe that there is not; CancelledError
 */
export async function convertToSpool(request: SpoolRequest): Promise<SpoolResult> {
  const { recipe, spoolDir } = request;
  const sourcePath = path.resolve(request.path);
  const operation = `convert ${sourcePath} to ${recipe.to}`;
  if (!isConvertible(recipe.from, recipe.to))
    throw new InvalidInputError({
      operation,
      reason: `there is no conversion from ${recipe.from} to ${recipe.to}`,
    });
  const source = await stateAt(sourcePath);
  const folder = path.join(path.resolve(spoolDir), folderName(source, recipe));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw localFileError(`make ${folder}`, folder, cause);
  }
  const target = path.join(folder, `disk.${recipe.to}`);
  const finished = await recall(folder, source, recipe, target);
  if (finished) return finished;

  const qemuImg = request.qemuImg ?? (await findQemuImg({ signal: request.signal }));
  if (qemuImg === undefined)
    throw new UnsupportedError({
      operation,
      object: sourcePath,
      reason: 'qemu-img is not installed',
      hint: `Install it (Debian and Ubuntu: qemu-utils), or convert the file elsewhere: ${convertCommand(recipe, sourcePath)}`,
    });
  const release = await takeLock(path.join(folder, 'lock'), operation);
  try {
    // Whoever had the lock before may have made it.
    const made = await recall(folder, source, recipe, target);
    if (made) return made;
    await clear(folder);
    await requireStandsAlone(source.path, recipe.from);
    await requireRoom(request, qemuImg, source, folder, operation);
    return await convert(request, qemuImg, source, target, operation);
  } catch (cause) {
    throw localFileError(operation, folder, cause);
  } finally {
    await release();
  }
}

async function convert(
  request: SpoolRequest,
  qemuImg: QemuImg,
  source: FileState,
  target: string,
  operation: string,
): Promise<SpoolResult> {
  const { recipe, signal, virtualSizeBytes, onProgress } = request;
  const unfinished = path.join(path.dirname(target), `unfinished-${randomUUID()}`);
  try {
    const run = await runQemuImg(qemuImg, convertArguments(recipe, source.path, unfinished), {
      signal,
      onProgress,
    });
    const difference = stateDifference(source, await stateAt(source.path));
    if (difference !== undefined)
      throw new FileChangedError({
        operation,
        object: source.path,
        reason: `the file changed meanwhile: ${difference}`,
        hint: 'Do it again when nothing writes to the file.',
      });
    if (run.code !== 0)
      throw new LocalFileError({
        operation,
        object: source.path,
        reason: `qemu-img ${qemuImg.version} says: ${run.complaint || `nothing (exit code ${run.code})`}`,
        hint: /no space left/i.test(run.complaint)
          ? `Free some space in ${request.spoolDir}, or use another spool folder.`
          : 'An unfinished conversion cannot be continued; the next one starts from the beginning.',
      });
    await requireOutput(qemuImg, unfinished, recipe, virtualSizeBytes, operation, signal);
    await sync(unfinished, 'r+');
    await rename(unfinished, target);
    const output = await stateAt(target);
    await remember(path.dirname(target), {
      version: 1,
      source,
      recipe,
      output,
      qemuImgVersion: qemuImg.version,
    });
    return { path: target, sizeBytes: output.sizeBytes, reused: false };
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw cause;
  }
}

/**
 * Removes the file of a conversion, and what belongs to it. Succeeds when it is gone already.
 * @throws InvalidInputError when it is no file of this spool folder; LocalFileError
 */
export async function discardSpool(spoolDir: string, outputPath: string): Promise<void> {
  const folder = path.dirname(path.resolve(outputPath));
  if (path.dirname(folder) !== path.resolve(spoolDir) || !isFolderName(path.basename(folder)))
    throw new InvalidInputError({
      operation: `remove ${outputPath}`,
      reason: `it is no conversion in ${spoolDir}`,
    });
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw localFileError(`remove ${folder}`, folder, cause);
  }
}

/** What `cleanSpool` removed. */
export interface SpoolCleaning {
  /** The folders. */
  removed: string[];
  freedBytes: number;
}

/**
 * Removes conversions that nobody came back for, finished or not: those that no process is making, whose files nobody
 * changed since `before`, and whose file is not in `keep` (the files of uploads that go on one day).
 * @throws LocalFileError
 */
export async function cleanSpool(
  spoolDir: string,
  before: Date,
  keep: readonly string[] = [],
): Promise<SpoolCleaning> {
  const kept = new Set(keep.map((file) => path.dirname(path.resolve(file))));
  const cleaning: SpoolCleaning = { removed: [], freedBytes: 0 };
  try {
    for (const name of await namesIn(spoolDir)) {
      const folder = path.join(path.resolve(spoolDir), name);
      if (!isFolderName(name) || kept.has(folder)) continue;
      if ((await livingOwner(path.join(folder, 'lock'))) !== undefined) continue;
      let bytes = 0;
      let changedMs = (await stat(folder)).mtimeMs;
      for (const file of await readdir(folder)) {
        const { blocks, mtimeMs } = await stat(path.join(folder, file));
        bytes += blocks * 512;
        changedMs = Math.max(changedMs, mtimeMs);
      }
      if (changedMs >= before.getTime()) continue;
      await rm(folder, { recursive: true, force: true });
      cleaning.removed.push(folder);
      cleaning.freedBytes += bytes;
    }
  } catch (cause) {
    throw localFileError(`clean ${spoolDir}`, spoolDir, cause);
  }
  return cleaning;
}

/** The names in a folder; none when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
}

const isFolderName = (name: string) => /^[0-9a-f]{32}$/.test(name);

const folderName = (source: FileState, recipe: ConversionRecipe) =>
  createHash('sha256')
    .update(
      JSON.stringify([
        1,
        source.path,
        source.sizeBytes,
        source.mtimeMs,
        source.inode,
        recipe.from,
        recipe.to,
        recipe.compress,
      ]),
    )
    .digest('hex')
    .slice(0, 32);

async function stateAt(file: string): Promise<FileState> {
  try {
    const stats = await stat(file);
    if (!stats.isFile())
      throw new LocalFileError({
        operation: `open ${file}`,
        object: file,
        reason: 'it is not a regular file',
      });
    return stateOf(file, stats);
  } catch (cause) {
    throw localFileError(`open ${file}`, file, cause);
  }
}

/** The finished conversion of a folder; undefined when there is none, or it is not what was noted any more. */
async function recall(
  folder: string,
  source: FileState,
  recipe: ConversionRecipe,
  target: string,
): Promise<SpoolResult | undefined> {
  try {
    const receipt = receiptSchema.parse(
      JSON.parse(await readFile(path.join(folder, 'receipt.json'), 'utf8')),
    );
    const same =
      stateDifference(receipt.source, source) === undefined &&
      receipt.source.path === source.path &&
      JSON.stringify([receipt.recipe.from, receipt.recipe.to, receipt.recipe.compress]) ===
        JSON.stringify([recipe.from, recipe.to, recipe.compress]) &&
      stateDifference(receipt.output, await stateAt(target)) === undefined;
    return same ? { path: target, sizeBytes: receipt.output.sizeBytes, reused: true } : undefined;
  } catch {
    return undefined;
  }
}

async function remember(folder: string, receipt: z.infer<typeof receiptSchema>): Promise<void> {
  const temporary = path.join(folder, `unfinished-${randomUUID()}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(receipt));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path.join(folder, 'receipt.json'));
  // Not every system has it for folders.
  await sync(folder, 'r').catch(() => {});
}

/** Removes what an earlier process left. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== 'lock') await rm(path.join(folder, name), { recursive: true, force: true });
}

/** Brings a file, or the names in a folder, onto the disk. */
async function sync(target: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(target, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Estimates by the clusters that hold data what the output will need, and asks the file system for it. */
async function requireRoom(
  { recipe, virtualSizeBytes, signal }: SpoolRequest,
  qemuImg: QemuImg,
  source: FileState,
  folder: string,
  operation: string,
): Promise<void> {
  const run = await runQemuImg(
    qemuImg,
    ['measure', '--output=json', '-f', qemuName(recipe.from), '-O', 'qcow2', source.path],
    { signal },
  );
  const measured = z
    .object({ required: z.number() })
    .safeParse(run.code === 0 ? parsed(run.output) : undefined);
  const needed = Math.min(measured.data?.required ?? virtualSizeBytes, virtualSizeBytes * 1.01) + spareBytes;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  // Compressed output is smaller by a share that nobody knows beforehand.
  const share = recipe.compress ? 0.5 : 1;
  if (free >= needed * share) return;
  throw new LocalFileError({
    operation,
    object: folder,
    reason: `it needs about ${mib(needed * share)} MiB there, and ${mib(free)} MiB are free`,
    hint: 'Free some space, or use another spool folder.',
  });
}

const mib = (bytes: number) => Math.round(bytes / 1024 ** 2);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Looks at what qemu-img made. It is ours, so that naming its format is enough to be safe. */
async function requireOutput(
  qemuImg: QemuImg,
  file: string,
  recipe: ConversionRecipe,
  virtualSizeBytes: number,
  operation: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const run = await runQemuImg(
    qemuImg,
    ['info', '--output=json', '-f', qemuName(recipe.to), await realpath(file)],
    {
      signal,
    },
  );
  const info = z.object({ 'virtual-size': z.number() }).safeParse(parsed(run.output));
  const size = info.data?.['virtual-size'];
  // Sizes are rounded up to whole sectors.
  if (
    run.code === 0 &&
    size !== undefined &&
    size >= virtualSizeBytes &&
    size - virtualSizeBytes < 1024 * 1024
  )
    return;
  throw new IntegrityError({
    operation,
    object: file,
    reason:
      size === undefined
        ? `qemu-img cannot read what it made: ${run.complaint}`
        : `the disk inside has ${size} bytes, and ${virtualSizeBytes} were expected`,
    hint: 'Do it again; if it stays so, convert it by hand.',
  });
}
