// The files of the window as its protocol `app:` hands them out: those that were built, and nothing else. Reads the built
// window's folder.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The protocol's name, and the one place that it has. */
export const APP_SCHEME = 'app';
/** Where the window's pages come from. */
export const APP_ORIGIN = `${APP_SCHEME}://imagebridge`;
/** The window's page. */
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** True for pages of ours: the window's own page, and no other one. */
export function isOurPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, pathname, username, password } = new URL(url);
  return (
    `${protocol}//${host}` === APP_ORIGIN && pathname === '/index.html' && username === '' && password === ''
  );
}

/** Answers requests for the window's files. */
export type AppFiles = (request: Pick<Request, 'method' | 'url'>) => Promise<Response>;

/**
 * Lists the built window once; only what is on that list is ever read, so no address can lead anywhere else.
 * @throws Error when the window has not been built
 */
export function openAppFiles(folder: string): AppFiles {
  const files = new Map(listFiles(folder, ''));
  if (!files.has('/index.html'))
    throw new Error(`${folder} has no index.html: the window has not been built`);

  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405);
    const file = files.get(pathOf(url) ?? '');
    if (file === undefined) return refuse(404);
    const body = await readFile(file);
    return new Response(method === 'HEAD' ? null : body, {
      headers: {
        ...HEADERS,
        'content-type': TYPES[extname(file)] ?? '',
        'content-length': String(body.length),
      },
    });
  };
}

/** Files with the paths of their URLs. Goes through the folders by itself: inside an archive Node's own walk is not to be had. */
function* listFiles(folder: string, url: string): Generator<[url: string, path: string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* listFiles(path, `${url}/${entry.name}`);
    else if (entry.isFile() && TYPES[extname(path)] !== undefined) yield [`${url}/${entry.name}`, path];
  }
}

function pathOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  if (`${protocol}//${host}` !== APP_ORIGIN) return undefined;
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

const refuse = (status: number) => new Response(null, { status, headers: HEADERS });
