// A look at what a page shows: pictures in both languages, and what axe-core finds in light and dark.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsOf } from './accessible.ts';
import type { FakeEngine } from './fake-engine.ts';
import { type Look, pictureOf } from './screenshots.ts';
import { SIZES } from './window.ts';
import { englishIn } from './words.ts';

/** What the way to the history is called. The language of the page alone does not tell that all texts are there. */
const HISTORY = { en: 'History', 'zh-CN': '历史记录' } as const;

/** Changes the language, and waits until the window is in it. */
export async function showIn(page: Page, engine: FakeEngine, language: keyof typeof HISTORY): Promise<void> {
  engine.emit({ type: 'settings', settings: { ...engine.hello.settings, language } });
  await page.locator(`html[lang="${language}"]`).waitFor();
  await page.locator('nav').getByText(HISTORY[language], { exact: true }).waitFor({ state: 'attached' });
}

/**
 * Takes pictures of a state, at both sizes, in light and dark, in English; in 简体中文 each size in one theme, for colours do not
 * depend on words. Fails when axe-core finds something, or when there is English in the Chinese window. The page is wide and
 * light before and after.
 * @param name of the pictures: `queue-uploading`
 */
export async function lookAt(page: Page, engine: FakeEngine, name: string): Promise<void> {
  const take = (look: Look) => pictureOf(page, name, look);
  // A change of the theme takes longer than all else: there are two.
  await take({ language: 'en', colorScheme: 'light', size: 'wide' });
  await take({ language: 'en', colorScheme: 'light', size: 'small' });
  await take({ language: 'en', colorScheme: 'dark', size: 'small' });
  await take({ language: 'en', colorScheme: 'dark', size: 'wide' });
  const violations = await violationsOf(page);
  await showIn(page, engine, 'zh-CN');
  await take({ language: 'zh', colorScheme: 'dark', size: 'wide' });
  const english = await englishIn(page.locator('body'));
  await take({ language: 'zh', colorScheme: 'light', size: 'small' });
  await page.setViewportSize(SIZES.wide);
  await showIn(page, engine, 'en');
  violations.push(...(await violationsOf(page)));
  expect(violations).toEqual([]);
  expect(english, 'English in the Chinese window').toBeUndefined();
}
