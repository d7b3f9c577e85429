// What goes wrong on the way, for real: the network, the cloud, the file. Each is told in the window, in words, with what support
// asks for; what can go on goes on, by the button that the window offers.
import { appendFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { EngineClient } from '@imagebridge/desktop-contract';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { openPortal } from '../../desktop/engine/tasks/testing/portal.ts';
import { violationsInBothThemes } from './harness/accessible.ts';
import { noChromium, titled } from './harness/chromium.ts';
import { connectByLink } from './harness/driver.ts';
import { begin, detailsOf, inState, slowParts, underWay } from './harness/flow.ts';
import { makePlace, type Place, until } from './harness/place.ts';
import { picture } from './harness/screenshots.ts';
import { useBrowser } from './harness/suite.ts';
import { screenShown } from './harness/window.ts';

const MIB = 1024 ** 2;
const suite = useBrowser(async () => {
  await place.close();
  engine.close();
});
let place: Place;
let engine: EngineClient;
let page: Page;

describe.skipIf(noChromium !== undefined)(titled('troubles on the way'), () => {
  beforeEach(async () => {
    place = await makePlace();
    const link = await place.startEngine();
    engine = await connectByLink(link);
    ({ page } = await suite.open(await place.link()));
    await screenShown(page);
  });

  it('a burst of 503 is sat out, and told in the timeline with request ids', async () => {
    const file = await place.qcow2('burst.qcow2', 40 * MIB);
    place.cloud().faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=',
      count: 4,
      action: { kind: 'status', status: 503 },
    });
    const task = await begin(engine, file);
    await inState(engine, file, 'done');
    const drawer = await detailsOf(page, task);
    await drawer.getByRole('tab', { name: 'What happened' }).click();
    await drawer
      .getByText(/HTTP 503, request id [0-9a-f]{32}/)
      .first()
      .waitFor();
    await picture(page, 'real-503-burst');
  });

  it('a 403 in the middle needs attention; after "Try again" it goes on where it was', async () => {
    const file = await place.qcow2('denied.qcow2', 64 * MIB);
    place.cloud().faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=',
      after: 4,
      count: 20,
      action: { kind: 'status', status: 403 },
    });
    const task = await begin(engine, file);
    const stopped = await inState(engine, file, 'attention');
    const { requestId = 'none' } = stopped.problem ?? {};
    const drawer = await detailsOf(page, task);
    await drawer.getByText(requestId).first().waitFor();
    // What support asks for is copied in one piece.
    await drawer.getByRole('button', { name: 'Copy error details' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`requestId: ${requestId}`);
    await picture(page, 'real-403');

    place.cloud().faults.clear();
    place.requests.splice(0);
    await drawer.getByRole('button', { name: 'Try again' }).first().click();
    await inState(engine, file, 'done');
    const sent = place.requests.filter(({ path: asked }) => asked.includes('partNumber'));
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(await place.cloud().unfinishedUploads()).toEqual([]);
  });

  it("a job that fails tells the service's own reason, as text", async () => {
    const file = await place.qcow2('fails.qcow2', 4 * MIB);
    const reason = 'The image file is damaged <img src=x onerror="window.hacked=1">';
    place.cloud().faults.add({ service: 'ims', action: { kind: 'fail-job', code: 'IMG.0057', reason } });
    const task = await begin(engine, file);
    await inState(engine, file, 'attention');
    const drawer = await detailsOf(page, task);
    await drawer.getByText(reason).first().waitFor();
    await drawer
      .getByText(/IMG\.0057/)
      .first()
      .waitFor();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    await picture(page, 'real-job-failed');
  });

  it('a file that changed is not sent until somebody says so', async () => {
    const file = await place.qcow2('changes.qcow2', 64 * MIB);
    slowParts(place);
    const task = await begin(engine, file);
    await underWay(engine, file);
    await engine.call('tasks.pause', { ids: [task.id] });
    await inState(engine, file, 'paused');
    await appendFile(file, 'more');
    place.cloud().faults.clear();
    await engine.call('tasks.resume', { ids: [task.id] });
    await inState(engine, file, 'attention');
    const drawer = await detailsOf(page, task);
    await drawer
      .getByText(/the file changed/)
      .first()
      .waitFor();
    await picture(page, 'real-file-changed');
    await drawer.getByRole('button', { name: 'Send the changed file…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Send from the start' }).click();
    await inState(engine, file, 'done');
  });

  it('a file that has moved is named at its new place, and goes on', async () => {
    const file = await place.qcow2('moves.qcow2', 64 * MIB);
    slowParts(place);
    const task = await begin(engine, file);
    await underWay(engine, file);
    await engine.call('tasks.pause', { ids: [task.id] });
    await inState(engine, file, 'paused');
    const moved = path.join(place.files, 'moved.qcow2');
    await rename(file, moved);
    place.cloud().faults.clear();
    await engine.call('tasks.resume', { ids: [task.id] });
    await inState(engine, file, 'attention');
    const drawer = await detailsOf(page, task);
    const locate = drawer.getByRole('button', { name: 'Locate the file…' });
    await locate.waitFor();
    await picture(page, 'real-file-gone');
    await locate.click();
    await page.getByRole('button', { name: /moved\.qcow2/ }).click();
    await page.getByRole('button', { name: 'Use this file' }).click();
    await inState(engine, moved, 'done');
  });

  it('cancel asks, and leaves nothing on the server', async () => {
    const file = await place.qcow2('cancelled.qcow2', 64 * MIB);
    slowParts(place);
    const task = await begin(engine, file);
    await underWay(engine, file);
    expect(await place.cloud().unfinishedUploads()).toHaveLength(1);
    const drawer = await detailsOf(page, task);
    await drawer.getByRole('button', { name: 'Cancel upload' }).click();
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    await picture(page, 'real-cancel-asks');
    await question.getByRole('button', { name: 'Cancel upload' }).click();
    await inState(engine, file, 'cancelled');
    await until(
      'an empty server',
      () => place.cloud().unfinishedUploads(),
      (left) => left.length === 0,
    );
    expect(await place.cloud().storedImages()).toEqual([]);
  });

  it('a cloud that is away is waited for; when it is back, the upload goes on by itself', async () => {
    const file = await place.qcow2('offline.qcow2', 64 * MIB);
    slowParts(place);
    await begin(engine, file);
    await underWay(engine, file);
    await place.stopCloud();
    await inState(engine, file, 'waiting-network');
    await page.getByText('Waiting for the network').first().waitFor();
    await picture(page, 'real-offline');
    await place.startCloud();
    await inState(engine, file, 'done');
    await page.getByText('Done', { exact: true }).first().waitFor();
  });

  it('a network that wants a sign-in is told in words; once its page is gone, the upload goes on by itself', async () => {
    const portal = await openPortal(place.cloud(), path.join(place.dir, 'config', 'profiles.yaml'));
    try {
      const file = await place.qcow2('hotel.qcow2', 96 * MIB);
      const task = await begin(engine, file, { limitBytesPerSecond: 24 * MIB });
      await underWay(engine, file);
      portal.kind = 'page';
      const row = page.locator('main').getByRole('listitem').filter({ hasText: 'hotel.qcow2' });
      await row.getByText('open a browser: the network seems to want a sign-in').waitFor();
      await picture(page, 'real-sign-in-page-queue');
      const drawer = await detailsOf(page, task);
      const problem = drawer.getByRole('alert');
      await problem.getByText(/a sign-in page of the network seems to answer instead of the cloud/).waitFor();
      await problem.getByText(/Open a browser and sign in to the network/).waitFor();
      await picture(page, 'real-sign-in-page');
      expect(await violationsInBothThemes(page)).toEqual([]);

      portal.kind = undefined;
      const done = await inState(engine, file, 'done');
      expect(portal.answered).toBeGreaterThan(0);
      expect(done.problem).toBeUndefined();
      await drawer.getByText('Done', { exact: true }).first().waitFor();
      await problem.waitFor({ state: 'detached' });
      await picture(page, 'real-sign-in-page-over');
      const { sha256, partsSkipped } = await engine.call('tasks.detail', { id: task.id });
      const [image] = await place.cloud().storedImages();
      expect(image?.sha256).toBe(sha256);
      // What had arrived was not sent again.
      expect(partsSkipped).toBeGreaterThan(0);
    } finally {
      await portal.close();
    }
  });

  it('a name that is taken is told before anything is sent', async () => {
    const file = await place.qcow2('first.qcow2', 2 * MIB);
    await begin(engine, file, { cloud: 'local-openstack', name: 'taken' });
    await inState(engine, file, 'done');
    place.requests.splice(0);
    const other = await place.qcow2('second.qcow2', 2 * MIB);
    await expect(begin(engine, other, { cloud: 'local-openstack', name: 'taken' })).rejects.toThrow(
      /has that name already/,
    );
    expect(
      place.requests
        .filter(({ method }) => method === 'PUT' || method === 'POST')
        .map(({ path: asked }) => asked),
    ).not.toContain('/v2/images');
  });
});
