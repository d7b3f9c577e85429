// What axe-core finds on a page: run in the page's own world, past its content security policy.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { settled } from './window.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const violations = z.array(
  z.object({
    id: z.string(),
    help: z.string(),
    nodes: z.array(
      z.object({ target: z.array(z.unknown()), html: z.string(), failureSummary: z.string().optional() }),
    ),
  }),
);

/**
 * What is wrong for people with assistive technology, one line each: WCAG 2.2 A and AA, and good practice.
 * Runs in the theme that the page has.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found: unknown = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(context: object, options: object): Promise<{ violations: unknown[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }))
      .violations;
  });
  return violations
    .parse(found)
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, html, failureSummary = '' }) =>
          `${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 200)}: ${failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`,
      ),
    );
}

/** The same in light and in dark; the page is left light. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violationsOf(page)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}
