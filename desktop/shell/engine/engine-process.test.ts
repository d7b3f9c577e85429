// The engine's process is started, brought back with growing pauses, connected and stopped; with a made-up process.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeChild, fakeChannel } from '../testing/fake-ports.ts';
import { EngineProcess, type Outage } from './engine-process.ts';

function open() {
  const children: FakeChild[] = [];
  const outages: Outage[] = [];
  const reports: string[] = [];
  const engine = new EngineProcess({
    fork() {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    channel: fakeChannel,
    locale: 'zh-CN',
    onReport: (report) => reports.push(report.type),
    onOutage: (outage) => outages.push(outage),
  });
  return { engine, children, outages, reports };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('starts it first, connects windows after, and drops reports of a wrong shape', () => {
  const { engine, children, reports } = open();
  engine.start();
  engine.start();
  expect(children).toHaveLength(1);
  const take = vi.fn();
  engine.connect('window', take);
  expect(children[0]?.posted.map(({ type }) => type)).toEqual(['start', 'window']);
  expect(take).toHaveBeenCalledOnce();
  children[0]?.report({ type: 'ready' });
  children[0]?.report({ type: 'format-disk' });
  expect(reports).toEqual(['ready']);
  engine.send({ type: 'suspend' });
  expect(children[0]?.posted[0]?.port.got).toEqual([{ type: 'suspend' }]);
});

test('comes back with growing pauses, and serves those who asked meanwhile once each', () => {
  const { engine, children, outages } = open();
  engine.start();
  children[0]?.exit(1, 'out of memory');
  const first = vi.fn();
  const last = vi.fn();
  engine.connect('window', first);
  engine.connect('window', last);
  vi.advanceTimersByTime(499);
  expect(children).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(children).toHaveLength(2);
  expect(first).not.toHaveBeenCalled();
  expect(last).toHaveBeenCalledOnce();
  children[1]?.exit(1, '');
  vi.advanceTimersByTime(999);
  expect(children).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(children).toHaveLength(3);
  expect(outages).toEqual([
    { reason: 'out of memory', isTold: false, failures: 1 },
    { reason: 'It ended with code 1.', isTold: false, failures: 2 },
  ]);
});

test('files to open wait until it is ready, also through failed starts; nothing else waits', () => {
  const { engine, children } = open();
  const opening = { type: 'open' as const, paths: ['/a.iso'] };
  engine.send(opening);
  engine.send({ type: 'resume' });
  engine.start();
  expect(children[0]?.posted[0]?.port.got).toEqual([]);
  children[0]?.report({ type: 'failed', message: 'Another one has its folder.' });
  children[0]?.exit(1, '');
  vi.advanceTimersByTime(500);
  children[1]?.report({ type: 'ready' });
  expect(children[1]?.posted[0]?.port.got).toEqual([opening]);
  engine.send(opening);
  expect(children[1]?.posted[0]?.port.got).toEqual([opening, opening]);
  children[1]?.exit(1, '');
  vi.advanceTimersByTime(1000);
  children[2]?.report({ type: 'ready' });
  expect(children[2]?.posted[0]?.port.got).toEqual([]);
});

test('a page that cannot take its line any more keeps nobody else from theirs', () => {
  const { engine, children } = open();
  const take = vi.fn();
  engine.connect('window', () => {
    throw new Error('Render frame was disposed');
  });
  engine.connect('shell', take);
  engine.start();
  expect(take).toHaveBeenCalledOnce();
  // The engine hears that nobody is there.
  const [, window, shell] = children[0]?.posted ?? [];
  expect(window?.port.other).toBeUndefined();
  expect(shell?.port.other).toBeDefined();
});

test('one that ran for long begins again with the shortest pause', () => {
  const { engine, children, outages } = open();
  engine.start();
  for (let n = 0; n < 3; n++) {
    children[n]?.exit(1, '');
    vi.advanceTimersByTime(30_000);
  }
  vi.advanceTimersByTime(60_000);
  children[3]?.exit(1, '');
  expect(outages.at(-1)?.failures).toBe(1);
});

test('says in the words of the engine why it cannot start', () => {
  const { engine, children, outages } = open();
  engine.start();
  children[0]?.report({ type: 'failed', message: 'Another one has its folder.' });
  children[0]?.exit(1, 'a stack trace');
  expect(outages).toEqual([{ reason: 'Another one has its folder.', isTold: true, failures: 1 }]);
});

test('stops when the engine says that it has stopped, and is not started again', async () => {
  const { engine, children, outages } = open();
  engine.start();
  const stopped = engine.stop(1000);
  expect(children[0]?.posted[0]?.port.got).toEqual([{ type: 'stop' }]);
  children[0]?.report({ type: 'stopped' });
  expect(await stopped).toBe(true);
  children[0]?.exit(0, '');
  vi.advanceTimersByTime(60_000);
  expect(children).toHaveLength(1);
  expect(children[0]?.isKilled).toBe(false);
  expect(outages).toEqual([]);
});

test('may be stopped twice', async () => {
  const { engine, children } = open();
  engine.start();
  const both = Promise.all([engine.stop(1000), engine.stop(1000)]);
  children[0]?.report({ type: 'stopped' });
  expect(await both).toEqual([true, true]);
  expect(children[0]?.posted[0]?.port.got).toEqual([{ type: 'stop' }]);
});

test('is ended when it does not stop in time; one that crashes while stopping has stopped', async () => {
  const late = open();
  late.engine.start();
  const stopped = late.engine.stop(1000);
  vi.advanceTimersByTime(1000);
  expect(await stopped).toBe(false);
  expect(late.children[0]?.isKilled).toBe(true);

  const crashed = open();
  crashed.engine.start();
  const ended = crashed.engine.stop(1000);
  crashed.children[0]?.exit(139, '');
  expect(await ended).toBe(true);
});
