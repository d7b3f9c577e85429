// Files that the program is told to open: by its command line, by a second start of it, or by a desktop. Pure.
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const MAX_PATHS = 10_000;
const MAX_PATH_CHARS = 4000;

/**
 * The files of a command line. Switches are left out (Chromium's come along too), as is all that cannot be a path of a file;
 * after `--` everything is a path. Desktops may hand over `file:` URLs. Whether the files are there is found out later.
 * @param words the command line without the program itself
 * @param folder what relative paths start from
 */
export function openPaths(words: readonly string[], folder: string): string[] {
  const paths: string[] = [];
  let isSwitchesOver = false;
  for (const word of words) {
    if (!isSwitchesOver && word === '--') isSwitchesOver = true;
    else if (isSwitchesOver || !word.startsWith('-')) {
      const path = pathOf(word, folder);
      if (path !== undefined && path.length <= MAX_PATH_CHARS && !path.includes('\0')) paths.push(path);
    }
  }
  return [...new Set(paths)].slice(0, MAX_PATHS);
}

function pathOf(word: string, folder: string): string | undefined {
  if (word === '') return undefined;
  if (/^file:/i.test(word)) {
    try {
      return fileURLToPath(word);
    } catch {
      return undefined;
    }
  }
  // Longer than a drive's letter: an address of something that is no file.
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(word)) return undefined;
  return resolve(folder, word);
}

const handedOver = z.object({ paths: z.array(z.string().max(MAX_PATH_CHARS)).max(MAX_PATHS) });

/** What a second start hands to the first one; nothing when it has a wrong shape. */
export function pathsHandedOver(data: unknown): string[] {
  const parsed = handedOver.safeParse(data);
  return parsed.success ? parsed.data.paths.filter((path) => isAbsolute(path)) : [];
}
