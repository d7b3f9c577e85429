// Activities against the embedded cloud: what they come to, how they fail, how they are cancelled.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METHODS, type Problem } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { never, soon } from '../clouds/testing.ts';
import { problemOf } from '../problem.ts';
import { tinyQcow2 } from '../testing/tiny-qcow2.ts';
import { openTestImages } from './testing.ts';

const problem = (work: unknown): Promise<Problem> =>
  Promise.resolve(work).then(
    () => {
      throw new Error('it was not refused');
    },
    (thrown: unknown) => problemOf(thrown),
  );

describe('sharing', () => {
  it.each(['openstack', 'huaweicloud'])('with several projects, and ending it (%s)', async (family) => {
    const suffix = family === 'openstack' ? '-openstack' : '';
    const [cloud, other] = [`local${suffix}`, `partner${suffix}`];
    const { handlers, publish, clouds, over, events, images } = await openTestImages();
    const { id: imageId } = await publish(cloud, 'mine');
    const projectId = await (await clouds.open(other)).projectId();
    const shared = await over(
      await handlers['images.share']({ cloud, imageId, projectIds: [projectId] }, never),
    );
    expect(shared).toMatchObject({
      kind: 'share',
      state: 'done',
      fraction: 1,
      imageName: 'mine',
      target: projectId,
      canCancel: false,
      endedAt: expect.any(Number),
    });
    const shares = async () => (await handlers['images.detail']({ cloud, imageId }, never)).shares;
    expect(await shares()).toMatchObject([{ projectId }]);
    const told = events.flatMap((event) => (event.type === 'activity' ? [event.activity.state] : []));
    expect([told[0], told.at(-1)]).toEqual(['running', 'done']);
    expect(events.at(-1)?.type).toBe('activity');
    expect(events.some(({ type }) => type === 'images-changed')).toBe(true);
    await over(await handlers['images.unshare']({ cloud, imageId, projectIds: [projectId] }, never));
    expect(await shares()).toEqual([]);
    METHODS['app.hello'].result.shape.activities.parse(images.snapshot());
  });

  it('that fails for some says for which many it was done', async () => {
    const { handlers, publish, cloud, clouds, over } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const projectId = await (await clouds.open('partner-openstack')).projectId();
    cloud.faults.add({
      service: 'glance',
      method: 'POST',
      path: '/members',
      count: 1,
      action: { kind: 'status', status: 403 },
    });
    const at = { cloud: 'local-openstack', imageId };
    const failed = await over(await handlers['images.share']({ ...at, projectIds: [projectId] }, never));
    expect(failed).toMatchObject({ state: 'failed', problem: { status: 403, kind: 'permission' } });
    expect(failed.problem?.requestId).toBeDefined();
  });

  it('is refused at once where there is none', async () => {
    const { handlers, publish, images } = await openTestImages();
    const { id: imageId } = await publish('local-ucloudstack', 'mine');
    const at = { cloud: 'local-ucloudstack', imageId, projectIds: ['p'] };
    const refused = await problem(handlers['images.share'](at, never));
    expect(refused).toMatchObject({ kind: 'unsupported', hint: expect.stringContaining('base image') });
    expect(images.snapshot()).toEqual([]);
  });
});

describe('copying', () => {
  it('to another region, with the progress of the service', async () => {
    const { handlers, publish, over, clouds, events } = await openTestImages();
    const { id: imageId } = await publish('local', 'mine');
    const request = { cloud: 'local', imageId, name: 'copied', toRegion: 'local-2' };
    const refused = await problem(handlers['images.copy'](request, never));
    expect(refused).toMatchObject({ kind: 'invalid-input', message: expect.stringContaining('agency') });
    const done = await over(await handlers['images.copy']({ ...request, agencyName: 'copier' }, never));
    expect(done).toMatchObject({
      kind: 'copy',
      state: 'done',
      target: 'local/local-2',
      resultCloud: 'local',
      resultRegion: 'local-2',
    });
    const there = await clouds.open('local', 'local-2');
    expect(await there.getImage(done.resultImageId ?? '')).toMatchObject({
      name: 'copied',
      status: 'active',
    });
    expect(events.at(-1)?.type).toBe('activity');
    // It is recorded: another of the same name is another one.
    const again = await over(await handlers['images.copy']({ ...request, agencyName: 'copier' }, never));
    expect(again).toMatchObject({ state: 'failed', problem: { kind: 'conflict' } });
  });

  it('inside the region, and the reason of the service when its job fails', async () => {
    const { handlers, publish, over, cloud } = await openTestImages();
    const { id: imageId } = await publish('local', 'mine');
    cloud.faults.add({
      service: 'ims',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: '<b>on request</b>' },
    });
    const failed = await over(
      await handlers['images.copy']({ cloud: 'local', imageId, name: 'copied' }, never),
    );
    expect(failed).toMatchObject({ state: 'failed', problem: { kind: 'job-failed', code: 'IMG.0057' } });
    expect(failed.problem?.message).toContain('<b>on request</b>');
    const done = await over(
      await handlers['images.copy']({ cloud: 'local', imageId, name: 'copied' }, never),
    );
    expect(done.state).toBe('done');
  });

  it.each([
    ['local-openstack', 'local'],
    ['local', 'local-openstack'],
    ['local-ucloudstack', 'local-openstack'],
    ['local', 'local-ucloudstack'],
    ['local-ucloudstack', 'partner-ucloudstack'],
  ])('from %s to %s', async (from, to) => {
    const { handlers, publish, over, clouds, cloud } = await openTestImages();
    const { id: imageId } = await publish(from, 'mine');
    const target = await clouds.open(to);
    const done = await over(
      await handlers['images.copy']({ cloud: from, imageId, name: 'copied', toCloud: to }, never),
    );
    expect(done.problem).toBeUndefined();
    expect(done).toMatchObject({
      kind: 'copy-across',
      state: 'done',
      target: `${to}/local-1`,
      resultCloud: to,
      resultRegion: 'local-1',
    });
    expect(await target.getImage(done.resultImageId ?? '')).toMatchObject({
      name: 'copied',
      status: 'active',
    });
    const stored = await cloud.storedImages();
    const [a, b] = [imageId, done.resultImageId].map((id) => stored.find((one) => one.id === id)?.sha256);
    expect(a === b || from === 'local').toBe(true);
    expect(await cloud.unfinishedUploads()).toEqual([]);
  });

  it('to a cloud that must know the system is refused at once without, and takes it when it is named', async () => {
    const { handlers, publish, over, clouds, images } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const asked = { cloud: 'local-openstack', imageId, name: 'copied', toCloud: 'local-ucloudstack' };
    const refused = await problem(handlers['images.copy'](asked, never));
    expect(refused).toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('must be told the operating system'),
      hint: expect.stringContaining('Choose the operating system'),
    });
    expect(images.snapshot()).toEqual([]);
    const [first] = await (await clouds.open('local-ucloudstack')).listOsVersions();
    if (first === undefined) throw new Error('there is no system');
    const { osVersion, osType, osDistribution, architecture } = first;
    const system = { osVersion, osType, osDistribution, architecture };
    const done = await over(await handlers['images.copy']({ ...asked, system }, never));
    expect(done.state).toBe('done');
  });

  it('to a base image, by an administrator', async () => {
    const { handlers, publish, over, clouds } = await openTestImages();
    const { id: imageId } = await publish('operator-ucloudstack', 'mine');
    const asked = { cloud: 'operator-ucloudstack', imageId, name: 'base' };
    const done = await over(await handlers['images.promoteToBase'](asked, never));
    expect(done).toMatchObject({ kind: 'promote-base', state: 'done', target: 'base' });
    const tenant = await clouds.open('partner-ucloudstack');
    expect(await tenant.getImage(done.resultImageId ?? '')).toMatchObject({
      name: 'base',
      visibility: 'public',
    });
    const other = await publish('local', 'mine');
    const refused = await problem(
      handlers['images.promoteToBase']({ cloud: 'local', imageId: other.id, name: 'base' }, never),
    );
    expect(refused).toMatchObject({ kind: 'unsupported' });
  });

  it('of an image that is gone is refused at once', async () => {
    const { handlers } = await openTestImages();
    const gone = handlers['images.copy']({ cloud: 'local', imageId: 'f1a5', name: 'x' }, never);
    expect(await problem(gone)).toMatchObject({ kind: 'not-found', object: 'f1a5' });
  });
});

describe('a channel', () => {
  it('gets a new image, and tells the one before', async () => {
    const { handlers, publish, over } = await openTestImages();
    const [a, b] = [await publish('local-openstack', 'a'), await publish('local-openstack', 'b')];
    const promote = async (imageId: string) =>
      over(
        await handlers['images.promote']({ cloud: 'local-openstack', imageId, channel: 'web-stable' }, never),
      );
    expect(await promote(a.id)).toMatchObject({ kind: 'promote', state: 'done', target: 'web-stable' });
    expect((await promote(b.id)).text).toContain(a.id);
    const bad = { cloud: 'local-openstack', imageId: a.id, channel: 'no name' };
    expect(await problem(handlers['images.promote'](bad, never))).toMatchObject({ kind: 'invalid-input' });
  });
});

describe('downloading', () => {
  it.each(['local-openstack', 'local-ucloudstack'])(
    'to a file, which is never overwritten (%s)',
    async (cloud) => {
      const { handlers, publish, over, folder } = await openTestImages();
      const { id: imageId } = await publish(cloud, 'mine');
      const path = join(folder, 'got <img>.qcow2');
      const done = await over(await handlers['images.download']({ cloud, imageId, path }, never));
      expect(done).toMatchObject({ kind: 'download', state: 'done', resultPath: path, target: path });
      expect(readFileSync(path).equals(tinyQcow2('mine'))).toBe(true);
      const sizeBytes = tinyQcow2('mine').length;
      expect(done).toMatchObject({ doneBytes: sizeBytes, totalBytes: sizeBytes });
      writeFileSync(path, 'other');
      expect(await problem(handlers['images.download']({ cloud, imageId, path }, never))).toMatchObject({
        kind: 'local-file',
        message: expect.stringContaining('it is not overwritten'),
      });
      expect(readFileSync(path, 'utf8')).toBe('other');
      const relative = handlers['images.download']({ cloud, imageId, path: 'x.qcow2' }, never);
      expect(await problem(relative)).toMatchObject({ kind: 'invalid-input' });
    },
  );

  it('is cancelled, keeps what came, and goes on with it', async () => {
    const { handlers, publish, over, folder, cloud, images } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const path = join(folder, 'got.qcow2');
    const asked = { cloud: 'local-openstack', imageId, path };
    cloud.faults.add({
      service: 'glance',
      method: 'GET',
      path: '/file',
      count: 1,
      action: { kind: 'cut', afterBytes: 100_000 },
    });
    const begun = await handlers['images.download'](asked, never);
    expect(await problem(handlers['images.download'](asked, never))).toMatchObject({ kind: 'busy' });
    await soon(() => expect(images.snapshot()[0]?.text).toContain('Could not download'));
    expect(existsSync(`${path}.part`)).toBe(true);
    const running = images.snapshot()[0];
    expect(running).toMatchObject({ state: 'running', canCancel: true });
    await handlers['activities.cancel']({ id: begun.activityId }, never);
    const cancelled = await over(begun);
    expect(cancelled).toMatchObject({ state: 'cancelled', text: expect.stringContaining('.part') });
    expect(existsSync(path)).toBe(false);
    const done = await over(await handlers['images.download'](asked, never));
    expect(done.state).toBe('done');
    expect(readFileSync(path).equals(tinyQcow2('mine'))).toBe(true);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('is refused with the way that works where there is none', async () => {
    const { handlers, publish, folder } = await openTestImages();
    const { id: imageId } = await publish('local', 'mine');
    const asked = { cloud: 'local', imageId, path: join(folder, 'x') };
    expect(await problem(handlers['images.download'](asked, never))).toMatchObject({
      kind: 'unsupported',
      hint: 'Export the image to a bucket, and read the object.',
    });
  });

  it('goes on when all connections are dropped', async () => {
    const { handlers, publish, over, folder, cloud, clouds, images } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const path = join(folder, 'got.qcow2');
    cloud.faults.add({
      service: 'glance',
      method: 'GET',
      path: '/file',
      count: 1,
      action: { kind: 'cut', afterBytes: 100_000 },
    });
    const begun = await handlers['images.download']({ cloud: 'local-openstack', imageId, path }, never);
    await soon(() => expect(images.snapshot()[0]?.text).toContain('Could not download'));
    expect(existsSync(`${path}.part`)).toBe(true);
    clouds.dropConnections();
    expect((await over(begun)).state).toBe('done');
    expect(readFileSync(path).equals(tinyQcow2('mine'))).toBe(true);
  });
});

describe('exporting', () => {
  it('into a bucket, and not over an object', async () => {
    const { handlers, publish, over, clouds } = await openTestImages();
    const { id: imageId } = await publish('local', 'mine');
    const target = await (await clouds.open('local')).stage({ key: 'x' });
    const { bucket } = target.locator;
    const asked = { cloud: 'local', imageId, bucket, key: 'out.qcow2' };
    expect(await over(await handlers['images.export'](asked, never))).toMatchObject({
      kind: 'export',
      state: 'done',
      resultPath: `${bucket}/out.qcow2`,
    });
    expect(await over(await handlers['images.export'](asked, never))).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict' },
    });
    const quick = { ...asked, key: 'as-stored', quick: true };
    expect(await over(await handlers['images.export'](quick, never))).toMatchObject({ state: 'done' });
  });
});
