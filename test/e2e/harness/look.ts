// A look at what a page shows: pictures in both languages, and what axe-core finds in light and dark.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsInBothThemes } from './accessible.ts';
import type { FakeEngine } from './fake-engine.ts';
import { pictures } from './screenshots.ts';
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
 * Takes pictures of a state in English and in 简体中文, and fails when axe-core finds something, or English
 * in the Chinese window.
 * @param name of the pictures: `queue-uploading`
 */
export async function lookAt(page: Page, engine: FakeEngine, name: string): Promise<void> {
  await pictures(page, name);
  const violations = await violationsInBothThemes(page);
  await showIn(page, engine, 'zh-CN');
  await pictures(page, name, 'zh');
  const english = await englishIn(page.locator('body'));
  await showIn(page, engine, 'en');
  expect(violations).toEqual([]);
  expect(english, 'English in the Chinese window').toBeUndefined();
}
