// One window of the uploader in a browser: opened by its link, watched for everything that must not happen.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** Sizes of the window that people look at. */
export const SIZES = { wide: { width: 1280, height: 800 }, small: { width: 900, height: 600 } } as const;

/** Longest wait for anything that a window shows, in ms. */
export const PATIENCE_MS = 15_000;

/** How a window is opened. */
export interface WindowOptions {
  /** The language of the system. Default English. */
  locale?: 'en-US' | 'zh-CN';
  colorScheme?: 'light' | 'dark';
  size?: keyof typeof SIZES;
}

/** An open window. */
export interface OpenWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console, uncaught ones, and what the content security policy has refused. Empty at the end of every test. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** The browser's own words for a line that is down: those are expected while an engine is killed. */
const LINE_DOWN = /WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET/;

/** Opens a window by a link with a token, in a browser profile of its own. */
export async function openWindow(
  browser: Browser,
  link: string,
  options: WindowOptions = {},
): Promise<OpenWindow> {
  const { locale = 'en-US', colorScheme = 'light', size = 'wide' } = options;
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: SIZES[size],
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = watch(page);
  await page.goto(link);
  return { page, context, faults, close: () => context.close() };
}

/** Collects what must not happen on a page. */
export function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!LINE_DOWN.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`a dialog of the browser: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  return faults;
}

/** Goes to a screen by its address, as a link does. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#/${screen}`);
}

/** Waits until a screen is there with everything that it loads. */
export async function screenShown(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('main .empty .spinner').first().waitFor({ state: 'detached' });
}

/** What the window shows above everything while it has no line to the engine. */
export const lostNote = (page: Page): Locator =>
  page.getByText('If this does not end, start the program again.');

/** Waits until what moves has come to rest and fonts are there, so that a picture is the same each time. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await document.fonts.ready;
    // What has just been changed begins to move with the next frame.
    await frame();
    await frame();
    const isMoving = () =>
      document
        .getAnimations()
        .some(
          (one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity,
        );
    for (let turn = 0; turn < 60 && isMoving(); turn++) await frame();
    await frame();
  });
}
