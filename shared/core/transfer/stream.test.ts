// Uploads in one stream: what an attempt came to is read from the service's record; nothing is called good unchecked.
import { createHash, randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BusyError,
  CancelledError,
  FileChangedError,
  IntegrityError,
  LocalFileError,
  QuotaError,
  UnavailableError,
} from '../model/index.ts';
import { discardUpload, listUploads, readUpload, setFact, startStream, startUpload } from './index.ts';
import { MemorySource } from './testing/memory-source.ts';
import { MemoryStream } from './testing/memory-stream.ts';
import { MemoryTarget, networkError } from './testing/memory-target.ts';
import { gate, makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const MiB = 1024 * 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

const digest = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest('hex');
const notes = (events: ReturnType<typeof recorder>['events']) =>
  events.flatMap((e) => (e.type === 'note' ? [e.text] : []));

async function started(target: MemoryStream, extra: object = {}, sizeBytes = 9 * MiB + 5) {
  const file = await setting.file('disk.img', sizeBytes);
  const seen = recorder();
  const request = { path: file.path, target, onEvent: seen.onEvent, ...extra };
  const upload = await startStream(request, setting.options);
  return { file, upload, request, ...seen };
}

describe('a stream', () => {
  test('arrives whole, says before it starts that it cannot resume, and tells what was compared', async () => {
    const target = new MemoryStream();
    const { file, upload, events, states } = await started(target);
    const result = await upload.done;
    expect(result).toMatchObject({
      sha256: file.sha256,
      recordId: 'r-1',
      sentBytes: file.bytes.length,
      target: { route: 'stream', key: 'my image' },
      hashes: {
        md5: digest('md5', file.bytes),
        sha512: digest('sha512', file.bytes),
        sha256: file.sha256,
      },
    });
    expect(target.bytes?.equals(file.bytes)).toBe(true);
    expect(target.calls).toEqual(['send new', 'look r-1']);
    expect(events[0]).toMatchObject({ type: 'note', text: expect.stringMatching(/cannot resume.*from 0/) });
    expect(events[0]?.snapshot).toMatchObject({ route: 'stream', resumable: false, partsTotal: 1 });
    expect(states()).toEqual(['uploading', 'verifying', 'uploaded']);
    expect(upload.snapshot()).toMatchObject({
      confirmedBytes: file.bytes.length,
      partsDone: 1,
      partsSkipped: 0,
    });
    expect(await readUpload(upload.id, setting.options)).toMatchObject({
      state: 'uploaded',
      sha256: file.sha256,
      partsDone: 1,
      partsTotal: 1,
    });
  });

  test('nothing is shown as confirmed before the service has it all', async () => {
    const target = new MemoryStream();
    const held = gate();
    target.pieceGate = (got) => (got > 5 * MiB ? held.passed : Promise.resolve());
    const { upload } = await started(target);
    await until('most is sent', () => upload.snapshot().sentBytes >= 5 * MiB);
    expect(upload.snapshot()).toMatchObject({ confirmedBytes: 0, partsDone: 0 });
    held.open();
    await upload.done;
  });

  test('of a source without a descriptor, read once and in order', async () => {
    const source = new MemorySource(randomBytes(40 * MiB + 3));
    source.sha256 = digest('sha256', source.bytes);
    const target = new MemoryStream();
    const upload = await startStream({ source, target }, setting.options);
    expect((await upload.done).sha256).toBe(source.sha256);
    expect(target.bytes?.equals(source.bytes)).toBe(true);
    expect(source.reads).toEqual([0, 16 * MiB, 32 * MiB]);
    expect([source.closed, source.underWay]).toEqual([1, 0]);
  });

  test('that breaks off is sent again to the same record, from 0, and the reason is told', async () => {
    const target = new MemoryStream();
    target.mishap = (n) => (n === 1 ? { cutAt: 5 * MiB } : undefined);
    const { file, upload, events } = await started(target);
    const result = await upload.done;
    expect(result.recordId).toBe('r-1');
    expect(target.calls).toEqual(['send new', 'look r-1', 'look r-1', 'send r-1', 'look r-1']);
    expect(target.bytes?.equals(file.bytes)).toBe(true);
    expect(result.sentBytes).toBeGreaterThan(file.bytes.length);
    expect(events.filter((e) => e.type === 'retry')).toHaveLength(1);
    expect(notes(events).join()).toMatch(/r-1 is still empty.*from 0/);
  });

  test('waits while the service still gives up the broken attempt', async () => {
    const target = new MemoryStream();
    target.busyLooks = 4;
    target.mishap = (n) => (n === 1 ? { cutAt: MiB } : undefined);
    const { file, upload, events } = await started(target);
    await upload.done;
    expect(target.bytes?.equals(file.bytes)).toBe(true);
    expect(target.calls.filter((c) => c === 'send r-1')).toHaveLength(1);
    expect(notes(events).join()).toMatch(/still busy with record r-1/);
  });

  test('stops when the service stays busy for longer than is waited for', async () => {
    const target = new MemoryStream();
    target.busyLooks = Number.POSITIVE_INFINITY;
    target.mishap = () => ({ cutAt: MiB });
    const { upload } = await started(target, { offlinePatienceMs: 60_000 });
    await expect(upload.done).rejects.toThrow(/busy with it for 60 s/);
    expect(target.calls.filter((c) => c.startsWith('send'))).toHaveLength(1);
  });

  test('a record that failed is removed and a new one made; one that is gone is replaced', async () => {
    for (const state of ['failed', 'gone'] as const) {
      const target = new MemoryStream();
      target.afterFailure = state;
      target.mishap = (n) => (n === 1 ? { cutAt: MiB } : undefined);
      const { file, upload, events } = await started(target);
      expect((await upload.done).recordId).toBe('r-2');
      expect([...target.records.keys()]).toEqual(['r-2']);
      expect(target.bytes?.equals(file.bytes)).toBe(true);
      expect(notes(events).join()).toMatch(
        state === 'failed' ? /given up record r-1/ : /no longer has record r-1/,
      );
      expect((await readUpload(upload.id, setting.options))?.state).toBe('uploaded');
    }
  });

  test('a success whose answer was lost is a success: nothing is sent twice', async () => {
    const target = new MemoryStream();
    target.mishap = () => 'lose-reply';
    const { file, upload, events } = await started(target, { maxAttempts: 1 });
    const result = await upload.done;
    expect(result).toMatchObject({ recordId: 'r-1', sentBytes: file.bytes.length, sha256: file.sha256 });
    expect(notes(events).join()).toMatch(/answer was lost/);
  });

  test('what the service stored is compared: other bytes are not declared good, and are replaced at the next start', async () => {
    const target = new MemoryStream();
    target.mishap = (n) => (n === 1 ? 'damage' : undefined);
    const { file, upload, request } = await started(target);
    await expect(upload.done).rejects.toThrow(/its md5 is .* and that of the file/);
    await expect(upload.done).rejects.toBeInstanceOf(IntegrityError);
    expect((await readUpload(upload.id, setting.options))?.state).toBe('attention');
    const again = await startStream(request, setting.options);
    expect(again.id).toBe(upload.id);
    expect((await again.done).recordId).toBe('r-2');
    expect([...target.records.keys()]).toEqual(['r-2']);
    expect(target.bytes?.equals(file.bytes)).toBe(true);
  });

  test('an error that no repetition helps against stops it at once', async () => {
    const target = new MemoryStream();
    target.mishap = () => new QuotaError({ operation: 'send', httpStatus: 413 });
    const { upload } = await started(target);
    await expect(upload.done).rejects.toBeInstanceOf(QuotaError);
    expect(target.calls).toEqual(['send new']);
    expect(await readUpload(upload.id, setting.options)).toMatchObject({
      state: 'attention',
      problem: { kind: 'quota' },
    });
  });

  test('a service that keeps failing stops it after maxAttempts', async () => {
    const target = new MemoryStream();
    target.mishap = () => new UnavailableError({ operation: 'send', httpStatus: 503, retryable: true });
    const { upload } = await started(target, { maxAttempts: 3 });
    await expect(upload.done).rejects.toThrow(/503/);
    expect(target.calls).toHaveLength(3);
  });

  test('work of the service that follows is told, and is not waited for', async () => {
    const target = new MemoryStream();
    target.jobId = 'job-5';
    const { file, upload, request } = await started(target);
    expect(await upload.done).toMatchObject({ recordId: 'r-1', jobId: 'job-5', sha256: file.sha256 });
    expect((await readUpload(upload.id, setting.options))?.facts).toEqual({ 'stream-job': 'job-5' });
    expect(request.path).toBe(file.path);
  });

  test('the limit of the rate holds', async () => {
    const target = new MemoryStream();
    const { upload } = await started(target, { limitBytesPerSecond: 64 * 1024 }, 512 * 1024);
    await upload.done;
    const slept = setting.clock.sleeps.reduce((a, b) => a + b, 0);
    expect(slept).toBeGreaterThan(6_500);
    expect(slept).toBeLessThan(9_000);
  });
});

describe('what is wrong with the bytes is known before the last of them is out', () => {
  test('a file that changes under it', async () => {
    const target = new MemoryStream();
    let changed = false;
    const { file, upload } = await started(target, {
      onEvent: () => {},
    });
    target.pieceGate = async (got) => {
      if (got < 2 * MiB || changed) return;
      changed = true;
      await appendFile(file.path, 'more');
    };
    await expect(upload.done).rejects.toBeInstanceOf(FileChangedError);
    expect([...target.records.values()].map((r) => r.state)).toEqual(['empty']);
  });

  test('a SHA-256 that does not come out', async () => {
    const source = new MemorySource(randomBytes(3 * MiB));
    source.sha256 = digest('sha256', randomBytes(3));
    const target = new MemoryStream();
    const upload = await startStream({ source, target }, setting.options);
    await expect(upload.done).rejects.toThrow(/SHA-256 .* should have/);
    expect([...target.records.values()].map((r) => r.state)).toEqual(['empty']);
    expect(target.calls.filter((c) => c.startsWith('send'))).toHaveLength(1);
  });

  test('a source that fails', async () => {
    const source = new MemorySource(randomBytes(40 * MiB));
    source.mishap = (at) =>
      at > 0 ? new LocalFileError({ operation: 'unpack', reason: 'the archive is damaged' }) : undefined;
    const target = new MemoryStream();
    const upload = await startStream({ source, target }, setting.options);
    await expect(upload.done).rejects.toThrow(/archive is damaged/);
    expect(source.underWay).toBe(0);
  });
});

describe('commands', () => {
  test('a pause stops it and says that it starts again from 0; going on sends all to the same record', async () => {
    const target = new MemoryStream();
    target.pieceGate = async (got, signal) => {
      if (got < 5 * MiB) return;
      await new Promise<void>((resolve) =>
        signal?.addEventListener('abort', () => resolve(), { once: true }),
      );
    };
    const { file, upload, events } = await started(target);
    await until('the half is sent', () => upload.snapshot().sentBytes >= 4 * MiB);
    await upload.pause();
    expect(target.underWay).toBe(0);
    expect(upload.snapshot().state).toBe('paused');
    expect(notes(events).join()).toMatch(/it starts again from 0/);
    target.pieceGate = undefined;
    await upload.resume();
    const result = await upload.done;
    expect(result.recordId).toBe('r-1');
    expect(target.bytes?.equals(file.bytes)).toBe(true);
    expect(target.calls.filter((c) => c === 'send r-1')).toHaveLength(1);
  });

  test('an abort removes the record', async () => {
    const target = new MemoryStream();
    target.pieceGate = (_, signal) =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    const { upload } = await started(target);
    await until('it is being sent', () => target.underWay === 1);
    await upload.abort();
    await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
    expect(target.records.size).toBe(0);
    expect((await readUpload(upload.id, setting.options))?.state).toBe('aborted');
  });

  test('an unfinished one is found by the next start, and discarded with its record', async () => {
    const target = new MemoryStream();
    target.pieceGate = (_, signal) =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    const { upload, request } = await started(target);
    await until('it is being sent', () => target.underWay === 1);
    await expect(startStream(request, setting.options)).rejects.toBeInstanceOf(BusyError);
    await setFact(upload.id, 'marker', 'm', setting.options);
    await upload.detach();
    const second = await startStream(request, setting.options);
    expect(second.id).toBe(upload.id);
    await second.detach();
    expect(await listUploads(setting.options)).toMatchObject([
      { state: 'paused', target: { route: 'stream' }, facts: { marker: 'm' } },
    ]);
    await discardUpload(upload.id, setting.options, target);
    expect(target.records.size).toBe(0);
    expect(await listUploads(setting.options)).toEqual([]);
  });

  test('one that the service completed after the process had gone is verified and not sent again', async () => {
    const target = new MemoryStream();
    target.mishap = () => 'lose-reply';
    target.lookMishap = () => networkError('look');
    const { file, upload, request } = await started(target, { maxAttempts: 1, offlinePatienceMs: 0 });
    await expect(upload.done).rejects.toBeInstanceOf(UnavailableError);
    target.lookMishap = () => undefined;
    const again = await startStream(request, setting.options);
    expect(await again.done).toMatchObject({ sha256: file.sha256, recordId: 'r-1', sentBytes: 0 });
    expect(target.calls.filter((c) => c.startsWith('send'))).toHaveLength(1);
    expect(again.snapshot()).toMatchObject({ partsSkipped: 1, confirmedBytes: file.bytes.length });
  });

  test('a stream and parts of the same file to the same names are two uploads', async () => {
    const stream = new MemoryStream();
    stream.mishap = () => new QuotaError({ operation: 'send', httpStatus: 413 });
    const { file, upload } = await started(stream);
    await upload.done.catch(() => {});
    const target = new MemoryTarget();
    Object.assign(target.locator, { ...stream.locator, route: 'parts' });
    const parts = await startUpload({ path: file.path, target }, setting.options);
    await parts.done;
    expect(parts.id).not.toBe(upload.id);
  });
});
