// Tasks across processes: killed in the middle and gone on with, begun by another program and controlled from here.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect, listUploads, publishImage } from '@imagebridge/core';
import type { TaskView } from '@imagebridge/desktop-contract';
import { build } from 'esbuild';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { rawDisk } from './testing/files.ts';
import { type Place, until } from './testing/place.ts';

const world = testWorld();
let script: string;
let dir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  script = path.join(world.root, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./testing/child.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    external: ['@napi-rs/keyring'],
    // CommonJS dependencies ask for `require` of built-in modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});
beforeEach(async () => {
  dir = await world.folder();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

/** Starts tasks in a process of their own; `last` is what it told of them last. */
function startChild(options: { data?: string; files: string[] }) {
  const child = spawn(
    process.execPath,
    [script, dir, world.cloud.profilesPath, 'local', '0', ...options.files],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TASKS_DATA: options.data ?? '' } },
  );
  children.push(child);
  const told: { last: TaskView[] } = { last: [] };
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.last = JSON.parse(line);
  });
  return { child, told };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** All that gets through is there: a part that is still on its way could arrive after the end of its sender. */
const halfThere = (task: TaskView | undefined) =>
  (task?.progress?.fraction ?? 0) > 0.3 && world.sentParts() === 3;

describe('an engine that is killed', () => {
  it('goes on by itself after the next start, and what is there is not sent again', async () => {
    world.holdParts(3);
    const files = [await rawDisk(dir, 'killed', 96), await rawDisk(dir, 'waits', 1)];
    const { child, told } = startChild({ files });
    await until('a half is there', () => halfThere(told.last[0]));
    const before = told.last;
    await kill(child);
    world.cloud.faults.clear();
    const place = await world.open({ dir });
    expect(place.views().map(({ id, fileName }) => [id, fileName])).toEqual(
      before.map(({ id, fileName }) => [id, fileName]),
    );
    for (const { id } of before) await place.reaches(id, 'done');
    expect(world.sentParts()).toBe(7);
    expect(place.views().map(({ origin }) => origin)).toEqual(['desktop', 'desktop']);
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
  });

  it('finds its uploads by their journals when its list is damaged', async () => {
    world.holdParts(3);
    const { child, told } = startChild({ files: [await rawDisk(dir, 'found', 96)] });
    await until('a half is there', () => halfThere(told.last[0]));
    await kill(child);
    world.cloud.faults.clear();
    const list = path.join(dir, 'data', 'tasks.jsonl');
    await writeFile(list, (await readFile(list, 'utf8')).replace('"id"', '"di"'));
    const place = await world.open({ dir });
    expect(place.part.warnings()).toEqual([expect.stringContaining('damaged')]);
    expect(await readdir(path.join(dir, 'data'))).toContainEqual(
      expect.stringMatching(/^tasks\.damaged-\d+\.jsonl$/),
    );
    await until('the upload is found', () => place.views().length === 1);
    const [found] = place.views();
    expect(found).toMatchObject({ origin: 'other', elsewhere: false, state: 'paused', imageName: 'found' });
    expect(halfThere(found)).toBe(true);
    await place.all('resume', found?.id ?? '');
    await until('it is done', () => place.views()[0]?.state === 'done');
    expect(world.sentParts()).toBe(6);
    expect(place.history).toMatchObject([{ outcome: 'done', origin: 'other', imageName: 'found' }]);
  });
});

describe('an engine that is stopped', () => {
  it('goes on with what ran, leaves paused what was paused, and remembers that all are', async () => {
    world.holdParts(3);
    const first = await world.open({ dir, settings: { parallel: 1 } });
    const runs = await first.begin(await rawDisk(dir, 'runs', 96), 'local');
    const rests = await first.begin(await rawDisk(dir, 'rests', 1), 'local');
    const draft = await first.draft(await rawDisk(dir, 'draft', 1));
    await until('a half is there', () => halfThere(first.view(runs)));
    await first.all('pause', rests);
    const startedMs = Date.now();
    await first.part.stop();
    expect(Date.now() - startedMs).toBeLessThan(5_000);
    world.cloud.faults.clear();

    const second = await world.open({ dir });
    await second.reaches(runs, 'done');
    expect(second.view(rests).state).toBe('paused');
    expect(second.view(draft)).toMatchObject({ state: 'draft', format: 'raw' });
    expect(world.sentParts()).toBe(6);
    await second.pauseAll();
    await second.part.stop();

    const third = await world.open({ dir });
    expect(third.part.snapshot().totals.paused).toBe(true);
    await third.resumeAll();
    await third.reaches(rests, 'done');
  });
});

it('notes in the history what others have uploaded while it did not run', async () => {
  await (await world.open({ dir })).part.stop();
  const cloud = await connect({ cloud: 'local', configPath: world.cloud.profilesPath, env: {} });
  const engine = { stateDir: path.join(dir, 'state') };
  const file = await rawDisk(dir, 'meanwhile', 1);
  const { image } = await publishImage(cloud, { path: file, image: { name: 'meanwhile' } }, engine);
  await cloud.close();
  const place = await world.open({ dir });
  await until('it is noted', () => place.history.length === 1);
  expect(place.history[0]).toMatchObject({ outcome: 'done', origin: 'other', imageId: image.id, path: file });
  await place.part.stop();
  const again = await world.open({ dir });
  // Nothing is begun before it has looked.
  const own = await again.begin(await rawDisk(dir, 'own', 1), 'local');
  await again.reaches(own, 'done');
  await until('that is noted', () => again.history.length > 0);
  expect(again.history.map(({ imageName }) => imageName)).toEqual(['own']);
});

describe('an upload of another process', () => {
  let place: Place;
  const other = () => place.views()[0];
  const reaches = (what: string, holds: (task: TaskView | undefined) => boolean) =>
    until(
      what,
      () => holds(other()),
      30_000,
      () => JSON.stringify(place.views()),
    );

  /** A child with a list of its own, in the same state directory. */
  async function otherBegins(name: string) {
    world.holdParts(3);
    place = await world.open({ dir });
    const begun = startChild({ data: 'other-data', files: [await rawDisk(dir, name, 96)] });
    await reaches('it appears', (task) => task?.elsewhere === true && halfThere(task));
    return begun;
  }

  it('appears while it runs, can be paused and resumed, and becomes history', async () => {
    const { told } = await otherBegins('watched');
    await reaches('its name is known', (task) => task?.imageName === 'watched');
    expect(other()).toMatchObject({
      origin: 'other',
      state: 'uploading',
      cloud: 'local',
      actions: ['pause', 'cancel'],
    });
    expect(place.notices()).toEqual(['adopted']);
    const detail = await place.detail(other()?.id ?? '');
    expect(detail.partStates).toHaveLength(6);
    expect(detail.timeline.length).toBeGreaterThan(0);
    await place.all('pause', other()?.id ?? '');
    await until('it is paused there', () => told.last[0]?.state === 'paused');
    await reaches('it is paused here', (task) => task?.state === 'paused');
    world.cloud.faults.clear();
    await reaches('the other one has let go', (task) => task?.elsewhere === false);
    await place.all('resume', other()?.id ?? '');
    await reaches('it is done', (task) => task?.state === 'done');
    expect(world.sentParts()).toBe(6);
    expect(place.history).toMatchObject([{ outcome: 'done', origin: 'other', imageName: 'watched' }]);
    // Whoever began it hears of it.
    await until('it is done there, too', () => told.last[0]?.state === 'done');
  });

  it('is taken over when its process dies', async () => {
    const { child } = await otherBegins('orphaned');
    await kill(child);
    world.cloud.faults.clear();
    await reaches('nobody works on it', (task) => task?.state === 'paused' && !task.elsewhere);
    await place.all('resume', other()?.id ?? '');
    await reaches('it is done', (task) => task?.state === 'done');
    expect(world.sentParts()).toBe(6);
  });

  it('is cancelled from here, and nothing stays on the server', async () => {
    const { told } = await otherBegins('cancelled');
    await place.all('cancel', other()?.id ?? '');
    await until('it is gone', () => place.views().length === 0);
    expect(place.history).toMatchObject([{ outcome: 'cancelled', origin: 'other' }]);
    await until('it is cancelled there', () => told.last[0]?.state === 'cancelled');
    expect(await world.cloud.unfinishedUploads()).toEqual([]);
    expect(await listUploads(place.context.engine)).toEqual([]);
  });
});
