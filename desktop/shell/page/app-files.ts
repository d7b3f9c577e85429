// The files of the window as its protocol `app:` hands them out: those that were built, and nothing else. Reads the built
// window's folder.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PAGE_TYPES, pageHeaders } from '@imagebridge/desktop-contract';

/** The protocol's name, and the one place that it has. */
export const APP_SCHEME = 'app';
/** Where the window's pages come from. */
export const APP_ORIGIN = `${APP_SCHEME}://imagebridge`;
/** The window's page. */
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

const HEADERS = pageHeaders();

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
        'content-type': PAGE_TYPES[extname(file)] ?? '',
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
    else if (entry.isFile() && PAGE_TYPES[extname(path)] !== undefined) yield [`${url}/${entry.name}`, path];
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
