// Remote imports: what is fetched, from where, and how it ends when it does not work.

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Exchange, newId } from '../http/exchange.ts';
import { ObsStore } from '../object-store/records.ts';
import { BlobStore } from '../store/blobs.ts';
import { sha256, startTestCloud, type TestCloud } from '../testing/client.ts';
import { ucloudstackCloud } from './index.ts';
import { callerOf, qcow2, type Values } from './testing.ts';

let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
let server: Server;
let base: string;
let answer: RequestListener;
const file = qcow2(3 * 2 ** 20, 2);

beforeEach(async () => {
  test = await startTestCloud({ maxImportSizeBytes: 4 * 2 ** 20 });
  acme = callerOf(test);
  answer = (_, response) => response.end(file);
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test.remove();
});

const remote = (values: Values = {}) =>
  acme.draft({ ImportType: 'Remote', LoadURL: `${base}/disk?token=secret`, ...values });

async function imported(values: Values = {}) {
  const { ImageID } = await acme.good('ImportImage', remote(values));
  return acme.finish(ImageID);
}

const blobs = () => readdirSync(join(test.dataDir, 'blobs'));

describe('a remote import', () => {
  it('fetches the file, and does not show what grants access to it', async () => {
    const begun = await acme.good('ImportImage', remote());
    expect(begun.UploadID).toBeUndefined();
    const record = join(test.dataDir, 'ucloudstack', 'images', `${begun.ImageID}.json`);
    await expect.poll(() => readFileSync(record, 'utf8')).not.toContain('token=secret');
    expect((await acme.image(begun.ImageID)).ImageStatus).toBe('WaitMaking');
    expect(await acme.finish(begun.ImageID)).toMatchObject({
      ImageStatus: 'Used',
      ImportType: 'Remote',
      ImageSize: 2,
      ImageFrom: `${base}/disk`,
    });
    expect(await test.cloud.storedImages()).toMatchObject([{ sha256: sha256(file), sizeBytes: file.length }]);
  });

  it('follows the download, not only the time', async () => {
    let goOn = () => {};
    answer = (_, response) => {
      response.setHeader('content-length', file.length);
      response.write(file.subarray(0, file.length / 4));
      goOn = () => response.end(file.subarray(file.length / 4));
    };
    const { ImageID } = await acme.good('ImportImage', remote());
    test.clock.ms += 60_000;
    const halfway = { ImageStatus: 'Making', PreparePrecent: 25 };
    await expect.poll(() => acme.image(ImageID)).toMatchObject(halfway);
    goOn();
    expect(await acme.finish(ImageID)).toMatchObject({ ImageStatus: 'Used', PreparePrecent: 100 });
  });

  it('may read an image of another region by its link', async () => {
    const first = await imported();
    const { Info } = await acme.good('GetImageDownloadURL', { ImageID: first.ImageID });
    const service = test.cloud.endpoints.regions['local-1']?.ucloudstackS3;
    const away = callerOf(test, test.acme, 'local-2');
    const values = { ImportType: 'Remote', LoadURL: `${service}/s3/download?${Info.DownloadQuery}` };
    const { ImageID } = await away.good('ImportImage', away.draft(values));
    expect((await away.finish(ImageID)).ImageStatus).toBe('Used');
    const digests = (await test.cloud.storedImages()).map((image) => image.sha256);
    expect(digests).toEqual([sha256(file), sha256(file)]);
  });

  it('follows redirects on this machine', async () => {
    answer = (request, response) => {
      if (request.url === '/disk') response.end(file);
      else response.writeHead(302, { location: '/disk' }).end();
    };
    expect((await imported({ LoadURL: `${base}/else` })).ImageStatus).toBe('Used');
  });

  it.each<[string, RequestListener, string]>([
    ['404', (_, response) => response.writeHead(404).end('x'), 'HTTP 404'],
    ['a redirect elsewhere', (_, r) => r.writeHead(302, { location: 'http://example.com/' }).end(), '本机'],
    ['a redirect to nothing', (_, response) => response.writeHead(302).end(), 'HTTP 302'],
    ['endless redirects', (_, response) => response.writeHead(307, { location: '/a' }).end(), '重定向'],
    ['an empty file', (_, response) => response.end(), '空'],
    ['a text', (_, response) => response.end('hello'), '格式不是 qcow2'],
    ['a file that is too large', (_, response) => response.end(Buffer.alloc(5 * 2 ** 20)), '大小上限'],
    [
      'a file that is too large and does not say so',
      (_, response) => {
        for (let left = 5; left > 0; left -= 1) response.write(Buffer.alloc(1 << 20));
        response.end();
      },
      '大小上限',
    ],
    [
      'a cut connection',
      (_, response) => {
        response.setHeader('content-length', file.length);
        response.write(file.subarray(0, 1000), () => response.destroy());
      },
      '下载镜像失败',
    ],
  ])('of %s fails with a reason, and leaves nothing', async (_, listener, reason) => {
    answer = listener;
    const info = await imported();
    expect(info).toMatchObject({ ImageStatus: 'Failed', Reason: expect.stringContaining(reason) });
    expect(info.Reason).not.toContain('secret');
    expect(blobs()).toEqual([]);
  });

  it('of a closed port fails with a reason', async () => {
    const info = await imported({ LoadURL: 'http://127.0.0.1:1/disk' });
    expect(info).toMatchObject({ ImageStatus: 'Failed', Reason: '下载镜像失败 (ECONNREFUSED)' });
  });

  it('can be made to fail, without fetching anything', async () => {
    let asked = 0;
    answer = (_, response) => {
      asked += 1;
      response.end(file);
    };
    const action = { kind: 'fail-job', code: '1019', reason: '空间不足' } as const;
    test.cloud.faults.add({ service: 'ucloudstack', action });
    expect(await imported()).toMatchObject({ ImageStatus: 'Failed', Reason: '空间不足' });
    expect(asked).toBe(0);
  });
});

/** The family without its cloud, over the same directory, asked directly. */
function familyAlone(): { ask(body: string): Promise<string>; close(): Promise<void> } {
  const blobStore = new BlobStore(join(test.dataDir, 'blobs'));
  const family = ucloudstackCloud({
    folder: join(test.dataDir, 'ucloudstack'),
    accounts: test.cloud.accounts,
    regions: ['local-1', 'local-2'],
    blobs: blobStore,
    objects: new ObsStore(join(test.dataDir, 'huaweicloud', 'obs'), blobStore),
    clock: test.clock,
    endpoints: () => test.cloud.endpoints,
    jobDurationMs: 1000,
    tokenLifetimeMs: 1000,
    imageQuota: 10,
    maxImportSizeBytes: 4 * 2 ** 20,
  });
  const ask = async (body: string) => {
    const exchange: Exchange = {
      method: 'POST',
      rawPath: '/api',
      rawQuery: '',
      query: new URLSearchParams(),
      headers: {},
      requestId: newId(),
      now: test.clock.ms,
      region: undefined,
      body: Readable.from([Buffer.from(body)]),
      addBytesIn: () => {},
      takeJobFailure: () => undefined,
    };
    return String((await family.api(exchange)).body);
  };
  return { ask, close: () => family.close() };
}

describe('the end of the cloud', () => {
  it('stops a download, which the next start begins again', async () => {
    let asked = 0;
    answer = (_, response) => {
      asked += 1;
      if (asked > 1) return response.end(file);
      response.setHeader('content-length', file.length);
      return response.write(file.subarray(0, 1000));
    };
    await test.cloud.close();
    const family = familyAlone();
    const { ImageID } = JSON.parse(await family.ask(acme.form('ImportImage', remote())));
    await expect.poll(() => [asked, blobs().length]).toEqual([1, 1]);
    const beforeMs = performance.now();
    await family.close();
    expect(performance.now() - beforeMs).toBeLessThan(1000);
    expect(blobs()).toEqual([]);
    await test.restart();
    expect((await acme.image(ImageID)).ImageStatus).toBe('WaitMaking');
    expect((await acme.finish(ImageID)).ImageStatus).toBe('Used');
    expect(asked).toBe(2);
  });
});
