// A network whose sign-in page answers instead of the cloud: what is under way waits for it, and goes on by itself.
import path from 'node:path';
import { UnavailableError } from '@imagebridge/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeFailure, waitBeforeTryMs } from './failures.ts';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';
import { openPortal, type Portal } from './testing/portal.ts';

const MIB = 1024 ** 2;
const world = testWorld();
let dir: string;
let profilesPath: string;
let portal: Portal;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  profilesPath = path.join(dir, 'profiles.yaml');
  portal = await openPortal(world.cloud, profilesPath);
  place = await world.open({ dir, profilesPath });
});
afterEach(() => portal.close());

/** What a cloud wants to know of an image. */
const system = (profile: string) =>
  profile === 'local-ucloudstack'
    ? { osType: 'Linux', osDistribution: 'Debian', osVersion: '12', architecture: 'x86_64' }
    : {};

/** Begins an upload that takes some seconds, and waits until the cloud has a part of it. */
async function underWay(name: string, profile: string): Promise<string> {
  const file = await qcow2Disk(dir, `${name}.qcow2`, 96);
  const id = await place.begin(file, profile, { ...system(profile), limitBytesPerSecond: 24 * MIB });
  await until('some of it is there', () => (place.view(id).progress?.confirmedBytes ?? 0) > 0);
  return id;
}

describe.each([
  ['local', 'page'],
  ['local-ucloudstack', 'redirect'],
  ['local-openstack', 'page'],
] as const)('an upload to %s that is under way', (profile, kind) => {
  it(`waits while a sign-in page answers (${kind}), says so, and goes on by itself`, async () => {
    const id = await underWay(profile, profile);
    portal.kind = kind;
    const waiting = await place.reaches(id, 'waiting-network');
    expect(waiting).toMatchObject({
      problem: {
        kind: 'sign-in-page',
        message: expect.stringMatching(
          /a sign-in page of the network seems to answer instead of the cloud.*Open a browser and sign in/,
        ),
      },
      actions: ['retry', 'pause', 'cancel', 'move'],
    });
    portal.kind = undefined;
    const done = await place.reaches(id, 'done', 50_000);
    expect(done.problem).toBeUndefined();
    expect(place.notices()).toEqual(['done']);
    const stored = (await world.cloud.storedImages()).find((image) => image.id === done.imageId);
    const { sha256, partsSkipped } = await place.detail(id);
    expect(stored?.sha256).toBe(sha256);
    if (profile !== 'local-openstack') expect(partsSkipped).toBeGreaterThan(0);
  });
});

it('still waits when the engine was started anew meanwhile, and tries again and again', async () => {
  const id = await underWay('anew', 'local');
  await place.close();
  portal.kind = 'redirect';
  place = await world.open({ dir, profilesPath });
  await place.reaches(id, 'waiting-network');
  const before = portal.answered;
  await until('it has tried again', () => portal.answered > before);
  await place.reaches(id, 'waiting-network');
  portal.kind = undefined;
  await place.all('retry', id);
  await place.reaches(id, 'done');
});

it.each(['local', 'local-openstack', 'local-ucloudstack'])(
  'a web page that has answered for %s from the start is told as a problem at once',
  async (profile) => {
    const id = await place.draft(await qcow2Disk(dir, `wrong-${profile}.qcow2`, 1));
    const form = await place.suggest(id, profile);
    portal.kind = 'page';
    await place.start([{ id, form: { ...form, ...system(profile) } }]);
    const stopped = await place.reaches(id, 'attention');
    expect(stopped.problem).toMatchObject({ kind: 'protocol', message: expect.stringContaining('HTML') });
    expect(stopped.actions).toContain('retry');
  },
);

describe('somebody else’s certificate', () => {
  const error = new UnavailableError({ operation: 'upload it', reason: 'no', foreign: true });

  it('is a sign-in page’s where the cloud has answered before, and a problem where not', async () => {
    expect(await judgeFailure(error, '/f', true)).toMatchObject({ kind: 'wait', why: 'sign-in-page' });
    expect(await judgeFailure(error, '/f', false)).toMatchObject({ kind: 'attention', need: 'retry' });
  });

  it('is tried again without end, and never after long', () => {
    expect(waitBeforeTryMs('sign-in-page', 1)).toBe(5_000);
    expect(waitBeforeTryMs('sign-in-page', 1_000)).toBe(30_000);
  });
});
