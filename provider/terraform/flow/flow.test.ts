// The flow around a cloud: what is asked of it, and that callers notice nothing of it.
import { type Image, PermissionError, type Share, systemClock } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { AccountFlow, type FlowParts } from './flow.ts';
import { CountingCloud, cancelled, imageOf, ManualClock, settled } from './testing.ts';
import { Written } from './written.ts';

function setUp(images = 30, more: Partial<FlowParts> = {}) {
  const cloud = new CountingCloud();
  for (let i = 0; i < images; i++) cloud.images.set(`i-${i}`, imageOf(`i-${i}`));
  const clock = new ManualClock();
  const written = new Written();
  const waits: string[] = [];
  const parts: FlowParts = {
    written,
    clock,
    cancelled,
    onCopyWaits: ({ name }) => waits.push(name),
    ...more,
  };
  const flow = new AccountFlow(parts).around(cloud);
  const readAll = () => Promise.all([...cloud.images.keys()].map((id) => flow.getImage(id)));
  return { cloud, clock, written, waits, flow, parts, readAll };
}

const share = (imageId: string, projectId: string): Share => ({ imageId, projectId, status: 'accepted' });

describe('reads of images', () => {
  it('ask one by one while they are few', async () => {
    const { cloud, readAll } = setUp(8);
    await readAll();
    expect(cloud.calls).toHaveLength(8);
    expect(cloud.calls.every((call) => call.startsWith('getImage'))).toBe(true);
  });

  it('are answered by one listing when they are many, and by a new one five minutes later', async () => {
    const { cloud, clock, readAll } = setUp(30);
    expect((await readAll()).map((image) => image?.id)).toEqual([...cloud.images.keys()]);
    await readAll();
    expect(cloud.calls.filter((call) => call === 'listImages own')).toHaveLength(1);
    expect(cloud.calls).toHaveLength(9);
    await clock.pass(301_000);
    cloud.images.set('i-29', imageOf('i-29', { name: 'changed' }));
    expect((await readAll())[29]?.name).toBe('changed');
    expect(cloud.calls).toHaveLength(10);
  });

  it('give every caller its own object', async () => {
    const { flow, readAll } = setUp(30);
    await readAll();
    const first = await flow.getImage('i-29');
    if (first) first.tags.mine = 'x';
    expect((await flow.getImage('i-29'))?.tags).toEqual({});
  });

  it('ask for what is not listed, before it is called gone', async () => {
    const { cloud, flow, readAll } = setUp(30);
    await readAll();
    cloud.calls.length = 0;
    cloud.images.set('other', imageOf('other', { visibility: 'shared' }));
    expect((await flow.getImage('other'))?.id).toBe('other');
    expect(await flow.getImage('gone')).toBeUndefined();
    expect(cloud.calls).toEqual(['getImage other', 'getImage gone']);
  });

  it('ask again for what this process has changed, here or by another account', async () => {
    const { cloud, flow, readAll, parts } = setUp(30);
    const other = new AccountFlow(parts).around(new CountingCloud());
    await readAll();
    await flow.updateImage('i-20', { name: 'new' });
    await other.updateImage('i-21', { name: 'new' });
    cloud.calls.length = 0;
    expect((await flow.getImage('i-20'))?.name).toBe('new');
    await flow.getImage('i-21');
    await flow.getImage('i-22');
    expect(cloud.calls).toEqual(['getImage i-20', 'getImage i-21']);
  });

  it.each<[string, (flow: ReturnType<typeof setUp>['flow']) => Promise<unknown>]>([
    ['deleted', (flow) => flow.deleteImage('i-0')],
    ['shared', (flow) => flow.addShare('i-0', 'p')],
    ['copied', (flow) => flow.copyImage({ sourceImageId: 'i-0', name: 'n' })],
    ['made', (flow) => flow.createFromServer({ name: 'n', serverId: 's' }).catch(() => undefined)],
  ])('come from the service alone once something was %s', async (_, write) => {
    const { cloud, flow, readAll } = setUp(30);
    await readAll();
    await write(flow);
    cloud.calls.length = 0;
    await readAll();
    expect(cloud.calls).toHaveLength(cloud.images.size);
  });

  it('ask for each image where the listing fails, once', async () => {
    const { cloud, readAll } = setUp(30);
    cloud.fail.set('listImages', new PermissionError({ operation: 'list images' }));
    expect((await readAll()).every((image) => image !== undefined)).toBe(true);
    await readAll();
    expect(cloud.calls.filter((call) => call.startsWith('listImages'))).toHaveLength(1);
  });

  it('that must be fresh are asked for', async () => {
    const { cloud, flow, readAll } = setUp(30);
    await readAll();
    cloud.calls.length = 0;
    await flow.getImage('i-29', { fresh: true });
    expect(cloud.calls).toEqual(['getImage i-29']);
  });

  it('of the same image at once are one; an abort ends only its own; an error reaches all and is not kept', async () => {
    const { cloud, flow } = setUp(1);
    let go = () => {};
    cloud.hold = new Promise((resolve) => {
      go = resolve;
    });
    const stop = new AbortController();
    const [left, stays] = [flow.getImage('i-0', { signal: stop.signal }), flow.getImage('i-0')];
    stop.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
    go();
    expect((await stays)?.id).toBe('i-0');
    expect(cloud.calls).toEqual(['getImage i-0']);

    cloud.fail.set('getImage', new PermissionError({ operation: 'read' }));
    const both = await Promise.allSettled([flow.getImage('i-0'), flow.getImage('i-0')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(cloud.calls).toHaveLength(2);
    cloud.fail.clear();
    expect((await flow.getImage('i-0'))?.id).toBe('i-0');
  });

  it('begun before a write do not answer those after it', async () => {
    const { cloud, flow } = setUp(1);
    let go = () => {};
    cloud.hold = new Promise((resolve) => {
      go = resolve;
    });
    const before = flow.getImage('i-0');
    await settled();
    cloud.hold = undefined;
    await flow.updateImage('i-0', { name: 'new' });
    expect((await flow.getImage('i-0'))?.name).toBe('new');
    go();
    await before;
    expect(cloud.calls).toEqual(['getImage i-0', 'updateImage i-0', 'getImage i-0']);
  });

  it('stop the listing when nobody waits for it any more, and begin it anew', async () => {
    const { cloud, flow, readAll } = setUp(30);
    const stop = new AbortController();
    await Promise.all(Array.from({ length: 8 }, (_, i) => flow.getImage(`i-${i}`)));
    cloud.hold = new Promise(() => {});
    const waiting = flow.getImage('i-9', { signal: stop.signal });
    await settled();
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    cloud.hold = undefined;
    expect((await readAll()).length).toBe(30);
    expect(cloud.calls.filter((call) => call.startsWith('listImages'))).toHaveLength(2);
    expect(cloud.calls.filter((call) => call.startsWith('getImage'))).toHaveLength(8);
  });
});

describe('reads of shares', () => {
  it('of several projects come from one listing; what is not in it is asked for', async () => {
    const { cloud, flow } = setUp(0);
    for (let i = 0; i < 20; i++) cloud.shares.push(share('i', `p-${i}`));
    const found = await Promise.all(cloud.shares.map(({ projectId }) => flow.getShare('i', projectId)));
    expect(found).toEqual(cloud.shares);
    expect(cloud.calls.sort()).toEqual(['getShare i p-0', 'listShares i']);
    expect(await flow.getShare('i', 'nobody')).toBeUndefined();
    expect(cloud.calls).toContain('getShare i nobody');
  });

  it('are asked for one by one where this process shares, or may not list', async () => {
    const { cloud, flow } = setUp(0);
    cloud.shares.push(share('i', 'p-0'), share('i', 'p-1'));
    await flow.addShare('i', 'p-1');
    await flow.getShare('i', 'p-0');
    await flow.getShare('i', 'p-1');
    expect(cloud.calls).toEqual(['addShare i', 'getShare i p-0', 'getShare i p-1']);
    const other = setUp(0);
    other.cloud.shares.push(share('i', 'p-0'), share('i', 'p-1'));
    other.cloud.fail.set('listShares', new PermissionError({ operation: 'list' }));
    await other.flow.getShare('i', 'p-0');
    expect((await other.flow.getShare('i', 'p-1'))?.status).toBe('accepted');
  });
});

describe('looks at jobs', () => {
  it('take turns, so many a second; the same job at once is one look', async () => {
    const { cloud, clock, flow } = setUp(0);
    for (let i = 0; i < 40; i++) cloud.jobs.set(`j-${i}`, 'running');
    const looks = [...cloud.jobs.keys()].map((id) => flow.getJob({ id }));
    const twice = flow.getJob({ id: 'j-39' });
    await settled();
    expect(cloud.calls.length).toBe(8);
    await clock.pass(1000);
    expect(cloud.calls.length).toBe(16);
    await clock.pass(3000);
    await Promise.all([...looks, twice]);
    expect(cloud.calls).toEqual([...cloud.jobs.keys()].map((id) => `getJob ${id}`));
  });
});

describe('copies to other regions', () => {
  const copy = (name: string) => ({ sourceImageId: 'i', name, region: 'r-2' });

  it('are five at most; the others wait, are told of, and go on when one has ended', async () => {
    const { cloud, clock, flow, waits } = setUp(0);
    const stop = new AbortController();
    const jobs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) =>
      flow.copyImage(copy(name), name === 'f' ? { signal: stop.signal } : {}),
    );
    const gone = expect(jobs[5]).rejects.toMatchObject({ kind: 'cancelled' });
    await clock.pass(3000);
    expect(cloud.calls).toHaveLength(5);
    expect(waits).toEqual(['f', 'g', 'h']);
    stop.abort();
    await gone;
    cloud.jobs.set('b', 'succeeded');
    await flow.getJob({ id: 'b' });
    await clock.pass(1000);
    expect(cloud.calls.slice(5)).toEqual(['getJob b', 'copyImage g']);
    // The waiters of the others have gone.
    await clock.pass(200_000);
    expect(cloud.calls.at(-1)).toBe('copyImage h');
  });

  it('that are refused give their place on; copies inside a region do not wait', async () => {
    const { cloud, flow } = setUp(0);
    cloud.fail.set('copyImage', new PermissionError({ operation: 'copy' }));
    for (let i = 0; i < 5; i++) await expect(flow.copyImage(copy(`${i}`))).rejects.toThrow();
    cloud.fail.clear();
    for (let i = 0; i < 5; i++) await flow.copyImage(copy(`x${i}`));
    await flow.copyImage({ sourceImageId: 'i', name: 'near' });
    expect(cloud.calls.at(-1)).toBe('copyImage near');
  });
});

describe('the cloud inside', () => {
  it('is as it was: names, absences, other regions', async () => {
    const { flow, cloud } = setUp(1, { clock: systemClock });
    expect([flow.name, flow.family, flow.region]).toEqual(['mine', 'huaweicloud', 'r-1']);
    expect(flow.capabilities).toBe(cloud.capabilities);
    expect(await flow.projectId()).toBe('p-1');
    await expect(flow.exportImage({ imageId: 'i', bucket: 'b', key: 'k' })).rejects.toMatchObject({
      kind: 'unsupported',
    });
    expect(flow.inRegion('r-2')).toBe(flow.inRegion('r-2'));
    expect(flow.inRegion('r-2').region).toBe('r-2');
    const listed: Image[] = [];
    for await (const image of flow.listImages()) listed.push(image);
    expect(listed).toHaveLength(1);
  });
});
