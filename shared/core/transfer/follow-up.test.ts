// Work that follows the transfer: in the same lock, after a restart, paused, aborted, failed.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BusyError, CancelledError, JobFailedError } from '../model/index.ts';
import { controlUpload, listUploads, startUpload } from './index.ts';
import { MemoryTarget } from './testing/memory-target.ts';
import { gate, makeSetting, type Setting } from './testing/setting.ts';
import type { FollowUp } from './types.ts';

const KiB = 1024;
let setting: Setting;
let target: MemoryTarget;
let path: string;
beforeEach(async () => {
  setting = await makeSetting();
  target = new MemoryTarget();
  path = (await setting.file('disk.img', 8 * KiB)).path;
});
afterEach(() => setting.remove());

const start = (followUp: FollowUp) =>
  startUpload({ path, target, partSizeBytes: KiB, followUp }, setting.options);

/** Work that waits until it is opened or stopped. */
function waiting() {
  const begun = gate();
  const open = gate();
  const runs: number[] = [];
  const followUp: FollowUp = {
    async run(uploaded, { signal, report }) {
      runs.push(uploaded.sentBytes);
      report({ text: 'importing, job 7', fraction: 0.5 });
      begun.open();
      const stopped = new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      });
      await Promise.race([open.passed, stopped]);
    },
  };
  return { followUp, runs, begun: begun.passed, open: open.open };
}

test('the upload is over when the work is, shows it, and keeps its lock meanwhile', async () => {
  const work = waiting();
  const upload = await start(work.followUp);
  await work.begun;
  expect(upload.snapshot()).toMatchObject({
    state: 'importing',
    partsDone: 8,
    work: { text: 'importing, job 7', fraction: 0.5 },
  });
  await expect(start(work.followUp)).rejects.toBeInstanceOf(BusyError);
  expect(await controlUpload(upload.id, 'status', setting.options)).toMatchObject({ state: 'importing' });
  work.open();
  expect(await upload.done).toMatchObject({ partsTotal: 8, partsSkipped: 0, sentBytes: 8 * KiB });
  expect(upload.snapshot().work).toBeUndefined();
  expect(await listUploads(setting.options)).toMatchObject([{ state: 'uploaded', active: false }]);
});

test('after an interruption the work goes on, and nothing is sent or hashed again', async () => {
  const first = waiting();
  const upload = await start(first.followUp);
  await first.begun;
  await upload.detach();
  await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
  expect(await listUploads(setting.options)).toMatchObject([{ state: 'paused', active: false }]);
  const sent = target.count('uploadPart');
  expect(sent).toBe(8);
  const second = waiting();
  second.open();
  const again = await start(second.followUp);
  expect(again.id).toBe(upload.id);
  expect(await again.done).toMatchObject({ partsTotal: 8, partsSkipped: 8, sentBytes: 0 });
  expect(target.count('uploadPart')).toBe(sent);
});

test('what has vanished meanwhile is sent again', async () => {
  const first = waiting();
  const upload = await start(first.followUp);
  await first.begun;
  await upload.detach();
  await target.remove();
  const second = waiting();
  second.open();
  expect(await (await start(second.followUp)).done).toMatchObject({ sentBytes: 8 * KiB });
});

test('a failure of the work is that of the upload, and the next run tries the work again', async () => {
  const failure = new JobFailedError({ operation: 'import it', reason: 'no room' });
  const upload = await start({ run: () => Promise.reject(failure) });
  await expect(upload.done).rejects.toBe(failure);
  expect(await listUploads(setting.options)).toMatchObject([
    { state: 'attention', problem: { kind: 'job-failed' } },
  ]);
  const second = waiting();
  second.open();
  expect(await (await start(second.followUp)).done).toMatchObject({ sentBytes: 0, partsSkipped: 8 });
});

test('an abort in the middle of it gives up the work, then removes what was sent', async () => {
  const order: string[] = [];
  const work = waiting();
  const remove = target.remove.bind(target);
  target.remove = async (...args) => {
    order.push('remove');
    await remove(...args);
  };
  const upload = await start({
    ...work.followUp,
    abandon: async (facts) => {
      order.push(`abandon ${facts['import-job']}`);
    },
  });
  await upload.setFact('import-job', '7');
  await work.begun;
  await upload.abort();
  await expect(upload.done).rejects.toBeInstanceOf(CancelledError);
  expect(order).toEqual(['abandon 7', 'remove']);
  expect(await target.head()).toBeUndefined();
  expect(await listUploads(setting.options)).toMatchObject([{ state: 'aborted' }]);
});
