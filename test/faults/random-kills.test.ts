// SIGKILL at random times, again and again, until the upload is through: it arrives whole, as one image, and parts that the
// cloud has confirmed are not sent again. Seeded: IMAGEBRIDGE_TEST_SEED repeats a run, IMAGEBRIDGE_TEST_RUNS makes it longer.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand } from '../fixtures/cli-process.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { random } from './random.ts';

const MIB = 1024 ** 2;
const PARTS = 12;
const RUNS = Number(process.env.IMAGEBRIDGE_TEST_RUNS ?? 5);
const SEED = Number(process.env.IMAGEBRIDGE_TEST_SEED ?? 1);
const PARALLEL_PARTS = 4;

let work: Work;
let puts = 0;
beforeAll(async () => {
  work = await makeWork({
    onRequest: ({ service, method, path, status }) => {
      if (service === 'obs' && method === 'PUT' && path.includes('partNumber') && status === 200) puts++;
    },
  });
});
afterAll(() => work.close());

it.each(Array.from({ length: RUNS }, (_, i) => SEED + i))('seed %d', { timeout: 60_000 }, async (seed) => {
  const { next } = random(seed);
  const name = `kills-${seed}`;
  const file = await work.file(`${name}.raw`, PARTS * MIB);
  const args = [
    'push',
    file,
    '--to',
    'local',
    '--name',
    name,
    '--part-size',
    '1M',
    '--limit-rate',
    '8M',
    '--json',
  ];
  puts = 0;
  let kills = 0;
  for (;;) {
    const running = startCommand(args, work.env);
    // After some kills it is let through, so that the test ends.
    const kill =
      kills < 6 ? delay(300 + next() * 1_500).then(() => running.child.kill('SIGKILL')) : undefined;
    const { code, stderr } = await running.ended;
    if (code === 0) break;
    expect(code, stderr).toBeNull();
    await kill;
    kills++;
  }
  const stored = (await work.cloud.storedImages()).filter((image) => image.name === name);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  expect(stored.map((image) => [image.status, image.sha256])).toEqual([['active', sha256]]);
  expect(await work.cloud.unfinishedUploads()).toEqual([]);
  // A part is sent twice only where the process died between its end and the note of it in the journal or the server's
  // listing, hence at most the parts under way at each kill.
  expect(puts).toBeLessThanOrEqual(PARTS + kills * PARALLEL_PARTS);
  process.stdout.write(`seed ${seed}: ${kills} kills, ${puts} parts sent for ${PARTS}\n`);
});
