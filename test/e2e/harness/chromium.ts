// The browser of the tests: the system's Chromium, driven by playwright-core. One browser per test file.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { install } from '../../peers/debian.ts';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable'];

/**
 * Path of a Chromium: PLAYWRIGHT_CHROMIUM, CHROME, or where systems put it. `npm run test:e2e` installs Debian's where it may;
 * the few tests that are part of `npm test` do not.
 */
export const chromiumPath: string | undefined = find();

/** Why there is no browser; undefined when there is one. */
export const noChromium: string | undefined =
  chromiumPath === undefined ? 'no Chromium: install it, or name one by CHROME=/path/to/chrome' : undefined;

/** The title of a suite, with the reason when it is skipped. */
export const titled = (title: string): string =>
  noChromium === undefined ? title : `${title} (skipped: ${noChromium})`;

function find(): string | undefined {
  const { PLAYWRIGHT_CHROMIUM, CHROME } = process.env;
  const found = [PLAYWRIGHT_CHROMIUM, CHROME, ...USUAL].find((path) => path && existsSync(path));
  if (found !== undefined) return found;
  if (process.env.IMAGEBRIDGE_INSTALL_CHROMIUM !== '1') return undefined;
  // The fonts are for 简体中文.
  return install('chromium', 'chromium', 'fonts-noto-cjk') === undefined ? '/usr/bin/chromium' : undefined;
}

/** Starts the browser. Close it at the end. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    // Sandboxes need what containers of continuous integration do not give.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  });
}
