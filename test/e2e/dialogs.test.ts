// Every dialog, from a scripted engine: pictures for people, axe-core in light and dark, and that the keyboard is inside and
// Escape closes this one alone.
import { InvalidInputError } from '@imagebridge/core';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../desktop/engine/problem.ts';
import { noChromium, titled } from './harness/chromium.ts';
import { someImages, someProfiles } from './harness/fake-clouds.ts';
import { emptyHello, HOSTILE, manyTasks, taskIn, totalsOf } from './harness/fake-data.ts';
import { type FakeEngine, Refusal, startFakeEngine } from './harness/fake-engine.ts';
import { notTaken } from './harness/fake-problems.ts';
import { lookAt, showIn } from './harness/look.ts';
import { useBrowser } from './harness/suite.ts';
import { goTo, screenShown } from './harness/window.ts';

const suite = useBrowser(async () => {
  await engine.close();
  expect(engine.badMessages).toEqual([]);
});
let engine: FakeEngine;

type Opening = (page: Page) => Promise<unknown>;

const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();

/** Address of an image that is shown. It is not protected. */
const IMAGE = `images?cloud=prod-beijing&image=${someImages(2)[1]?.id}`;

/** Opens the form of an image's properties: one is changed, one is to be removed, and one is new, by a name that is taken. */
async function changeProperties(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /^Properties/ }).click();
  await press(page, 'Edit properties');
  const form = page.getByRole('dialog', { name: 'Edit properties' });
  await form.getByLabel('Value of build').fill('4712');
  await form.getByRole('button', { name: 'Remove the property stage' }).click();
  await form.getByRole('button', { name: 'Add a property' }).click();
  await form.getByLabel('Name').last().fill('build');
  await form.getByLabel('Value of build').last().fill('maybe');
  await form.getByText('There is a property of this name already.').waitFor();
}

const FIELDS = ':is(input:not([type=checkbox], [type=radio], [type=date]), textarea):enabled:not([readonly])';

/** What stands in the fields of a form. */
const typedIn = (form: Locator) =>
  form.locator(FIELDS).evaluateAll((fields: HTMLInputElement[]) => fields.map(({ value }) => value));

/** Types into every field. Returns what then stands there. */
async function typeEverywhere(form: Locator): Promise<string[]> {
  for (const field of await form.locator(FIELDS).all()) {
    await field.focus();
    await field.press('End');
    await field.press('7');
  }
  return typedIn(form);
}

/** Dialogs of each screen: their name, the screen, and what opens them. */
const OPENED: readonly (readonly [name: string, address: string, open: Opening])[] = [
  ['profile-new-huaweicloud', 'profiles?new=huaweicloud', async () => {}],
  ['profile-new-openstack', 'profiles?new=openstack', async () => {}],
  ['profile-new-ucloudstack', 'profiles?new=ucloudstack', async () => {}],
  ['profile-edit', 'profiles', (page) => press(page, 'Edit prod-beijing')],
  [
    'profile-test-failed',
    'profiles',
    async (page) => {
      await press(page, 'Test prod-beijing');
      await page.getByText('IAM.0011').first().waitFor();
    },
  ],
  ['profile-import', 'profiles?import=1', async () => {}],
  ['image-edit', IMAGE, (page) => press(page, 'Edit')],
  ['image-share', IMAGE, (page) => press(page, 'Share')],
  ['image-copy', IMAGE, (page) => press(page, 'Copy')],
  ['image-download', IMAGE, (page) => press(page, 'Download')],
  [
    'image-delete',
    IMAGE,
    async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
    },
  ],
  ['image-properties', IMAGE, (page) => page.getByRole('tab', { name: /^Properties/ }).click()],
  ['image-properties-form', IMAGE, changeProperties],
  [
    'image-properties-refused',
    IMAGE,
    async (page) => {
      engine.answers['images.update'] = () => {
        throw new Refusal(
          problemOf(
            new InvalidInputError({
              operation: `update image ${someImages(2)[1]?.id}`,
              cloud: 'huaweicloud "prod-beijing"',
              reason: 'the property os_hidden is either true or false',
            }),
          ),
        );
      };
      await changeProperties(page);
      const form = page.getByRole('dialog', { name: 'Edit properties' });
      await form.getByLabel('Name').last().fill('os_hidden');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText(/either true or false/).waitFor();
    },
  ],
  [
    'task-timeline',
    'queue?task=task-00001',
    async (page) => {
      await page.getByRole('tab', { name: 'What happened' }).click();
      await page.getByText('HTTP 503, SlowDown').scrollIntoViewIfNeeded();
    },
  ],
  ['limits', 'queue', (page) => press(page, 'Limits')],
  ['start-many', 'queue', (page) => press(page, /Start 2 ready/)],
  [
    'cancel-asks',
    'queue?task=task-00001',
    (page) => page.getByRole('dialog').getByRole('button', { name: 'Cancel upload' }).click(),
  ],
  ['history-clear', 'history', (page) => press(page, 'Clear')],
  ['picker', 'queue', (page) => press(page, 'Add files')],
  [
    'refused-files',
    'queue',
    async (page) => {
      const hostile = `/srv/images/${HOSTILE.html}`;
      engine.answers['tasks.add'] = () => ({
        added: [],
        refused: [
          { path: '/srv/images/archive', problem: notTaken('/srv/images/archive', 'folder') },
          { path: hostile, problem: notTaken(hostile, 'empty') },
        ],
      });
      await press(page, 'Add files');
      await page.getByRole('button', { name: /debian-13/ }).click();
      await press(page, 'Add 1 file');
    },
  ],
];

/** Forms that take long to fill in. */
const ASKS = /^profile-(new|edit)|^image-(edit|properties-(form|refused))$/;

describe.skipIf(noChromium !== undefined)(titled('every dialog'), () => {
  beforeEach(async () => {
    const tasks = [
      taskIn('draft'),
      taskIn('draft', { id: 'second' }),
      ...manyTasks(5).map((task) => ({ ...task, order: task.order + 2 })),
    ];
    engine = await startFakeEngine({ ...emptyHello, profiles: someProfiles, tasks, totals: totalsOf(tasks) });
    engine.answers['profiles.save'] = () => {
      throw new Refusal({ kind: 'weak-store', message: 'There is no keychain here.' });
    };
  });

  it.each(OPENED)('%s', async (name, address, act) => {
    const { page } = await suite.open(engine.link());
    await screenShown(page);
    await goTo(page, address);
    await screenShown(page);
    await act(page);
    const dialogs = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    await dialogs.last().waitFor();
    await lookAt(page, engine, name);
    const topmost = await dialogs.last().elementHandle();
    // What was typed stays, whatever the language.
    const typed = await typeEverywhere(dialogs.last());
    await showIn(page, engine, 'zh-CN');
    await showIn(page, engine, 'en');
    expect(await typedIn(dialogs.last())).toEqual(typed);
    // The keyboard is inside of it, and Escape leaves it.
    expect(await topmost?.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    // A form that takes long to fill in asks before it throws away what was typed.
    const question = page.getByRole('alertdialog', { name: 'Discard' });
    if (ASKS.test(name)) await question.getByRole('button', { name: 'Discard' }).click();
    await topmost?.waitForElementState('hidden');
    expect(await page.evaluate(() => (window as { hacked?: unknown }).hacked)).toBeUndefined();
  });
});
