// What windows are told: together, seldom, and only what changed. With a clock that the test moves.
import { CancelledError, type Clock } from '@imagebridge/core';
import type { EngineEvent } from '@imagebridge/desktop-contract';
import { beforeEach, expect, it } from 'vitest';
import { Announcer } from './announcer.ts';
import { TaskList } from './list.ts';
import { newTask, type Task } from './task.ts';

/** Time that passes only when it is told to. */
class TestClock implements Clock {
  #now = 1_000_000;
  #sleepers: { atMs: number; wake: () => void }[] = [];
  now = () => this.#now;
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new CancelledError({ operation: 'wait' })));
      this.#sleepers.push({ atMs: this.#now + ms, wake: resolve });
    });
  }
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > end) break;
      this.#sleepers.shift();
      this.#now = Math.max(this.#now, next.atMs);
      next.wake();
    }
    this.#now = end;
  }
}

let clock: TestClock;
let list: TaskList;
let events: { atMs: number; event: EngineEvent }[];
beforeEach(() => {
  clock = new TestClock();
  events = [];
  const log = { info: () => {}, warn: () => {}, lines: () => [] };
  list = new TaskList({ dataDir: '/nonexistent', clock, log, read: { tasks: [], facts: undefined } });
  // Nothing of it is to be written here.
  list.stop();
  list.watch(new Announcer(list, clock, (event) => void events.push({ atMs: clock.now(), event })));
});

const add = (name: string): Task => {
  const task = newTask({ path: `/d/${name}`, realPath: `/d/${name}`, sizeBytes: 1 }, list.nextOrder(), 1);
  list.add(task);
  return task;
};
const taskEvents = () =>
  events.flatMap(({ atMs, event }) => (event.type === 'tasks' ? [{ atMs, ...event }] : []));

it('tells changes at most four times a second, each task once', async () => {
  const [a, b] = [add('a'), add('b')];
  for (let n = 0; n < 500; n++) {
    list.moved(n % 10 === 0 ? b : a);
    await clock.pass(10);
  }
  const told = taskEvents();
  expect(told.length).toBeLessThanOrEqual(21);
  expect(told.length).toBeGreaterThan(15);
  for (const [n, { atMs, upserted }] of told.entries()) {
    expect(upserted.length).toBeLessThanOrEqual(2);
    expect(atMs - (told[n - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(250);
  }
});

it('tells only what has changed, and what is gone', async () => {
  const [a, b] = [add('a'), add('b')];
  await clock.pass(1000);
  events.length = 0;
  a.state = 'draft';
  list.changed(a);
  list.changed(b);
  list.remove(b);
  await clock.pass(1000);
  expect(taskEvents()).toMatchObject([{ upserted: [{ id: a.id, state: 'draft' }], removed: [b.id] }]);
  events.length = 0;
  await clock.pass(1000);
  expect(events).toEqual([]);
});

it('tells many in pieces', async () => {
  for (let n = 0; n < 2500; n++) add(`${n}`);
  await clock.pass(2000);
  expect(taskEvents().map(({ upserted }) => upserted.length)).toEqual([1000, 1000, 500]);
});

it('the time left does not jump when another upload begins', async () => {
  const [a, b] = [add('a'), add('b')];
  const progress = (confirmedBytes: number, bytesPerSecond: number) => ({
    ...{ totalBytes: 1000, confirmedBytes, fraction: confirmedBytes / 1000, bytesPerSecond },
    ...{ partsTotal: 1, partsDone: 0, partSizeBytes: 1, resumable: true },
  });
  const etas: number[] = [];
  a.state = 'uploading';
  b.state = 'queued';
  b.sizeBytes = 1000;
  for (let s = 0; s < 20; s++) {
    a.progress = progress(s * 10, 10);
    if (s === 10) b.state = 'uploading';
    if (s >= 10) b.progress = progress((s - 10) * 10, 10);
    list.moved(a);
    await clock.pass(1000);
    const totals = events.flatMap(({ event }) => (event.type === 'totals' ? [event.totals] : [])).at(-1);
    etas.push(totals?.etaMs ?? 0);
  }
  for (const [n, eta] of etas.entries()) {
    const before = etas[n - 1];
    if (before !== undefined) expect(Math.abs(eta - before)).toBeLessThan(before * 0.15);
  }
  expect(etas[19]).toBeLessThan((etas[9] ?? 0) * 0.75);
});
