// The budget that uploads share: its slots by priority, its rate over all of them.
import { expect, test } from 'vitest';
import { CancelledError } from '../model/index.ts';
import { paceOf, TransferBudget } from './budget.ts';
import { HastyClock } from './testing/setting.ts';
import { Throttle } from './throttle.ts';

const never = new AbortController().signal;
const turnOver = () => new Promise((resolve) => setImmediate(resolve));

test('slots go to the highest priority, then in order; a change of priority counts at once', async () => {
  const budget = new TransferBudget({ parallelParts: 1 });
  const [low, high, other] = [budget.join(0), budget.join(5), budget.join(0)];
  const first = await low.slot(never);
  const got: string[] = [];
  const wait = (name: string, share: typeof low) =>
    share.slot(never).then((leave) => {
      got.push(name);
      return leave;
    });
  const waits = [wait('low', low), wait('other', other), wait('high', high)];
  await turnOver();
  expect(got).toEqual([]);
  other.priority = 7;
  first();
  (await waits[1])?.();
  (await waits[2])?.();
  (await waits[0])?.();
  expect(got).toEqual(['other', 'high', 'low']);
  first();
  expect(budget.partsUnderWay).toBe(0);
});

test('more slots are given at once; an abort leaves the line', async () => {
  const budget = new TransferBudget({ parallelParts: 1 });
  const share = budget.join();
  await share.slot(never);
  const stop = new AbortController();
  const waiting = [share.slot(never), share.slot(stop.signal), share.slot(never)];
  stop.abort();
  await expect(waiting[1]).rejects.toBeInstanceOf(CancelledError);
  budget.setParallelParts(2);
  await waiting[0];
  expect(budget.partsUnderWay).toBe(2);
  budget.setParallelParts(undefined);
  await waiting[2];
  await expect(share.slot(AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
  expect(budget.partsUnderWay).toBe(3);
});

test('the rate is that of all together, can be changed, and the strictest limit counts', async () => {
  const clock = new HastyClock();
  const budget = new TransferBudget({ limitBytesPerSecond: 10_000 }, clock);
  const own = new Throttle(clock, 1e9);
  const pace = paceOf([own, budget]);
  expect(pace.pieceBytes()).toBe(budget.pieceBytes());
  const from = clock.now();
  for (let i = 0; i < 10; i++) {
    await pace.take(4096, never);
    await budget.take(4096, never);
  }
  const slow = clock.now() - from;
  expect(slow).toBeGreaterThan(6_000);
  expect(slow).toBeLessThan(9_500);
  budget.setLimit(undefined);
  const sleeps = clock.sleeps.length;
  for (let i = 0; i < 100; i++) await pace.take(4096, never);
  expect(clock.sleeps.length).toBe(sleeps);
});
