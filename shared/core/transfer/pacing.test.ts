// The small pure parts that set the pace: backoff, outages, the bandwidth limit, rate and time left, progress events.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, type Clock, ThrottledError, UnavailableError } from '../model/index.ts';
import { startUpload } from './index.ts';
import { Rate, timeLeftMs } from './rate.ts';
import { Outage, retrying, waitBeforeRetryMs } from './retry.ts';
import { MemoryTarget } from './testing/memory-target.ts';
import { makeSetting, recorder, type Setting } from './testing/setting.ts';
import { Throttle } from './throttle.ts';

/** Time that passes only by sleeping. */
class StillClock implements Clock {
  nowMs = 1_000;
  now() {
    return this.nowMs;
  }
  async sleep(ms: number, signal?: AbortSignal) {
    if (signal?.aborted) throw new CancelledError({ operation: 'wait' });
    this.nowMs += ms;
  }
}
const never = new AbortController().signal;
const away = new UnavailableError({ operation: 'x', retryable: true });
const failing = new UnavailableError({ operation: 'x', httpStatus: 500, retryable: true });

describe('backoff', () => {
  test('doubles up to 20 s, a random part of it', () => {
    const most = (n: number) => waitBeforeRetryMs(failing, n, () => 1);
    expect([1, 2, 3, 8, 9, 100].map(most)).toEqual([100, 200, 400, 12_800, 20_000, 20_000]);
    expect(waitBeforeRetryMs(failing, 5, () => 0)).toBe(0);
  });

  test('begins at 500 ms when throttled, and is never shorter than what the service asks', () => {
    const throttled = new ThrottledError({ operation: 'x' });
    expect(waitBeforeRetryMs(throttled, 1, () => 1)).toBe(500);
    const asked = new ThrottledError({ operation: 'x', retryAfterMs: 30_000 });
    expect(waitBeforeRetryMs(asked, 1, () => 0)).toBe(30_000);
  });

  test('an aborted wait ends the retries at once', async () => {
    const controller = new AbortController();
    let calls = 0;
    const rules = {
      clock: new StillClock(),
      random: () => 1,
      maxAttempts: 5,
      outage: new Outage(0),
      signal: controller.signal,
      onRetry: () => controller.abort(),
    };
    const tried = retrying(rules, 'try', async () => {
      calls++;
      throw failing;
    });
    await expect(tried).rejects.toBeInstanceOf(CancelledError);
    expect(calls).toBe(1);
  });
});

describe('outage', () => {
  test('silence does not count until the patience ends; an answer counts and ends the outage', () => {
    const outage = new Outage(1_000);
    const mark = outage.mark();
    expect(outage.counts(away, mark, 0)).toBe(false);
    expect(outage.isAway).toBe(true);
    expect(outage.counts(away, mark, 999)).toBe(false);
    expect(outage.counts(away, mark, 1_000)).toBe(true);
    expect(outage.counts(failing, mark, 1_001)).toBe(true);
    expect(outage.isAway).toBe(false);
    expect(outage.counts(away, outage.mark(), 1_002)).toBe(false);
  });

  test('silence counts for a request while others are answered', () => {
    const outage = new Outage(1_000);
    const mark = outage.mark();
    outage.contact();
    expect(outage.counts(away, mark, 0)).toBe(true);
  });
});

describe('bandwidth limit', () => {
  test('keeps the average, whatever the chunk size', async () => {
    for (const chunk of [100, 1_000, 70_000]) {
      const clock = new StillClock();
      const throttle = new Throttle(clock, 10_000);
      const begun = clock.nowMs;
      for (let sent = 0; sent < 700_000; sent += chunk) await throttle.take(chunk, never);
      // The last chunk is not waited for.
      const seconds = (clock.nowMs - begun) / 1000;
      expect(seconds).toBeGreaterThan((700_000 - chunk) / 10_000 - 1);
      expect(seconds).toBeLessThan(72);
    }
  });

  test('allows no burst after an idle time', async () => {
    const clock = new StillClock();
    const throttle = new Throttle(clock, 1_000);
    clock.nowMs += 3_600_000;
    const begun = clock.nowMs;
    for (let i = 0; i < 100; i++) await throttle.take(100, never);
    expect(clock.nowMs - begun).toBeGreaterThan(9_000);
  });

  test('can be changed by whoever waits for it, and none means none', async () => {
    const clock = new StillClock();
    const throttle = new Throttle(clock, 1);
    await throttle.take(1_000_000, never);
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (ms) => {
      await sleep(ms);
      throttle.set(undefined);
    };
    await throttle.take(1, never);
    expect(clock.nowMs).toBeLessThan(2_000);
    expect(new Throttle(clock).pieceBytes()).toBe(256 * 1024);
    expect(new Throttle(clock, 80_000).pieceBytes()).toBe(10_000);
    expect(new Throttle(clock, 1).pieceBytes()).toBe(4096);
  });

  test('a waiting sender can be stopped', async () => {
    const throttle = new Throttle(new StillClock(), 1);
    await throttle.take(100, never);
    await expect(throttle.take(1, AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('rate', () => {
  test('is right from the beginning, follows changes within its half-life, and falls when nothing comes', () => {
    const rate = new Rate(0);
    expect(rate.perSecond(0)).toBe(0);
    const run = (from: number, seconds: number, perSecond: number) => {
      for (let t = from + 1; t <= from + seconds; t++) {
        rate.add(perSecond);
        rate.perSecond(t * 1000);
      }
      return rate.perSecond((from + seconds) * 1000);
    };
    expect(run(0, 2, 1_000)).toBeCloseTo(1_000);
    expect(run(2, 100, 1_000)).toBeCloseTo(1_000);
    expect(run(102, 15, 3_000)).toBeCloseTo(2_000, -1);
    expect(rate.perSecond(132_000)).toBeCloseTo(1_000, -1);
  });

  test('and the limit survive a clock that is set back by an hour', async () => {
    const rate = new Rate(3_600_000);
    rate.add(500);
    expect(rate.perSecond(3_600_500)).toBeCloseTo(1_000);
    expect(rate.perSecond(500)).toBeCloseTo(1_000);
    rate.add(500);
    expect(rate.perSecond(1_000)).toBeCloseTo(1_000);

    const clock = new StillClock();
    clock.nowMs = 3_600_000;
    const throttle = new Throttle(clock, 1_000);
    await throttle.take(1_000, never);
    clock.nowMs = 0;
    await throttle.take(1_000, never);
    expect(clock.nowMs).toBeLessThan(1_500);
  });

  test('time left comes from what is left', () => {
    expect(timeLeftMs(10_000, 1_000)).toBe(10_000);
    expect(timeLeftMs(10_000, 0)).toBeUndefined();
    expect(timeLeftMs(0, 0)).toBe(0);
  });
});

describe('progress events', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await makeSetting();
  });
  afterEach(() => setting.remove());

  test('come at most five times a second inside a part, never go back, and tell the time left', async () => {
    const file = await setting.file('disk.img', 400_000);
    const { onEvent, events } = recorder();
    const upload = await startUpload(
      { path: file.path, target: new MemoryTarget(), limitBytesPerSecond: 50_000, onEvent },
      setting.options,
    );
    await upload.done;
    const progress = events.filter((e) => e.type === 'progress');
    const inside = progress.filter((e) => e.snapshot.partsDone === 0);
    expect(inside.length).toBeGreaterThan(20);
    for (const [i, e] of inside.entries()) {
      const before = inside[i - 1];
      if (before === undefined) continue;
      expect(e.at - before.at).toBeGreaterThanOrEqual(200);
      expect(e.snapshot.sentBytes).toBeGreaterThan(before.snapshot.sentBytes);
    }
    const late = inside.at(-2)?.snapshot;
    expect(late?.bytesPerSecond).toBeGreaterThan(40_000);
    expect(late?.bytesPerSecond).toBeLessThan(60_000);
    const left = ((400_000 - (late?.sentBytes ?? 0)) / (late?.bytesPerSecond ?? 1)) * 1000;
    expect(late?.etaMs).toBeCloseTo(left, -1);
  });
});
