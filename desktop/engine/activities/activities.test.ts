// The list of activities: what is told and when, what is kept, what the next run goes on with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError, ConflictError } from '@imagebridge/core';
import type { EngineEvent } from '@imagebridge/desktop-contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LONG, ManualClock, memoryLog, never, testFolder } from '../clouds/testing.ts';
import { Activities, type ActivityEnd, type Runner, type Work } from './activities.ts';
import type { ActivityLine, Order } from './orders.ts';

const LINE: ActivityLine = {
  cloud: 'c',
  region: 'r',
  imageId: 'i',
  imageName: '<b>n</b>',
  target: 'x',
  canCancel: true,
};
const ORDER: Order = { kind: 'copy', cloud: 'c', imageId: 'i', name: 'x' };

function setUp(dataDir = testFolder()) {
  const events: EngineEvent[] = [];
  const clock = new ManualClock();
  const log = memoryLog();
  const works: { order: Order; work: Work; end: (end: ActivityEnd) => void; fail: (error: Error) => void }[] =
    [];
  const run: Runner = (order, work) =>
    new Promise((end, fail) => {
      works.push({ order, work, end, fail });
      work.signal.addEventListener('abort', () =>
        fail(new CancelledError({ operation: 'work', reason: 'it was cancelled' })),
      );
    });
  const activities = new Activities({ clock, log, emit: (event) => void events.push(event), dataDir }, run);
  // What it still writes would bring its folder back.
  onTestFinished(() => activities.stop());
  const texts = () =>
    events.flatMap((event) =>
      event.type === 'activity' && event.activity.text ? [event.activity.text] : [],
    );
  return { activities, events, clock, log, works, dataDir, texts };
}

describe('activities', () => {
  it('tell their progress four times a second, the last word included', async () => {
    const { activities, clock, works, texts } = setUp();
    activities.start(ORDER, LINE);
    const work = works[0]?.work;
    clock.advance(1000);
    for (let i = 0; i < 100; i += 1) work?.progress({ text: `step ${i}`, fraction: i / 100 });
    expect(texts()).toEqual(['step 0']);
    clock.advance(250);
    await Promise.resolve();
    expect(texts()).toEqual(['step 0', 'step 99']);
    works[0]?.end({ text: 'over' });
    await expect.poll(texts, LONG).toEqual(['step 0', 'step 99', 'over']);
    expect(activities.snapshot()).toMatchObject([{ state: 'done', fraction: 1, canCancel: false }]);
  });

  it('are kept when they are over, but not for ever', async () => {
    const { activities, works, events } = setUp();
    for (let i = 0; i < 130; i += 1) activities.start(ORDER, LINE);
    for (const { end } of works) end({});
    await expect.poll(() => activities.snapshot().length, LONG).toBe(100);
    expect(events.filter(({ type }) => type === 'activity-gone')).toHaveLength(30);
  });

  it('that cannot be cancelled say so', async () => {
    const { activities, works } = setUp();
    const id = activities.start(ORDER, { ...LINE, canCancel: false });
    await expect(activities.cancel(id)).rejects.toThrow('This cannot be cancelled');
    works[0]?.end({});
    await expect.poll(() => activities.snapshot()[0]?.state, LONG).toBe('done');
    await activities.cancel(id);
    await activities.handlers['activities.dismiss']({ id }, never);
    expect(activities.snapshot()).toEqual([]);
  });

  it('that fail while they are cancelled have failed', async () => {
    const { activities, works } = setUp();
    const id = activities.start(ORDER, LINE);
    works[0]?.work.onCancel(async () => {
      works[0]?.fail(new ConflictError({ operation: 'work', reason: 'somebody else was quicker' }));
    });
    await activities.cancel(id);
    expect(activities.snapshot()).toMatchObject([{ state: 'failed', problem: { kind: 'conflict' } }]);
  });

  it('are gone on with by the next run, unless they were over or cancelled', async () => {
    const first = setUp();
    const [a = '', b = ''] = ['one', 'two', 'three'].map((imageId) =>
      first.activities.start({ ...ORDER, imageId }, { ...LINE, imageId }),
    );
    await first.activities.cancel(a);
    first.works[1]?.end({});
    await expect.poll(() => first.activities.snapshot().find(({ id }) => id === b)?.state, LONG).toBe('done');
    first.clock.advance(1000);
    await first.activities.stop();
    const second = setUp(first.dataDir);
    second.activities.restore();
    expect(second.works.map(({ order }) => order.imageId)).toEqual(['three']);
    expect(second.activities.snapshot()).toMatchObject([
      { kind: 'copy', state: 'running', imageId: 'three', imageName: '<b>n</b>', startedAt: 1_000_000 },
    ]);
    second.works[0]?.end({});
    await expect.poll(() => second.activities.snapshot()[0]?.state, LONG).toBe('done');
    await second.activities.stop();
    const third = setUp(first.dataDir);
    third.activities.restore();
    expect(third.activities.snapshot()).toEqual([]);
  });

  it('start empty where the file is damaged, and take what is right of one that is half right', async () => {
    const { activities, dataDir, works } = setUp();
    activities.start(ORDER, LINE);
    await activities.stop();
    expect(works).toHaveLength(1);
    const path = join(dataDir, 'activities.json');
    const content = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...content, activities: [{ order: {} }, ...content.activities] }));
    const half = setUp(dataDir);
    half.activities.restore();
    expect(half.activities.snapshot()).toHaveLength(1);
    await half.activities.stop();
    writeFileSync(path, '{"version":1,');
    const none = setUp(dataDir);
    none.activities.restore();
    expect(none.activities.snapshot()).toEqual([]);
    expect(none.log.lines().join()).toContain('is damaged');
  });
});
