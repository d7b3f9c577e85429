// The parts of local uploads: who may send them, and what an upload is completed or aborted with.
import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { obs, send, sha256, startTestCloud, type TestCloud, tagOf } from '../testing/client.ts';
import { callerOf, iso, mirror, mirrorV4, qcow2 } from './testing.ts';

let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
let upload: { ImageID: string; UploadID: string };
beforeEach(async () => {
  test = await startTestCloud();
  acme = callerOf(test);
  const { ImageID, UploadID } = await acme.good('ImportImage', acme.draft());
  upload = { ImageID, UploadID };
});
afterEach(() => test.remove());

const complete = () => acme.call('CompleteImageMultipartUpload', upload);
const partQuery = () => `partNumber=1&uploadId=${upload.UploadID}`;

describe('a part', () => {
  it('answers with the MD5 of its bytes, and replaces the one with its number', async () => {
    const first = await acme.part(upload.ImageID, upload.UploadID, 1, 'first');
    expect(first.headers.etag).toBe(`"${createHash('md5').update('first').digest('hex')}"`);
    const file = qcow2(2000);
    await acme.part(upload.ImageID, upload.UploadID, 1, file);
    expect((await complete()).retCode).toBe(0);
    expect(await acme.finish(upload.ImageID)).toMatchObject({ ImageStatus: 'Used' });
    expect(readdirSync(join(test.dataDir, 'blobs'))).toHaveLength(1);
  });

  it('is taken from the tenant of the image only', async () => {
    const options = { account: test.partner, body: 'x' };
    const reply = await mirror(test, 'PUT', upload.ImageID, partQuery(), options);
    expect([reply.status, tagOf(reply.text, 'Code')]).toEqual([403, 'InvalidAccessKeyId']);
    expect((await test.cloud.unfinishedUploads())[0]?.parts).toBe(0);
  });

  it.each<[string, string, (id: string) => string, string, string]>([
    ['without an upload', 'PUT', (id) => id, 'partNumber=1', 'AccessDenied'],
    ['to an unknown image', 'PUT', () => 'image-none', 'QUERY', 'AccessDenied'],
    ['below the key of the image', 'PUT', (id) => `${id}/x`, 'QUERY', 'NoSuchUpload'],
    ['of another upload', 'PUT', (id) => id, 'partNumber=1&uploadId=other', 'NoSuchUpload'],
    ['that begins an upload', 'POST', (id) => id, 'uploads', 'AccessDenied'],
    ['that ends the upload', 'POST', (id) => id, 'uploadId=UPLOAD', 'AccessDenied'],
    ['that aborts the upload', 'DELETE', (id) => id, 'uploadId=UPLOAD', 'AccessDenied'],
  ])('%s is refused', async (_, method, key, query, code) => {
    const text = query.replace('QUERY', partQuery()).replace('UPLOAD', upload.UploadID);
    const reply = await mirror(test, method, key(upload.ImageID), text, { body: 'x' });
    expect(tagOf(reply.text, 'Code')).toBe(code);
  });

  it('of a wrong signature or of another region is refused', async () => {
    const stranger = { ...test.acme, secretKey: 'wrong' };
    const wrong = await mirror(test, 'PUT', upload.ImageID, partQuery(), { account: stranger, body: 'x' });
    expect(tagOf(wrong.text, 'Code')).toBe('SignatureDoesNotMatch');
    const away = await mirror(test, 'PUT', upload.ImageID, partQuery(), { region: 'local-2', body: 'x' });
    expect(tagOf(away.text, 'Code')).toBe('AccessDenied');
  });

  it('goes to the second region by its own service', async () => {
    const caller = callerOf(test, test.partner, 'local-2');
    const { ImageID, UploadID } = await caller.good('ImportImage', caller.draft({ ImageFormat: 'iso' }));
    expect((await caller.part(ImageID, UploadID, 1, iso())).status).toBe(200);
    await caller.good('CompleteImageMultipartUpload', { ImageID, UploadID });
    expect(await caller.finish(ImageID)).toMatchObject({
      ImageStatus: 'Used',
      ImageSize: 1,
      ImageFormat: 'iso',
    });
    const stored = await test.cloud.storedImages();
    expect(stored.find((image) => image.id === ImageID)).toMatchObject({
      region: 'local-2',
      projectId: test.partner.ucloudstack.projectId,
      sha256: sha256(iso()),
    });
  });
});

describe('a part with the signature of S3', () => {
  const query = () => ({ partNumber: '1', uploadId: upload.UploadID });

  it.each(['signed', 'unsigned', 'url'] as const)('(%s) becomes a part of the image', async (form) => {
    const file = qcow2(5000, 1, 3);
    const reply = await mirrorV4(test, upload.ImageID, query(), { body: file, form });
    expect([reply.status, reply.headers.etag]).toEqual([
      200,
      `"${createHash('md5').update(file).digest('hex')}"`,
    ]);
    const listed = await mirrorV4(test, upload.ImageID, { uploadId: upload.UploadID });
    expect(tagOf(listed.text, 'Size')).toBe('5000');
    expect((await complete()).retCode).toBe(0);
    expect((await acme.finish(upload.ImageID)).ImageStatus).toBe('Used');
    expect((await test.cloud.storedImages())[0]?.sha256).toBe(sha256(file));
  });

  it('is refused when the key is wrong, or another tenant’s, or the body is another', async () => {
    const body = qcow2(100);
    const refusal = async (options: Parameters<typeof mirrorV4>[3]) => {
      const reply = await mirrorV4(test, upload.ImageID, query(), { body, ...options });
      return tagOf(reply.text, 'Code');
    };
    expect(await refusal({ account: { ...test.acme, secretKey: 'x' } })).toBe('SignatureDoesNotMatch');
    expect(await refusal({ account: test.partner })).toBe('InvalidAccessKeyId');
    expect(await refusal({ account: test.partner, form: 'url' })).toBe('InvalidAccessKeyId');
    expect(await refusal({ signedBody: qcow2(101) })).toBe('XAmzContentSHA256Mismatch');
    expect((await test.cloud.unfinishedUploads())[0]?.parts).toBe(0);
  });
});

describe('the bucket of uploads', () => {
  it('lists the upload of an image to its tenant', async () => {
    const base = test.cloud.endpoints.regions['local-1']?.ucloudstackS3;
    const date = new Date(test.clock.ms).toUTCString();
    const list = (account: typeof test.acme) => {
      const text = `GET\n\n\n\nx-obs-date:${date}\n/mirror/?uploads`;
      const mac = createHmac('sha1', account.secretKey).update(text).digest('base64');
      const headers = { 'x-obs-date': date, authorization: `OBS ${account.accessKey}:${mac}` };
      return send(`${base}/mirror?uploads&prefix=${upload.ImageID}`, { headers });
    };
    expect(tagOf((await list(test.acme)).text, 'UploadId')).toBe(upload.UploadID);
    expect((await list(test.partner)).status).toBe(403);
  });

  it('is no bucket of any tenant, and other buckets are served beside it', async () => {
    expect((await obs(test, 'PUT', 'mirror')).status).toBe(409);
    expect((await obs(test, 'GET', 'mirror')).status).toBe(403);
    expect((await obs(test, 'GET', '')).text).not.toContain('mirror');
    await obs(test, 'PUT', 'box');
    await obs(test, 'PUT', 'box/key', { body: 'content' });
    const base = test.cloud.endpoints.regions['local-1']?.ucloudstackS3;
    const date = new Date(test.clock.ms).toUTCString();
    const mac = createHmac('sha1', test.acme.secretKey)
      .update(`GET\n\n\n\nx-obs-date:${date}\n/box/key`)
      .digest('base64');
    const headers = { 'x-obs-date': date, authorization: `OBS ${test.acme.accessKey}:${mac}` };
    expect((await send(`${base}/box/key`, { headers })).text).toBe('content');
  });
});

describe('completing', () => {
  it('needs parts from 1 without gaps, all but the last large enough, and keeps them until then', async () => {
    const part = Buffer.alloc(5 * 2 ** 20);
    await acme.part(upload.ImageID, upload.UploadID, 2, part);
    expect(await complete()).toMatchObject({ retCode: 113, message: expect.stringContaining('分片 1') });
    await acme.part(upload.ImageID, upload.UploadID, 1, qcow2(5 * 2 ** 20));
    await acme.part(upload.ImageID, upload.UploadID, 4, 'end');
    expect(await complete()).toMatchObject({ retCode: 113, message: expect.stringContaining('分片 3') });
    await acme.part(upload.ImageID, upload.UploadID, 3, 'small');
    expect(await complete()).toMatchObject({ retCode: 113, message: expect.stringContaining('分片 3') });
    expect((await acme.image(upload.ImageID)).ImageStatus).toBe('Uploading');
    await acme.part(upload.ImageID, upload.UploadID, 3, part);
    expect((await complete()).retCode).toBe(0);
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
    expect((await complete()).retCode).toBe(201);
    expect((await acme.finish(upload.ImageID)).ImageStatus).toBe('Used');
    expect((await test.cloud.storedImages())[0]?.sizeBytes).toBe(15 * 2 ** 20 + 3);
  });

  it('takes effect once when it is asked for twice at a time', async () => {
    await acme.part(upload.ImageID, upload.UploadID, 1, qcow2(1000));
    const answers = await Promise.all([complete(), complete(), complete()]);
    expect(answers.map(({ retCode }) => retCode).sort()).toEqual([0, 201, 201]);
    expect((await acme.finish(upload.ImageID)).ImageStatus).toBe('Used');
    expect((await test.cloud.storedImages())[0]?.sha256).toMatch(/^[\da-f]{64}$/);
  });

  it.each<[string, Buffer, string]>([
    ['an ISO file', iso(), '格式不是 qcow2'],
    ['a text', Buffer.from('hello'), '格式不是 qcow2'],
    ['a disk of 3000 GiB', qcow2(1000, 3000), '超出上限 2000 GiB'],
  ])('%s as qcow2 fails, and its bytes are let go', async (_, file, reason) => {
    await acme.part(upload.ImageID, upload.UploadID, 1, file);
    expect((await complete()).retCode).toBe(0);
    expect(await acme.finish(upload.ImageID)).toMatchObject({
      ImageStatus: 'Failed',
      Reason: expect.stringContaining(reason),
    });
    expect(readdirSync(join(test.dataDir, 'blobs'))).toEqual([]);
    expect(await test.cloud.storedImages()).toMatchObject([{ status: 'Failed', sizeBytes: 0 }]);
  });

  it('keeps a size that is larger than the file needs', async () => {
    const { ImageID, UploadID } = await acme.good('ImportImage', acme.draft({ ImageSize: 60 }));
    await acme.part(ImageID, UploadID, 1, qcow2(1000, 2));
    await acme.good('CompleteImageMultipartUpload', { ImageID, UploadID });
    expect(await acme.finish(ImageID)).toMatchObject({ ImageSize: 60 });
  });
});

describe('aborting', () => {
  it('drops parts and image, with or without the id of the upload', async () => {
    const CompanyID = test.acme.ucloudstack.companyId;
    await acme.part(upload.ImageID, upload.UploadID, 1, 'part');
    const wrong = { ImageID: upload.ImageID, UploadID: 'other', CompanyID };
    expect((await acme.call('AbortImageMultipartUpload', wrong)).retCode).toBe(200);
    await acme.good('AbortImageMultipartUpload', { ImageID: upload.ImageID, CompanyID });
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
    expect(readdirSync(join(test.dataDir, 'blobs'))).toEqual([]);
    const late = await acme.part(upload.ImageID, upload.UploadID, 2, 'late');
    expect(tagOf(late.text, 'Code')).toBe('NoSuchUpload');
    expect((await acme.call('AbortImageMultipartUpload', { ...upload, CompanyID })).retCode).toBe(205);
    expect(await acme.image(upload.ImageID)).toBeUndefined();

    const second = await acme.good('ImportImage', acme.draft());
    const { ImageID, UploadID } = second;
    await acme.good('AbortImageMultipartUpload', { ImageID, UploadID, CompanyID });
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
  });
});

describe('a restart', () => {
  it('finds uploads, parts, unfinished images and links again', async () => {
    const file = qcow2(3000);
    await acme.part(upload.ImageID, upload.UploadID, 1, file);
    const before = await acme.good('DescribeImage', { Limit: 100 });
    await test.restart();
    expect((await acme.good('DescribeImage', { Limit: 100 })).Infos).toEqual(before.Infos);
    expect((await complete()).retCode).toBe(0);
    await test.restart();
    expect((await acme.image(upload.ImageID)).ImageStatus).toBe('WaitMaking');
    expect((await acme.finish(upload.ImageID)).ImageStatus).toBe('Used');
    const { Info } = await acme.good('GetImageDownloadURL', { ImageID: upload.ImageID });
    await test.restart();
    const base = test.cloud.endpoints.regions['local-1']?.ucloudstackS3;
    const reply = await send(`${base}/download?${Info.DownloadQuery}`);
    expect([reply.status, reply.body.equals(file)]).toEqual([200, true]);
    expect((await acme.good('DescribeImage')).TotalCount).toBe(5);
    await acme.good('DeleteCustomImage', { ImageID: upload.ImageID });
    await test.restart();
    test.clock.ms += 5000;
    expect(await acme.image(upload.ImageID)).toBeUndefined();
    expect(readdirSync(join(test.dataDir, 'blobs'))).toEqual([]);
  });
});
