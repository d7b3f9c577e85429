// Debian's aws, rclone and s3cmd, unmodified, on the embedded cloud's object store.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, run } from './command.ts';
import { install } from './debian.ts';

const MIB = 1 << 20;
const noAws = install('aws', 'awscli');
const noRclone = install('rclone', 'rclone');
const noS3cmd = install('s3cmd', 's3cmd');
const named = (what: string, reason: string | undefined) =>
  reason === undefined ? what : `${what} (${reason})`;

let dir: string;
let server: LocalCloud;
let endpoint: string;
let keys: Record<string, string>;
const file = (name: string) => join(dir, name);
const sha = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-s3-'));
  server = await startLocalCloud({ dataDir: join(dir, 'cloud'), jobDurationMs: 40 });
  endpoint = server.endpoints.regions['local-1']?.obs ?? '';
  const account = server.accounts[0];
  if (account === undefined) throw new Error('there is no account');
  keys = {
    AWS_ACCESS_KEY_ID: account.accessKey,
    AWS_SECRET_ACCESS_KEY: account.secretKey,
    AWS_DEFAULT_REGION: 'local-1',
    AWS_CONFIG_FILE: file('aws-config'),
    RCLONE_CONFIG: file('rclone.conf'),
    RCLONE_CONFIG_CLOUD_TYPE: 's3',
    RCLONE_CONFIG_CLOUD_PROVIDER: 'Other',
    RCLONE_CONFIG_CLOUD_ENDPOINT: endpoint,
    RCLONE_CONFIG_CLOUD_ACCESS_KEY_ID: account.accessKey,
    RCLONE_CONFIG_CLOUD_SECRET_ACCESS_KEY: account.secretKey,
    RCLONE_CONFIG_CLOUD_FORCE_PATH_STYLE: 'true',
  };
  writeFileSync(file('aws-config'), '');
  writeFileSync(file('rclone.conf'), '');
  writeFileSync(file('large'), randomBytes(40 * MIB + 12345));
  writeFileSync(file('small'), 'a few bytes');
}, 180_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(noAws !== undefined)(named('aws', noAws), () => {
  const aws = (...args: string[]) =>
    must('aws', ['--endpoint-url', endpoint, '--output', 'json', ...args], keys);

  it('makes a bucket, sends and gets a file in parts, lists and deletes', async () => {
    await aws('s3', 'mb', 's3://aws-bucket');
    await aws('s3', 'cp', file('large'), 's3://aws-bucket/dir/镜像 1.img', '--no-progress');
    await aws('s3', 'cp', file('small'), 's3://aws-bucket/small', '--no-progress');
    expect(await aws('s3', 'ls', 's3://aws-bucket', '--recursive')).toMatch(/dir\/镜像 1\.img[\s\S]*small/);
    await aws('s3', 'cp', 's3://aws-bucket/dir/镜像 1.img', file('aws-back'), '--no-progress');
    expect(sha(file('aws-back'))).toBe(sha(file('large')));
    await aws('s3', 'rm', 's3://aws-bucket/small');
    const list = JSON.parse(
      await aws('s3api', 'list-objects-v2', '--bucket', 'aws-bucket', '--max-keys', '1'),
    );
    expect(list.Contents).toHaveLength(1);
  });

  it('uploads part by part, lists the parts, completes; and aborts another', async () => {
    writeFileSync(file('part'), randomBytes(5 * MIB));
    const at = ['--bucket', 'aws-bucket', '--key', 'by-parts'];
    const { UploadId } = JSON.parse(await aws('s3api', 'create-multipart-upload', ...at));
    const parts = [];
    for (const [number, name] of [
      ['1', 'part'],
      ['2', 'small'],
    ] as const) {
      const args = ['--part-number', number, '--body', file(name), '--upload-id', UploadId];
      const { ETag } = JSON.parse(await aws('s3api', 'upload-part', ...at, ...args));
      parts.push({ ETag, PartNumber: Number(number) });
    }
    const listed = JSON.parse(await aws('s3api', 'list-parts', ...at, '--upload-id', UploadId));
    expect(listed.Parts.map((part: { Size: number }) => part.Size)).toEqual([5 * MIB, 11]);
    writeFileSync(file('parts.json'), JSON.stringify({ Parts: parts }));
    const complete = ['--upload-id', UploadId, '--multipart-upload', `file://${file('parts.json')}`];
    await aws('s3api', 'complete-multipart-upload', ...at, ...complete);
    const head = JSON.parse(await aws('s3api', 'head-object', ...at));
    expect(head).toMatchObject({ ContentLength: 5 * MIB + 11, ETag: expect.stringMatching(/-2"$/) });

    const other = ['--bucket', 'aws-bucket', '--key', 'aborted'];
    const begun = JSON.parse(await aws('s3api', 'create-multipart-upload', ...other));
    await aws('s3api', 'abort-multipart-upload', ...other, '--upload-id', begun.UploadId);
    const gone = await run(
      'aws',
      ['--endpoint-url', endpoint, 's3api', 'list-parts', ...other, '--upload-id', begun.UploadId],
      keys,
    );
    expect([gone.code, gone.stderr]).toEqual([expect.any(Number), expect.stringContaining('NoSuchUpload')]);
  });

  it('gets a range, and by a presigned URL', async () => {
    const at = ['--bucket', 'aws-bucket', '--key', 'by-parts'];
    await aws('s3api', 'get-object', ...at, '--range', 'bytes=100-299', file('range'));
    expect(readFileSync(file('range'))).toEqual(readFileSync(file('part')).subarray(100, 300));
    const url = (await aws('s3', 'presign', 's3://aws-bucket/by-parts', '--expires-in', '60')).trim();
    const reply = await fetch(url, { headers: { range: 'bytes=5242880-' } });
    expect([reply.status, await reply.text()]).toEqual([206, 'a few bytes']);
    expect((await fetch(`${url}0`)).status).toBe(403);
  });

  it('is told of a wrong key', async () => {
    const wrong = await run('aws', ['--endpoint-url', endpoint, 's3', 'ls'], {
      ...keys,
      AWS_SECRET_ACCESS_KEY: 'wrong',
    });
    expect([wrong.code === 0, wrong.stderr]).toEqual([
      false,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
  });
});

describe.skipIf(noRclone !== undefined)(named('rclone', noRclone), () => {
  const rclone = (...args: string[]) => must('rclone', ['--retries', '1', ...args], keys);

  it('copies in parts, checks, reads a range, links and purges', async () => {
    await rclone('mkdir', 'cloud:rclone-bucket');
    await rclone('copyto', file('large'), 'cloud:rclone-bucket/large', '--s3-upload-cutoff', '8M');
    await rclone('copyto', file('small'), 'cloud:rclone-bucket/a b/small');
    expect(await rclone('lsl', 'cloud:rclone-bucket')).toMatch(/large[\s\S]*|a b\/small/);
    expect(await rclone('cat', '--offset', '2', '--count', '3', 'cloud:rclone-bucket/a b/small')).toBe('few');
    await rclone('copyto', 'cloud:rclone-bucket/large', file('rclone-back'));
    expect(sha(file('rclone-back'))).toBe(sha(file('large')));
    await rclone('check', file('small'), 'cloud:rclone-bucket/a b');
    const url = (await rclone('link', 'cloud:rclone-bucket/a b/small', '--expire', '1m')).trim();
    expect(await (await fetch(url)).text()).toBe('a few bytes');
    await rclone('purge', 'cloud:rclone-bucket');
    expect(await rclone('lsd', 'cloud:')).not.toContain('rclone-bucket');
  });
});

describe.skipIf(noS3cmd !== undefined)(named('s3cmd', noS3cmd), () => {
  it('puts in parts and gets', async () => {
    const host = new URL(endpoint).host;
    const s3cmd = (...args: string[]) =>
      must('s3cmd', [
        ...['--no-ssl', `--host=${host}`, `--host-bucket=${host}`, '--no-progress', '-c', '/dev/null'],
        ...[`--access_key=${keys.AWS_ACCESS_KEY_ID}`, `--secret_key=${keys.AWS_SECRET_ACCESS_KEY}`],
        ...args,
      ]);
    await s3cmd('mb', 's3://s3cmd-bucket');
    await s3cmd('put', file('large'), 's3://s3cmd-bucket/large', '--multipart-chunk-size-mb=15');
    await s3cmd('get', '--force', 's3://s3cmd-bucket/large', file('s3cmd-back'));
    expect(sha(file('s3cmd-back'))).toBe(sha(file('large')));
    await s3cmd('del', 's3://s3cmd-bucket/large');
    await s3cmd('rb', 's3://s3cmd-bucket');
  });
});
