// Joins URLs of services. Pure.

/** Appends a path to a base URL, which may have a path of its own. `path` starts with a slash and is encoded. */
export function joinUrl(base: URL, path: string, query = ''): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  url.search = query;
  url.hash = '';
  return url;
}
