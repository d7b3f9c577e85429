// `imagebridge push` and `uploads` as a user calls them: the bundled command against the embedded cloud.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandPlace, makePlace } from '../testing/command.ts';

const MIB = 1024 ** 2;
let place: CommandPlace;
let disk: string;
let other: string;

beforeAll(async () => {
  place = await makePlace();
  disk = await place.disk('disk.img', MIB);
  other = await place.disk('other.img', MIB, 2);
}, 60_000);
afterEach(() => place.cloud.faults.clear());
afterAll(() => place.close());

const result = z.looseObject({
  path: z.string(),
  cloud: z.string(),
  name: z.string(),
  status: z.string(),
  imageId: z.string().optional(),
  sha256: z.string().optional(),
  error: z.looseObject({ kind: z.string() }).optional(),
});
const manifest = z.object({ version: z.number(), endedAt: z.string().optional(), results: z.array(result) });
const read = async (file: string) =>
  manifest.parse(JSON.parse(await readFile(path.join(place.dir, file), 'utf8')));
const stored = async (name: string) =>
  (await place.cloud.storedImages()).filter((image) => image.name === name);

describe('several files and targets', () => {
  it('publishes each to each, writes the manifest, and does only what failed again', {
    timeout: 60_000,
  }, async () => {
    place.cloud.faults.add({
      service: 'ims',
      method: 'POST',
      path: '/action',
      count: 1,
      action: { kind: 'status', status: 403 },
    });
    const push = [
      'push',
      'dis?.img',
      'other.img',
      '--to',
      'local,partner',
      '--tag',
      'team=web',
      '--uploads',
      '1',
    ];
    const first = await place.run([...push, '--result', 'r.json', '--json', '--progress', 'none']);
    expect(first.code).toBe(5);
    expect(first.stderr).toMatch(/HTTP 403/);
    const before = await read('r.json');
    expect(manifest.parse(JSON.parse(first.stdout))).toEqual(before);
    expect(before.endedAt).toBeDefined();
    expect(before.results.map(({ name, cloud, status }) => [name, cloud, status])).toEqual([
      ['disk', 'local', 'failed'],
      ['disk', 'partner', 'published'],
      ['other', 'local', 'published'],
      ['other', 'partner', 'published'],
    ]);
    const made = await place.cloud.storedImages();

    const again = await place.run(['push', '--retry-from', 'r.json']);
    expect(again.code).toBe(0);
    const after = await read('r.json');
    expect(after.results.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'published'));
    expect(await place.cloud.storedImages()).toHaveLength(made.length + 1);
    const [image] = await stored('disk');
    expect((await stored('disk')).map(({ tags }) => tags.team)).toEqual(['web', 'web']);
    expect(image?.sha256).toBe(after.results[0]?.sha256);
    expect((await place.run(['push', '--retry-from', 'r.json'])).stdout).toMatch(/^nothing to do/);
  });

  it('--if-exists: fails, skips the same content, refuses another', { timeout: 60_000 }, async () => {
    const push = ['push', disk, '--name', 'twice', '--to', 'local', '--progress', 'none'];
    const { image } = z.object({ image: z.object({ id: z.string() }) }).parse(await place.json(push));
    expect((await place.run(push)).code).toBe(4);
    expect(await place.json([...push, '--if-exists', 'skip'])).toMatchObject({
      status: 'skipped',
      image: { id: image.id },
    });
    const changed = await place.run([
      'push',
      other,
      '--name',
      'twice',
      '--to',
      'local',
      '--if-exists',
      'skip',
      '--quiet',
    ]);
    expect(changed.code).toBe(4);
    expect(changed.stderr).toMatch(/another content/);
    expect(await stored('twice')).toHaveLength(1);
  });

  it('--dry-run inspects and asks, and sends nothing', { timeout: 60_000 }, async () => {
    const images = await place.cloud.storedImages();
    await writeFile(path.join(place.dir, 'empty.img'), '');
    const dry = ['push', 'empty.img', disk, '--to', 'local,partner', '--dry-run', '--if-exists', 'new'];
    const ended = await place.run([...dry, '--json']);
    expect(ended.code).toBe(3);
    const verdicts = z
      .object({ results: z.array(z.looseObject({ verdict: z.string() })) })
      .parse(JSON.parse(ended.stdout));
    expect(
      verdicts.results
        .filter(({ path: file }) => String(file).endsWith('empty.img'))
        .map(({ verdict }) => verdict),
    ).toEqual(['refused', 'refused']);
    expect(await place.cloud.storedImages()).toEqual(images);
    expect((await place.run(['uploads'])).stdout).not.toContain('empty.img');
  });

  it('--no-wait ends when the cloud has taken the import on; the same command ends it', {
    timeout: 60_000,
  }, async () => {
    const slow = await makePlace({ jobDurationMs: 4000 });
    try {
      const file = await slow.disk('later.img', MIB);
      const push = ['push', file, '--to', 'local', '--progress', 'none'];
      const taken = z
        .object({ status: z.string(), jobId: z.string() })
        .parse(await slow.json([...push, '--no-wait']));
      expect(taken.status).toBe('importing');
      expect(await slow.json(['job', 'show', taken.jobId])).not.toMatchObject({ status: 'failed' });
      expect(await slow.json(push)).toMatchObject({ status: 'published' });
      expect(await slow.cloud.storedImages()).toHaveLength(1);
    } finally {
      await slow.close();
    }
  });
});

describe('a file that a cloud does not take', () => {
  it('is unpacked on the way', { timeout: 60_000 }, async () => {
    const packed = path.join(place.dir, 'packed.img.gz');
    await writeFile(packed, gzipSync(await readFile(other)));
    const push = ['push', packed, '--to', 'local', '--progress', 'none'];
    expect((await place.run([...push, '--no-unpack'])).code).toBe(3);
    expect((await place.run([...push, '--dry-run'])).stdout).toMatch(/would be unpacked/);
    expect(await place.json(push)).toMatchObject({ status: 'published', image: { name: 'packed' } });
    const [image] = await stored('packed');
    expect(image?.sha256).toBe(
      createHash('sha256')
        .update(await readFile(other))
        .digest('hex'),
    );
  });

  it('is judged for the very cloud', { timeout: 60_000 }, async () => {
    const inspection = z.object({ findings: z.array(z.object({ severity: z.string() })) });
    const severities = async (...args: string[]) =>
      inspection
        .parse(await place.json(['inspect', other, ...args], args.length > 0 ? 3 : 0))
        .findings.map(({ severity }) => severity);
    expect(await severities()).not.toContain('error');
    expect(await severities('--for', 'local-ucloudstack')).toContain('error');
  });
});

describe('a bucket of your own', () => {
  it('takes files, goes on after a pause, and is looked through for orphans', {
    timeout: 60_000,
  }, async () => {
    const [account] = place.cloud.accounts;
    const endpoint = place.cloud.endpoints.regions['local-1']?.obs ?? '';
    const env = {
      AWS_ACCESS_KEY_ID: account?.accessKey ?? '',
      AWS_SECRET_ACCESS_KEY: account?.secretKey ?? '',
      AWS_REGION: 'local-1',
    };
    // The staging bucket that earlier pushes have made.
    const journals = z
      .array(z.object({ target: z.object({ bucket: z.string() }) }))
      .parse(await place.json(['uploads']));
    const bucket = journals[0]?.target.bucket ?? '';
    const to = ['--to', `s3://${bucket}/os/`, '--endpoint-url', endpoint];
    const sent = await place.run(['push', disk, ...to, '--json', '--progress', 'none'], env);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(sent.stdout)).toMatchObject({
      status: 'published',
      url: `s3://${bucket}/os/disk.img`,
      sizeBytes: MIB,
    });
    const wrong = await place.run(['push', disk, ...to, '--sha256', '0'.repeat(64), '--quiet'], env);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/Nothing was sent/) });
    const dry = await place.run(['push', disk, ...to, '--dry-run'], env);
    expect(dry.stdout).toMatch(/s3:.*\/os\/disk\.img +would go: as it is/);
    const keyless = await place.run(['push', disk, ...to]);
    expect(keyless.code).toBe(2);
    expect(keyless.stderr).toMatch(/AWS_ACCESS_KEY_ID is not set/);

    const big = await place.disk('big.img', 12 * MIB);
    const push = ['push', big, '--to', `s3://${bucket}/imagebridge/big`, '--endpoint-url', endpoint];
    const slow = place.start([...push, '--part-size', '5M', '--limit-rate', '8M', '--progress', 'json'], env);
    await slow.sees(/"partsDone":[1-9]/);
    slow.child.kill('SIGINT');
    const paused = await slow.ended;
    expect(paused.code).toBe(130);
    const [, id = ''] = /imagebridge uploads resume (\S+)/.exec(paused.stderr) ?? [];
    const orphans = [
      'uploads',
      'orphans',
      '--bucket',
      `s3://${bucket}`,
      '--endpoint-url',
      endpoint,
      '--older-than',
      '0s',
    ];
    const known = await place.run(orphans, env);
    expect(known.stdout).toMatch(/known to this machine/);
    const elsewhere = { ...env, IMAGEBRIDGE_STATE_DIR: path.join(place.dir, 'other-machine') };
    expect((await place.run(orphans, elsewhere)).stdout).toMatch(/orphan/);
    expect((await place.run([...orphans, '--remove'], elsewhere)).code).toBe(2);

    const resumed = await place.run(['uploads', 'resume', id, '--json', '--progress', 'none'], env);
    expect(resumed.code).toBe(0);
    const figures = z
      .object({ partsSkipped: z.number(), sizeBytes: z.number() })
      .parse(JSON.parse(resumed.stdout));
    expect(figures.partsSkipped).toBeGreaterThan(0);
    expect((await place.run(orphans, env)).stdout).toMatch(/^no unfinished uploads/);
  });
});

it('a second push of the same file watches the first, and has its result', { timeout: 60_000 }, async () => {
  const push = ['push', disk, '--name', 'both', '--to', 'local', '--part-size', '100k', '--progress', 'json'];
  const first = place.start([...push, '--limit-rate', '300k', '--json']);
  await first.sees(/"partsDone":[1-9]/);
  const second = place.start([...push, '--json']);
  await second.sees(/it is watched from here/);
  const [one, two] = await Promise.all([first.ended, second.ended]);
  expect([one.code, two.code], two.stderr.slice(-300)).toEqual([0, 0]);
  const imageOf = (text: string) =>
    z.object({ image: z.object({ id: z.string() }) }).parse(JSON.parse(text)).image.id;
  expect(imageOf(two.stdout)).toBe(imageOf(one.stdout));
  expect(await stored('both')).toHaveLength(1);
});

it('a second push goes on where a first one was killed', { timeout: 60_000 }, async () => {
  const push = ['push', disk, '--name', 'heir', '--to', 'local', '--part-size', '100k', '--progress', 'json'];
  const first = place.start([...push, '--limit-rate', '100k']);
  await first.sees(/"partsDone":[1-9]/);
  const second = place.start([...push, '--json']);
  await second.sees(/it is watched from here/);
  first.child.kill('SIGKILL');
  const { code, stdout } = await second.ended;
  expect(code).toBe(0);
  expect(z.object({ partsSkipped: z.number() }).parse(JSON.parse(stdout)).partsSkipped).toBeGreaterThan(0);
});

it('uploads: watched, paused and removed from another process; what is over is forgotten', {
  timeout: 60_000,
}, async () => {
  const push = [
    'push',
    disk,
    '--name',
    'watched',
    '--to',
    'local',
    '--part-size',
    '100k',
    '--limit-rate',
    '200k',
  ];
  const running = place.start([...push, '--progress', 'json']);
  await running.sees(/"partsDone":[1-9]/);
  const watcher = place.start(['uploads', 'watch', '--progress', 'json']);
  await watcher.sees(/"type":"upload-progress"/);
  watcher.child.kill('SIGINT');
  expect(await watcher.ended).toMatchObject({
    code: 130,
    stderr: expect.stringMatching(/stopped watching; the upload goes on/),
  });
  const [active] = z
    .array(z.object({ uploadId: z.string(), active: z.boolean() }))
    .parse(await place.json(['uploads', 'list', '--unfinished']))
    .filter((one) => one.active);
  const id = active?.uploadId ?? '';
  await place.json(['uploads', 'limit', id, '150k']);
  expect((await place.run(['uploads', 'limit', id, 'fast'])).code).toBe(2);
  expect(await place.json(['uploads', 'pause', id])).toMatchObject({ state: 'paused' });
  running.child.kill('SIGKILL');
  await running.ended;

  const orphans = ['uploads', 'orphans', '--cloud', 'local', '--older-than', '0s'];
  expect((await place.run(orphans)).stdout).toMatch(/known to this machine/);
  const elsewhere = { IMAGEBRIDGE_STATE_DIR: path.join(place.dir, 'third-machine') };
  expect((await place.run(['uploads', 'orphans', '--cloud', 'local'], elsewhere)).stdout).toMatch(
    /too young to tell/,
  );
  const removed = await place.run([...orphans, '--remove', '--yes'], elsewhere);
  expect(removed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/removed 1 of 1 unfinished uploads/),
  });
  expect(await place.cloud.unfinishedUploads()).toEqual([]);

  expect(await place.json(['uploads', 'abort', id])).toMatchObject({ state: 'aborted' });
  const cleaned = async (...args: string[]) =>
    z
      .object({ uploads: z.array(z.unknown()), freedBytes: z.number() })
      .parse(await place.json(['uploads', 'clean', ...args])).uploads;
  expect((await place.run(['uploads', 'clean'])).stdout).toBe('forgot 0 uploads\n');
  const over = await cleaned('--older-than', '0s', '--dry-run');
  expect(over.length).toBeGreaterThan(0);
  expect(await cleaned('--older-than', '0s')).toHaveLength(over.length);
  expect(await cleaned('--older-than', '0s')).toEqual([]);
  const left = await place.run(['uploads', 'watch', 'no-such-upload']);
  expect(left.code).toBe(2);
});
