// What every file of end-to-end tests has: one browser, windows that are closed and checked after each test, and a picture of
// what was on the screen when a test failed.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFailed } from 'vitest';
import { noChromium, startChromium } from './chromium.ts';
import { picture } from './screenshots.ts';
import { type OpenWindow, openWindow, type WindowOptions } from './window.ts';

/** The browser of a file. */
export interface Suite {
  browser(): Browser;
  /** Opens a window; it is closed at the end of the test, which fails when the window had faults. */
  open(link: string, options?: WindowOptions): Promise<OpenWindow>;
}

/** Prepares a browser for the tests of a file. Call it once, at its top. */
export function useBrowser(): Suite {
  let browser: Browser | undefined;
  const windows: OpenWindow[] = [];

  beforeAll(async () => {
    if (noChromium === undefined) browser = await startChromium();
  });
  afterEach(async () => {
    const faults = windows.flatMap((one) => one.faults);
    for (const one of windows.splice(0)) await one.close();
    expect(faults, 'faults on the page').toEqual([]);
  });
  afterAll(() => browser?.close());

  return {
    browser() {
      if (browser === undefined) throw new Error('There is no browser.');
      return browser;
    },
    async open(link, options) {
      const opened = await openWindow(this.browser(), link, options);
      windows.push(opened);
      onTestFailed(async ({ task }) => {
        const name = `failed-${task.name.replace(/[^\w]+/g, '-').slice(0, 60)}-${windows.indexOf(opened)}`;
        await picture(opened.page, name).catch(() => {});
      });
      return opened;
    },
  };
}
