import { describe, expect, it } from 'vitest';
import { JobFailedError, UnavailableError } from '../model/index.ts';
import { FakeCloud, fakeClock } from './testing/fake-cloud.ts';
import { waitForImage, waitForJob } from './wait-for-job.ts';

const unavailable = () =>
  new UnavailableError({ operation: 'read a job', reason: 'connection refused', retryable: true });

describe('waiting for a job', () => {
  it('polls ever more slowly, and reports every state', async () => {
    const cloud = new FakeCloud();
    const clock = fakeClock();
    const ref = cloud.addJob(
      { progress: 0.1 },
      { progress: 0.5 },
      { progress: 0.9 },
      { status: 'succeeded', imageIds: ['i'] },
    );
    const seen: (number | undefined)[] = [];
    const job = await waitForJob(cloud, ref, 'import it', {
      clock,
      onJob: (state) => seen.push(state.progress),
    });
    expect(job.imageIds).toEqual(['i']);
    expect(seen).toEqual([0.1, 0.5, 0.9, undefined]);
    expect(clock.sleeps).toEqual([250, 375, 562.5]);
  });

  it('passes on the code and the reason of a failure', async () => {
    const cloud = new FakeCloud();
    const ref = cloud.addJob({
      status: 'failed',
      errorCode: 'IMG.0057',
      failureReason: 'The image file is empty.',
    });
    const failure = waitForJob(cloud, ref, 'import b/k as "x"', { clock: fakeClock() });
    await expect(failure).rejects.toBeInstanceOf(JobFailedError);
    await expect(failure).rejects.toThrow(
      /^Could not import b\/k as "x" on huaweicloud "fake" \(r1\).*IMG\.0057, The image file is empty\./,
    );
  });

  it('waits out a short silence and gives up on a long one', async () => {
    const cloud = new FakeCloud();
    const ref = cloud.addJob({ status: 'succeeded' });
    let failures = 3;
    cloud.before = (method) => {
      if (method === 'getJob' && failures-- > 0) throw unavailable();
    };
    await expect(waitForJob(cloud, ref, 'copy', { clock: fakeClock() })).resolves.toMatchObject({
      status: 'succeeded',
    });
    failures = Number.POSITIVE_INFINITY;
    const clock = fakeClock();
    await expect(waitForJob(cloud, ref, 'copy', { clock })).rejects.toThrow(/connection refused/);
    expect(clock.now()).toBeGreaterThan(120_000);
  });

  it('ends at its deadline', async () => {
    const cloud = new FakeCloud();
    const clock = fakeClock();
    const ref = cloud.addJob({ status: 'running' });
    await expect(waitForJob(cloud, ref, 'copy', { clock, timeoutMs: 5_000 })).rejects.toThrow(
      /not finished after 5 s/,
    );
    expect(clock.now()).toBe(5_000);
  });

  it('treats a vanished or failed image as a failed job', async () => {
    const cloud = new FakeCloud();
    const failed = cloud.addImage({ name: 'x', status: 'failed', rawStatus: 'killed' });
    await expect(waitForImage(cloud, failed.id, { clock: fakeClock() })).rejects.toThrow(
      /its status is killed/,
    );
    await expect(waitForImage(cloud, 'gone', { clock: fakeClock() })).rejects.toThrow(
      /does not exist any more/,
    );
  });
});
