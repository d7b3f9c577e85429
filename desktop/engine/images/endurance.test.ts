// What activities live through, against the embedded cloud: dropped connections, restarts, cancellation.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Activity, Problem } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { never, soon, textsBelow } from '../clouds/testing.ts';
import { problemOf } from '../problem.ts';
import { tinyQcow2 } from '../testing/tiny-qcow2.ts';
import { openImages } from './index.ts';
import { openTestImages } from './testing.ts';

const problem = (work: unknown): Promise<Problem> =>
  Promise.resolve(work).then(
    () => {
      throw new Error('it was not refused');
    },
    (thrown: unknown) => problemOf(thrown),
  );

describe('connections that are dropped', () => {
  it('interrupt no copy, whether the cloud or this machine makes it', async () => {
    const { handlers, publish, over, cloud, images, clouds } = await openTestImages({
      cloud: { jobDurationMs: 1000 },
    });
    const { id: imageId } = await publish('local-openstack', 'mine');
    const source = await publish('local', 'mine');
    const slow = { kind: 'bandwidth', bytesPerSecond: 100_000 } as const;
    cloud.faults.add({ service: 'obs', method: 'PUT', path: 'partNumber', count: 1, action: slow });
    const begun = [
      await handlers['images.copy'](
        { cloud: 'local-openstack', imageId, name: 'across', toCloud: 'partner' },
        never,
      ),
      await handlers['images.copy']({ cloud: 'local', imageId: source.id, name: 'inside' }, never),
    ];
    await soon(() => {
      const all = images.snapshot();
      expect(all.some(({ doneBytes }) => doneBytes !== undefined)).toBe(true);
      expect(all.some(({ text }) => /job/.test(text ?? ''))).toBe(true);
    });
    clouds.dropConnections();
    for (const one of begun) expect((await over(one)).problem).toBeUndefined();
    const names = (await cloud.storedImages()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['across', 'inside', 'mine', 'mine']);
    expect(await cloud.unfinishedUploads()).toEqual([]);
  });
});

describe('the end of the engine', () => {
  it('interrupts a download, and the next run goes on with it', async () => {
    const { handlers, publish, over, folder, cloud, images, context, events } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const path = join(folder, 'got.qcow2');
    const cut = { kind: 'cut', afterBytes: 100_000 } as const;
    cloud.faults.add({ service: 'glance', method: 'GET', path: '/file', count: 1, action: cut });
    await handlers['images.download']({ cloud: 'local-openstack', imageId, path }, never);
    await soon(() => expect(images.snapshot()[0]?.text).toContain('Could not download'));
    await images.stop();
    expect(existsSync(path)).toBe(false);
    const states = events.flatMap((event) => (event.type === 'activity' ? [event.activity.state] : []));
    expect(new Set(states)).toEqual(new Set(['running']));
    const next = openImages(context);
    const [restored] = next.snapshot();
    expect(restored).toMatchObject({ kind: 'download', state: 'running', imageName: 'mine', target: path });
    expect((await over({ activityId: restored?.id ?? '' }, next)).state).toBe('done');
    expect(readFileSync(path).equals(tinyQcow2('mine'))).toBe(true);
    await next.stop();
    expect(openImages(context).snapshot()).toEqual([]);
  });

  it('interrupts copies, and no second copy is made', async () => {
    const { handlers, publish, over, cloud, images, context } = await openTestImages({
      cloud: { jobDurationMs: 1500 },
    });
    const { id: imageId } = await publish('local-openstack', 'mine');
    const source = await publish('local', 'mine');
    await handlers['images.copy'](
      { cloud: 'local-openstack', imageId, name: 'across', toCloud: 'local' },
      never,
    );
    await soon(() => expect(images.snapshot()[0]?.text).toMatch(/job/));
    await handlers['images.copy']({ cloud: 'local', imageId: source.id, name: 'inside' }, never);
    await soon(() => {
      for (const { text } of images.snapshot()) expect(text).toMatch(/job/);
    });
    await images.stop();
    const next = openImages(context);
    expect(next.snapshot()).toHaveLength(2);
    for (const { id } of next.snapshot())
      expect(await over({ activityId: id }, next)).toMatchObject({ state: 'done' });
    const names = (await cloud.storedImages()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['across', 'inside', 'mine', 'mine']);
    await next.stop();
  }, 40_000);
});

describe('activities', () => {
  it('that send bytes take back what they had sent when they are cancelled', async () => {
    const { handlers, publish, over, cloud, images, clouds } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const slow = { kind: 'bandwidth', bytesPerSecond: 20_000 } as const;
    cloud.faults.add({ service: 'obs', method: 'PUT', path: 'partNumber', count: 99, action: slow });
    const asked = { cloud: 'local-openstack', imageId, name: 'copied', toCloud: 'local' };
    const begun = await handlers['images.copy'](asked, never);
    await soon(async () => expect(await cloud.unfinishedUploads()).toHaveLength(1));
    await soon(() => expect(images.snapshot()[0]?.doneBytes).toBeDefined());
    await handlers['activities.cancel']({ id: begun.activityId }, never);
    expect(await over(begun)).toMatchObject({
      state: 'cancelled',
      text: 'What had been sent is removed again.',
    });
    expect(await cloud.unfinishedUploads()).toEqual([]);
    for await (const image of (await clouds.open('local')).listImages({ scope: 'own' }))
      expect(image).toBe('none');
  });

  it('that wait for the cloud are cancelled, and taken off the list', async () => {
    const { handlers, publish, over, cloud, images, events } = await openTestImages({
      cloud: { jobDurationMs: 40 },
    });
    const { id: imageId } = await publish('local', 'mine');
    cloud.faults.add({ service: 'ims', method: 'POST', path: '/copy', action: { kind: 'stuck-job' } });
    const begun = await handlers['images.copy']({ cloud: 'local', imageId, name: 'copied' }, never);
    await soon(() => expect(images.snapshot()[0]?.text).toContain('job '));
    const early = (async () => handlers['activities.dismiss']({ id: begun.activityId }, never))();
    expect(await problem(early)).toMatchObject({ kind: 'conflict' });
    await handlers['activities.cancel']({ id: begun.activityId }, never);
    const cancelled: Activity = await over(begun);
    expect(cancelled).toMatchObject({ state: 'cancelled', text: expect.stringContaining('may go on') });
    await handlers['activities.dismiss']({ id: begun.activityId }, never);
    expect(images.snapshot()).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'activity-gone', id: begun.activityId });
    expect(await problem(handlers['activities.cancel']({ id: begun.activityId }, never))).toMatchObject({
      kind: 'not-found',
    });
  });

  it('download a few files at a time', async () => {
    const { handlers, publish, over, folder, cloud, images } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const late = { kind: 'delay', ms: 1500 } as const;
    cloud.faults.add({ service: 'glance', method: 'GET', path: '/file', count: 99, action: late });
    const paths = Array.from({ length: 6 }, (_, index) => join(folder, `got-${index}.qcow2`));
    const begun = await Promise.all(
      paths.map((path) => handlers['images.download']({ cloud: 'local-openstack', imageId, path }, never)),
    );
    expect(images.snapshot().filter(({ text }) => text === 'waits for its turn')).toHaveLength(3);
    const last = begun.at(-1);
    await handlers['activities.cancel']({ id: last?.activityId ?? '' }, never);
    const states = (await Promise.all(begun.map((one) => over(one)))).map(({ state }) => state);
    expect(states.toSorted()).toEqual(['cancelled', 'done', 'done', 'done', 'done', 'done']);
  });

  it('leave no secret in events, logs and files', async () => {
    const { handlers, publish, over, cloud, events, log, folder } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const done = await over(
      await handlers['images.copy'](
        { cloud: 'local-openstack', imageId, name: 'copied', toCloud: 'local' },
        never,
      ),
    );
    expect(done.state).toBe('done');
    const secrets = cloud.accounts.flatMap(({ password, secretKey, openstack, ucloudstack }) => [
      password,
      secretKey,
      openstack.password,
      openstack.applicationCredential.secret,
      ucloudstack.privateKey,
    ]);
    const said = JSON.stringify([events, log.lines()]);
    const files = textsBelow(folder, ['cloud']);
    for (const secret of secrets) {
      expect(said).not.toContain(secret);
      expect(files.filter(({ text }) => text.includes(secret))).toEqual([]);
    }
  });
});
