// Pictures for people to look at: each state at two sizes, in light and dark, and in both languages.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { SCREENSHOTS } from './gallery.ts';
import { SIZES, settled } from './window.ts';

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

/** How a picture looks, and the words in it. */
export interface Look {
  size: keyof typeof SIZES;
  colorScheme: 'light' | 'dark';
  language: 'en' | 'zh';
}

/** Takes a picture of a state in a size and a theme, which stay. The page is in that language. */
export async function pictureOf(page: Page, name: string, look: Look): Promise<void> {
  const { colorScheme, language } = look;
  const { width, height } = SIZES[look.size];
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await picture(page, name, `${width}x${height}-${colorScheme}-${language}`);
}
