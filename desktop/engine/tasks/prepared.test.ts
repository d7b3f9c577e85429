// Files that are unpacked or converted on their way, and those that cannot be.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk, rawDisk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';

const MIB = 1024 ** 2;
const QEMU_IMG = ['/usr/bin/qemu-img', '/usr/local/bin/qemu-img', '/opt/homebrew/bin/qemu-img'].find(
  existsSync,
);
const SYSTEM = { osType: 'Linux', osDistribution: 'Debian', osVersion: '12', architecture: 'x86_64' };
const world = testWorld();
let dir: string;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  place = await world.open({ dir });
});

it('unpacks a packed file on the way, and goes on with it after a pause', async () => {
  const file = await rawDisk(dir, 'packed.raw', 96);
  execFileSync('gzip', ['-1', file]);
  const id = await place.draft(`${file}.gz`);
  const form = await place.suggest(id, 'local');
  expect(form).toMatchObject({ name: 'packed' });
  expect(form).not.toHaveProperty('diskFormat');
  const verdict = await place.check(id, form);
  expect(verdict).toMatchObject({ verdict: 'ok', diskFormat: 'raw', route: { route: 'bucket' } });
  expect(verdict.findings.map(({ code }) => code)).toEqual(['unpacked']);
  // What is inside is not taken there: that is known before the whole file is read.
  const other = { ...(await place.suggest(id, 'local-ucloudstack')), ...SYSTEM };
  expect(await place.check(id, other)).toMatchObject({ verdict: 'refused', problem: { code: 'format' } });
  expect(await place.check(id, { ...form, unpack: false })).toMatchObject({ verdict: 'refused' });
  world.holdParts(3);
  await place.start([{ id, form }]);
  await until('a half is there', () => (place.view(id).progress?.fraction ?? 0) > 0.3);
  await place.all('pause', id);
  world.cloud.faults.clear();
  await place.all('resume', id);
  const done = await place.reaches(id, 'done');
  const image = (await world.cloud.storedImages()).find((one) => one.id === done.imageId);
  expect(image?.sizeBytes).toBe(96 * MIB);
  expect(world.sentParts()).toBe(6);
});

it.skipIf(QEMU_IMG === undefined)(
  'converts what the cloud does not take, and a cancel leaves no conversion (needs qemu-img)',
  async () => {
    const file = await rawDisk(dir, 'plain.raw', 48);
    const id = await place.draft(file);
    const form = { ...(await place.suggest(id, 'local-ucloudstack')), ...SYSTEM };
    const verdict = await place.check(id, form);
    expect(verdict).toMatchObject({ verdict: 'ok', diskFormat: 'qcow2' });
    expect(verdict.findings.map(({ code }) => code)).toContain('converted');
    world.holdParts(0);
    await place.start([{ id, form }]);
    await until('it is converted', async () => (await place.detail(id)).uploadId !== undefined);
    const spool = path.join(dir, 'state', 'spool');
    expect(readdirSync(spool).length).toBeGreaterThan(0);
    await place.all('cancel', id);
    expect(place.view(id).state).toBe('cancelled');
    expect(readdirSync(spool)).toEqual([]);
    world.cloud.faults.clear();
    await place.all('retry', id);
    const done = await place.reaches(id, 'done');
    const { timeline } = await place.detail(id);
    expect(timeline.some(({ text }) => text.includes('converted from raw to qcow2'))).toBe(true);
    expect((await world.cloud.storedImages()).some((one) => one.id === done.imageId)).toBe(true);
  },
);

it('an edited form of a task that needs the user goes to another image, and the first leaves nothing', async () => {
  world.cloud.faults.add({ service: 'ims', action: { kind: 'fail-job', code: 'IMG.0057', reason: 'no' } });
  const id = await place.begin(await qcow2Disk(dir, 'edited.qcow2', 1), 'local');
  await place.reaches(id, 'attention');
  const form = { ...(await place.suggest(id, 'local')), name: 'edited better' };
  expect(await place.start([{ id, form }])).toEqual({ refused: [] });
  expect(await place.reaches(id, 'done')).toMatchObject({ imageName: 'edited better' });
  expect(await world.cloud.unfinishedUploads()).toEqual([]);
});
