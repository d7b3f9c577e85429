// The first day of a user: no profile, a look around without an account, then a cloud of their own, first with a wrong password.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { violationsInBothThemes } from './harness/accessible.ts';
import { noChromium, titled } from './harness/chromium.ts';
import { makePlace, type Place } from './harness/place.ts';
import { picture } from './harness/screenshots.ts';
import { useBrowser } from './harness/suite.ts';
import { lostNote } from './harness/window.ts';

const suite = useBrowser(() => place.close());
let place: Place;

describe.skipIf(noChromium !== undefined)(titled('the first day'), () => {
  beforeEach(async () => {
    place = await makePlace({ withCloud: false });
  });

  it('tries it without an account: one click, and there are clouds of all three kinds', async () => {
    const { page } = await suite.open(await place.startEngine());
    await page.getByRole('heading', { name: 'Where shall your images go?' }).waitFor();
    await page.getByRole('button', { name: 'Try it without an account' }).click();
    await page.getByText('The try-out cloud is running').first().waitFor();
    await page.getByRole('link', { name: 'Clouds' }).click();
    const card = page.getByRole('region', { name: 'Try-out cloud' });
    await card.getByText('Running').waitFor();
    await card.getByText(/accounts in it/).click();
    for (const name of ['local', 'local-openstack', 'local-ucloudstack']) {
      await card.getByRole('article', { name, exact: true }).waitFor();
    }
    await picture(page, 'real-try-out');
    expect(await violationsInBothThemes(page)).toEqual([]);

    // The accounts work.
    await card.getByRole('button', { name: 'Test local', exact: true }).click();
    const test = page.getByRole('dialog');
    await test.getByText('Everything that was tried works.').waitFor();
    await page.keyboard.press('Escape');

    // It is there again after a crash of the engine.
    await place.killEngine();
    await place.startEngine();
    await lostNote(page).waitFor({ state: 'detached' });
    await card.getByText('Running').waitFor();

    await card.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('heading', { name: 'Where shall your images go?' }).waitFor();
  });

  it('adds an OpenStack cloud: a wrong password is told at its step, the right one works, the secret stays away', async () => {
    const cloud = await place.startCloud();
    const account = cloud.accounts.find(({ domain }) => domain === 'acme')?.openstack;
    if (account === undefined) throw new Error('There is no account.');
    // The file that the cloud offers is not for this user.
    const profiles = path.join(place.dir, 'config', 'profiles.yaml');
    rmSync(profiles);

    const { page } = await suite.open(await place.startEngine());
    const frames: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
    );
    await page.reload();
    await page.getByRole('link', { name: /OpenStack/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a cloud' });
    await dialog.getByLabel('Name', { exact: true }).fill('my lab');
    await dialog.getByLabel('Identity service (auth URL)').fill(`${cloud.endpoints.keystone}/v3`);
    await dialog.getByLabel('Region').fill('local-1');
    await dialog.getByLabel('User name').fill(account.userName);
    await dialog.getByLabel('Password', { exact: true }).fill('not the password');
    await dialog.getByLabel(/^Project( ·|$)/).fill(account.projectName);
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText(/401/).first().waitFor();
    await picture(page, 'real-wrong-password');
    expect(await violationsInBothThemes(page)).toEqual([]);

    await dialog.getByLabel('Password', { exact: true }).fill(account.password);
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText('Everything that was tried works.').waitFor();
    await picture(page, 'real-right-password');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const question = page.getByRole('alertdialog');
    await question.or(page.getByText('my lab is saved.')).first().waitFor();
    if (await question.isVisible())
      await question.getByRole('button', { name: 'Keep them in the file' }).click();
    await page.getByRole('article', { name: 'my lab' }).waitFor();

    // It is edited without the secret ever coming back.
    await page.getByRole('button', { name: 'Edit my lab' }).click();
    await page.getByRole('dialog', { name: 'Edit my lab' }).getByLabel('User name').waitFor();
    expect(await page.content()).not.toContain(account.password);
    expect(frames.join('\n')).not.toContain(account.password);
    expect(readFileSync(profiles, 'utf8')).not.toContain(account.password);
    expect(readFileSync(path.join(place.dir, 'config', 'secrets.json'), 'utf8')).toContain(account.password);
    expect(place.said()).not.toContain(account.password);
  });
});
