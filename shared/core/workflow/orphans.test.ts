import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PermissionError } from '../model/index.ts';
import { cleanUploads, findOrphans, judgeUpload, removeOrphans } from './orphans.ts';
import { ChangingCloud } from './testing/changing-cloud.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2030, 0, 31);
const clock = { now: () => NOW, sleep: async () => {} };
const upload = (key: string, hours?: number, uploadId = key) => ({
  bucket: 'b',
  key,
  uploadId,
  ...(hours === undefined ? {} : { startedAt: new Date(NOW - hours * HOUR) }),
});
let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-orphans-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

it('an upload is an orphan when it is ours, old, and no unfinished journal knows it', () => {
  const journal = (state: 'paused' | 'aborted', key: string) => ({
    state,
    target: { cloud: 'c', region: 'r', bucket: 'b', key },
  });
  const journals = [journal('paused', 'imagebridge/known'), journal('aborted', 'imagebridge/aborted')];
  const judged = (key: string, hours?: number, foreign = false) =>
    judgeUpload(upload(key, hours), journals, { olderThanMs: 24 * HOUR, foreign }, NOW).verdict;
  expect(judged('imagebridge/known', 99)).toBe('known');
  expect(judged('imagebridge/aborted', 99)).toBe('orphan');
  expect(judged('imagebridge/other', 99)).toBe('orphan');
  expect(judged('imagebridge/other', 23)).toBe('young');
  expect(judged('imagebridge/other')).toBe('undated');
  expect(judged('backup.tar', 99)).toBe('foreign');
  expect(judged('backup.tar', 99, true)).toBe('orphan');
});

it('removes orphans only, and goes on after a failure', async () => {
  const cloud = new ChangingCloud();
  cloud.unfinished.push(
    upload('imagebridge/refused', 48),
    upload('imagebridge/old', 48),
    upload('imagebridge/young', 1),
    upload('foreign', 48),
  );
  cloud.before = (method) => {
    if (method === 'abort imagebridge/refused') throw new PermissionError({ operation: 'abort' });
  };
  const found = await findOrphans(cloud, { olderThanMs: 24 * HOUR, clock }, { stateDir });
  const outcomes: string[] = [];
  for await (const done of removeOrphans(cloud, found)) outcomes.push(`${done.upload.key} ${done.outcome}`);
  expect(outcomes).toEqual(['imagebridge/refused failed', 'imagebridge/old removed']);
  expect(cloud.unfinished.map(({ key }) => key)).toEqual([
    'imagebridge/refused',
    'imagebridge/young',
    'foreign',
  ]);
});

it('cleans up conversions that nobody came back for', async () => {
  const folder = path.join(stateDir, 'spool', '0'.repeat(32));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'disk.qcow2'), 'x'.repeat(10_000));
  const later = { now: () => Date.now() + 2 * HOUR, sleep: async () => {} };
  const clean = (hours: number) => cleanUploads({ olderThanMs: hours * HOUR, clock: later }, { stateDir });
  expect(await clean(3)).toEqual({ uploads: [], freedBytes: 0 });
  expect((await clean(1)).freedBytes).toBeGreaterThanOrEqual(10_000);
  expect(await readdir(path.join(stateDir, 'spool'))).toEqual([]);
});
