// Files that patterns stand for, where the shell has not replaced them already (quotes, Windows, configuration files).
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../outcome.ts';

const MAGIC = /[*?[\]]/;

/**
 * The files that paths and patterns name, each once, in the order given; those of one pattern sorted. A path that exists
 * is no pattern, whatever is in its name.
 * @throws UsageError for a pattern that nothing matches; a path without a pattern is given as it is
 */
export function expandFiles(texts: readonly string[]): string[] {
  const files = texts.flatMap((text) => {
    if (!MAGIC.test(text) || isThere(text)) return [text];
    const found = match(text).filter(isFile);
    if (found.length === 0) throw new UsageError(`No file matches ${JSON.stringify(text)}.`);
    return found;
  });
  const seen = new Set<string>();
  return files.filter((file) => {
    const full = path.resolve(file);
    return !seen.has(full) && seen.add(full);
  });
}

function match(pattern: string): string[] {
  const normal = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const { root } = path.parse(normal);
  const segments = normal
    .slice(root.length)
    .split('/')
    .filter((one) => one !== '');
  let folders = [root];
  for (const [i, segment] of segments.entries()) {
    const next = folders.flatMap((folder) => step(folder, segment));
    folders = i === segments.length - 1 ? next : next.filter(isFolder);
  }
  return [...new Set(folders)].sort();
}

function step(folder: string, segment: string): string[] {
  if (segment === '**') return descend(folder);
  if (!MAGIC.test(segment)) {
    const there = path.join(folder, segment);
    return isThere(there) ? [there] : [];
  }
  const pattern = regexOf(segment);
  return entries(folder)
    .filter((name) => pattern.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
    .map((name) => path.join(folder, name));
}

/** The folder and all below it; links are not followed, so that it ends. */
function descend(folder: string): string[] {
  const below = readEntries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap((entry) => descend(path.join(folder, entry.name)));
  return [folder, ...below];
}

function regexOf(segment: string): RegExp {
  const source = segment.replace(/\[(!?)([^\]]+)\]|[*?]|[\\^$.+(){}|[\]]/g, (found, not, set) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    if (set !== undefined) return `[${not ? '^' : ''}${String(set).replace(/[\\\]^]/g, '\\$&')}]`;
    return `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

const entries = (folder: string): string[] => readEntries(folder).map(({ name }) => name);

function readEntries(folder: string) {
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const isThere = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined;
const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
const isFolder = (file: string) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
