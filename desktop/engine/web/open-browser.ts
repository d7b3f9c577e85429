// Opens the link in the browser of this machine, without putting the token on a command line that everybody here can read.
import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** True where somebody sits in front of a screen. */
export function hasScreen(env: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  if (env.SSH_CONNECTION || env.SSH_TTY || env.CI) return false;
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** How long the page with the link lies there, in ms. */
const PAGE_LIFE_MS = 60_000;

/**
 * Opens the link by way of a page that only this user can read, which is removed a minute later.
 * @returns false when there is nothing to open it with
 */
export async function openBrowser(link: string, dataDir: string): Promise<boolean> {
  const page = join(dataDir, 'open.html');
  await rm(page, { force: true });
  const html = `<!doctype html><meta charset="utf-8"><title>ImageBridge</title><meta http-equiv="refresh" content="0;url=${link}">`;
  await writeFile(page, html, { mode: 0o600, flag: 'wx' });
  setTimeout(() => void rm(page, { force: true }).catch(() => {}), PAGE_LIFE_MS).unref();
  const url = pathToFileURL(page).href;
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
