// A network and a service that misbehave while a file is published: it arrives whole, or stops with a clear sentence and
// goes on later; never a second image, never something half-made that is not recorded.
import { createHash } from 'node:crypto';
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  connect,
  discardPublish,
  type ImageCloud,
  listUploads,
  type PublishEvent,
  type PublishRequest,
  publishImage,
  type Upload,
} from '@imagebridge/core';
import type { Fault } from '@imagebridge/local-cloud';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startCommand } from '../fixtures/cli-process.ts';
import { makeWork, type Work } from '../fixtures/work.ts';

const MIB = 1024 ** 2;
const SIZE = 4 * MIB;
const PART = MIB;
let work: Work;
let cloud: ImageCloud;
let leftBefore: unknown[] = [];
let puts = 0;
let creates = 0;

beforeAll(async () => {
  work = await makeWork({
    onRequest: ({ method, service, path, status }) => {
      if (service === 'obs' && method === 'PUT' && path.includes('partNumber') && status === 200) puts++;
      if (service === 'ims' && method === 'POST' && path.endsWith('/action') && status === 200) creates++;
    },
  });
});
afterAll(() => work.close());
afterEach(async () => {
  work.cloud.faults.clear();
  await cloud?.close();
});

interface Published {
  events: PublishEvent[];
  result: Awaited<ReturnType<typeof publishImage>>;
}

async function publish(name: string, more: Partial<PublishRequest> = {}): Promise<Published> {
  const path = more.path ?? (await work.file(`${name}.raw`, SIZE));
  cloud = await connect({ env: work.env, cloud: 'local' });
  const events: PublishEvent[] = [];
  puts = 0;
  creates = 0;
  leftBefore = await work.cloud.unfinishedUploads();
  const result = await publishImage(
    cloud,
    { path, image: { name }, partSizeBytes: PART, ...more, onEvent: (event) => events.push(event) },
    { stateDir: work.stateDir },
  );
  return { events, result };
}

/** What must be so after every success. */
async function arrived(name: string, file?: string): Promise<void> {
  const path = file ?? `${work.dir}/${name}.raw`;
  const stored = (await work.cloud.storedImages()).filter((image) => image.name === name);
  expect(stored.map((image) => image.sha256)).toEqual([
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  ]);
  const left = (await work.cloud.unfinishedUploads()).filter(
    (upload) => !leftBefore.some((old) => isDeepStrictEqual(old, upload)),
  );
  expect(left).toEqual([]);
}

const part = { service: 'obs', method: 'PUT', path: 'partNumber=2' } as const;

describe('a fault that passes', () => {
  it.each<[string, Fault]>([
    ['part answers 500', { ...part, count: 2, action: { kind: 'status', status: 500 } }],
    [
      'part answers 429 with Retry-After',
      { ...part, action: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
    ],
    ['connection cut in a part', { ...part, count: 2, action: { kind: 'cut', afterBytes: 300_000 } }],
    ['reply to a part lost', { ...part, action: { kind: 'lose-reply' } }],
    ['part answered with HTML', { ...part, action: { kind: 'html', status: 502 } }],
    [
      'initiate answers 503',
      { service: 'obs', method: 'POST', path: '?uploads', action: { kind: 'status', status: 503 } },
    ],
    [
      'reply to complete lost',
      { service: 'obs', method: 'POST', path: 'uploadId=', action: { kind: 'lose-reply' } },
    ],
    [
      'complete answers 500',
      { service: 'obs', method: 'POST', path: 'uploadId=', action: { kind: 'status', status: 500 } },
    ],
    [
      'token answers 500',
      { service: 'iam', method: 'POST', count: 2, action: { kind: 'status', status: 500 } },
    ],
    ['token reply cut', { service: 'iam', method: 'POST', action: { kind: 'cut' } }],
    [
      'image listing truncated',
      { service: 'ims', method: 'GET', path: '/v2/cloudimages', action: { kind: 'truncate' } },
    ],
    [
      'job query answers 500',
      { service: 'ims', path: '/jobs/', count: 3, action: { kind: 'status', status: 500 } },
    ],
    ['job query cut', { service: 'ims', path: '/jobs/', count: 2, action: { kind: 'cut' } }],
    [
      'import answers 429',
      {
        service: 'ims',
        method: 'POST',
        path: '/action',
        action: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      },
    ],
    [
      'reply to the import lost',
      { service: 'ims', method: 'POST', path: '/action', action: { kind: 'lose-reply' } },
    ],
  ])('%s', async (title, fault) => {
    work.cloud.faults.add(fault);
    const name = title.replaceAll(/\W+/g, '-');
    const { result } = await publish(name);
    expect(work.cloud.faults.list(), 'the fault was met').toEqual([]);
    expect(result.image).toMatchObject({ name, status: 'active' });
    expect(creates, 'never a second image').toBe(
      fault.path === '/action' && fault.action.kind === 'lose-reply' ? creates : 1,
    );
    await arrived(name);
  });

  it('honours Retry-After and tells of the retry', async () => {
    work.cloud.faults.add({
      ...part,
      action: { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
    });
    const { events } = await publish('retry-after');
    const retries = events.flatMap((e) => (e.type === 'upload' && e.event.type === 'retry' ? [e.event] : []));
    expect(retries).toMatchObject([{ partNumber: 2, attempt: expect.any(Number) }]);
    expect(retries[0]?.waitMs).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a fault that stays', () => {
  it('HTML instead of JSON: says so, sends nothing', async () => {
    work.cloud.faults.add({ service: 'iam', count: Number.POSITIVE_INFINITY, action: { kind: 'html' } });
    await expect(publish('html')).rejects.toThrow(/HTML instead of JSON.*Check the iam endpoint/s);
    expect(await listUploads({ stateDir: work.stateDir })).not.toContainEqual(
      expect.objectContaining({ file: expect.objectContaining({ path: `${work.dir}/html.raw` }) }),
    );
  });

  it('a permission that is missing stops at once, and the next run goes on', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>R1</RequestId></Error>';
    const denied = {
      kind: 'status',
      status: 403,
      body,
      headers: { 'content-type': 'application/xml' },
    } as const;
    work.cloud.faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=3',
      count: Number.POSITIVE_INFINITY,
      action: denied,
    });
    await expect(publish('denied', { parallelParts: 1 })).rejects.toThrow(/part 3.*HTTP 403, AccessDenied/s);
    const journal = (await listUploads({ stateDir: work.stateDir })).find((u) =>
      u.file.path.endsWith('/denied.raw'),
    );
    expect(journal).toMatchObject({ state: 'attention', partsDone: 2, active: false });
    work.cloud.faults.clear();
    const { result } = await publish('denied', { path: `${work.dir}/denied.raw` });
    expect(result.partsSkipped).toBe(2);
    await arrived('denied');
  });

  it('a failed job shows the reason of the cloud, and the next run imports again without sending', async () => {
    work.cloud.faults.add({
      service: 'ims',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: 'bad boot sector' },
    });
    await expect(publish('job-fails')).rejects.toThrow(/IMG\.0057, bad boot sector/);
    const { result } = await publish('job-fails', { path: `${work.dir}/job-fails.raw` });
    expect(puts).toBe(0);
    expect(result.partsSkipped).toBe(4);
    await arrived('job-fails');
  });
});

describe('the file changes while it is uploaded', () => {
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['it shrinks', (path) => truncate(path, SIZE - 10), /the file changed since its upload began/],
    ['it grows', (path) => appendFile(path, 'more'), /the file changed since its upload began/],
  ])('%s', async (title, change, message) => {
    const name = `changing-${title.replaceAll(' ', '-')}`;
    const path = await work.file(`${name}.raw`, SIZE);
    let changed: Promise<void> | undefined;
    const failing = publish(name, {
      path,
      parallelParts: 1,
      limitBytesPerSecond: 2 * MIB,
      onUpload: () => {
        changed = new Promise((resolve) => setTimeout(resolve, 700)).then(() => change(path));
      },
    });
    await expect(failing).rejects.toThrow(message);
    await changed;
    const [left] = await work.cloud.unfinishedUploads();
    expect(left, 'what is in the cloud was left alone').toBeDefined();
    const journal = (await listUploads({ stateDir: work.stateDir })).find((u) => u.file.path === path);
    expect(journal?.state).toBe('attention');
    await discardPublish(cloud, journal?.uploadId ?? '', { stateDir: work.stateDir });
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });
});

describe('two at once', () => {
  it('a second process on the same file says who has it, watches it, and takes its result', async () => {
    const path = await work.file('two.raw', SIZE);
    const args = ['push', path, '--to', 'local', '--name', 'two', '--part-size', '1M'];
    let started: (() => void) | undefined;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const first = startCommand([...args, '--limit-rate', '2M', '--progress', 'json'], work.env, () =>
      started?.(),
    );
    await running;
    const second = await startCommand(args, work.env).ended;
    expect(second.stderr).toMatch(/Another process of this machine is sending it \(upload \w+\)/);
    const ended = await first.ended;
    expect([ended.code, second.code], second.stderr).toEqual([0, 0]);
    await arrived('two');
    // Both name the one image that was made.
    const [, imageId] = /^image (\S+) /.exec(ended.stdout) ?? [];
    expect(imageId).toBeDefined();
    expect(second.stdout).toContain(imageId);
  });

  it('abort from another process removes the parts', async () => {
    const path = await work.file('abort.raw', SIZE);
    let upload: Upload | undefined;
    const failing = publish('abort', {
      path,
      limitBytesPerSecond: MIB,
      onUpload: (started) => (upload = started),
    });
    const outcome = expect(failing).rejects.toMatchObject({ kind: 'cancelled' });
    await expect.poll(() => upload?.snapshot().sentBytes ?? 0).toBeGreaterThan(0);
    const ended = await startCommand(['uploads', 'abort', upload?.id ?? ''], work.env).ended;
    expect(ended.code, ended.stderr).toBe(0);
    await outcome;
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('pauses safely, exits with 130 and says how to go on; the next run goes on', async () => {
    const path = await work.file('ctrl-c.raw', SIZE);
    const args = ['push', path, '--to', 'local', '--name', 'ctrl-c', '--part-size', '1M'];
    let interrupted = false;
    const first = startCommand([...args, '--limit-rate', '2M', '--progress', 'json'], work.env, (line) => {
      if (line.partsDone >= 1 && !interrupted) first.child.kill('SIGINT');
      interrupted ||= line.partsDone >= 1;
    });
    const ended = await first.ended;
    expect([ended.code, ended.stderr]).toEqual([
      130,
      expect.stringMatching(
        /paused\. To go on, run the same command again, or: imagebridge uploads resume \w+/,
      ),
    ]);
    const journal = (await listUploads({ stateDir: work.stateDir })).find((u) => u.file.path === path);
    expect(journal).toMatchObject({ state: 'paused', active: false });
    const second = await startCommand(['uploads', 'resume', journal?.uploadId ?? '', '--json'], work.env)
      .ended;
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout).partsSkipped).toBeGreaterThanOrEqual(1);
    await arrived('ctrl-c');
  });
});
