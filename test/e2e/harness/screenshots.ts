// Pictures for people to look at: each state at two sizes, in light and dark, in both languages.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { SCREENSHOTS } from './gallery.ts';
import { SIZES, settled } from './window.ts';

const THEMES = ['light', 'dark'] as const;

/** Takes one picture as the page is now. @param name what it shows: `queue-uploading` */
export async function picture(page: Page, name: string, variant = 'as-is'): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await settled(page);
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.${variant}.png`), caret: 'initial' });
}

/**
 * Takes the pictures of a state at both sizes, light and dark. The page is left wide and light.
 * @param language part of the name
 */
export async function pictures(page: Page, name: string, language = 'en'): Promise<void> {
  for (const viewport of Object.values(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await picture(page, name, `${viewport.width}x${viewport.height}-${colorScheme}-${language}`);
    }
  }
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: 'light' });
}
