// Files on their way into the list: many, odd ones, and names that nobody would choose.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
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

it('refuses what is no file to be sent, one by one and with a remedy', async () => {
  const file = await rawDisk(dir, 'good', 1);
  await mkdir(path.join(dir, 'folder'));
  await writeFile(path.join(dir, 'empty'), '');
  execFileSync('mkfifo', [path.join(dir, 'pipe')]);
  const socket = createServer().listen(path.join(dir, 'socket'));
  await symlink(file, path.join(dir, 'link'));
  await symlink(path.join(dir, 'loop'), path.join(dir, 'loop'));
  const odd = ['folder', 'empty', 'pipe', 'socket', 'missing', 'good/inside', 'loop'].map((name) =>
    path.join(dir, name),
  );
  const { added, refused } = await place.add([...odd, file, '', path.join(dir, 'link')]);
  socket.close();
  expect(added).toHaveLength(1);
  expect(refused).toHaveLength(9);
  for (const { problem } of refused) {
    expect(problem.message).toMatch(/\.$/);
    expect(problem.hint).toMatch(/\.$/);
  }
  expect(refused[0]?.problem.message).toBe(`${path.join(dir, 'folder')} is a folder.`);
  expect(refused[8]?.problem).toMatchObject({ kind: 'conflict' });
});

it.skipIf(process.getuid?.() === 0)(
  'refuses what may not be read (skipped for root, who may read all)',
  async () => {
    const file = await rawDisk(dir, 'secret', 1);
    await chmod(file, 0);
    const { refused } = await place.add([file]);
    expect(refused[0]?.problem.message).toContain('may not be accessed');
  },
);

it.each([
  ['right to left', 'disk\u202Eocwq.gpj.qcow2', 'disk-ocwq.gpj'],
  ['a line break', 'disk\nX-Header: 1.qcow2', 'disk-X-Header-1'],
  ['HTML', '<img src=x onerror=alert(1)>.qcow2', 'img-src-x-onerror-alert-1'],
  ['255 bytes', `${'n'.repeat(249)}.qcow2`, 'n'.repeat(50)],
  ['Chinese', '系统镜像.qcow2', '系统镜像'],
  ['nothing that is legal', '💥.qcow2', 'image'],
])('takes a name with %s for data only', async (_what, fileName, name) => {
  const id = await place.draft(await qcow2Disk(dir, fileName, 1));
  expect(place.view(id)).toMatchObject({ fileName, path: path.join(dir, fileName) });
  const form = await place.suggest(id, 'local-ucloudstack');
  expect(form.name).toBe(name);
  const { verdict, problem } = await place.check(id, {
    ...form,
    osType: 'Linux',
    osDistribution: 'Debian',
    osVersion: '12',
    architecture: 'x86_64',
  });
  expect(problem).toBeUndefined();
  expect(verdict).toBe('ok');
});

it('says what became of a file that vanished before it was inspected', async () => {
  const files = [];
  for (let n = 0; n < 40; n++) files.push(await rawDisk(dir, `vanishing ${n}`, 1));
  const { added } = await place.add(files);
  await Promise.all(files.slice(20).map((file) => rm(file)));
  await until('all are looked at', () => place.views().every(({ state }) => state !== 'inspecting'));
  const late = place.views().filter(({ state }) => state === 'attention');
  for (const task of late)
    expect(task).toMatchObject({ problem: { kind: 'local-file' }, actions: ['locate', 'retry', 'remove'] });
  await place.all('remove', ...added);
  expect(place.views()).toEqual([]);
});

it('takes 10,000 files at once, and the loop goes on', { timeout: 120_000 }, async () => {
  const folder = path.join(dir, 'many');
  await mkdir(folder);
  const paths = Array.from({ length: 10_000 }, (_, n) => path.join(folder, `disk ${n}.raw`));
  for (let at = 0; at < paths.length; at += 500)
    await Promise.all(paths.slice(at, at + 500).map((file) => writeFile(file, 'x'.repeat(600))));
  let longestMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  const { added, refused } = await place.add([...paths, ...paths.slice(0, 3)].slice(0, 10_000));
  expect([added.length, refused.length]).toEqual([10_000, 0]);
  // The events tell it; to ask for all views again and again would itself hold the loop up.
  const told = () =>
    new Set(
      place.events.flatMap((event) =>
        event.type === 'tasks'
          ? event.upserted.filter(({ state }) => state === 'draft').map(({ id }) => id)
          : [],
      ),
    ).size;
  let count = 0;
  for (const endMs = Date.now() + 80_000; count < 10_000 && Date.now() < endMs; count = told())
    await new Promise((resolve) => setTimeout(resolve, 500));
  expect(count).toBe(10_000);
  clearInterval(watch);
  const heapMib = Math.round(process.memoryUsage().heapUsed / 1024 ** 2);
  process.stdout.write(
    `10,000 drafts: heap ${heapMib} MiB, longest pause of the loop ${Math.round(longestMs)} ms\n`,
  );
  expect(longestMs).toBeLessThan(2_000);
  const again = await world.open({ dir });
  expect(again.views()).toHaveLength(10_000);
  await again.all('remove', ...added);
  expect(again.views()).toEqual([]);
});

it('looks again at a file that was replaced before it is sent', async () => {
  const file = await rawDisk(dir, 'torn.raw', 4);
  await truncate(file, 2 * 1024 ** 2);
  const id = await place.draft(file);
  expect(place.view(id).errors).toBe(1);
  await rawDisk(dir, 'torn.raw', 4);
  const form = await place.suggest(id, 'local');
  expect(await place.check(id, form)).toMatchObject({ verdict: 'ok' });
  expect(place.view(id)).toMatchObject({ errors: 0, sizeBytes: 4 * 1024 ** 2 });
});

it('warns of nothing where a packed file is unpacked on the way', async () => {
  const file = path.join(dir, 'packed.raw.gz');
  await writeFile(file, gzipSync(await readFile(await rawDisk(dir, 'plain.raw', 2))));
  const id = await place.draft(file);
  expect(place.view(id)).toMatchObject({ state: 'draft', errors: 0, warnings: 0 });
});
