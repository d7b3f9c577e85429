// Work that follows a transfer, of parts and of a stream: watched, paused, gone on with by another process, and abandoned.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancelledError, JobFailedError } from '../model/index.ts';
import {
  attachUpload,
  type FollowUp,
  readUpload,
  startStream,
  startUpload,
  type UploadEvent,
  type UploadResult,
} from './index.ts';
import { MemoryStream } from './testing/memory-stream.ts';
import { MemoryTarget } from './testing/memory-target.ts';
import { gate, makeSetting, recorder, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

/** Work that ends when it is told to; counts its calls. */
function work() {
  const held = gate();
  const log: string[] = [];
  const results: UploadResult[] = [];
  const followUp: FollowUp = {
    async run(uploaded, { signal, report }) {
      log.push('run');
      results.push(uploaded);
      report({ text: 'importing, job 7', fraction: 0.5 });
      const stopped = new Promise<never>((_, reject) => {
        const stop = () => reject(new CancelledError({ operation: 'wait', reason: 'it was stopped' }));
        signal.addEventListener('abort', stop, { once: true });
      });
      await Promise.race([held.passed, stopped]);
      log.push('done');
    },
    async abandon(facts) {
      log.push(`abandon ${Object.keys(facts).join()}`);
    },
  };
  return { followUp, held, log, results };
}

test('is shown to watchers, and the upload counts as whole meanwhile', async () => {
  const file = await setting.file('disk.img', 4 * KiB);
  const target = new MemoryTarget();
  const { followUp, held, log, results } = work();
  const seen = recorder();
  const request = { path: file.path, target, partSizeBytes: KiB, followUp, onEvent: seen.onEvent };
  const upload = await startUpload(request, setting.options);
  await until('it imports', () => log.includes('run'));
  expect(upload.snapshot()).toMatchObject({
    state: 'importing',
    partsDone: 4,
    work: { text: 'importing, job 7', fraction: 0.5 },
  });
  expect(results[0]).toMatchObject({ sha256: file.sha256, partsTotal: 4, uploadId: upload.id });
  expect(await readUpload(upload.id, setting.options)).toMatchObject({ state: 'importing', partsDone: 4 });
  const watched = await attachUpload(upload.id, setting.options);
  expect(watched?.snapshot().work?.text).toBe('importing, job 7');
  held.open();
  expect(await upload.done).toMatchObject({ sha256: file.sha256 });
  expect(upload.snapshot().work).toBeUndefined();
  expect(seen.states()).toEqual(['uploading', 'verifying', 'completing', 'importing', 'uploaded']);
});

test.each(['parts', 'stream'])(
  'paused, or gone on with by another process, it sends nothing again (%s)',
  async (kind) => {
    const file = await setting.file('disk.img', 4 * KiB);
    const parts = new MemoryTarget();
    const stream = new MemoryStream();
    const start = (followUp: FollowUp, onEvent: (e: UploadEvent) => void) => {
      const request = { path: file.path, followUp, onEvent };
      return kind === 'parts'
        ? startUpload({ ...request, target: parts, partSizeBytes: KiB }, setting.options)
        : startStream({ ...request, target: stream }, setting.options);
    };
    const sends = () => parts.count('uploadPart') + stream.calls.filter((c) => c.startsWith('send')).length;
    const first = work();
    const seen = recorder();
    const upload = await start(first.followUp, seen.onEvent);
    await until('it imports', () => first.log.length === 1);
    const sent = sends();
    await upload.pause();
    expect(upload.snapshot().state).toBe('paused');
    await upload.resume();
    await until('it imports again', () => first.log.length === 2);
    await upload.detach();
    expect(seen.events.some((e) => e.type === 'note' && /starts again from 0\.$/.test(e.text))).toBe(
      // What is said before a stream begins; its bytes being there, no pause repeats it.
      kind === 'stream',
    );
    expect(seen.events.filter((e) => e.type === 'note')).toHaveLength(kind === 'stream' ? 1 : 0);
    const second = work();
    const again = await start(second.followUp, () => {});
    expect(again.id).toBe(upload.id);
    await until('the other one imports', () => second.log.length === 1);
    expect(again.snapshot()).toMatchObject({ state: 'importing', confirmedBytes: 4 * KiB });
    second.held.open();
    expect(await again.done).toMatchObject({ sha256: file.sha256, sentBytes: 0 });
    expect(sends()).toBe(sent);
  },
);

test('what is no longer there is sent again', async () => {
  const file = await setting.file('disk.img', 4 * KiB);
  const target = new MemoryTarget();
  const first = work();
  const request = { path: file.path, target, partSizeBytes: KiB };
  const upload = await startUpload({ ...request, followUp: first.followUp }, setting.options);
  await until('it imports', () => first.log.length === 1);
  await upload.detach();
  target.object = undefined;
  const second = work();
  second.held.open();
  const result = await (await startUpload({ ...request, followUp: second.followUp }, setting.options)).done;
  expect(result).toMatchObject({ sentBytes: 4 * KiB, sha256: file.sha256 });
  expect(target.object).toBeDefined();
});

test('a failure of the work is that of the upload, with its reason; an abort abandons it and removes what was sent', async () => {
  const file = await setting.file('disk.img', 4 * KiB);
  const target = new MemoryTarget();
  const failed = new JobFailedError({ operation: 'import', reason: 'the disk has no partition table' });
  const request = { path: file.path, target, partSizeBytes: KiB };
  const failing = { run: () => Promise.reject(failed) };
  const upload = await startUpload({ ...request, followUp: failing }, setting.options);
  await expect(upload.done).rejects.toBe(failed);
  expect((await readUpload(upload.id, setting.options))?.problem?.message).toMatch(/no partition table/);
  const { followUp, log } = work();
  const again = await startUpload({ ...request, followUp }, setting.options);
  await until('it imports', () => log.length === 1);
  await again.abort();
  expect(log).toEqual(['run', 'abandon transferred']);
  expect(target.object).toBeUndefined();
  expect((await readUpload(upload.id, setting.options))?.state).toBe('aborted');
});
