// What the user and the world do to a task at the same moment: nothing that was asked for is lost, nothing is done twice.
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { controlUpload, listUploads, UnavailableError } from '@imagebridge/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk, rawDisk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';

const world = testWorld();
let dir: string;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  place = await world.open({ dir });
});

const halfThere = (id: string) => (place.view(id).progress?.fraction ?? 0) > 0.3;

it('what waited for the network when the machine fell asleep is tried again when it wakes up', async () => {
  const id = await place.draft(await rawDisk(dir, 'waits', 1));
  const form = await place.suggest(id, 'local');
  world.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
  await place.start([{ id, form }]);
  await until('its run is over', () => place.view(id).problem?.kind === 'unavailable');
  await place.part.suspend();
  world.cloud.faults.clear();
  place.part.resume();
  await place.reaches(id, 'done', 4_000);
});

it('one that is started twice at once is started once, as it was first asked for', async () => {
  const id = await place.draft(await rawDisk(dir, 'twice', 1));
  const form = await place.suggest(id, 'local');
  const started = await Promise.all(
    ['one', 'two'].map((name) => place.start([{ id, form: { ...form, name } }])),
  );
  const refusals = started.flatMap(({ refused }) => refused);
  expect(refusals).toMatchObject([{ id, problem: { kind: 'conflict' } }]);
  const imageName = started[0]?.refused.length === 0 ? 'one' : 'two';
  expect(await place.reaches(id, 'done')).toMatchObject({ imageName });
});

it('a pause counts while an upload is being stopped for another reason', async () => {
  world.holdParts(3);
  const id = await place.begin(await rawDisk(dir, 'stopped twice', 96), 'local');
  await until('a half is there', () => halfThere(id));
  await Promise.all([place.part.suspend(), place.all('pause', id)]);
  expect(place.view(id).state).toBe('paused');
});

it('a pause counts while an upload fails', async () => {
  await place.pauseAll();
  const id = await place.begin(await rawDisk(dir, 'failing', 1), 'local');
  let fail = () => {};
  const { clouds } = place.context;
  const { open } = clouds;
  clouds.open = () =>
    new Promise((_, reject) => {
      fail = () => reject(new UnavailableError({ operation: 'sign in', reason: 'nothing answered' }));
    });
  await place.resumeAll();
  await until('it runs', () => place.view(id).state === 'uploading');
  const pausing = place.all('pause', id);
  fail();
  await pausing;
  clouds.open = open;
  expect(place.view(id).state).toBe('paused');
});

it('a cancel that was cut short by the end of the engine is done after the next start', async () => {
  const before = await world.cloud.unfinishedUploads();
  world.holdParts(3);
  const id = await place.begin(await rawDisk(dir, 'cut short', 96), 'local');
  await until('a half is there', () => halfThere(id));
  await place.all('pause', id);
  world.cloud.faults.clear();
  const list = path.join(dir, 'data', 'tasks.jsonl');
  const onDisk = async () => (await readFile(list, 'utf8')).includes('"cancelling":true');
  // Slow enough to be seen on the way.
  for (const action of [{ kind: 'delay', ms: 2_000 } as const, { kind: 'cut' } as const])
    world.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action });
  const cancelling = place.all('cancel', id);
  await until('it is on disk', onDisk);
  const cut = await readFile(list, 'utf8');
  await cancelling;
  await place.part.stop();
  world.cloud.faults.clear();
  expect(await world.cloud.unfinishedUploads()).toHaveLength(before.length + 1);
  // As a crash in the middle would have left it.
  await writeFile(list, cut);
  place = await world.open({ dir });
  await place.reaches(id, 'cancelled');
  expect(await world.cloud.unfinishedUploads()).toEqual(before);
});

/** A task whose file has changed while it was paused. */
async function changed(name: string): Promise<string> {
  world.holdParts(3);
  const file = await rawDisk(dir, name, 96);
  const id = await place.begin(file, 'local');
  await until('a half is there', () => halfThere(id));
  await place.all('pause', id);
  world.cloud.faults.clear();
  await appendFile(file, Buffer.alloc(512, 7));
  await place.all('resume', id);
  await place.reaches(id, 'attention');
  return id;
}

it('a changed file is accepted once', async () => {
  const id = await changed('accepted twice');
  const accepted = await Promise.allSettled([place.acceptFile(id), place.acceptFile(id)]);
  expect(accepted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await place.reaches(id, 'done');
});

it('one that is cancelled while its changed file is accepted stays cancelled', async () => {
  const id = await changed('accepted and cancelled');
  const accepting = place.acceptFile(id).catch(() => {});
  await place.all('cancel', id);
  await accepting;
  expect(place.view(id).state).toBe('cancelled');
});

it('one that another program has just paused can be resumed at once', async () => {
  world.holdParts(3);
  const id = await place.begin(await rawDisk(dir, 'paused elsewhere', 96), 'local');
  await until('a half is there', () => halfThere(id));
  const { uploadId = '' } = await place.detail(id);
  const pausing = controlUpload(uploadId, 'pause', place.context.engine);
  while (place.view(id).state !== 'paused') await new Promise((resolve) => setImmediate(resolve));
  world.cloud.faults.clear();
  await place.all('resume', id);
  await pausing;
  await place.reaches(id, 'done', 10_000);
});

/** A packed file of which a half was sent before it was moved, and where it is now. */
async function movedPacked(name: string, profile: string): Promise<{ id: string; moved: string }> {
  world.holdParts(3);
  const packed = path.join(dir, `${name}.qcow2.gz`);
  const file = await qcow2Disk(dir, `${name}.qcow2`, 96);
  await pipeline(createReadStream(file), createGzip(), createWriteStream(packed));
  const system = { osType: 'Linux', osDistribution: 'Debian', osVersion: '12', architecture: 'x86_64' };
  const id = await place.begin(packed, profile, profile === 'local' ? {} : system);
  await until('a half is there', () => halfThere(id) && world.sentParts() === 3);
  await place.all('pause', id);
  world.cloud.faults.clear();
  const moved = path.join(dir, `${name}-moved.qcow2.gz`);
  await rename(packed, moved);
  await place.all('resume', id);
  await place.reaches(id, 'attention');
  return { id, moved };
}

describe.each(['local', 'local-ucloudstack'])('a packed file that was moved (%s)', (profile) => {
  it('leaves nothing on the server when it is cancelled right after it was found again', async () => {
    const before = await world.cloud.unfinishedUploads();
    const { id, moved } = await movedPacked('given-up', profile);
    await Promise.all([place.locate(id, moved), place.all('cancel', id)]);
    expect(place.view(id).state).toBe('cancelled');
    expect(await world.cloud.unfinishedUploads()).toEqual(before);
  });

  it('goes on with what was sent', async () => {
    const before = await world.cloud.unfinishedUploads();
    const { id, moved } = await movedPacked('found', profile);
    await place.locate(id, moved);
    await place.reaches(id, 'done');
    // The journals alone know an upload to an image service, and the content has another name there now.
    if (profile === 'local') expect(world.sentParts()).toBe(6);
    expect(await world.cloud.unfinishedUploads()).toEqual(before);
    const journals = async () => (await listUploads(place.context.engine)).length;
    await until('the earlier journal is gone', async () => (await journals()) <= 1);
  });
});
