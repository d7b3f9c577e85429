// The tasks with real files, the real core and an embedded cloud: from adding to done, and everything that can be done between.
import { beforeEach, describe, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { qcow2Disk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';

const MIB = 1024 ** 2;
const world = testWorld();
let dir: string;
let place: Place;
beforeEach(async () => {
  dir = await world.folder();
  place = await world.open({ dir });
});

describe.each(['local', 'local-openstack', 'local-ucloudstack'])('with %s', (profile) => {
  it('a file is added, suggested, checked, started and done', async () => {
    const file = await qcow2Disk(dir, `debian-12-amd64 ${profile}.qcow2`, 2);
    const id = await place.draft(file);
    expect(place.view(id)).toMatchObject({ state: 'draft', format: 'qcow2', sizeBytes: 2 * MIB, errors: 0 });
    const form = await place.suggest(id, profile);
    expect(form).toMatchObject({ cloud: profile, diskFormat: 'qcow2' });
    const verdict = await place.check(id, form);
    expect(verdict).toMatchObject({ verdict: 'ok', diskFormat: 'qcow2' });
    expect(verdict.route?.resumable).toBe(profile !== 'local-openstack');
    expect(await place.start([{ id, form }])).toEqual({ refused: [] });
    const done = await place.reaches(id, 'done');
    expect(done).toMatchObject({ imageName: form.name, cloud: profile, origin: 'desktop', elsewhere: false });
    expect(done.progress?.fraction).toBe(1);
    const stored = (await world.cloud.storedImages()).find((image) => image.id === done.imageId);
    expect(stored).toMatchObject({ name: form.name, sizeBytes: 2 * MIB });
    await until('it is history', () => place.history.length === 1);
    expect(place.history[0]).toMatchObject({
      outcome: 'done',
      imageId: done.imageId,
      imageName: form.name,
      cloud: profile,
      sha256: stored?.sha256,
      region: 'local-1',
    });
    await until('it is told', () => place.notices().includes('done'));
    // That the queue is empty is news only after several.
    expect(place.notices()).toEqual(['done']);
    const detail = await place.detail(id);
    const states = detail.timeline.flatMap(({ moment }) => (moment?.type === 'state' ? [moment.state] : []));
    expect([states[0], states.at(-1)]).toEqual(['uploading', 'uploaded']);
    expect(detail.partStates).toMatch(/^3+$/);
    expect(detail).toMatchObject({ sha256: stored?.sha256, uploadId: expect.any(String) });
    await place.all('remove', id);
    expect(place.views()).toEqual([]);
  });

  it('is paused and goes on, and what is there is not sent again', async () => {
    slow(3);
    const id = await place.begin(
      await qcow2Disk(dir, `pause-${profile}.qcow2`, 96),
      profile,
      system(profile),
    );
    await until('a half is there', () => halfThere(id));
    await place.all('pause', id);
    const paused = place.view(id);
    expect(paused).toMatchObject({ state: 'paused', progress: { bytesPerSecond: 0 } });
    expect(paused.actions).toContain('resume');
    world.cloud.faults.clear();
    await place.all('resume', id);
    await place.reaches(id, 'done');
    if (profile === 'local-openstack') return;
    expect(world.sentParts()).toBe(6);
    const shown = progressOf(id);
    expect([...shown].sort((a, b) => a - b)).toEqual(shown);
    expect(new Set(shown).size).toBeGreaterThan(2);
  });

  it('is cancelled, running or paused, and nothing is left on the server', async () => {
    slow(6);
    const names = [`run-${profile}`, `rest-${profile}`];
    const ids: string[] = [];
    for (const name of names)
      ids.push(await place.begin(await qcow2Disk(dir, `${name}.qcow2`, 96), profile, system(profile)));
    const [running = '', paused = ''] = ids;
    await until('a half is there', () => world.sentParts() === 6 || ids.every(halfThere));
    await place.all('pause', paused);
    expect(place.view(paused).state).toBe('paused');
    await place.all('cancel', running, paused);
    expect(place.view(running)).toMatchObject({ state: 'cancelled', actions: ['retry', 'remove'] });
    expect(place.view(paused).state).toBe('cancelled');
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
    expect((await world.cloud.storedImages()).filter(({ name }) => names.includes(name))).toEqual([]);
    expect(place.history.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    world.cloud.faults.clear();
    // It can be begun once more, from the start.
    await place.all('retry', running);
    await place.reaches(running, 'done');
  });
});

/** So many parts get through, the others wait; a stream is slow. */
function slow(parts: number): void {
  world.holdParts(parts);
  world.cloud.faults.add({
    ...{ service: 'glance', method: 'PUT', path: '/file', count: Number.POSITIVE_INFINITY },
    action: { kind: 'bandwidth', bytesPerSecond: 16 * MIB },
  });
}

const halfThere = (id: string) => (place.view(id).progress?.fraction ?? 0) > 0.3;

/** What the UCloudStack family must be told. */
const system = (profile: string) =>
  profile === 'local-ucloudstack'
    ? { osType: 'Linux', osDistribution: 'Debian', osVersion: '12', architecture: 'x86_64' }
    : {};

/** What was shown of a task's progress, in order. */
const progressOf = (id: string): number[] =>
  place.events.flatMap((event) =>
    event.type === 'tasks'
      ? event.upserted.flatMap((task) =>
          task.id === id && task.progress !== undefined ? [task.progress.fraction] : [],
        )
      : [],
  );
