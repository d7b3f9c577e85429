// Every dialog, from a scripted engine: pictures for people, axe-core in light and dark, and that the keyboard is inside and
// Escape closes this one alone.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { someImages, someProfiles } from './harness/fake-clouds.ts';
import { emptyHello, HOSTILE, manyTasks, taskIn, totalsOf } from './harness/fake-data.ts';
import { type FakeEngine, Refusal, startFakeEngine } from './harness/fake-engine.ts';
import { lookAt } from './harness/look.ts';
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
      engine.answers['tasks.add'] = () => ({
        added: [],
        refused: [
          {
            path: '/srv/images/archive',
            problem: { kind: 'invalid-input', message: 'Could not add /srv/images/archive: it is a folder.' },
          },
          {
            path: `/srv/images/${HOSTILE.html}`,
            problem: { kind: 'invalid-input', message: `Could not add ${HOSTILE.html}: it is empty.` },
          },
        ],
      });
      await press(page, 'Add files');
      await page.getByRole('button', { name: /debian-13/ }).click();
      await press(page, 'Add 1 file');
    },
  ],
];

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
    // The keyboard is inside of it, and Escape leaves it.
    const topmost = await dialogs.last().elementHandle();
    expect(await topmost?.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await topmost?.waitForElementState('hidden');
    expect(await page.evaluate(() => (window as { hacked?: unknown }).hacked)).toBeUndefined();
  });
});
