// The picker of the web variant: looks into folders of this machine, within the allowed roots. Reads folders, never files.
import { type Dirent, promises as fs, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LocalFileError, PermissionError } from '@imagebridge/core';
import type { FileEntry, FolderView } from '@imagebridge/desktop-contract';
import type { HandlersOf } from '../context.ts';
import { systemReason } from './write-file.ts';

/** Most entries of a folder that are shown: as many files as can be added at once. */
const MAX_ENTRIES = 10_000;
/** Files that are asked for size and time at once. */
const STATS_AT_ONCE = 32;

/** The folders that may be looked into, and what is asked of them. */
export interface Picker {
  handlers: HandlersOf<'files'>;
  /**
   * The real path of a file or folder inside the roots.
   * @throws PermissionError when it lies elsewhere, also by way of a link; LocalFileError when it is not there
   */
  allowed(path: string): Promise<string>;
  /** As `allowed`, of a file that is yet to be written: its folder counts. */
  allowedNew(path: string): Promise<string>;
}

/**
 * @param roots folders; default: the home directory and the current one
 * @param maxEntries most entries of a folder that are shown
 */
export function openPicker(roots: readonly string[] | undefined, maxEntries = MAX_ENTRIES): Picker {
  const given = [...new Set((roots ?? [homedir(), process.cwd()]).map((root) => resolve(root)))];
  /** Asked each time: a drive may be plugged in, or a link changed, meanwhile. */
  const realRoots = async () => {
    const found = await Promise.all(given.map((root) => fs.realpath(root).catch(() => undefined)));
    return [...new Set(found.filter((root) => root !== undefined))];
  };

  async function allowed(path: string): Promise<string> {
    const operation = `open ${path}`;
    // A relative path would depend on where the engine was started.
    if (!isAbsolute(path) || path.includes('\0')) {
      throw new PermissionError({ operation, reason: 'it is no absolute path' });
    }
    const inside = await realRoots();
    // What is outside by its very name is refused before the disk is asked: no one learns what exists there.
    if (![...inside, ...given].some((root) => isWithin(root, resolve(path)))) throw outside(operation, given);
    let real: string;
    try {
      real = await fs.realpath(path);
    } catch (cause) {
      throw new LocalFileError({ operation, reason: systemReason(cause), cause });
    }
    if (!inside.some((root) => isWithin(root, real))) throw outside(operation, given);
    return real;
  }

  async function list(path: string, signal: AbortSignal): Promise<FolderView> {
    const real = await allowed(path);
    const inside = await realRoots();
    const { names, truncated } = await read(real, path, maxEntries);
    const entries: FileEntry[] = [];
    for (let at = 0; at < names.length; at += STATS_AT_ONCE) {
      signal.throwIfAborted();
      const some = await Promise.all(
        names.slice(at, at + STATS_AT_ONCE).map((dirent) => entryOf(real, dirent, inside)),
      );
      entries.push(...some.filter((entry) => entry !== undefined));
    }
    entries.sort(byKindAndName);
    return {
      path: real,
      ...(inside.some((root) => root !== real && isWithin(root, real)) ? { parent: dirname(real) } : {}),
      entries,
      truncated,
    };
  }

  return {
    allowed,
    allowedNew: async (path) => join(await allowed(dirname(path)), basename(path)),
    handlers: {
      async 'files.roots'() {
        const real = await realRoots();
        return {
          roots: real.map((path) => ({ name: basename(path) || path, path, kind: 'folder' as const })),
        };
      },
      'files.list': ({ path }, signal) => list(path, signal),
    },
  };
}

/** True for the folder itself and for what is below it. Both are absolute. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

const outside = (operation: string, roots: readonly string[]) =>
  new PermissionError({
    operation,
    reason: 'it lies outside of the folders that files may be picked from',
    hint: `Those are ${roots.join(', ')}. Start the program with --root to allow others.`,
  });

async function read(
  real: string,
  path: string,
  maxEntries: number,
): Promise<{ names: Dirent[]; truncated: boolean }> {
  const names: Dirent[] = [];
  try {
    // One by one: a folder with millions of entries must not fill the memory.
    const folder = await fs.opendir(real, { bufferSize: 256 });
    for await (const dirent of folder) {
      if (names.length === maxEntries) return { names, truncated: true };
      names.push(dirent);
    }
    return { names, truncated: false };
  } catch (cause) {
    throw new LocalFileError({
      operation: `look into the folder ${path}`,
      reason: systemReason(cause),
      cause,
    });
  }
}

/** Undefined for what cannot be picked: sockets, devices, links that lead out or nowhere. */
async function entryOf(
  folder: string,
  dirent: Dirent,
  roots: readonly string[],
): Promise<FileEntry | undefined> {
  const path = join(folder, dirent.name);
  let about: Stats;
  try {
    if (dirent.isSymbolicLink()) {
      const target = await fs.realpath(path);
      if (!roots.some((root) => isWithin(root, target))) return undefined;
    }
    about = await fs.stat(path);
  } catch {
    return undefined;
  }
  const modifiedAt = Math.max(0, Math.round(about.mtimeMs));
  if (about.isDirectory()) return { name: dirent.name, path, kind: 'folder', modifiedAt };
  if (about.isFile()) return { name: dirent.name, path, kind: 'file', sizeBytes: about.size, modifiedAt };
  return undefined;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function byKindAndName(a: FileEntry, b: FileEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return collator.compare(a.name, b.name);
}
