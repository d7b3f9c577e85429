// What an upload notices about itself: what it waits for, that nothing moves, that the machine slept, that clocks jump.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock, UnavailableError } from '../model/index.ts';
import { startStream, startUpload } from './index.ts';
import { diskOrHash } from './part-feed.ts';
import { MemoryStream } from './testing/memory-stream.ts';
import { hanging, MemoryTarget, networkError } from './testing/memory-target.ts';
import { gate, makeSetting, recorder, type Setting, until } from './testing/setting.ts';
import { momentOf, Timeline, timelineLength } from './timeline.ts';
import { Waits } from './waits.ts';
import { Watchdog } from './watchdog.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await setting.remove();
});

describe('the bottleneck', () => {
  test('is what was waited for most in the last seconds', () => {
    let now = 0;
    const waits = new Waits(() => now);
    expect(waits.most).toBeUndefined();
    waits.add('network', 900);
    expect(waits.most).toBeUndefined();
    waits.add('server', 400);
    expect(waits.most).toBe('network');
    now = 40_000;
    waits.add('disk', 1_000);
    expect(waits.most).toBe('disk');
    waits.restart();
    expect(waits.most).toBeUndefined();
  });

  test('of a part that was not ready is the disk where no hash is that slow', () => {
    expect(diskOrHash(1_000, 16e6)).toBe('disk');
    expect(diskOrHash(100, 16e6)).toBe('hash');
  });

  test.each([
    ['server', {}],
    ['throttle', { limitBytesPerSecond: 4 * KiB }],
  ] as const)('of a real upload: %s', async (expected, extra) => {
    const file = await setting.file('disk.img', 64 * KiB);
    const target = new MemoryTarget();
    const upload = target.uploadPart.bind(target);
    target.uploadPart = async (part, options) => {
      const answer = await upload(part, options);
      if (expected === 'server') await setting.clock.sleep(5_000);
      return answer;
    };
    const { onEvent, events } = recorder();
    const request = { path: file.path, target, partSizeBytes: 8 * KiB, parallelParts: 1, onEvent, ...extra };
    await (await startUpload(request, setting.options)).done;
    expect(events.findLast((e) => e.type === 'progress')?.snapshot.bottleneck).toBe(expected);
  });
});

describe('a stall', () => {
  test('is found once, and over when anything moves', () => {
    const dog = new Watchdog(30_000, 0, 0);
    const look = (at: number, moved: number | undefined) => dog.look(at, at, moved, 1_000);
    for (let at = 1_000; at <= 30_000; at += 1_000) expect(look(at, 5).stalledMs).toBeUndefined();
    expect(look(31_000, 5)).toEqual({ stalledMs: 30_000, newlyStalled: true });
    expect(look(32_000, 5)).toEqual({ stalledMs: 31_000, newlyStalled: false });
    expect(look(33_000, 6)).toEqual({ newlyStalled: false });
    for (let at = 34_000; at < 63_000; at += 1_000) look(at, 6);
    expect(look(63_000, 6).newlyStalled).toBe(true);
    // While nothing is meant to move, nothing stalls.
    expect(look(64_000, undefined)).toEqual({ newlyStalled: false });
  });

  test('of a real upload is told once, with the time, and is in the timeline', async () => {
    const file = await setting.file('disk.img', 8 * KiB);
    const target = new MemoryTarget();
    const held = hanging(target, 3);
    const { onEvent, events } = recorder();
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: KiB, stalledAfterMs: 60, onEvent },
      { ...setting.options, clock: systemClock, tickMs: 10 },
    );
    const stalls = () => events.filter((e) => e.type === 'stalled').length;
    await until('it is stalled', () => upload.snapshot().partsDone === 2 && stalls() > 0);
    await until('nothing has moved for a while', () => (upload.snapshot().stalledMs ?? 0) > 300);
    const told = stalls();
    await until('it goes on', () => (upload.snapshot().stalledMs ?? 0) > 600);
    expect(stalls()).toBe(told);
    const heard = () => events.filter((e) => e.type === 'progress' && (e.snapshot.stalledMs ?? 0) > 0).length;
    await until('it is told every second how long', () => heard() >= 2);
    expect(upload.snapshot().state).toBe('uploading');
    held.open();
    await upload.done;
    expect(upload.snapshot().stalledMs).toBeUndefined();
    expect(upload.timeline().map((m) => m.kind)).toContain('stalled');
  });
});

describe('a sleep of the machine', () => {
  test('is told from a slow look, whichever clock shows it', () => {
    const dog = new Watchdog(30_000, 0, 0);
    expect(dog.look(1_000, 1_000, 1, 1_000).sleptMs).toBeUndefined();
    expect(dog.look(21_000, 21_000, 1, 1_000).sleptMs).toBeUndefined();
    // The steady clock stood still, the wall clock did not.
    expect(dog.look(3_622_000, 22_000, 1, 1_000).sleptMs).toBe(3_600_000);
    expect(dog.look(3_623_000, 23_000, 1, 1_000).sleptMs).toBeUndefined();
    // A clock that is set back is no sleep.
    expect(dog.look(23_000, 24_000, 1, 1_000).sleptMs).toBeUndefined();
    expect(dog.look(90_000, 91_000, 1, 1_000).sleptMs).toBe(66_000);
  });

  test('drops dead connections, asks the server what it has, and goes on', async () => {
    const file = await setting.file('disk.img', 8 * KiB);
    const target = new MemoryTarget();
    let dead = true;
    let waiting = 0;
    target.partGate = async (part, signal) => {
      if (part.partNumber < 3 || !dead) return;
      waiting++;
      await new Promise<void>((resolve) =>
        signal?.addEventListener('abort', () => resolve(), { once: true }),
      );
    };
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: KiB, parallelParts: 4 },
      { ...setting.options, clock: systemClock, tickMs: 10 },
    );
    // Parts 3 to 6 hang then, and no further one begins.
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    await until('four hang', () => waiting === 4);
    target.calls.length = 0;
    dead = false;
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 3_600_000);
    const result = await upload.done;
    expect(target.calls[0]).toBe('listParts');
    expect(target.count('uploadPart')).toBe(6);
    expect(result.sha256).toBe(file.sha256);
    expect(
      upload
        .timeline()
        .map((m) => m.text)
        .join('\n'),
    ).toMatch(/asleep for about 3[56]\d\d s, or its clock was set: connections are opened anew/);
  });

  test('does not tear down a stream that may still live', async () => {
    const file = await setting.file('disk.img', 64 * KiB);
    const target = new MemoryStream();
    const held = gate();
    target.pieceGate = () => held.passed;
    const upload = await startStream(
      { path: file.path, target },
      { ...setting.options, clock: systemClock, tickMs: 10 },
    );
    await until('it is being sent', () => target.underWay === 1);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 3_600_000);
    await until('it noticed', () => upload.timeline().some((m) => /asleep/.test(m.text)));
    held.open();
    await upload.done;
    expect(target.calls.filter((c) => c.startsWith('send'))).toHaveLength(1);
  });
});

describe.each([-3_600_000, 3_600_000])('a clock that is set by %i ms', (jump) => {
  test('changes no rate, no time left, no limit, and stops nothing', async () => {
    const file = await setting.file('disk.img', 40 * KiB);
    const target = new MemoryTarget();
    target.partGate = () => new Promise((resolve) => setTimeout(resolve, 5));
    const { onEvent, events } = recorder();
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: KiB, limitBytesPerSecond: 100 * KiB, onEvent },
      { ...setting.options, clock: systemClock },
    );
    await until('some parts are confirmed', () => upload.snapshot().partsDone >= 5);
    const real = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => real() + jump);
    const result = await upload.done;
    expect(result.sha256).toBe(file.sha256);
    for (const { snapshot } of events) {
      expect(snapshot.bytesPerSecond).toBeGreaterThanOrEqual(0);
      expect(snapshot.bytesPerSecond).toBeLessThan(10_000 * KiB);
      if (snapshot.etaMs !== undefined) expect(snapshot.etaMs).toBeLessThan(60_000);
    }
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });
});

describe('the timeline', () => {
  test('keeps the last moments, and of the same words one', () => {
    const timeline = new Timeline();
    const note = (at: number, text: string) => timeline.add({ at, kind: 'note', text });
    expect([note(0, 'a'), note(1, 'a'), note(2, 'b'), note(3, 'a'), note(60_000, 'a')]).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
    for (let i = 0; i < 500; i++) note(i, `n${i}`);
    expect(timeline.entries).toHaveLength(timelineLength);
    expect(timeline.entries.at(-1)?.text).toBe('n499');
  });

  test('has no progress in it', () => {
    expect(momentOf({ type: 'progress', at: 1, snapshot: {} as never })).toBeUndefined();
  });

  test('tells its moments as data, too, and bounds what a service chose', () => {
    const error = new UnavailableError({
      operation: 'upload part 3 of disk.img',
      httpStatus: 503,
      code: 'SlowDown'.repeat(30),
      requestId: 'req-1',
    });
    const retry = { partNumber: 3, attempt: 2, waitMs: 70, error };
    expect(momentOf({ type: 'retry', at: 1, snapshot: {} as never, ...retry })).toMatchObject({
      kind: 'retry',
      text: expect.stringContaining('(part 3) Try 2 failed, next try in 0.1 s.'),
      moment: {
        ...{ type: 'retry', partNumber: 3, attempt: 2, waitMs: 70 },
        cause: { httpStatus: 503, requestId: 'req-1', code: 'SlowDown'.repeat(25) },
      },
    });
    const cause = { code: 'Full' };
    const snapshot = {
      state: 'attention',
      problem: { kind: 'quota', message: 'It is full.', cause },
    } as never;
    expect(momentOf({ type: 'state', at: 1, snapshot })).toEqual({
      ...{ at: 1, kind: 'state', text: 'attention: It is full.' },
      moment: { type: 'state', state: 'attention', cause },
    });
    expect(momentOf({ type: 'note', at: 1, snapshot, text: 'Hello.' })).toEqual({
      ...{ at: 1, kind: 'note', text: 'Hello.' },
    });
  });

  test('of an upload that retries for long stays small in the journal', async () => {
    const file = await setting.file('disk.img', 2 * KiB);
    const target = new MemoryTarget();
    let fails = 600;
    target.mishap = (call) => (call === 'uploadPart' && fails-- > 0 ? networkError() : undefined);
    const request = { path: file.path, target, partSizeBytes: KiB, maxAttempts: 2_000 };
    const upload = await startUpload(request, setting.options);
    await upload.done;
    expect(upload.timeline()).toHaveLength(timelineLength);
  });
});
