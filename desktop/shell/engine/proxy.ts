// What the system says of proxies, as a URL that the engine can use. Pure.

/** Kinds of entries by what they are called in an answer; SOCKS is kept, so that the engine can say that it cannot use it. */
const SCHEMES: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
};

/** `host:port` of an entry: a name, an IPv4 address, or an IPv6 address in brackets; nothing else, no user, no path. */
const PLACE = /^(?:[a-z\d](?:[\w.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\]):(\d{1,5})$/i;

/**
 * The proxy that an answer of `resolveProxy` means, such as `PROXY a:3128; DIRECT`. As browsers do, the first entry counts;
 * of those that cannot be understood it is the next. SOCKS only where nothing else follows that the engine can use.
 * @returns a URL without a path, or null for a direct connection
 */
export function proxyOf(answer: string): string | null {
  let socks: string | null = null;
  for (const entry of answer.split(';')) {
    const [kind = '', place = '', ...rest] = entry.trim().split(/\s+/);
    if (rest.length > 0) continue;
    if (kind.toUpperCase() === 'DIRECT' && place === '') return socks;
    const scheme = SCHEMES[kind.toUpperCase()];
    const port = Number(PLACE.exec(place)?.[1]);
    if (scheme === undefined || !(port > 0 && port < 65_536)) continue;
    const url = `${scheme}://${place}`;
    if (!URL.canParse(url)) continue;
    if (scheme.startsWith('http')) return url;
    socks ??= url;
  }
  return socks;
}

/** True for addresses that the engine may ask about. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
