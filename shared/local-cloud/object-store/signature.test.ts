// Vectors that equal the vendor's own client, and what the server does with a wrong signature.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { obs, send, startTestCloud, type TestCloud, tagOf } from '../testing/client.ts';
import { signature, stringToSign } from './signature.ts';

const date = 'Wed, 19 Apr 2023 12:00:00 GMT';
const part = 'partNumber=1&uploadId=0000017A1B2C3D4E';

describe('the signature of the object store', () => {
  it.each([
    [
      'POST',
      '/ims-image/centos70.qcow2',
      'uploads',
      { date, 'x-obs-storage-class': 'STANDARD' },
      'EbAqu78HKKucXg2LJo0rrb8W75s=',
    ],
    [
      'PUT',
      '/ims-image/centos70.qcow2',
      `${part}&prefix=unsigned`,
      { 'x-obs-date': date, 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' },
      'bVkiztGoO/ybCtIsyauaoGDjJnE=',
    ],
    [
      'PUT',
      '/ims-image/dir/%E9%95%9C%E5%83%8F%201.qcow2',
      part,
      { 'x-obs-date': date, 'x-obs-security-token': 'TOKEN' },
      'F9UXpwju7v91jM8X6SPOi01M448=',
    ],
  ])('%s %s?%s', (method, signedPath, query, headers, expected) => {
    const text = stringToSign({ method, signedPath, query: new URLSearchParams(query), headers });
    expect(signature(text, 'SecretKey')).toBe(expected);
  });
});

describe('a request to the object store', () => {
  let test: TestCloud;
  beforeAll(async () => {
    test = await startTestCloud();
  });
  afterAll(() => test.remove());

  it('is refused with the code that says why', async () => {
    const { acme, clock } = test;
    const code = async (options: Parameters<typeof obs>[3]) => {
      const reply = await obs(test, 'GET', '', options);
      expect(reply.headers['x-obs-error-code']).toBe(tagOf(reply.text, 'Code'));
      expect(tagOf(reply.text, 'RequestId')).toBe(reply.headers['x-obs-request-id']);
      return [reply.status, tagOf(reply.text, 'Code')];
    };
    expect((await obs(test, 'GET', '')).status).toBe(200);
    expect(await code({ account: { ...acme, secretKey: 'wrong' } })).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await code({ account: { ...acme, accessKey: 'NOBODY' } })).toEqual([403, 'InvalidAccessKeyId']);
    expect((await obs(test, 'GET', '', { atMs: clock.ms - 15 * 60_000 })).status).toBe(200);
    expect(await code({ atMs: clock.ms - 16 * 60_000 })).toEqual([403, 'RequestTimeTooSkewed']);
    expect(await code({ atMs: clock.ms + 16 * 60_000 })).toEqual([403, 'RequestTimeTooSkewed']);
    expect(await code({ headers: { authorization: 'Basic eDp5' } })).toEqual([403, 'AccessDenied']);
  });

  it('may name the bucket in the host, and may use the older name of the scheme', async () => {
    expect((await obs(test, 'PUT', 'by-host', { virtualHost: true })).status).toBe(200);
    expect((await obs(test, 'PUT', 'by-host/a%2Fb%20c', { virtualHost: true, body: 'x' })).status).toBe(200);
    expect((await obs(test, 'GET', 'by-host/a%2Fb%20c')).text).toBe('x');
    const amzDate = new Date(test.clock.ms).toUTCString();
    const text = `GET\n\n\n\nx-amz-date:${amzDate}\n/by-host/`;
    const mac = createHmac('sha1', test.acme.secretKey).update(text).digest('base64');
    const reply = await send(`${test.cloud.endpoints.regions['local-1']?.obs}/by-host`, {
      headers: { authorization: `AWS ${test.acme.accessKey}:${mac}`, 'x-amz-date': amzDate },
    });
    expect(tagOf(reply.text, 'Key')).toBe('a/b c');
  });
});
