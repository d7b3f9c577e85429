// Downloads against a Glance, and stores behind it, that keep to ranges or do not.
import { afterEach, describe, expect, it } from 'vitest';
import { ConflictError, InvalidInputError, PermissionError, ProtocolError } from '../../model/index.ts';
import { all, answer, failure, openTestCloud, refuse, type TestCloud, wireImage } from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

const DATA = Buffer.from('hello world');

/** A service whose answer to a download is given. */
async function open(status: number, headers: Record<string, string>, body: Buffer, more: object = {}) {
  test = await openTestCloud((request, response) => {
    if (request.url.endsWith('/file')) {
      response.writeHead(status, { 'content-type': 'application/octet-stream', ...headers });
      response.end(body);
      return true;
    }
    const image = wireImage('i-1', {
      size: DATA.length,
      os_hash_algo: 'sha512',
      os_hash_value: 'AB',
      ...more,
    });
    return request.url === '/v2/images/i-1' ? answer(response, 200, image) : undefined;
  });
  return test;
}
const read = async (t: TestCloud, startByte?: number) => {
  const download = await t.cloud.downloadImage('i-1', startByte);
  return Buffer.concat(await all(download.body)).toString();
};

describe('a download', () => {
  it('gives the whole image, and its hashes', async () => {
    const t = await open(200, { 'content-length': '11' }, DATA);
    const download = await t.cloud.downloadImage('i-1');
    expect(download).toMatchObject({ sizeBytes: 11, startByte: 0, checksums: { sha512: 'ab' } });
    expect(Buffer.concat(await all(download.body)).toString()).toBe('hello world');
    const request = t.received.at(-1);
    expect(request?.headers.range).toBeUndefined();
    expect(request?.headers['x-auth-token']).toBe('token-1');
  });

  it('goes on from a position', async () => {
    const t = await open(206, { 'content-range': 'bytes 6-10/11' }, DATA.subarray(6));
    expect(await read(t, 6)).toBe('world');
    expect(t.received.at(-1)?.headers.range).toBe('bytes=6-');
  });

  it('has nothing to ask for at the very end', async () => {
    const t = await open(416, {}, Buffer.alloc(0));
    expect(await read(t, 11)).toBe('');
    expect(t.calls()).toEqual(['GET /v2/images/i-1']);
  });

  it.each([12, -1, 1.5])('refuses to begin at %s', async (startByte) => {
    const t = await open(200, {}, DATA);
    expect(await failure(t.cloud.downloadImage('i-1', startByte))).toBeInstanceOf(InvalidInputError);
  });

  it.each<[string, number, Record<string, string>, Buffer]>([
    ['200 with the whole image', 200, { 'content-length': '11' }, DATA],
    ['206 with the whole image and no range', 206, { 'content-length': '11' }, DATA],
    ['206 with the whole image as the range', 206, { 'content-range': 'bytes 0-10/11' }, DATA],
    [
      '206 with the right range and the whole image',
      206,
      { 'content-range': 'bytes 6-10/11', 'content-length': '11' },
      DATA,
    ],
    ['206 of an image of another size', 206, { 'content-range': 'bytes 6-11/12' }, Buffer.from('world!')],
    ['206 with a strange range', 206, { 'content-range': 'lines 1-2' }, DATA.subarray(6)],
    ['204', 204, {}, Buffer.alloc(0)],
  ])('from a position is not mistaken when the answer is %s', async (_, status, headers, body) => {
    const t = await open(status, headers, body);
    expect(await failure(t.cloud.downloadImage('i-1', 6))).toBeInstanceOf(ProtocolError);
  });

  it('that brings too many bytes without telling gives none of them beyond the end', async () => {
    const t = await open(206, { 'content-range': 'bytes 6-10/11', 'transfer-encoding': 'chunked' }, DATA);
    const { body } = await t.cloud.downloadImage('i-1', 6);
    let gotBytes = 0;
    const error = await failure(
      (async () => {
        for await (const chunk of body) gotBytes += chunk.byteLength;
      })(),
    );
    expect(error).toBeInstanceOf(ProtocolError);
    expect(gotBytes).toBeLessThanOrEqual(5);
  });

  it('that ends early is no success', async () => {
    const t = await open(200, { 'transfer-encoding': 'chunked' }, DATA.subarray(0, 4));
    const error = await failure(read(t));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain('4 bytes came, and 11 were expected');
  });

  it('of another size than the record says is refused at once', async () => {
    const t = await open(200, { 'content-length': '4' }, DATA.subarray(0, 4));
    expect(await failure(t.cloud.downloadImage('i-1'))).toBeInstanceOf(ProtocolError);
  });

  it('of a record without data is refused', async () => {
    const t = await open(204, {}, Buffer.alloc(0), { size: null, status: 'queued' });
    const error = await failure(t.cloud.downloadImage('i-1'));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain('it is queued');
  });

  it('goes on with a new token where the old one ended', async () => {
    test = await openTestCloud((request, response) => {
      if (!request.url.startsWith('/v2/images/i-1')) return undefined;
      if (request.url === '/v2/images/i-1') return answer(response, 200, wireImage('i-1', { size: 11 }));
      if (request.headers['x-auth-token'] === 'token-1') return refuse(response, 401, 'Unauthorized', 'no');
      response.writeHead(206, { 'content-range': 'bytes 6-10/11' }).end('world');
      return true;
    });
    expect(await read(test, 6)).toBe('world');
    expect(test.signIns()).toBe(2);
  });

  it('of a deactivated image says so', async () => {
    test = await openTestCloud((request, response) => {
      if (request.url === '/v2/images/i-1') return answer(response, 200, wireImage('i-1'));
      return request.url.endsWith('/file')
        ? refuse(
            response,
            403,
            'Forbidden',
            'The requested image has been deactivated. Image data download is forbidden.',
          )
        : undefined;
    });
    const error = await failure(test.cloud.downloadImage('i-1'));
    expect(error).toBeInstanceOf(PermissionError);
    expect(error.details.hint).toBe('Reactivate the image first.');
  });
});
