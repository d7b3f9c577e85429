// Download links and the bytes behind them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { send, startTestCloud, type TestCloud, tagOf } from '../testing/client.ts';
import { callerOf, qcow2 } from './testing.ts';

let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
let imageId: string;
let info: { DownloadQuery: string; ExpiredTime: number };
const file = qcow2(6 * 2 ** 20);
for (let index = 100; index < file.length; index += 997) file[index] = index % 251;

beforeAll(async () => {
  test = await startTestCloud();
  acme = callerOf(test);
  const { ImageID, UploadID } = await acme.good('ImportImage', acme.draft({ ImageName: '镜像-1' }));
  imageId = ImageID;
  await acme.part(ImageID, UploadID, 1, file.subarray(0, 5 * 2 ** 20));
  await acme.part(ImageID, UploadID, 2, file.subarray(5 * 2 ** 20));
  await acme.good('CompleteImageMultipartUpload', { ImageID, UploadID });
  await acme.finish(ImageID);
});
afterAll(() => test.remove());
beforeEach(async () => {
  info = (await acme.good('GetImageDownloadURL', { ImageID: imageId })).Info;
});

const urlOf = (query = info.DownloadQuery, path = '/s3/download', region = 'local-1') =>
  `${test.cloud.endpoints.regions[region]?.ucloudstackS3}${path}?${query}`;

describe('a link', () => {
  it('is URL-encoded, lasts a day, and is served under both paths', async () => {
    expect(info.DownloadQuery).toMatch(/^[\w.~%&=*-]+$/);
    expect(info.ExpiredTime).toBe(Math.floor(test.clock.ms / 1000) + 24 * 3600);
    for (const path of ['/s3/download', '/s3/download/', '/download']) {
      const reply = await send(urlOf(undefined, path));
      expect([reply.status, reply.body.equals(file)]).toEqual([200, true]);
    }
  });

  it.each<[string, (query: string) => string]>([
    ['no query', () => ''],
    ['no signature', (query) => query.replace(/&Signature=.*/, '')],
    ['another signature', (query) => query.replace(/Signature=../, 'Signature=AA')],
    ['a later end', (query) => query.replace(/Expires=\d+/, 'Expires=9999999999')],
    ['no end', (query) => query.replace(/Expires=\d+/, 'Expires=')],
    ['another image', (query) => query.replace(/image-\w+/, 'image-00000000000000')],
  ])('with %s is refused', async (_, change) => {
    const reply = await send(urlOf(change(info.DownloadQuery)));
    expect([reply.status, tagOf(reply.text, 'Code')]).toEqual([403, 'AccessDenied']);
  });

  it('is good in its own region only', async () => {
    expect((await send(urlOf(undefined, undefined, 'local-2'))).status).toBe(403);
  });

  it('expires', async () => {
    const before = test.clock.ms;
    test.clock.ms = info.ExpiredTime * 1000 - 1;
    expect((await send(urlOf())).status).toBe(200);
    test.clock.ms += 1;
    expect((await send(urlOf())).status).toBe(403);
    test.clock.ms = before;
  });

  it('reads, and does nothing else', async () => {
    expect((await send(urlOf(), { method: 'PUT', body: 'x' })).status).toBe(405);
  });
});

describe('the bytes', () => {
  const head = (headers: Record<string, string> = {}) => send(urlOf(), { method: 'HEAD', headers });

  it('are described by HEAD', async () => {
    const reply = await head();
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-length': String(file.length),
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[\da-f]{32}-2"$/),
      'content-disposition': "attachment; filename*=UTF-8''%E9%95%9C%E5%83%8F-1.qcow2",
    });
    expect(reply.body.length).toBe(0);
  });

  it.each<[string, number, number]>([
    ['bytes=0-0', 0, 1],
    ['bytes=100-', 100, file.length],
    [`bytes=${5 * 2 ** 20 - 3}-${5 * 2 ** 20 + 2}`, 5 * 2 ** 20 - 3, 5 * 2 ** 20 + 3],
    ['bytes=-7', file.length - 7, file.length],
    ['bytes=5-999999999', 5, file.length],
    ['bytes=-999999999', 0, file.length],
  ])('of %s are a part of the file', async (range, start, end) => {
    const reply = await send(urlOf(), { headers: { range } });
    expect([reply.status, reply.headers['content-range']]).toEqual([
      206,
      `bytes ${start}-${end - 1}/${file.length}`,
    ]);
    expect(reply.body.equals(file.subarray(start, end))).toBe(true);
  });

  it.each([`bytes=${file.length}-`, 'bytes=-0'])('of %s are none', async (range) => {
    const reply = await send(urlOf(), { headers: { range } });
    expect([reply.status, reply.headers['content-range']]).toEqual([416, `bytes */${file.length}`]);
  });

  it.each(['bytes=9-3', 'bytes=-', 'lines=1-2', 'bytes=0-1,4-5'])(
    'of %s are the whole file',
    async (range) => {
      const reply = await send(urlOf(), { headers: { range } });
      expect([reply.status, reply.body.length]).toEqual([200, file.length]);
    },
  );

  it('are the whole file when it is another one than If-Range says', async () => {
    const etag = String((await head()).headers.etag);
    const get = (tag: string) => send(urlOf(), { headers: { range: 'bytes=1-2', 'if-range': tag } });
    expect((await get(etag)).status).toBe(206);
    expect((await get('"other"')).status).toBe(200);
  });

  it('of a system image are a qcow2 file of the right size', async () => {
    const { Infos } = await acme.good('DescribeImage', { ImageType: 'Base', Keyword: 'Windows' });
    const { Info } = await acme.good('GetImageDownloadURL', { ImageID: Infos[0].ImageID });
    const { body } = await send(urlOf(Info.DownloadQuery));
    expect(body.toString('latin1', 0, 4)).toBe('QFI\xfb');
    expect(body.readBigUInt64BE(24)).toBe(60n << 30n);
    const part = await send(urlOf(Info.DownloadQuery), { headers: { range: 'bytes=4-9' } });
    expect(part.body.equals(body.subarray(4, 10))).toBe(true);
  });

  it('are gone with the image', async () => {
    await acme.good('DeleteCustomImage', { ImageID: imageId });
    expect((await send(urlOf())).status).toBe(404);
  });
});
