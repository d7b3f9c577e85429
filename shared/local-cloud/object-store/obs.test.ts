// The object store over HTTP: objects, multipart uploads, and what it refuses.

import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  md5,
  type ObsRequest,
  obs,
  startTestCloud,
  type TestCloud,
  tagOf,
  upload,
} from '../testing/client.ts';

let test: TestCloud;
beforeEach(async () => {
  test = await startTestCloud();
  await obs(test, 'PUT', 'box');
});
afterEach(() => test.remove());

const codeOf = async (method: string, path: string, options?: ObsRequest) => {
  const reply = await obs(test, method, path, options);
  return `${reply.status} ${reply.headers['x-obs-error-code'] ?? ''}`.trim();
};

const location = (region: string) =>
  `<CreateBucketConfiguration><Location>${region}</Location></CreateBucketConfiguration>`;

async function begin(path: string): Promise<string> {
  return tagOf((await obs(test, 'POST', path, { query: 'uploads' })).text, 'UploadId');
}

const put = (path: string, id: string, number: number, body: Buffer | string, headers = {}) =>
  obs(test, 'PUT', path, { query: `partNumber=${number}&uploadId=${id}`, body, headers });

const complete = (path: string, id: string, parts: [number, string][]) =>
  obs(test, 'POST', path, {
    query: `uploadId=${id}`,
    body: `<?xml version="1.0"?><CompleteMultipartUpload xmlns="x">${parts
      .map(([n, etag]) => `<Part><PartNumber>${n}</PartNumber><ETag>${etag}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`,
  });

const big = (fill: string) => Buffer.alloc(102_400, fill);

describe('buckets', () => {
  it('belong to an account and a region', async () => {
    expect(await codeOf('PUT', 'box')).toBe('200');
    expect(await codeOf('PUT', 'box', { account: test.partner })).toBe('409 BucketAlreadyExists');
    expect(await codeOf('PUT', 'box', { region: 'local-2', body: location('local-2') })).toBe(
      '409 BucketAlreadyOwnedByYou',
    );
    expect(await codeOf('HEAD', 'box')).toBe('200');
    expect(await codeOf('HEAD', 'box', { account: test.partner })).toBe('403 AccessDenied');
    expect(await codeOf('HEAD', 'box', { region: 'local-2' })).toBe('301 PermanentRedirect');
    expect(await codeOf('HEAD', 'nobox')).toBe('404 NoSuchBucket');
    expect(await codeOf('PUT', 'Nope')).toBe('400 InvalidBucketName');
    expect(await codeOf('PUT', 'other', { region: 'local-2' })).toBe('400 InvalidLocationConstraint');
    expect(await codeOf('PUT', 'other', { body: '<broken' })).toBe('400 MalformedXML');
    await obs(test, 'PUT', 'box/k', { body: 'x' });
    expect(await codeOf('DELETE', 'box')).toBe('409 BucketNotEmpty');
    await obs(test, 'DELETE', 'box/k');
    expect(await codeOf('DELETE', 'box')).toBe('204');
  });

  it('list their objects page by page', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await obs(test, 'PUT', `box/${key}`, { body: key });
    const page = async (query: string) => {
      const { text } = await obs(test, 'GET', 'box', { query, signedQuery: '' });
      return { keys: [...text.matchAll(/<Key>([^<]*)/g)].map((m) => m[1]), text };
    };
    const first = await page('max-keys=2');
    expect(first.keys).toEqual(['a/1', 'a/2']);
    expect(tagOf(first.text, 'NextMarker')).toBe('a/2');
    expect((await page('max-keys=2&marker=a%2F2')).keys).toEqual(['b']);
    const folders = await page('delimiter=%2F');
    expect(folders.keys).toEqual(['b']);
    expect(tagOf(folders.text, 'Prefix')).toBe('');
    expect(folders.text).toContain('<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>');
  });
});

describe('objects', () => {
  it('are read whole and in ranges', async () => {
    const headers = { 'x-obs-meta-sha256': 'abc', 'content-type': 'text/plain' };
    const stored = await obs(test, 'PUT', 'box/k', { body: '0123456789', headers });
    expect(stored.headers.etag).toBe(`"${md5('0123456789').toString('hex')}"`);
    const get = (range: string) => obs(test, 'GET', 'box/k', { headers: { range } });
    expect((await obs(test, 'GET', 'box/k')).text).toBe('0123456789');
    const middle = await get('bytes=2-4');
    expect([middle.status, middle.text, middle.headers['content-range']]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    expect((await get('bytes=7-')).text).toBe('789');
    expect((await get('bytes=-2')).text).toBe('89');
    expect((await get('bytes=8-99')).text).toBe('89');
    expect((await get('bytes=10-')).status).toBe(416);
    const head = await obs(test, 'HEAD', 'box/k');
    expect(head.headers).toMatchObject({
      'x-obs-meta-sha256': 'abc',
      'content-type': 'text/plain',
      'content-length': '10',
    });
    expect(await codeOf('HEAD', 'box/none')).toBe('404 NoSuchKey');
    expect(await codeOf('DELETE', 'box/none')).toBe('204');
  });

  it('refuse a damaged body and keep the former content', async () => {
    await obs(test, 'PUT', 'box/k', { body: 'old' });
    const digest = md5('other').toString('base64');
    expect(await codeOf('PUT', 'box/k', { body: 'new', headers: { 'content-md5': digest } })).toBe(
      '400 BadDigest',
    );
    expect(await codeOf('PUT', 'box/k', { body: 'new', headers: { 'content-md5': 'no' } })).toBe(
      '400 InvalidDigest',
    );
    expect(await codeOf('PUT', 'box/k', { body: 'new', headers: { 'transfer-encoding': 'chunked' } })).toBe(
      '411 MissingContentLength',
    );
    expect((await obs(test, 'GET', 'box/k')).text).toBe('old');
  });
});

describe('multipart uploads', () => {
  it('join their parts, in the order of the list, and forget the others', async () => {
    const id = await begin('box/k');
    const parts = [big('a'), big('b'), Buffer.from('end')];
    for (const [index, body] of parts.entries()) await put('box/k', id, index + 1, body);
    await put('box/k', id, 9, 'left out');
    const etags = parts.map((body) => md5(body).toString('hex'));
    const done = await complete('box/k', id, [
      [1, `"${etags[0]}"`],
      [2, `&quot;${etags[1]}&quot;`],
      [3, etags[2] ?? ''],
    ]);
    const etag = `"${md5(Buffer.concat(parts.map((body) => md5(body)))).toString('hex')}-3"`;
    expect(done.text).toContain(`<ETag>${etag.replaceAll('"', '&quot;')}</ETag>`);
    const whole = await obs(test, 'GET', 'box/k');
    expect(whole.body.equals(Buffer.concat(parts))).toBe(true);
    expect(whole.headers).toMatchObject({ etag, 'x-obs-uploadid': id });
    const seam = await obs(test, 'GET', 'box/k', { headers: { range: 'bytes=102398-102401' } });
    expect(seam.text).toBe('aabb');
    expect((await complete('box/k', id, [[1, etags[0] ?? '']])).headers['x-obs-error-code']).toBe(
      'NoSuchUpload',
    );
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
  });

  it('list parts and uploads page by page', async () => {
    const id = await begin('box/k');
    for (const number of [3, 1, 2]) await put('box/k', id, number, `part ${number}`);
    await put('box/k', id, 2, 'part 2, sent again');
    const list = async (query: string) => {
      const { text } = await obs(test, 'GET', 'box/k', {
        query: `uploadId=${id}&${query}`,
        signedQuery: `uploadId=${id}`,
      });
      return {
        numbers: [...text.matchAll(/<PartNumber>(\d+)/g)].map((m) => Number(m[1])),
        sizes: [...text.matchAll(/<Size>(\d+)/g)].map((m) => Number(m[1])),
        more: tagOf(text, 'IsTruncated'),
        next: tagOf(text, 'NextPartNumberMarker'),
      };
    };
    expect(await list('max-parts=2')).toEqual({ numbers: [1, 2], sizes: [6, 18], more: 'true', next: '2' });
    expect(await list('max-parts=2&part-number-marker=2')).toMatchObject({ numbers: [3], more: 'false' });

    const later = await begin('box/k');
    const other = await begin('box/z');
    const uploads = async (query: string) => {
      const { text } = await obs(test, 'GET', 'box', { query: `uploads&${query}`, signedQuery: 'uploads' });
      return { ids: [...text.matchAll(/<UploadId>(\w+)/g)].map((m) => m[1]), text };
    };
    expect((await uploads('prefix=k')).ids).toEqual([id, later]);
    const first = await uploads('max-uploads=1');
    expect(first.ids).toEqual([id]);
    expect(tagOf(first.text, 'NextKeyMarker')).toBe('k');
    expect((await uploads(`key-marker=k&upload-id-marker=${id}`)).ids).toEqual([later, other]);
    expect((await uploads('key-marker=k')).ids).toEqual([other]);
    expect(await codeOf('DELETE', 'box/k', { query: `uploadId=${later}` })).toBe('204');
    expect(await codeOf('DELETE', 'box/k', { query: `uploadId=${later}` })).toBe('404 NoSuchUpload');
    expect(await test.cloud.unfinishedUploads()).toMatchObject([{ uploadId: id, parts: 3 }, { parts: 0 }]);
  });

  it('refuse what does not fit', async () => {
    const id = await begin('box/k');
    const etag = (body: Buffer | string) => md5(body).toString('hex');
    await put('box/k', id, 1, 'small');
    await put('box/k', id, 2, big('b'));
    const code = async (parts: [number, string][]) =>
      (await complete('box/k', id, parts)).headers['x-obs-error-code'];
    expect(await code([[3, etag('x')]])).toBe('InvalidPart');
    expect(await code([[2, etag('x')]])).toBe('InvalidPart');
    expect(
      await code([
        [2, etag(big('b'))],
        [1, etag('small')],
      ]),
    ).toBe('InvalidPartOrder');
    expect(
      await code([
        [1, etag('small')],
        [1, etag('small')],
      ]),
    ).toBe('InvalidPartOrder');
    expect(
      await code([
        [1, etag('small')],
        [2, etag(big('b'))],
      ]),
    ).toBe('EntityTooSmall');
    expect(await code([])).toBe('MalformedXML');
    expect((await put('box/k', id, 0, 'x')).headers['x-obs-error-code']).toBe('InvalidArgument');
    expect((await put('box/k', id, 10_001, 'x')).headers['x-obs-error-code']).toBe('InvalidArgument');
    expect((await put('box/other', id, 1, 'x')).headers['x-obs-error-code']).toBe('NoSuchUpload');
    const wrong = { 'content-md5': md5('y').toString('base64') };
    expect((await put('box/k', id, 1, 'x', wrong)).headers['x-obs-error-code']).toBe('BadDigest');
    expect(await test.cloud.unfinishedUploads()).toMatchObject([{ parts: 2, sizeBytes: 5 + 102_400 }]);
  });

  it('let the one that was begun later win', async () => {
    const older = await begin('box/k');
    const newer = await begin('box/k');
    await put('box/k', older, 1, 'older');
    await put('box/k', newer, 1, 'newer');
    expect((await complete('box/k', newer, [[1, md5('newer').toString('hex')]])).status).toBe(200);
    expect((await complete('box/k', older, [[1, md5('older').toString('hex')]])).status).toBe(200);
    expect((await obs(test, 'GET', 'box/k')).text).toBe('newer');
  });

  it('record no part whose body is short, and say so while the connection lasts', async () => {
    const id = await begin('box/k');
    const path = `/box/k?partNumber=1&uploadId=${id}`;
    const date = new Date(test.clock.ms).toUTCString();
    const mac = createHmac('sha1', test.acme.secretKey)
      .update(`PUT\n\n\n\nx-obs-date:${date}\n${path}`)
      .digest('base64');
    const { port } = new URL(test.cloud.endpoints.regions['local-1']?.obs ?? '');
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('end', () => {
        socket.end();
        resolve(text);
      });
      socket.on('error', reject);
      const head = `PUT ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\nx-obs-date: ${date}\r\n`;
      socket.end(`${head}authorization: OBS ${test.acme.accessKey}:${mac}\r\n\r\nonly this`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('<Code>IncompleteBody</Code>');
    expect(await test.cloud.unfinishedUploads()).toMatchObject([{ parts: 0 }]);
  });
});

describe('bytes on disk', () => {
  it('go when nothing needs them any more', async () => {
    const { readdirSync } = await import('node:fs');
    const blobs = () => readdirSync(`${test.dataDir}/blobs`).length;
    await upload(test, 'box/k', 'one');
    await upload(test, 'box/k', 'two');
    expect(blobs()).toBe(1);
    const id = await begin('box/k');
    await put('box/k', id, 1, 'x');
    await put('box/k', id, 1, 'y');
    expect(blobs()).toBe(2);
    await obs(test, 'DELETE', 'box/k', { query: `uploadId=${id}` });
    await obs(test, 'DELETE', 'box/k');
    expect(blobs()).toBe(0);
  });
});
