// What every file of end-to-end tests has: one browser, windows that are closed and checked after each test, and a picture of
// what was on the screen when a test failed.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { noChromium, startChromium } from './chromium.ts';
import { picture, removePictures } from './screenshots.ts';
import { type OpenWindow, openWindow, type WindowOptions } from './window.ts';

/** The browser of a file. */
export interface Suite {
  browser(): Browser;
  /** Opens a window; it is closed at the end of the test, which fails when the window had faults. */
  open(link: string, options?: WindowOptions): Promise<OpenWindow>;
}

/**
 * Prepares a browser for the tests of a file. Call it once, at its top.
 * @param end ends what windows are connected to; called after each test, once the windows are closed
 */
export function useBrowser(end: () => unknown = () => {}): Suite {
  let browser: Browser | undefined;
  const windows: OpenWindow[] = [];

  beforeAll(async () => {
    if (noChromium === undefined) browser = await startChromium();
  });
  afterEach(async ({ task }) => {
    const name = `failed-${task.name.replace(/[^\w]+/g, '-').slice(0, 60)}`;
    removePictures(name);
    if (task.result?.state === 'fail')
      for (const [at, one] of windows.entries()) await picture(one.page, `${name}-${at}`).catch(() => {});
    const faults = windows.flatMap((one) => one.faults);
    for (const one of windows.splice(0)) await one.close();
    await end();
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
      return opened;
    },
  };
}
