// The list: order and durability. Progress and totals as they are shown.
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type UploadSnapshot } from '@imagebridge/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TaskList } from './list.ts';
import { newTask, type Task } from './task.ts';
import { readTasks } from './task-file.ts';
import { entryOf, partDigits, progressOf, totalsOf, viewOf } from './view.ts';

let dataDir: string;
const warnings: string[] = [];
const log = { info: () => {}, warn: (text: string) => void warnings.push(text), lines: () => [] };
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'imagebridge-list-'));
  warnings.length = 0;
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = async () =>
  new TaskList({ dataDir, clock: systemClock, log, read: await readTasks(dataDir, 7, log) });
const task = (list: TaskList, name: string): Task => {
  const made = newTask({ path: `/d/${name}`, realPath: `/d/${name}`, sizeBytes: 100 }, list.nextOrder(), 1);
  list.add(made);
  return made;
};

describe('on disk', () => {
  it('is read as it was written', async () => {
    const list = await open();
    const one = task(list, 'a\n\u202E<b>');
    one.state = 'paused';
    one.form = { cloud: 'c', name: 'n' };
    list.facts.paused = true;
    list.changed(one);
    await list.flush();
    const again = await open();
    expect(again.all()).toEqual([one]);
    expect(again.facts.paused).toBe(true);
    list.stop();
  });

  it('that cannot be read is kept aside, too: it is not written over', async () => {
    const file = path.join(dataDir, 'tasks.jsonl');
    await mkdir(file);
    const list = await open();
    expect(warnings).toEqual([expect.stringContaining('tasks.damaged-7.jsonl')]);
    task(list, 'a');
    await list.flush();
    list.stop();
    expect((await stat(path.join(dataDir, 'tasks.damaged-7.jsonl'))).isDirectory()).toBe(true);
    expect((await open()).size).toBe(1);
  });

  it('that cannot be written is told once, until it can', async () => {
    const folder = path.join(dataDir, 'full');
    const onTrouble = vi.fn();
    const read = await readTasks(folder, 7, log);
    const list = new TaskList({ dataDir: folder, clock: systemClock, log, read, onTrouble });
    await writeFile(folder, 'a file is in its place');
    task(list, 'a');
    for (let n = 0; n < 2; n++) await expect(list.flush()).rejects.toThrow('the list of uploads');
    expect(list.trouble).toContain('the list of uploads');
    expect(onTrouble).toHaveBeenCalledOnce();
    await rm(folder);
    await list.flush();
    expect(list.trouble).toBeUndefined();
    expect(onTrouble).toHaveBeenCalledTimes(2);
    list.stop();
  });

  it('is left alone once the list has stopped: it may be that of another engine', async () => {
    const list = await open();
    const one = task(list, 'a');
    await list.flush();
    list.stop();
    const other = await open();
    task(other, 'b');
    await other.flush();
    one.state = 'done';
    list.changed(one);
    await list.flush();
    expect((await open()).size).toBe(2);
    other.stop();
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -20)],
    ['without its last line', (text: string) => text.split('\n').slice(0, -2).join('\n')],
    ['of a newer version', (text: string) => text.replace('"version":1', '"version":2')],
    ['with a wrong type', (text: string) => text.replace('"sizeBytes":100', '"sizeBytes":"100"')],
    ['no text', () => '\0\0\0'],
    ['empty', () => ''],
  ])('%s is kept aside, told, and starts empty', async (_what, harm) => {
    const list = await open();
    task(list, 'a');
    await list.flush();
    list.stop();
    const file = path.join(dataDir, 'tasks.jsonl');
    const harmed = harm(await readFile(file, 'utf8'));
    await writeFile(file, harmed);
    const again = await open();
    expect(again.size).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('tasks.damaged-7.jsonl')]);
    expect(await readFile(path.join(dataDir, 'tasks.damaged-7.jsonl'), 'utf8')).toBe(harmed);
  });
});

it('keeps its order when tasks are put between others very often', async () => {
  const list = await open();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => task(list, name));
  if (a === undefined || b === undefined || c === undefined) return;
  for (let n = 0; n < 200; n++) {
    list.place(n % 2 === 0 ? c : b, n % 2 === 0 ? b : c);
    expect(new Set(list.all().map(({ order }) => order)).size).toBe(3);
  }
  list.place(a, undefined);
  expect(list.all().at(-1)).toBe(a);
  expect(list.nextOrder()).toBeGreaterThan(a.order);
  list.stop();
});

const snapshot: UploadSnapshot = {
  ...{ uploadId: 'u', state: 'uploading', partSizeBytes: 50, partsTotal: 2, partsDone: 1, partsSkipped: 0 },
  file: { path: '/d/a', sizeBytes: 100, mtimeMs: 0, inode: 0 },
  target: { cloud: 'c', region: 'r', bucket: 'b', key: 'k' },
  ...{
    confirmedBytes: 50,
    underWayBytes: 20,
    sentBytes: 70,
    bytesPerSecond: 10,
    etaMs: 3000,
    hashedBytes: 0,
  },
};

describe('progress', () => {
  it('counts what is confirmed, and of a stream what was given', () => {
    expect(progressOf(snapshot)).toMatchObject({
      confirmedBytes: 50,
      fraction: 0.5,
      resumable: true,
      etaMs: 3000,
    });
    const stream = { ...snapshot, confirmedBytes: 0, route: 'stream' as const };
    expect(progressOf(stream)).toMatchObject({ confirmedBytes: 20, fraction: 0.2, resumable: false });
  });

  it('does not go back while the server has not told what it has', () => {
    expect(progressOf({ ...snapshot, confirmedBytes: 0 }, 50)).toMatchObject({ fraction: 0.5 });
  });

  it('has a rate only while it sends', () => {
    expect(progressOf({ ...snapshot, state: 'verifying' })).toMatchObject({ bytesPerSecond: 0 });
    expect(progressOf({ ...snapshot, state: 'verifying' })).not.toHaveProperty('etaMs');
  });
});

it('shows parts as digits, the least of those that share one', () => {
  expect(partDigits(new Uint8Array([3, 2, 1, 0]))).toBe('3210');
  const many = new Uint8Array(10_000).fill(3);
  many[15] = 1;
  expect(partDigits(many)).toHaveLength(1000);
  expect(partDigits(many).slice(0, 3)).toBe('313');
  expect(partDigits(new Uint8Array())).toBe('');
});

it('adds up what is to be sent', async () => {
  const list = await open();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => task(list, name));
  if (a === undefined || b === undefined || c === undefined || d === undefined) return;
  a.state = 'uploading';
  a.progress = progressOf(snapshot);
  b.state = 'queued';
  c.state = 'paused';
  d.state = 'draft';
  expect(totalsOf(list.all(), false, 10)).toEqual({
    ...{ tasks: 4, uploading: 1, queued: 1, attention: 0, done: 0, paused: false },
    ...{ totalBytes: 300, confirmedBytes: 50, underWayBytes: 20, bytesPerSecond: 10, etaMs: 15_000 },
  });
  expect(viewOf(d)).toMatchObject({ actions: ['edit', 'start', 'remove', 'move'], elsewhere: false });
  // Nothing waits: it takes as long as the one that sends.
  b.state = 'paused';
  expect(totalsOf(list.all(), false, 10)).toMatchObject({ queued: 0, etaMs: a.progress.etaMs });
  list.stop();
});

describe('the timeline', () => {
  it('gives states of an older version, which are words alone, as data, too', () => {
    const state = (text: string) => entryOf({ at: 1, kind: 'state', text }).moment;
    expect(state('uploaded')).toEqual({ type: 'state', state: 'uploaded' });
    expect(state('attention: Could not read it: gone.')).toEqual({
      ...{ type: 'state', state: 'attention', cause: { reason: 'Could not read it: gone.' } },
    });
    expect(state('It is gone.')).toBeUndefined();
    expect(entryOf({ at: 1, kind: 'note', text: 'uploaded' }).moment).toBeUndefined();
  });
});
