// The queue on a clock of its own: how often what fails is tried.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, TransferBudget, UnavailableError } from '@imagebridge/core';
import { expect, it } from 'vitest';
import type { EngineContext } from '../context.ts';
import { TaskList } from './list.ts';
import { Queue } from './queue.ts';
import { newTask } from './task.ts';
import { SETTINGS, until } from './testing/place.ts';

it('whoever lets a failed upload go on lets it be tried as often as before', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'imagebridge-queue-'));
  const clock: Clock = { now: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) };
  const log = { info: () => {}, warn: () => {}, lines: () => [] };
  const list = new TaskList({ dataDir, clock, log, read: { tasks: [], facts: undefined } });
  let tries = 0;
  const busy = async () => {
    tries++;
    throw new UnavailableError({ operation: 'sign in', httpStatus: 503 });
  };
  const context = {
    ...{ env: {}, engine: { stateDir: dataDir }, dataDir, clock, log },
    settings: { get: () => SETTINGS },
    clouds: { open: busy },
    emit: () => {},
  } as unknown as EngineContext;
  const queue = new Queue({
    ...{ context, list, budget: new TransferBudget({}, clock) },
    onReplaced: () => {},
    onElsewhere: () => {},
  });
  queue.hold('starting', false);
  const task = newTask({ path: '/d/a', realPath: '/d/a', sizeBytes: 1 }, 1, 0);
  task.form = { cloud: 'c', name: 'a' };
  list.add(task);
  queue.reached('c');
  for (const _ of ['at first', 'once more']) {
    tries = 0;
    queue.enqueue(task);
    await until('it needs the user', () => task.state === 'attention' && queue.runOf(task) === undefined);
    expect(tries).toBe(8);
  }
  // What is being written just now would be in the way.
  await list.flush();
  list.stop();
  await rm(dataDir, { recursive: true, force: true });
});
