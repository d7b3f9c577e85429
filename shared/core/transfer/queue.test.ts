// The queue, with items whose course the test decides, and with real uploads that share a budget.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, QuotaError } from '../model/index.ts';
import { TransferBudget } from './budget.ts';
import { startUpload } from './index.ts';
import { type QueueEvent, type QueueTurn, UploadQueue } from './queue.ts';
import { MemoryTarget } from './testing/memory-target.ts';
import { gate, makeSetting, type Setting, until } from './testing/setting.ts';

const turnOver = () => new Promise((resolve) => setImmediate(resolve));

function scripted(queue: UploadQueue) {
  const log: string[] = [];
  const ends = new Map<string, { done(): void; fail(error: Error): void; turn: QueueTurn }>();
  const add = (id: string, priority = 0, attached = true) =>
    queue.add({
      id,
      title: `upload ${id}`,
      priority,
      run: (turn) =>
        new Promise<void>((resolve, reject) => {
          log.push(`run ${id}`);
          ends.set(id, { done: resolve, fail: reject, turn });
          turn.signal.addEventListener('abort', () =>
            reject(new CancelledError({ operation: id, reason: 'removed' })),
          );
          const upload = {
            pause: async () => void log.push(`pause ${id}`),
            resume: async () => void log.push(`resume ${id}`),
            setPriority: (n: number) => void log.push(`priority ${id} ${n}`),
            snapshot: () => ({ uploadId: id }) as never,
          };
          if (attached) turn.attach(upload);
          else ends.set(id, { done: () => turn.attach(upload), fail: reject, turn });
        }),
    });
  const states = () => Object.fromEntries(queue.snapshot().items.map((i) => [i.id, i.state]));
  return { log, ends, add, states };
}

describe('turns', () => {
  test('so many at once, the higher priority first, then the order of coming', async () => {
    const queue = new UploadQueue({ parallel: 2 });
    const { log, ends, add, states } = scripted(queue);
    for (const id of ['a', 'b', 'c', 'd']) add(id);
    add('e', 5);
    expect(add('a')).toBe(false);
    expect(log).toEqual(['run a', 'run b']);
    ends.get('a')?.done();
    await turnOver();
    queue.setPriority('d', 3);
    ends.get('b')?.done();
    await turnOver();
    expect(log).toEqual(['run a', 'run b', 'run e', 'run d']);
    queue.setParallel(3);
    expect(states()).toEqual({ a: 'done', b: 'done', e: 'running', d: 'running', c: 'running' });
    for (const id of ['c', 'd', 'e']) ends.get(id)?.done();
    await queue.idle();
    expect(Object.values(states())).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  test('one that fails tells why, and the next has its turn', async () => {
    const queue = new UploadQueue({ parallel: 1 });
    const events: QueueEvent[] = [];
    queue.subscribe((event) => events.push(event));
    const { ends, add, states } = scripted(queue);
    add('a');
    add('b');
    ends.get('a')?.fail(new QuotaError({ operation: 'send', reason: 'full' }));
    await turnOver();
    expect(states()).toEqual({ a: 'failed', b: 'running' });
    expect(queue.snapshot().items[0]?.problem).toMatchObject({ kind: 'quota' });
    expect(events.map((e) => `${e.type} ${e.item.id}`)).toEqual([
      'added a',
      'started a',
      'added b',
      'failed a',
      'started b',
    ]);
    ends.get('b')?.done();
    await queue.idle();
  });

  test('a paused one gives its place to the next, and comes back to it before those that have not begun', async () => {
    const queue = new UploadQueue({ parallel: 1 });
    const { log, ends, add, states } = scripted(queue);
    for (const id of ['a', 'b', 'c']) add(id);
    await queue.pause('a');
    expect(states()).toMatchObject({ a: 'paused', b: 'running', c: 'waiting' });
    queue.resume('a');
    expect(states()).toMatchObject({ a: 'waiting', b: 'running' });
    ends.get('b')?.done();
    await turnOver();
    expect(states()).toMatchObject({ a: 'running', b: 'done', c: 'waiting' });
    expect(log).toEqual(['run a', 'pause a', 'run b', 'resume a']);
  });

  test('pause all, resume all; one paused by itself stays so', async () => {
    const queue = new UploadQueue({ parallel: 2 });
    const { log, add, states } = scripted(queue);
    for (const id of ['a', 'b', 'c']) add(id);
    await queue.pause('c');
    await queue.pauseAll();
    add('d');
    expect(queue.snapshot().paused).toBe(true);
    expect(states()).toEqual({ a: 'waiting', b: 'waiting', c: 'paused', d: 'waiting' });
    queue.resumeAll();
    expect(states()).toEqual({ a: 'running', b: 'running', c: 'paused', d: 'waiting' });
    expect(log).toEqual(['run a', 'run b', 'pause a', 'pause b', 'resume a', 'resume b']);
  });

  test('one that is paused while it is being started is paused as soon as there is something to pause', async () => {
    const queue = new UploadQueue();
    const { log, ends, add } = scripted(queue);
    add('a', 0, false);
    await queue.pause('a');
    expect(log).toEqual(['run a']);
    ends.get('a')?.done();
    expect(log).toEqual(['run a', 'pause a']);
  });

  test('removing stops what runs and drops what waits', async () => {
    const queue = new UploadQueue({ parallel: 1 });
    const { log, ends, add, states } = scripted(queue);
    for (const id of ['a', 'b', 'c']) add(id);
    await queue.remove('b');
    await queue.remove('a');
    expect(ends.get('a')?.turn.signal.aborted).toBe(true);
    expect(states()).toEqual({ c: 'running' });
    expect(log).toEqual(['run a', 'run c']);
  });
});

describe('with real uploads', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await makeSetting();
  });
  afterEach(() => setting.remove());

  test('three uploads share a budget: no more parts at once than it has, the important one first', async () => {
    const KiB = 1024;
    const budget = new TransferBudget({ parallelParts: 3 }, setting.clock);
    let [most, underWay] = [0, 0];
    const order: string[] = [];
    const held = gate();
    const queue = new UploadQueue({ parallel: 3 });
    const files = new Map<string, { bytes: Buffer; target: MemoryTarget }>();
    for (const [id, priority] of [
      ['low', 0],
      ['high', 9],
      ['middle', 4],
    ] as const) {
      const file = await setting.file(id, 10 * KiB);
      const target = new MemoryTarget(id);
      files.set(id, { bytes: file.bytes, target });
      target.partGate = async () => {
        underWay++;
        most = Math.max(most, underWay);
        order.push(id);
        await held.passed;
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay--;
      };
      queue.add({
        id,
        title: id,
        priority,
        run: async ({ signal, attach }) => {
          const request = { path: file.path, target, partSizeBytes: KiB, signal, budget, priority };
          const upload = await startUpload(request, setting.options);
          attach(upload);
          return await upload.done;
        },
      });
    }
    await until('all wait for the budget', () => {
      const items = queue.snapshot().items;
      return underWay === 3 && items.every((i) => i.upload?.state === 'uploading');
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    held.open();
    await queue.idle();
    expect(most).toBe(3);
    expect(budget.partsUnderWay).toBe(0);
    for (const { bytes, target } of files.values()) expect(target.object?.bytes.equals(bytes)).toBe(true);
    // What was under way when the others came stays so; after that the highest has the budget for itself.
    expect(order.slice(3).lastIndexOf('high')).toBeLessThan(order.slice(3).indexOf('low') + 4);
    expect(order.lastIndexOf('high')).toBeLessThan(order.lastIndexOf('low'));
    expect(queue.snapshot().items.map((i) => [i.state, i.upload?.state])).toEqual([
      ['done', 'uploaded'],
      ['done', 'uploaded'],
      ['done', 'uploaded'],
    ]);
  });
});
