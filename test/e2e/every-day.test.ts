// What every day brings, for real: the keyboard alone, two windows at once, the command line beside, and names and files that
// nobody wishes for.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { startCommand } from '../fixtures/cli-process.ts';
import { violationsInBothThemes } from './harness/accessible.ts';
import { noChromium, titled } from './harness/chromium.ts';
import { connectByLink, taskOf, tasksOf } from './harness/driver.ts';
import { HOSTILE } from './harness/fake-data.ts';
import { begin, detailsOf, inState, slowParts, underWay } from './harness/flow.ts';
import { makePlace, type Place, until } from './harness/place.ts';
import { picture } from './harness/screenshots.ts';
import { useBrowser } from './harness/suite.ts';
import { goTo, screenShown } from './harness/window.ts';

const MIB = 1024 ** 2;
const UPLOAD_MS = 40_000;
let place: Place;
const suite = useBrowser(() => place.close());

/** A row's word for the state of its task. */
const stateShown = (page: Page, words: string) =>
  page.locator('main').getByText(words, { exact: true }).first().waitFor({ timeout: UPLOAD_MS });

/** What has the focus, by its name or text. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: one } = document;
    // Only what can be pressed or filled in: a region has the text of all that is in it.
    if (one === null || !one.matches('button, a, input, [role="checkbox"]')) return '';
    return one.getAttribute('aria-label') ?? one.textContent ?? '';
  });

/** Presses a key until what has the focus is named so. @throws Error when it is not reached */
async function reach(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const here = await focused(page);
    if (typeof name === 'string' ? here.trim() === name : name.test(here)) return;
    seen.push(here.slice(0, 30));
    await page.keyboard.press(key);
  }
  throw new Error(`${String(name)} is not reached by ${key}: ${seen.join(' > ')}`);
}

describe.skipIf(noChromium !== undefined)(titled('every day'), () => {
  beforeEach(async () => {
    place = await makePlace();
  });

  it('a whole upload with the keyboard alone', async () => {
    await place.qcow2('keys.qcow2', 48 * MIB);
    slowParts(place);
    const { page } = await suite.open(await place.startEngine());
    await screenShown(page);
    // Nothing but keys from here on.
    await reach(page, 'Skip to the content');
    await page.keyboard.press('Enter');
    await reach(page, 'Add files');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Choose files' }).getByText('keys.qcow2').waitFor();
    await reach(page, /keys\.qcow2/);
    await page.keyboard.press('Enter');
    await reach(page, 'Add 1 file');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'keys.qcow2' });
    await drawer.getByText('local takes this file').waitFor();
    await reach(page, 'Start upload');
    await page.keyboard.press('Enter');
    await stateShown(page, 'Uploading');
    await reach(page, 'keys.qcow2');
    await page.keyboard.press('Space');
    await stateShown(page, 'Paused');
    place.cloud().faults.clear();
    await page.keyboard.press('Space');
    await stateShown(page, 'Done');
    await reach(page, 'Open the image');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'keys' }).getByText('Active').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'keys' }).waitFor({ state: 'detached' });
  });

  it('two windows show the same, whoever presses', async () => {
    const file = await place.qcow2('both.qcow2', 48 * MIB);
    slowParts(place);
    const { page: one } = await suite.open(await place.startEngine());
    const { page: two } = await suite.open(await place.link());
    const engine = await connectByLink(await place.link());
    await begin(engine, file);
    await underWay(engine, file);
    engine.close();
    await Promise.all([stateShown(one, 'Uploading'), stateShown(two, 'Uploading')]);
    await one.getByRole('button', { name: 'Pause', exact: true }).click();
    await stateShown(two, 'Paused');
    place.cloud().faults.clear();
    await two.getByRole('button', { name: 'Resume', exact: true }).click();
    await stateShown(one, 'Done');
    // Settings as well: the language, changed in one window, is that of the other.
    await goTo(one, 'settings');
    await one.getByLabel('Language').click();
    await one.getByRole('option', { name: '简体中文' }).click();
    await two.getByRole('link', { name: '历史记录' }).waitFor();
    await stateShown(two, '已完成');
  });

  it('a history that is cleared in one window is empty in the other', async () => {
    const engine = await connectByLink(await place.startEngine());
    const file = await place.qcow2('over.qcow2', 2 * MIB);
    await begin(engine, file);
    await inState(engine, file, 'done');
    engine.close();
    const { page: one } = await suite.open(await place.link());
    const { page: two } = await suite.open(await place.link());
    for (const page of [one, two]) {
      await goTo(page, 'history');
      await page.locator('main').getByText('over.qcow2').first().waitFor();
    }
    await one.getByRole('button', { name: 'Clear', exact: true }).click();
    await one.getByRole('alertdialog').getByRole('button', { name: 'Clear the history' }).click();
    for (const page of [one, two]) {
      await page.getByText('No uploads yet').waitFor();
      await page.locator('main').getByText('over.qcow2').first().waitFor({ state: 'detached' });
    }
    // What was told is so: it stays empty. The list of uploads is another thing.
    await two.reload();
    await two.getByText('No uploads yet').waitFor();
    await goTo(two, 'queue');
    await stateShown(two, 'Done');
  });

  it('the language changes and changes back while an upload runs: it goes on, and the open form keeps what was typed', async () => {
    const file = await place.qcow2('runs.qcow2', 96 * MIB);
    const other = await place.qcow2('typed.qcow2', 2 * MIB);
    const engine = await connectByLink(await place.startEngine());
    const { page } = await suite.open(await place.link());
    const { page: second } = await suite.open(await place.link());
    slowParts(place);
    const { id } = await begin(engine, file);
    await engine.call('tasks.add', { paths: [other] });
    const draft = await taskOf(engine, 'typed.qcow2', ({ state }) => state === 'draft');
    const drawer = await detailsOf(page, draft);
    await drawer.getByText('local takes this file').waitFor();
    await drawer.getByLabel('Name of the image').fill('half a na');

    const choose = async (label: string, language: string) => {
      await goTo(second, 'settings');
      await second.getByLabel(label, { exact: true }).click();
      await second.getByRole('option', { name: language }).click();
    };
    await underWay(engine, file);
    const before = (await tasksOf(engine)).find((task) => task.id === id);
    await choose('Language', '简体中文');
    await drawer.getByText('local 接受此文件').waitFor();
    await stateShown(page, '正在上传');
    const field = drawer.getByLabel('镜像名称');
    expect(await field.inputValue()).toBe('half a na');
    // Whoever is typing goes on typing.
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.type('me');
    await picture(page, 'real-language');
    await choose('语言', 'English');
    await drawer.getByText('local takes this file').waitFor();
    expect(await drawer.getByLabel('Name of the image').inputValue()).toBe('half a name');
    await stateShown(page, 'Uploading');

    // Also where it is changed in this very window, which leaves the form for the settings.
    await goTo(page, 'settings');
    await page.getByLabel('Language', { exact: true }).click();
    await page.getByRole('option', { name: '简体中文' }).click();
    await page.getByLabel('语言', { exact: true }).click();
    await page.getByRole('option', { name: 'English' }).click();
    await page.getByLabel('Language', { exact: true }).waitFor();
    await detailsOf(page, draft);
    expect(await drawer.getByLabel('Name of the image').inputValue()).toBe('half a name');

    const after = (await tasksOf(engine)).find((task) => task.id === id);
    expect(after?.state).toBe('uploading');
    expect(after?.progress?.confirmedBytes).toBeGreaterThanOrEqual(before?.progress?.confirmedBytes ?? 0);
    await engine.call('tasks.pause', { ids: [id] });
    await inState(engine, file, 'paused');
    place.cloud().faults.clear();
    await engine.call('tasks.resume', { ids: [id] });
    await inState(engine, file, 'done');
    engine.close();
    await drawer.getByRole('button', { name: 'Start upload' }).click();
    const images = await until(
      'both images',
      () => place.cloud().storedImages(),
      (all) => all.length === 2 && all.every(({ status }) => status === 'active'),
      UPLOAD_MS,
    );
    expect(images.map(({ name }) => name).sort()).toEqual(['half a name', 'runs']);
  });

  it('an upload that the command line has begun appears, and can be paused and resumed here', async () => {
    const file = await place.qcow2('other.qcow2', 48 * MIB);
    slowParts(place);
    const { page } = await suite.open(await place.startEngine());
    await screenShown(page);
    const command = startCommand(
      ['push', file, '--to', 'local', '--name', 'from-cli', '--progress', 'json'],
      place.env,
    );
    const row = page.locator('main').getByRole('listitem').filter({ hasText: 'other.qcow2' });
    await row.getByText('In another program').waitFor({ timeout: UPLOAD_MS });
    const engine = await connectByLink(await place.link());
    await underWay(engine, file);
    engine.close();
    await picture(page, 'real-elsewhere');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await stateShown(page, 'Paused');
    place.cloud().faults.clear();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await stateShown(page, 'Done');
    const { code, stderr } = await command.ended;
    expect(code, stderr).toBe(0);
    expect((await place.cloud().storedImages()).map(({ name }) => name)).toEqual(['from-cli']);
  });

  it('an empty file is refused with the reason; a folder is opened, not added', async () => {
    await writeFile(path.join(place.files, 'empty.img'), '');
    await mkdir(path.join(place.files, 'folder'));
    const { page } = await suite.open(await place.startEngine());
    await page
      .getByRole('button', { name: /Add files|Choose files/ })
      .first()
      .click();
    const picker = page.getByRole('dialog', { name: 'Choose files' });
    await picker.getByRole('button', { name: /^folder/ }).click();
    await picker.getByText('Nothing in this folder').waitFor();
    await picker.getByRole('button', { name: 'One folder up' }).click();
    await picker.getByRole('button', { name: /empty\.img/ }).click();
    await page.getByRole('button', { name: 'Add 1 file' }).click();
    await page
      .getByText(/empty|no bytes|0 bytes/i)
      .first()
      .waitFor();
    await picture(page, 'real-empty-file');
    // The same over the line, without the picker: a folder, what is not there, what lies elsewhere.
    const engine = await connectByLink(await place.link());
    const { added, refused } = await engine.call('tasks.add', {
      paths: [path.join(place.files, 'folder'), path.join(place.files, 'nowhere.img'), '/etc/passwd'],
    });
    engine.close();
    expect(added).toEqual([]);
    const why = (name: string) => refused.find((one) => one.path.endsWith(name))?.problem.message;
    expect(why('folder')).toMatch(/is a folder/);
    expect(why('nowhere.img')).toMatch(/does not exist/);
    expect(why('passwd')).toMatch(/outside/);
  });

  it('hostile names are text everywhere, and become legal names of images', async () => {
    const names = [
      HOSTILE.html.replaceAll('/', '∕'),
      HOSTILE.rtl,
      HOSTILE.lines,
      HOSTILE.long,
      HOSTILE.entity,
    ];
    for (const name of names) await place.raw(name, 1 * MIB);
    const { page } = await suite.open(await place.startEngine());
    await page
      .getByRole('button', { name: /Add files|Choose files/ })
      .first()
      .click();
    await page.getByRole('checkbox', { name: 'All files here' }).click();
    await picture(page, 'real-hostile-picker');
    await page.getByRole('button', { name: `Add ${names.length} files` }).click();
    await page
      .getByText('Ready to start')
      .nth(names.length - 1)
      .waitFor();
    await picture(page, 'real-hostile-queue');
    await page.getByRole('button', { name: /Start 5 ready/ }).click();
    await page.getByRole('button', { name: 'Start 5 uploads' }).click();
    const images = await until(
      'five images',
      () => place.cloud().storedImages(),
      (all) => all.length === names.length && all.every(({ status }) => status === 'active'),
      UPLOAD_MS,
    );
    for (const { name } of images) expect(name).toMatch(/^[\p{L}\d][\p{L}\d._ -]*$/u);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    await goTo(page, 'images');
    await page
      .locator('main')
      .getByText('Active')
      .nth(names.length - 1)
      .waitFor();
    expect(await page.locator('img[onerror], script:not([src])').count()).toBe(0);
  });

  it('a file that is dropped into a browser is not taken, and it says why', async () => {
    const { page } = await suite.open(await place.startEngine());
    await screenShown(page);
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'dropped.qcow2'));
      return data;
    });
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: files });
    await page.dispatchEvent('main', 'dragover', { dataTransfer: files });
    await page.dispatchEvent('main', 'drop', { dataTransfer: files });
    await page.getByRole('dialog', { name: 'Files cannot be dropped into a browser' }).waitFor();
    await picture(page, 'real-drop');
    await page.getByRole('button', { name: 'Choose files…' }).last().click();
    await page.getByRole('dialog', { name: 'Choose files' }).waitFor();
  });

  it('properties of an image are added, changed and removed together; what is refused stays in the form', async () => {
    const file = await place.qcow2('props.qcow2', 2 * MIB);
    const engine = await connectByLink(await place.startEngine());
    const { page } = await suite.open(await place.link());
    await begin(engine, file, { cloud: 'local-openstack' });
    const { imageId = '' } = await inState(engine, file, 'done');
    const at = { cloud: 'local-openstack', imageId };
    await engine.call('images.update', { ...at, changes: { properties: { build: '4711', stage: 'beta' } } });

    await goTo(page, `images?cloud=local-openstack&image=${imageId}`);
    const drawer = page.getByRole('dialog', { name: 'props' });
    await drawer.getByRole('tab', { name: /^Properties/ }).click();
    await drawer.getByRole('button', { name: 'Edit properties' }).click();
    const form = page.getByRole('dialog', { name: 'Edit properties' });
    await form.getByLabel('Value of build').fill('4712');
    await form.getByRole('button', { name: 'Remove the property stage' }).click();
    await form.getByRole('button', { name: 'Add a property' }).click();
    await form.getByLabel('Name', { exact: true }).fill('note');
    await form.getByLabel('Value of note').fill(HOSTILE.html);
    // One that is no text.
    await form.getByLabel('Value of os_hidden').fill('perhaps');
    await picture(page, 'real-properties');
    expect(await violationsInBothThemes(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();

    // Nothing of it is saved, and nothing of it is lost.
    await form.getByRole('alert').getByText('the property os_hidden is either true or false').waitFor();
    await picture(page, 'real-properties-refused');
    expect(await violationsInBothThemes(page)).toEqual([]);
    const properties = async () => (await engine.call('images.detail', at)).properties;
    expect(await properties()).toMatchObject({ build: '4711', stage: 'beta' });
    expect(await form.getByLabel('Value of build').inputValue()).toBe('4712');
    expect(await form.getByLabel('Value of note').inputValue()).toBe(HOSTILE.html);
    await form.getByLabel('Value of os_hidden').fill('false');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await drawer.getByText(HOSTILE.html).waitFor();
    await drawer.getByText('4712', { exact: true }).waitFor();
    const saved = await properties();
    expect(saved).toMatchObject({ build: '4712', note: HOSTILE.html, os_hidden: 'false' });
    expect(saved).not.toHaveProperty('stage');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    engine.close();
  });

  it('credentials that are no longer good: it asks, and goes on when they are', async () => {
    const file = await place.qcow2('expired.qcow2', 4 * MIB);
    const engine = await connectByLink(await place.startEngine());
    const { page } = await suite.open(await place.link());
    const faults = place.cloud().faults;
    await engine.call('tasks.add', { paths: [file] });
    const { id } = await until(
      'the draft',
      async () => (await tasksOf(engine)).find(({ state }) => state === 'draft') ?? { id: '' },
      (task) => task.id !== '',
    );
    const form = await engine.call('tasks.suggest', { id, cloud: 'local-openstack' });
    const always = Number.POSITIVE_INFINITY;
    faults.add({ service: 'glance', count: always, action: { kind: 'status', status: 401 } });
    faults.add({ service: 'keystone', count: always, action: { kind: 'status', status: 401 } });
    await engine.call('tasks.start', { tasks: [{ id, form }] });
    await inState(engine, file, 'attention');
    const drawer = await detailsOf(page, { id, fileName: 'expired.qcow2' });
    await drawer.getByRole('button', { name: 'Sign in again' }).waitFor();
    await picture(page, 'real-sign-in');
    faults.clear();
    await drawer.getByRole('button', { name: 'Try again' }).click();
    await inState(engine, file, 'done');
    engine.close();
  });
});
