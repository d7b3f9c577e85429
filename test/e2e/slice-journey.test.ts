// The whole way of a file, for real and with the mouse: add → inspect → start → pause → the engine dies → resume → import → done →
// share → copy.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { connectByLink } from './harness/driver.ts';
import { slowParts, underWay } from './harness/flow.ts';
import { makePlace, type Place, until } from './harness/place.ts';
import { picture } from './harness/screenshots.ts';
import { useBrowser } from './harness/suite.ts';
import { lostNote, screenShown } from './harness/window.ts';

const MIB = 1024 ** 2;
const UPLOAD_MS = 40_000;
const suite = useBrowser(() => place.close());
let place: Place;

/** How many requests the cloud has answered that carry a part. */
const partsSent = () =>
  place.requests.filter(({ path, status }) => path.includes('partNumber') && status === 200).length;

/** The row's word for a task's state. */
const stateShown = (page: Page, words: string) =>
  page.locator('main').getByText(words, { exact: true }).first().waitFor({ timeout: UPLOAD_MS });

describe.skipIf(noChromium !== undefined)(titled('the way of a file'), () => {
  beforeEach(async () => {
    place = await makePlace();
  });

  it('add, inspect, start, pause, SIGKILL, resume, import, done, share, copy', async () => {
    const file = await place.qcow2('ubuntu-24.04.qcow2', 96 * MIB);
    const link = await place.startEngine();
    const { page, faults } = await suite.open(link);
    await screenShown(page);

    // Add and inspect.
    await page.getByRole('button', { name: 'Add files' }).click();
    await page
      .getByRole('dialog', { name: 'Choose files' })
      .getByRole('button', { name: /ubuntu-24\.04/ })
      .click();
    await page.getByRole('button', { name: 'Add 1 file' }).click();
    const drawer = page.getByRole('dialog', { name: 'ubuntu-24.04.qcow2' });
    await drawer.getByText('local takes this file').waitFor();
    expect(await drawer.getByLabel('Name of the image').inputValue()).toBe('ubuntu-24.04');
    await drawer.getByLabel('Name of the image').fill('ubuntu-golden');
    await picture(page, 'real-draft');

    // Start, and pause in the middle.
    slowParts(place);
    await drawer.getByRole('button', { name: 'Start upload' }).click();
    await stateShown(page, 'Uploading');
    const watcher = await connectByLink(await place.link());
    await underWay(watcher, file);
    watcher.close();
    await picture(page, 'real-uploading');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await stateShown(page, 'Paused');
    const before = partsSent();
    expect(before).toBeGreaterThan(0);

    // The engine dies; the window says so, and is there again by itself.
    await place.killEngine();
    await lostNote(page).waitFor();
    await picture(page, 'real-engine-lost');
    await place.startEngine();
    await lostNote(page).waitFor({ state: 'detached' });
    await stateShown(page, 'Paused');

    // It goes on where it was.
    place.cloud().faults.clear();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await stateShown(page, 'Done');
    const detail = await until(
      'the image',
      () => place.cloud().storedImages(),
      (images) => images.length === 1,
    );
    expect(detail[0]?.name).toBe('ubuntu-golden');
    expect(detail[0]?.sha256).toBe(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
    // Of the seven parts those that were there have not been sent again.
    expect(partsSent()).toBe(7);
    expect(await place.cloud().unfinishedUploads()).toEqual([]);

    // The image: its id, its shares, a copy.
    await page.getByRole('button', { name: 'Open the image' }).click();
    const image = page.getByRole('dialog', { name: 'ubuntu-golden' });
    await image.getByText('Active').first().waitFor();
    await image.getByRole('button', { name: 'Copy id' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(detail[0]?.id);
    await picture(page, 'real-image');

    const partner =
      place.cloud().accounts.find(({ domain }) => domain === 'partner')?.projects['local-1'] ?? '';
    await image.getByRole('button', { name: 'Share', exact: true }).click();
    const share = page.getByRole('dialog', { name: 'Share with projects' });
    await share.getByLabel('Project ids').fill(partner);
    await picture(page, 'real-share');
    await share.getByRole('button', { name: /^Share/ }).click();
    await share.waitFor({ state: 'detached' });
    await image.getByRole('tab', { name: /Sharing/ }).click();
    await image.getByText(partner).first().waitFor();

    await image.getByRole('button', { name: 'Copy', exact: true }).first().click();
    const copy = page.getByRole('dialog', { name: 'Copy the image' });
    await copy.getByLabel('Name', { exact: true }).fill('ubuntu-copy');
    await picture(page, 'real-copy');
    await copy.getByRole('button', { name: 'Copy', exact: true }).click();
    await copy.waitFor({ state: 'detached' });
    await until(
      'the copy',
      () => place.cloud().storedImages(),
      (images) => images.length === 2,
    );
    await page.keyboard.press('Escape');
    await page.locator('main').getByText('ubuntu-copy').first().waitFor();

    await page.getByRole('link', { name: /Activity/ }).click();
    await page.getByText('Done', { exact: true }).nth(1).waitFor();
    await picture(page, 'real-activities');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('ubuntu-golden').first().waitFor();
    await picture(page, 'real-history');
    expect(faults).toEqual([]);
  });
});
