// The rate and the number at once, in the order of coming.
import { describe, expect, it } from 'vitest';
import { requestGate } from './request-gate.ts';
import { cancelled, ManualClock, settled } from './testing.ts';
import { Turnstile } from './turnstile.ts';

function line(perSecond: number, parallel: number) {
  const clock = new ManualClock();
  const turnstile = new Turnstile({ perSecond, parallel }, clock, cancelled);
  const passed: number[] = [];
  const leaves: (() => void)[] = [];
  const come = (count: number) => {
    for (let i = 0; i < count; i++)
      void turnstile.enter().then((leave) => {
        passed.push(i);
        leaves.push(leave);
      });
  };
  return { clock, turnstile, passed, leaves, come };
}

describe('a turnstile', () => {
  it('lets a second’s worth pass at once, then so many a second', async () => {
    const { clock, passed, come } = line(4, 100);
    come(12);
    await settled();
    expect(passed).toEqual([0, 1, 2, 3]);
    await clock.pass(500);
    expect(passed).toHaveLength(6);
    await clock.pass(1500);
    expect(passed).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('has so many inside at most, whatever the rate', async () => {
    const { clock, passed, leaves, come, turnstile } = line(1000, 2);
    come(5);
    await clock.pass(5000);
    expect(passed).toEqual([0, 1]);
    expect(turnstile.isFull).toBe(true);
    leaves[0]?.();
    leaves[0]?.();
    await settled();
    expect(passed).toEqual([0, 1, 2]);
  });

  it('passes less than once a second too, and lets those go who abort', async () => {
    const { clock, turnstile } = line(0.5, 5);
    await turnstile.enter();
    const stop = new AbortController();
    const [left, stays] = [turnstile.enter(stop.signal), turnstile.enter()];
    stop.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
    await clock.pass(2000);
    await stays;
    await expect(turnstile.enter(AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('a gate for requests', () => {
  it('has a line for each service, and none for much data', async () => {
    const gate = requestGate(() => ({ perSecond: 1, parallel: 1 }), new ManualClock(), cancelled);
    let passed = 0;
    const enter = (service: string, bulk = false) =>
      void gate.enter(service, bulk, undefined).then(() => {
        passed += 1;
      });
    enter('https://a');
    enter('https://a');
    enter('https://b');
    enter('https://a', true);
    await settled();
    expect(passed).toBe(3);
  });
});
