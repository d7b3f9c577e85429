// Pause, resume, abort and detach in every moment, and the functions that work on uploads from outside.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BusyError,
  CancelledError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
} from '../model/index.ts';
import { controlUpload, discardUpload, listUploads, readUpload, setFact, startUpload } from './index.ts';
import { failTimes, hanging, MemoryTarget, networkError, type TargetCall } from './testing/memory-target.ts';
import { gate, makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

async function started(target: MemoryTarget, extra: Partial<Parameters<typeof startUpload>[0]> = {}) {
  const file = await setting.file('disk.img', 8 * KiB);
  const upload = await startUpload(
    { path: file.path, target, partSizeBytes: KiB, ...extra },
    setting.options,
  );
  return { file, upload };
}

/** Holds a call of the target until opened; deaf to signals, like a service that works on it already. */
function heldCall(target: MemoryTarget, call: TargetCall & ('initiate' | 'complete')) {
  const held = gate();
  const reached = gate();
  const original = target[call].bind(target) as (...args: unknown[]) => Promise<unknown>;
  const holding = async (...args: unknown[]) => {
    const result = await original(...args);
    reached.open();
    await held.passed;
    return result;
  };
  Object.assign(target, { [call]: holding });
  return { held, reached: reached.passed };
}

describe('abort', () => {
  test('drops the parts under way, then aborts on the server, and nothing is left', async () => {
    const target = new MemoryTarget();
    hanging(target, 3);
    const { upload } = await started(target);
    await until('parts are under way', () => target.underWay === 4);
    let underWayAtAbort = -1;
    const abort = target.abort.bind(target);
    target.abort = async (...args) => {
      underWayAtAbort = target.underWay;
      await abort(...args);
    };
    await upload.abort();
    await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
    expect(underWayAtAbort).toBe(0);
    expect(target.uploads.size).toBe(0);
    expect(target.calls.at(-2)).toBe('listParts');
    expect(await readUpload(upload.id, setting.options)).toMatchObject({ state: 'aborted', active: false });
    await upload.abort();
    await expect(upload.resume()).rejects.toBeInstanceOf(ConflictError);
  });

  test('repeats the abort when a part arrives late', async () => {
    const target = new MemoryTarget();
    hanging(target, 3);
    const { upload } = await started(target);
    await until('parts are under way', () => target.underWay === 4);
    const abort = target.abort.bind(target);
    let aborts = 0;
    target.abort = async (id, options) => {
      await abort(id, options);
      if (aborts++ === 0)
        target.uploads.set(id, { parts: new Map([[9, { bytes: Buffer.alloc(1), etag: '' }]]) });
    };
    await upload.abort();
    expect(aborts).toBe(2);
    expect(target.uploads.size).toBe(0);
  });

  test('that fails leaves the upload paused, to be tried again', async () => {
    const target = new MemoryTarget();
    hanging(target, 3);
    const { upload } = await started(target);
    await until('parts are under way', () => target.underWay === 4);
    target.mishap = (call) => (call === 'abort' ? networkError() : undefined);
    await expect(upload.abort()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(upload.snapshot()).toMatchObject({ state: 'paused', problem: { kind: 'unavailable' } });
    target.mishap = () => undefined;
    await upload.abort();
    expect(target.uploads.size).toBe(0);
  });

  test('while the upload is being started on the server leaves no orphan there', async () => {
    const target = new MemoryTarget();
    const { held, reached } = heldCall(target, 'initiate');
    const { upload } = await started(target);
    await reached;
    const aborting = upload.abort();
    held.open();
    await aborting;
    expect(target.uploads.size).toBe(0);
    expect(target.count('uploadPart')).toBe(0);
  });

  test('that comes after the completion removes the object of this very upload', async () => {
    const target = new MemoryTarget();
    const { held, reached } = heldCall(target, 'complete');
    const { upload } = await started(target);
    await reached;
    const aborting = upload.abort();
    held.open();
    await aborting;
    await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
    expect(upload.snapshot().state).toBe('aborted');
    expect(target.object).toBeUndefined();
    expect(target.uploads.size).toBe(0);
  });
});

describe('races', () => {
  test('a pause during the completion, then a resume: completed once', async () => {
    const target = new MemoryTarget();
    let cut = false;
    const complete = target.complete.bind(target);
    target.complete = async (id, parts, options) => {
      await complete(id, parts, options);
      if (cut) return;
      cut = true;
      await new Promise<void>((resolve) => options?.signal?.addEventListener('abort', () => resolve()));
      throw new CancelledError({ operation: 'complete', reason: 'it was cancelled' });
    };
    const { upload, file } = await started(target);
    await until('it is being completed', () => cut);
    await upload.pause();
    expect(upload.snapshot().state).toBe('paused');
    await upload.resume();
    const result = await upload.done;
    expect(result.sha256).toBe(file.sha256);
    expect(result.partsSkipped).toBe(0);
    expect(target.count('complete')).toBe(1);
  });

  test('pause and resume in quick succession, many times', async () => {
    const target = new MemoryTarget();
    target.partGate = () => new Promise((resolve) => setTimeout(resolve, 1));
    const { onEvent, states } = recorder();
    const { upload, file } = await started(target, { onEvent });
    const commands: Promise<void>[] = [];
    for (let i = 0; i < 15; i++) {
      commands.push(upload.pause(), upload.pause(), upload.resume());
      await new Promise((resolve) => setTimeout(resolve, i % 4));
    }
    const outcomes = await Promise.allSettled(commands);
    // Once it is finished, a resume is refused; nothing else may be.
    for (const o of outcomes) if (o.status === 'rejected') expect(o.reason).toBeInstanceOf(ConflictError);
    expect((await upload.done).sha256).toBe(file.sha256);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
    expect(target.count('initiate')).toBe(1);
    expect(states().at(-1)).toBe('uploaded');
  });

  test('pause, abort, detach and resume at once end in one clear state', async () => {
    const target = new MemoryTarget();
    hanging(target, 2);
    const { upload } = await started(target);
    await until('parts are under way', () => target.underWay > 0);
    const outcomes = await Promise.allSettled([
      upload.pause(),
      upload.abort(),
      upload.detach(),
      upload.resume(),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(target.uploads.size).toBe(0);
    expect((await readUpload(upload.id, setting.options))?.state).toBe('aborted');
  });

  test('an abort after the end is refused', async () => {
    const { upload } = await started(new MemoryTarget());
    await upload.done;
    await expect(upload.abort()).rejects.toBeInstanceOf(ConflictError);
    await upload.pause();
    await upload.detach();
    expect(upload.snapshot().state).toBe('uploaded');
  });
});

describe('a bandwidth limit', () => {
  test('holds the rate down, and can be lifted while running', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', 64 * KiB);
    const upload = await startUpload(
      { path: file.path, target, partSizeBytes: 16 * KiB, limitBytesPerSecond: 8 * KiB },
      setting.options,
    );
    await upload.done;
    const waited = setting.clock.sleeps.reduce((a, b) => a + b, 0);
    // Four lanes share one bucket and sleep side by side: the sum counts each of them.
    expect(waited).toBeGreaterThan(6_000);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);

    setting.clock.sleeps.length = 0;
    const second = new MemoryTarget('second');
    const fast = await startUpload(
      { path: file.path, target: second, limitBytesPerSecond: 1 },
      setting.options,
    );
    fast.setLimit(undefined);
    await fast.done;
    expect(setting.clock.sleeps.reduce((a, b) => a + b, 0)).toBeLessThan(6_000);
  });
});

describe('facts', () => {
  test('are kept while it runs, after its end, and by a journal that nobody has open', async () => {
    const target = new MemoryTarget();
    const held = hanging(target);
    const { upload } = await started(target);
    await upload.setFact('marker', 'm-1');
    await setFact(upload.id, 'import-job', 'job-7', setting.options);
    expect((await readUpload(upload.id, setting.options))?.facts).toEqual({
      marker: 'm-1',
      'import-job': 'job-7',
    });
    held.open();
    await upload.done;
    await upload.setFact('image', '镜像-1');
    await setFact(upload.id, 'import-job', undefined, setting.options);
    expect((await readUpload(upload.id, setting.options))?.facts).toEqual({ marker: 'm-1', image: '镜像-1' });
    await expect(setFact('000000000000000', 'a', 'b', setting.options)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setFact('../../etc', 'a', 'b', setting.options)).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('list, control, discard', () => {
  test('a running upload is listed as active and takes commands', async () => {
    const target = new MemoryTarget();
    const held = hanging(target, 3);
    const { upload } = await started(target);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    expect(await listUploads(setting.options)).toMatchObject([
      { uploadId: upload.id, active: true, partsDone: 2 },
    ]);
    expect(await controlUpload(upload.id, 'status', setting.options)).toMatchObject({ state: 'uploading' });
    expect(await controlUpload(upload.id, 'pause', setting.options)).toMatchObject({ state: 'paused' });
    held.open();
    expect(await controlUpload(upload.id, 'resume', setting.options)).toMatchObject({ state: 'uploading' });
    await upload.done;
    expect(await controlUpload(upload.id, 'status', setting.options)).toBeUndefined();
    expect(await controlUpload('../x', 'status', setting.options)).toBeUndefined();
    expect(await readUpload('000000000000000', setting.options)).toBeUndefined();
  });

  test('an upload is discarded with its parts, but not while it is active, and not with another target', async () => {
    const target = new MemoryTarget();
    hanging(target, 3);
    const { upload } = await started(target);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    await expect(discardUpload(upload.id, setting.options, target)).rejects.toBeInstanceOf(BusyError);
    await upload.detach();
    await expect(discardUpload(upload.id, setting.options, new MemoryTarget('other'))).rejects.toBeInstanceOf(
      InvalidInputError,
    );
    target.mishap = failTimes('abort', 1, networkError);
    await expect(discardUpload(upload.id, setting.options, target)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await listUploads(setting.options)).toHaveLength(1);
    await discardUpload(upload.id, setting.options, target);
    expect(await listUploads(setting.options)).toEqual([]);
    expect(target.uploads.size).toBe(0);
    await expect(discardUpload(upload.id, setting.options)).rejects.toBeInstanceOf(NotFoundError);
  });
});
