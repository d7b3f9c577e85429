// Percent-encoding by RFC 3986, which both signatures and all URLs of this family use. Pure.

/** Encodes everything but the unreserved characters `A-Za-z0-9-._~`. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes each segment of a path; the slashes stay. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeRfc3986).join('/');
}

/** Pairs of a query as text, in their own order; an undefined value gives a bare name. */
export function encodeQuery(pairs: readonly (readonly [string, string | undefined])[]): string {
  return pairs
    .map(([name, value]) =>
      value === undefined ? encodeRfc3986(name) : `${encodeRfc3986(name)}=${encodeRfc3986(value)}`,
    )
    .join('&');
}
