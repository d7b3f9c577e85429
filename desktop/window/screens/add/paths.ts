// Paths of the engine's machine, as text: this window may run on another system. Touches nothing.

/** A folder on the way to another. */
export interface Crumb {
  name: string;
  path: string;
}

/** `\` only where the path has no `/`: a legal letter of a name elsewhere. */
const separatorOf = (path: string) => (path.includes('/') ? '/' : '\\');

/** The last part of a path; the path itself where it has none. */
export function nameOf(path: string): string {
  const parts = path.split(separatorOf(path)).filter((part) => part !== '');
  return parts.at(-1) ?? path;
}

/** The folder that a path lies in; undefined at the top. */
export function parentOf(path: string): string | undefined {
  const separator = separatorOf(path);
  const trimmed = path.replace(/[\\/]+$/, '');
  const at = trimmed.lastIndexOf(separator);
  if (at < 0) return undefined;
  return at === 0 ? separator : trimmed.slice(0, at);
}

/** The folders from a root to a path below it, both included. The path alone when it is not below the root. */
export function crumbsOf(path: string, root: Crumb): Crumb[] {
  const separator = separatorOf(path);
  const base = root.path.endsWith(separator) ? root.path : `${root.path}${separator}`;
  if (path === root.path) return [root];
  if (!path.startsWith(base)) return [{ name: nameOf(path), path }];
  const crumbs = [root];
  let at = base.slice(0, -1);
  for (const name of path.slice(base.length).split(separator)) {
    if (name === '') continue;
    at = `${at}${separator}${name}`;
    crumbs.push({ name, path: at });
  }
  return crumbs;
}

/** The root that a path lies below: the longest one. */
export function rootOf(path: string, roots: readonly Crumb[]): Crumb | undefined {
  return roots
    .filter((root) => path === root.path || crumbsOf(path, root).length > 1)
    .sort((a, b) => b.path.length - a.path.length)[0];
}
