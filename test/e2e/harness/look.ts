// A look at what a page shows: pictures in both languages, and what axe-core finds in light and dark.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsInBothThemes } from './accessible.ts';
import type { FakeEngine } from './fake-engine.ts';
import { pictures } from './screenshots.ts';

/**
 * Takes pictures of a state in English and in 简体中文, and fails when axe-core finds something.
 * @param name of the pictures: `queue-uploading`
 */
export async function lookAt(page: Page, engine: FakeEngine, name: string): Promise<void> {
  await pictures(page, name);
  const violations = await violationsInBothThemes(page);
  engine.emit({ type: 'settings', settings: { ...engine.hello.settings, language: 'zh-CN' } });
  await page.locator('html[lang="zh-CN"]').waitFor();
  await pictures(page, name, 'zh');
  engine.emit({ type: 'settings', settings: engine.hello.settings });
  await page.locator('html[lang="en"]').waitFor();
  expect(violations).toEqual([]);
}
