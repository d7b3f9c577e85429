// Pictures for people to look at: each state at two sizes, in light and dark, and in both languages.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
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

/** Removes the pictures of an earlier run whose names begin so. */
export function removePictures(beginning: string): void {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const name of readdirSync(SCREENSHOTS))
    if (name.startsWith(beginning)) rmSync(path.join(SCREENSHOTS, name), { force: true });
}

/**
 * Takes the pictures of a state at both sizes, light and dark; in Chinese each size in one of them, for colours do not depend on
 * words. The page is left wide and light.
 */
export async function pictures(page: Page, name: string, language: 'en' | 'zh' = 'en'): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of THEMES) {
      if (language === 'zh' && (colorScheme === 'dark') !== (size === 'wide')) continue;
      await page.emulateMedia({ colorScheme });
      await picture(page, name, `${viewport.width}x${viewport.height}-${colorScheme}-${language}`);
    }
  }
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: 'light' });
}
