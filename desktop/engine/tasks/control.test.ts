// What the user and the world do to tasks: order, limits, moved and changed files, credentials, the network.
import { readFileSync, writeFileSync } from 'node:fs';
import { appendFile, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk, rawDisk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';

const MIB = 1024 ** 2;
const world = testWorld();
let dir: string;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  place = await world.open({ dir });
});

const states = (...ids: string[]) => ids.map((id) => place.view(id).state);
/** All that gets through is there: a part that is still on its way could arrive after its upload has stopped. */
const halfThere = (id: string) => (place.view(id).progress?.fraction ?? 0) > 0.3 && world.sentParts() === 3;

describe('the queue', () => {
  it('runs so many at once, in the order of the list, which can be changed', async () => {
    await place.context.settings.change({ parallel: 1 });
    world.holdParts(0);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd'])
      ids.push(await place.begin(await rawDisk(dir, name, 1), 'local'));
    const [a = '', b = '', c = '', d = ''] = ids;
    await until('the first one sends', () => place.view(a).state === 'uploading');
    expect(states(b, c, d)).toEqual(['queued', 'queued', 'queued']);
    expect(place.part.snapshot().totals).toMatchObject({ tasks: 4, uploading: 1, queued: 3, paused: false });
    await place.move(d, b);
    expect(place.views().map(({ id }) => id)).toEqual([a, d, b, c]);
    await place.move(b, null);
    expect(place.views().map(({ id }) => id)).toEqual([a, d, c, b]);
    await place.all('pause', a);
    await until('the next one sends', () => place.view(d).state === 'uploading');
    expect(states(a, c, b)).toEqual(['paused', 'queued', 'queued']);
    await place.context.settings.change({ parallel: 3 });
    await until('three of them send', () => states(d, c, b).every((state) => state === 'uploading'));
    world.cloud.faults.clear();
    await place.pauseAll();
    expect(states(a, b, c, d)).toEqual(['paused', 'paused', 'paused', 'paused']);
    expect(place.part.snapshot().totals.paused).toBe(true);
    await place.resumeAll();
    for (const id of ids) await place.reaches(id, 'done');
  });

  it('refuses two tasks that would make the same image, and starts the others', async () => {
    world.holdParts(0);
    const first = await place.begin(await rawDisk(dir, 'same', 1), 'local');
    const [second, third] = [await rawDisk(dir, 'same.raw', 1), await rawDisk(dir, 'other', 1)];
    const ids = [await place.draft(second), await place.draft(third)];
    const forms = await Promise.all(ids.map((id) => place.suggest(id, 'local')));
    const { refused } = await place.start(
      ids.map((id, n) => ({ id, form: forms[n] ?? { cloud: '', name: '' } })),
    );
    expect(refused).toMatchObject([{ id: ids[0], problem: { kind: 'conflict' } }]);
    expect(states(first, ids[1] ?? '')).toEqual(['uploading', 'uploading']);
    // The same file may go to another cloud meanwhile.
    const { added } = await place.add([path.join(dir, 'same')]);
    expect(added).toHaveLength(1);
    const { refused: twice } = await place.add([path.join(dir, 'same')]);
    expect(twice[0]?.problem).toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('already'),
    });
    world.cloud.faults.clear();
    await place.all('cancel', first, ids[1] ?? '');
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
  });

  it('changes the limit of the rate while it runs', async () => {
    await place.context.settings.change({ limitBytesPerSecond: 2 * MIB });
    const id = await place.begin(await rawDisk(dir, 'limited', 48), 'local');
    await until('it is held back', async () => place.view(id).progress?.bottleneck === 'throttle');
    expect(place.view(id).progress?.bytesPerSecond).toBeLessThan(6 * MIB);
    await place.context.settings.change({ limitBytesPerSecond: null });
    await place.reaches(id, 'done', 12_000);
  });

  it('lets the next one send while the service makes an image of the one before', async () => {
    await place.context.settings.change({ parallel: 1 });
    world.cloud.faults.add({ service: 'ims', method: 'POST', action: { kind: 'stuck-job' } });
    const first = await place.begin(await rawDisk(dir, 'stuck', 1), 'local');
    const second = await place.begin(await rawDisk(dir, 'next', 1), 'local');
    await place.reaches(first, 'importing');
    await place.reaches(second, 'done');
    expect(place.view(first)).toMatchObject({ state: 'importing', actions: ['cancel'] });
  });
});

describe('the file', () => {
  it('that changed is sent from the start, once the user agrees', async () => {
    world.holdParts(3);
    const file = await rawDisk(dir, 'changing', 96);
    const id = await place.begin(file, 'local');
    await until('a half is there', () => halfThere(id));
    await place.all('pause', id);
    world.cloud.faults.clear();
    await appendFile(file, Buffer.alloc(512, 7));
    await place.all('resume', id);
    const asking = await place.reaches(id, 'attention');
    expect(asking).toMatchObject({
      problem: { kind: 'file-changed' },
      actions: ['accept-file', 'retry', 'cancel'],
    });
    expect(place.notices()).toContain('file-changed');
    await place.acceptFile(id);
    const done = await place.reaches(id, 'done');
    expect(done.sizeBytes).toBe(96 * MIB + 512);
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
  });

  it.each(['local', 'local-ucloudstack'])(
    'that moved is gone on with at its new place (%s)',
    async (profile) => {
      world.holdParts(3);
      const name = `moving-${profile}.qcow2`;
      const file = await qcow2Disk(dir, name, 96);
      const system = { osType: 'Linux', osDistribution: 'Debian', osVersion: '12', architecture: 'x86_64' };
      const id = await place.begin(file, profile, profile === 'local' ? {} : system);
      await until('a half is there', () => halfThere(id));
      await place.all('pause', id);
      world.cloud.faults.clear();
      await mkdir(path.join(dir, 'archive'));
      const moved = path.join(dir, 'archive', name);
      await rename(file, moved);
      await place.all('resume', id);
      const asking = await place.reaches(id, 'attention');
      expect(asking.actions).toEqual(['locate', 'retry', 'cancel']);
      const other = await rawDisk(dir, 'other', 1);
      await expect(place.locate(id, other)).rejects.toMatchObject({ kind: 'file-changed' });
      await place.locate(id, moved);
      const done = await place.reaches(id, 'done');
      expect(done).toMatchObject({ path: moved, fileName: name });
      expect(world.sentParts()).toBe(6);
    },
  );

  it('that vanishes before its turn is asked for', async () => {
    await place.pauseAll();
    const file = await rawDisk(dir, 'gone', 1);
    const id = await place.begin(file, 'local');
    expect(place.view(id).state).toBe('queued');
    await rm(file);
    await place.resumeAll();
    expect(await place.reaches(id, 'attention')).toMatchObject({ problem: { kind: 'local-file' } });
    expect(place.view(id).actions).toContain('locate');
  });
});

describe('the cloud', () => {
  it('that refuses the credentials is asked again when the profile is right', async () => {
    const wrong = path.join(dir, 'wrong.yaml');
    const right = readFileSync(world.cloud.profilesPath, 'utf8');
    writeFileSync(wrong, right.replaceAll(/(password|secret_key): .*/g, '$1: wrong'), { mode: 0o600 });
    const file = await rawDisk(dir, 'credentials', 1);
    const id = await place.draft(file);
    const form = await place.suggest(id, 'local');
    place.clouds.use(wrong);
    expect(await place.check(id, form)).toMatchObject({
      verdict: 'unknown',
      problem: { kind: 'authentication' },
    });
    await place.start([{ id, form }]);
    const asking = await place.reaches(id, 'attention');
    expect(asking).toMatchObject({
      problem: { kind: 'authentication' },
      actions: ['sign-in', 'retry', 'cancel'],
    });
    expect(place.notices()).toEqual(['credentials']);
    place.clouds.use(world.cloud.profilesPath);
    await place.reaches(id, 'done');
  });

  it('that cannot be reached is waited for, and it goes on when the network is back', async () => {
    const file = await rawDisk(dir, 'offline', 1);
    const id = await place.draft(file);
    const form = await place.suggest(id, 'local');
    world.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    expect(await place.check(id, form)).toMatchObject({
      verdict: 'unknown',
      problem: { kind: 'unavailable' },
    });
    place.part.setOnline(false);
    await place.start([{ id, form }]);
    const waiting = await place.reaches(id, 'waiting-network');
    expect(waiting.actions).toEqual(['retry', 'pause', 'cancel', 'move']);
    expect(waiting.problem?.kind).toBe('unavailable');
    world.cloud.faults.clear();
    place.part.setOnline(true);
    await place.reaches(id, 'done');
  });

  it('shows that an upload waits for the network while the core tries on', async () => {
    const id = await place.begin(await rawDisk(dir, 'cut off', 96), 'local');
    world.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    place.part.setOnline(false);
    await place.reaches(id, 'waiting-network');
    world.cloud.faults.clear();
    place.part.setOnline(true);
    await place.reaches(id, 'done');
  });

  it('whose connections are dropped is asked over new ones, while sending and while importing', async () => {
    world.holdParts(3);
    const id = await place.begin(await rawDisk(dir, 'dropped', 96), 'local');
    await until('a half is there', () => halfThere(id));
    world.cloud.faults.clear();
    world.cloud.faults.add({ service: 'ims', method: 'POST', action: { kind: 'stuck-job' } });
    await place.clouds.drop();
    await place.reaches(id, 'importing');
    await place.clouds.drop();
    await place.reaches(id, 'waiting-network');
    await place.reaches(id, 'importing');
    expect(place.notices()).toEqual([]);
    expect(world.sentParts()).toBe(6);
  });

  it('that refuses the file says so before anything is sent, with a name that is legal', async () => {
    const id = await place.draft(await rawDisk(dir, 'a disk', 1));
    const form = await place.suggest(id, 'local-ucloudstack');
    expect(form.name).toBe('a-disk');
    const bad = await place.check(id, { ...form, name: 'a/b', convert: false });
    expect(bad).toMatchObject({ verdict: 'refused', legalName: 'a-b' });
    expect(bad.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['name', 'format', 'missing-facts']),
    );
    const { refused } = await place.start([{ id, form: { ...form, convert: false } }]);
    expect(refused).toMatchObject([{ id, problem: { kind: 'refused' } }]);
    expect(world.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('that has the name already refuses, skips equal content, or takes another one', async () => {
    const file = await rawDisk(dir, 'taken', 1);
    const first = await place.begin(file, 'local-openstack');
    const { imageId } = await place.reaches(first, 'done');
    const copy = path.join(dir, 'copy.raw');
    await copyFile(file, copy);
    const id = await place.draft(copy);
    const form = { ...(await place.suggest(id, 'local-openstack')), name: 'taken' };
    expect(await place.check(id, form)).toMatchObject({ verdict: 'refused', problem: { kind: 'conflict' } });
    await place.start([{ id, form: { ...form, ifExists: 'skip' } }]);
    expect(await place.reaches(id, 'done')).toMatchObject({ imageId });
    // The habit is remembered for the next file; the name is not.
    const next = await place.draft(await rawDisk(dir, 'next one', 1));
    expect(await place.suggest(next, 'local-openstack')).toMatchObject({
      ifExists: 'skip',
      name: 'next one',
    });
    expect(await place.suggest(next, 'local')).not.toHaveProperty('ifExists');
  });

  it('that fails the import needs the user, and a retry sends nothing again', async () => {
    world.cloud.faults.add({
      service: 'ims',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: '<b>bad</b>' },
    });
    const id = await place.begin(await rawDisk(dir, 'failing', 1), 'local');
    const failed = await place.reaches(id, 'attention');
    expect(failed.problem).toMatchObject({ kind: 'job-failed', code: 'IMG.0057' });
    expect(failed.actions).toEqual(['retry', 'cancel']);
    const sent = world.sentParts();
    await place.all('retry', id);
    await place.reaches(id, 'done');
    expect(world.sentParts()).toBe(sent);
  });

  it('that cannot be reached by a cancel leaves the task, to be cancelled again', async () => {
    world.holdParts(3);
    const id = await place.begin(await rawDisk(dir, 'stubborn', 96), 'local');
    await until('a half is there', () => halfThere(id));
    await place.all('pause', id);
    world.cloud.faults.clear();
    world.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    await place.all('cancel', id);
    expect(place.view(id)).toMatchObject({ state: 'attention', actions: ['cancel', 'remove'] });
    world.cloud.faults.clear();
    await place.all('cancel', id);
    expect(place.view(id).state).toBe('cancelled');
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
  });

  it('gets what needs no decision at once, if the user wants that', async () => {
    await place.context.settings.change({ startAtOnce: true });
    const { added } = await place.add([await rawDisk(dir, 'at once', 1)]);
    await place.reaches(added[0] ?? '', 'done');
    expect(place.view(added[0] ?? '').cloud).toBe('local');
  });
});

it('sleeps and wakes up', async () => {
  world.holdParts(3);
  const id = await place.begin(await rawDisk(dir, 'sleepy', 96), 'local');
  await until('a half is there', () => halfThere(id));
  await place.part.suspend();
  expect(place.view(id).state).toBe('queued');
  world.cloud.faults.clear();
  place.part.resume();
  await place.reaches(id, 'done');
  expect(world.sentParts()).toBe(6);
});
