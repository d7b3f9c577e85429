// The machine goes to another network while it uploads: connections over the old one are dead, and nothing says so.
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';
import { openPortal, type Portal } from './testing/portal.ts';

const MIB = 1024 ** 2;
const world = testWorld();
const GOES_ON = 'The network of this machine has changed: the upload goes on over the new one.';
const running = new AbortController().signal;
let dir: string;
let portal: Portal;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  const profilesPath = path.join(dir, 'profiles.yaml');
  portal = await openPortal(world.cloud, profilesPath);
  place = await world.open({ dir, profilesPath });
});
afterEach(() => portal.close());

/** Begins an upload, and lets its connections die once the cloud has a part of it. */
async function cutOff(profile: string): Promise<string> {
  const file = await qcow2Disk(dir, `${profile}.qcow2`, 96);
  const id = await place.begin(file, profile, { limitBytesPerSecond: 24 * MIB });
  await until('some of it is there', () => (place.view(id).progress?.confirmedBytes ?? 0) > 0);
  portal.kind = 'silence';
  await until('it is cut off', () => portal.answered > 0);
  portal.kind = undefined;
  return id;
}

it('what stands still is begun anew, and keeps what was sent', async () => {
  const id = await cutOff('local');
  await place.part.addressLost(running);
  await place.reaches(id, 'done');
  const { partsSkipped, timeline } = await place.detail(id);
  expect(partsSkipped).toBeGreaterThan(0);
  expect(timeline.map(({ text }) => text)).toContain(GOES_ON);
});

it('what moves is left alone', async () => {
  const file = await qcow2Disk(dir, 'moving.qcow2', 96);
  const id = await place.begin(file, 'local', { limitBytesPerSecond: 12 * MIB });
  await until('it moves', () => (place.view(id).progress?.confirmedBytes ?? 0) > 0);
  await place.part.addressLost(running);
  await place.reaches(id, 'done');
  const { partsSkipped = 0, timeline } = await place.detail(id);
  expect(partsSkipped).toBe(0);
  expect(timeline.map(({ text }) => text)).not.toContain(GOES_ON);
});
