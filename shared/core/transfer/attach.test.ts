// Watching and commanding an upload through its control channel, as another process would.
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImageBridgeError, UnavailableError } from '../model/index.ts';
import { serveControl } from './control.ts';
import { converse, sendCommand } from './control-client.ts';
import { proofOf } from './control-protocol.ts';
import { EventQueue } from './event-queue.ts';
import {
  attachUpload,
  partState,
  readTimeline,
  startUpload,
  type TimelineEntry,
  type UploadEvent,
  type UploadSnapshot,
} from './index.ts';
import { failTimes, hanging, MemoryTarget, networkError } from './testing/memory-target.ts';
import { gate, makeSetting, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

async function started(target: MemoryTarget, extra: object = {}) {
  const file = await setting.file('disk.img', 8 * KiB);
  const request = { path: file.path, target, partSizeBytes: KiB, parallelParts: 4, ...extra };
  return { file, upload: await startUpload(request, setting.options) };
}

async function collect(events: AsyncIterable<UploadEvent> | UploadEvent[]): Promise<UploadEvent[]> {
  const all: UploadEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('in the process that works on it', () => {
  test('a watcher gets what was, then every event, then the end', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('uploadPart', 1, networkError, 1);
    const held = hanging(target, 3);
    const { upload } = await started(target);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    const watched = await attachUpload(upload.id, setting.options);
    expect(watched?.snapshot()).toMatchObject({ state: 'uploading', partsDone: 2, parallelParts: 4 });
    expect(watched?.timeline().map((m) => m.kind)).toEqual(['state', 'retry']);
    const states = (await watched?.partStates()) ?? new Uint8Array();
    expect([...states.subarray(0, 3)]).toEqual([partState.confirmed, partState.confirmed, partState.sending]);
    expect(states).toHaveLength(8);
    const all = collect(watched?.events ?? []);
    await watched?.setLimit(1e9);
    await watched?.pause();
    expect(upload.snapshot().state).toBe('paused');
    await watched?.resume();
    held.open();
    await upload.done;
    expect(await watched?.ended).toBe('over');
    const kinds = (await all).filter((e) => e.type === 'state').map((e) => e.snapshot.state);
    expect(kinds).toEqual(['paused', 'uploading', 'verifying', 'completing', 'uploaded']);
    await expect(watched?.pause()).rejects.toBeInstanceOf(UnavailableError);
    expect(await watched?.partStates()).toHaveLength(0);
    expect(await attachUpload(upload.id, setting.options)).toBeUndefined();
  });

  test('leaving ends the watch, not the upload', async () => {
    const target = new MemoryTarget();
    const held = hanging(target);
    const { upload } = await started(target);
    const watched = await attachUpload(upload.id, setting.options);
    const all = collect(watched?.events ?? []);
    watched?.leave();
    expect(await watched?.ended).toBe('left');
    await all;
    held.open();
    await upload.done;
  });

  test('the timeline outlives the process', async () => {
    const target = new MemoryTarget();
    target.mishap = failTimes('uploadPart', 1, networkError, 1);
    hanging(target, 3);
    const { file, upload } = await started(target);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    await upload.detach();
    target.partGate = undefined;
    expect((await readTimeline(upload.id, setting.options)).map((m) => m.kind)).toEqual([
      'state',
      'retry',
      'state',
    ]);
    expect(await readTimeline('../x', setting.options)).toEqual([]);
    const again = await startUpload({ path: file.path, target }, setting.options);
    const words = again.timeline().map((m) => `${m.kind} ${m.text}`);
    expect(words.slice(0, 3)).toEqual([
      'state uploading',
      expect.stringMatching(/^retry .*connection was reset.*part 1.*Try 1 failed, next try in 0\.\d s\.$/),
      'state paused',
    ]);
    expect(again.timeline()[1]?.moment).toMatchObject({
      ...{ type: 'retry', partNumber: 1, attempt: 1, waitMs: expect.any(Number) },
      cause: { reason: expect.stringContaining('connection was reset') },
    });
    expect(again.timeline()[2]?.moment).toEqual({ type: 'state', state: 'paused' });
    await again.done;
    expect(again.timeline().at(-1)).toMatchObject({ kind: 'state', text: 'uploaded' });
  });
});

describe('over the channel', () => {
  const token = 'a-token';
  let server: Server;
  let address: string;
  let listeners: Set<(event: UploadEvent) => void>;
  let orders: unknown[];
  let endWatches: () => void;
  const before: TimelineEntry = {
    ...{ at: 1, kind: 'stalled', text: 'No byte has moved for 30 s.' },
    moment: { type: 'stalled', stalledMs: 30_000 },
  };
  const snapshot: UploadSnapshot = {
    uploadId: 'u',
    state: 'uploading',
    file: { path: '/镜像', sizeBytes: 5, mtimeMs: 1, inode: 1 },
    target: { cloud: 'c', region: 'r', bucket: '', key: 'k', route: 'stream' },
    route: 'stream',
    resumable: false,
    partSizeBytes: 5,
    partsTotal: 1,
    partsDone: 0,
    partsSkipped: 0,
    confirmedBytes: 0,
    sentBytes: 3,
    bytesPerSecond: 1,
    hashedBytes: 3,
    parallelParts: 1,
    bottleneck: 'network',
    stalledMs: 5,
  };
  beforeEach(async () => {
    listeners = new Set();
    orders = [];
    address = join(setting.folder, 'c.sock');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(address, resolve));
    endWatches = serveControl(server, token, {
      obey: async (command) => {
        orders.push(command);
        if (command === 'abort') throw new Error('not now');
      },
      snapshot: () => snapshot,
      timeline: () => [before],
      partStates: () => new Uint8Array([0, 1, 2, 3]),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
  });
  afterEach(() => {
    server.close();
  });
  const emit = (event: UploadEvent) => {
    for (const listener of listeners) listener(event);
  };

  test('every command arrives with its value, and errors come back', async () => {
    const ask = (request: Parameters<typeof sendCommand>[2]) => sendCommand(address, token, request);
    expect(await ask({ command: 'set-limit', value: 5000 })).toEqual({ snapshot });
    await ask({ command: 'set-limit', value: null });
    await ask({ command: 'set-priority', value: -2 });
    await ask({ command: 'pause' });
    expect(await ask({ command: 'parts' })).toEqual({ parts: 'AAECAw==' });
    await expect(ask({ command: 'abort' })).rejects.toThrow(/says: not now/);
    expect(orders).toEqual([
      { command: 'set-limit', bytesPerSecond: 5000 },
      { command: 'set-limit', bytesPerSecond: undefined },
      { command: 'set-priority', priority: -2 },
      'pause',
      'abort',
    ]);
  });

  test('a proof for one value is none for another', async () => {
    const reply = await new Promise<string>((resolve) => {
      const socket = connect(address);
      let text = '';
      socket.on('data', (data) => {
        text += data;
        const [hello, ...rest] = text.split('\n');
        if (rest.length === 1 && hello !== undefined) {
          const { nonce } = JSON.parse(hello);
          const proof = proofOf(token, nonce, { command: 'set-limit', value: 1 });
          socket.write(`${JSON.stringify({ command: 'set-limit', value: 2, proof })}\n`);
        }
      });
      socket.on('close', () => resolve(text));
    });
    expect(reply).toMatch(/not allowed/);
    expect(orders).toEqual([]);
  });

  test('a watcher gets the snapshot, the timeline, the events with their errors, and the end', async () => {
    const answers: unknown[] = [];
    const talk = converse(address, token, { command: 'watch' }, (answer) => answers.push(answer));
    await until('it watches', () => listeners.size === 1);
    const error = new UnavailableError({ operation: 'send', httpStatus: 503, retryable: true });
    emit({ type: 'retry', at: 2, snapshot, partNumber: 4, attempt: 2, waitMs: 7, error });
    emit({ type: 'stalled', at: 3, snapshot, stalledMs: 40_000 });
    endWatches();
    expect(await talk.ended).toBe(true);
    expect(answers[0]).toEqual({ snapshot, timeline: [before] });
    expect(answers.slice(1)).toMatchObject([
      { event: { type: 'retry', partNumber: 4, error: { message: error.message, kind: 'unavailable' } } },
      { event: { type: 'stalled', stalledMs: 40_000 } },
    ]);
    const [, retry] = answers as { event: { error: unknown } }[];
    expect(retry?.event.error).toBeInstanceOf(ImageBridgeError);
    expect(listeners.size).toBe(0);
  });

  test('a watcher that does not read misses progress, and takes no memory', async () => {
    const socket = connect(address);
    const ready = gate();
    let sent = false;
    socket.on('data', (data) => {
      if (sent) return;
      sent = true;
      const { nonce } = JSON.parse(String(data));
      const proof = proofOf(token, nonce, { command: 'watch' });
      socket.write(`${JSON.stringify({ command: 'watch', proof })}\n`, () => ready.open());
      socket.pause();
    });
    await ready.passed;
    await until('it watches', () => listeners.size === 1);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 50_000; i++) emit({ type: 'progress', at: i, snapshot });
    emit({ type: 'note', at: 60_000, snapshot, text: 'the last word' });
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * KiB * KiB);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.resume();
    await until('the last word arrives', () => text.includes('the last word'));
    expect(text.split('\n').length).toBeLessThan(5_000);
    socket.destroy();
    await until('it is forgotten', () => listeners.size === 0);
  });

  test('an owner of an older version is told from one that refuses', async () => {
    const old = createServer((socket) => socket.write('{"nonce":"abc"}\n'));
    const at = join(setting.folder, 'old.sock');
    await new Promise<void>((resolve) => old.listen(at, resolve));
    await expect(sendCommand(at, token, { command: 'parts' })).rejects.toThrow(/older version/);
    old.close();
  });

  test('nobody there is no error; one that dies is', async () => {
    const nowhere = join(setting.folder, 'nobody.sock');
    expect(await sendCommand(nowhere, token, { command: 'status' })).toBeUndefined();
    const dying = createServer((socket) => socket.destroy());
    const at = join(setting.folder, 'dying.sock');
    await new Promise<void>((resolve) => dying.listen(at, resolve));
    await expect(sendCommand(at, token, { command: 'status' })).rejects.toThrow(/closed the connection/);
    dying.close();
  });
});

test('of progress only the newest waits for a slow reader', async () => {
  const queue = new EventQueue();
  const snapshot = {} as UploadSnapshot;
  for (let at = 0; at < 100; at++) queue.push({ type: 'progress', at, snapshot });
  queue.push({ type: 'note', at: 100, snapshot, text: 'a' });
  for (let at = 101; at < 200; at++) queue.push({ type: 'progress', at, snapshot });
  expect(queue.length).toBe(3);
  queue.end();
  queue.push({ type: 'note', at: 300, snapshot, text: 'late' });
  expect((await collect(queue)).map((e) => e.at)).toEqual([99, 100, 199]);
});
