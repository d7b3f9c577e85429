// The staging place against a scripted object store: addresses, signatures, pages, and answers that lie.
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ConflictError,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  PermissionError,
  ProtocolError,
  Secret,
  ThrottledError,
  UnavailableError,
} from '../../model/index.ts';
import { openHuaweicloud } from '../huaweicloud/adapter.ts';
import {
  all,
  failure,
  openTestCloud,
  PROJECT_ID,
  type Script,
  type TestCloud,
  xml,
} from '../huaweicloud/test-cloud.ts';
import { signObs } from './obs.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

/** Opens a target in an existing bucket; the first received request is the look for the bucket. */
async function open(script: Script, changes: Parameters<typeof openTestCloud>[1] = {}) {
  test = await openTestCloud((request, response) => {
    if (request.method === 'HEAD' && request.url === '/stage') {
      response.end();
      return true;
    }
    return script(request, response);
  }, changes);
  const target = await test.cloud.stage({ bucket: 'stage', key: 'dir/镜像.qcow2' });
  return { ...test, target };
}
const KEY = '/stage/dir/%E9%95%9C%E5%83%8F.qcow2';

function plain(response: ServerResponse, status: number, body?: string): true {
  response.writeHead(status).end(body);
  return true;
}

function cut(response: ServerResponse): true {
  response.socket?.destroy();
  return true;
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const part = (text: string) => ({
  uploadId: 'u-1',
  partNumber: 7,
  sizeBytes: text.length,
  md5: Buffer.alloc(16, 1),
  body: () => bytes(text),
});

describe('the bucket', () => {
  it('has the project’s name by default and is made when it is missing', async () => {
    test = await openTestCloud((request, response) => {
      if (request.url.startsWith('/v3/')) return undefined;
      response.writeHead(request.method === 'HEAD' ? 404 : 200);
      response.end();
      return true;
    });
    const target = await test.cloud.stage({ key: 'k' });
    expect(target.locator).toEqual({
      cloud: 'prod',
      region: 'r-1',
      bucket: `imagebridge-${PROJECT_ID}`,
      key: 'k',
    });
    expect(test.calls()).toEqual([`HEAD /imagebridge-${PROJECT_ID}`, `PUT /imagebridge-${PROJECT_ID}`]);
    expect(test.received.at(-1)?.body.toString()).toContain('<Location>r-1</Location>');
  });

  it('may be made by another process meanwhile', async () => {
    test = await openTestCloud((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else xml(response, 409, '<Error><Code>BucketAlreadyOwnedByYou</Code></Error>');
      return true;
    });
    await expect(test.cloud.stage({ bucket: 'stage', key: 'k' })).resolves.toBeDefined();
  });

  it('of somebody else is said so, with what to do', async () => {
    test = await openTestCloud((_, response) => {
      response.writeHead(403, { 'x-obs-error-code': 'AccessDenied' });
      response.end();
      return true;
    });
    const error = await failure(test.cloud.stage({ bucket: 'stage', key: 'k' }));
    expect(error).toBeInstanceOf(PermissionError);
    expect(String(error)).toContain('The bucket stage belongs to somebody else');
  });

  it('comes from the profile, by region', async () => {
    test = await openTestCloud(
      (request, response) => {
        if (request.url.startsWith('/v3/')) return undefined;
        response.end();
        return true;
      },
      { stagingBucket: 'here', regions: { 'r-2': { endpoints: {}, stagingBucket: 'there' } } },
    );
    const { cloud } = test;
    expect((await cloud.stage({ key: 'k' })).locator.bucket).toBe('here');
    expect((await cloud.inRegion('r-2').stage({ key: 'k' })).locator.bucket).toBe('there');
    expect((await cloud.inRegion('r-3').stage({ key: 'k' })).locator.bucket).toBe(
      `imagebridge-${PROJECT_ID}`,
    );
  });

  it.each([
    [{ key: 'a b' }, 'holds a space'],
    [{ key: '' }, 'empty'],
    [{ key: 'k', bucket: 'Big' }, 'a bucket name has'],
  ])('refuses %o before anything is sent', async (request, message) => {
    test = await openTestCloud(() => undefined);
    const error = await failure(test.cloud.stage({ bucket: 'stage', ...request }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toContain(message);
    expect(test.received).toHaveLength(0);
  });
});

describe('addresses and signatures', () => {
  it('puts the bucket into the host name unless the host is an address', async () => {
    // The request ends at a proxy that is not there; where it wanted to go is seen.
    const events: string[] = [];
    const cloud = openHuaweicloud(
      {
        name: 'prod',
        family: 'huaweicloud',
        region: 'r-1',
        domainSuffix: 'cloud.invalid',
        endpoints: {},
        regions: {},
        accessKey: 'a',
        secretKey: new Secret('s'),
      },
      { observer: ({ url }) => events.push(url), maxAttempts: 1, env: { HTTPS_PROXY: 'http://127.0.0.1:1' } },
    );
    await failure(cloud.stage({ bucket: 'stage', key: 'k' }));
    await cloud.close();
    expect(events).toEqual(['https://stage.obs.r-1.cloud.invalid/']);
  });

  it('signs each request with the time of its attempt', async () => {
    let calls = 0;
    const t = await open((request, response) => {
      if (request.method !== 'HEAD') return undefined;
      calls += 1;
      t0.clock.advance(60_000);
      response.writeHead(calls === 1 ? 503 : 200, { 'content-length': '5', etag: '"e"' });
      response.end();
      return true;
    });
    const t0 = t;
    await t.target.head();
    const [first, second] = t.received.slice(1);
    expect(first?.headers['x-obs-date']).toBe('Wed, 19 Apr 2023 12:00:00 GMT');
    expect(second?.headers['x-obs-date']).toBe('Wed, 19 Apr 2023 12:01:00 GMT');
    expect(second?.headers.authorization).toBe(
      signObs(
        {
          method: 'HEAD',
          bucket: 'stage',
          key: 'dir/镜像.qcow2',
          headers: { 'x-obs-date': 'Wed, 19 Apr 2023 12:01:00 GMT' },
        },
        { accessKey: 'AccessKey', secretKey: 'SecretKey' },
      ),
    );
  });

  it('sends the token of temporary keys', async () => {
    const t = await open((_, response) => plain(response, 404), {
      securityToken: new Secret('TOKEN'),
    });
    await t.target.head();
    expect(t.received.at(-1)?.headers['x-obs-security-token']).toBe('TOKEN');
  });
});

describe('parts', () => {
  it('are sent once, with their MD5 and length', async () => {
    const t = await open((request, response) => {
      if (request.method !== 'PUT') return undefined;
      response.setHeader('ETag', '"0101"');
      response.end();
      return true;
    });
    expect(await t.target.uploadPart(part('hello'))).toEqual({ etag: '0101' });
    const sent = t.received.at(-1);
    expect(sent?.url).toBe(`${KEY}?partNumber=7&uploadId=u-1`);
    expect(sent?.headers).toMatchObject({ 'content-length': '5', 'content-md5': 'AQEBAQEBAQEBAQEBAQEBAQ==' });
    expect(sent?.body.toString()).toBe('hello');
  });

  it.each([
    [503, 'SlowDown', ThrottledError, true],
    [400, 'BadDigest', IntegrityError, true],
    [500, 'InternalError', UnavailableError, true],
    [404, 'NoSuchUpload', NotFoundError, false],
    [403, 'RequestTimeTooSkewed', AuthenticationError, false],
    [403, 'SignatureDoesNotMatch', AuthenticationError, false],
  ])('fail after %i %s in one attempt', async (status, code, type, retryable) => {
    const t = await open((request, response) =>
      request.method === 'PUT'
        ? xml(
            response,
            status,
            `<Error><Code>${code}</Code><Message>m</Message><RequestId>r-9</RequestId></Error>`,
          )
        : undefined,
    );
    const error = await failure(t.target.uploadPart(part('hello')));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ retryable, details: { code, requestId: 'r-9', httpStatus: status } });
    expect(t.received).toHaveLength(2);
  });

  it('are listed over pages, in the order of numbers, not of texts', async () => {
    const page = (numbers: number[], next: number | undefined) =>
      `<ListPartsResult xmlns="http://obs.example/doc/"><Bucket>stage</Bucket><IsTruncated>${next !== undefined}</IsTruncated>${
        next === undefined ? '' : `<NextPartNumberMarker>${next}</NextPartNumberMarker>`
      }${numbers
        .map(
          (n) =>
            `<Part><PartNumber>${n}</PartNumber><ETag>&quot;e${n}&#34;</ETag><Size>5368709120</Size></Part>`,
        )
        .join('')}</ListPartsResult>`;
    const t = await open((request, response) => {
      const marker = new URL(request.url, 'http://h').searchParams.get('part-number-marker');
      return xml(response, 200, marker === '0' ? page([10, 1, 9], 10) : page([11], undefined));
    });
    const parts = await all(t.target.listParts('u-1'));
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 9, 10, 11]);
    expect(parts[2]).toEqual({ partNumber: 10, etag: 'e10', sizeBytes: 5_368_709_120 });
    expect(t.calls().slice(1)).toEqual([
      `GET ${KEY}?uploadId=u-1&max-parts=1000&part-number-marker=0`,
      `GET ${KEY}?uploadId=u-1&max-parts=1000&part-number-marker=10`,
    ]);
  });

  it('are none in an upload without parts', async () => {
    const t = await open((_, response) =>
      xml(response, 200, '<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>'),
    );
    expect(await all(t.target.listParts('u-1'))).toEqual([]);
  });

  it('are not listed in circles', async () => {
    const t = await open((_, response) =>
      xml(
        response,
        200,
        '<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>0</NextPartNumberMarker></ListPartsResult>',
      ),
    );
    expect(await failure(all(t.target.listParts('u-1')))).toBeInstanceOf(ProtocolError);
  });

  it('are not guessed from a cut listing', async () => {
    const t = await open((_, response) =>
      xml(response, 200, '<ListPartsResult><Part><PartNumber>1</PartNumber>'),
    );
    expect(await failure(all(t.target.listParts('u-1')))).toBeInstanceOf(ProtocolError);
  });
});

describe('uploads', () => {
  it('begin in class STANDARD', async () => {
    const t = await open((_, response) =>
      xml(
        response,
        200,
        '<InitiateMultipartUploadResult><UploadId>0000017A1E5</UploadId></InitiateMultipartUploadResult>',
      ),
    );
    expect(await t.target.initiate()).toBe('0000017A1E5');
    expect(t.calls().at(-1)).toBe(`POST ${KEY}?uploads`);
    expect(t.received.at(-1)?.headers['x-obs-storage-class']).toBe('STANDARD');
  });

  it('are found by their very key, the newest first, over pages', async () => {
    const upload = (key: string, id: string, at: string) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`;
    const t = await open((request, response) => {
      const query = new URL(request.url, 'http://h').searchParams;
      expect(query.get('prefix')).toBe('dir/镜像.qcow2');
      const uploads =
        query.get('key-marker') === null
          ? upload('dir/镜像.qcow2', 'old', '2023-04-18T12:00:00.000Z')
          : upload('dir/镜像.qcow2', 'new', '2023-04-19T12:00:00.000Z') +
            upload('dir/镜像.qcow2.bak', 'other', '2023-04-20T12:00:00.000Z');
      const more = query.get('key-marker') === null;
      return xml(
        response,
        200,
        `<ListMultipartUploadsResult><IsTruncated>${more}</IsTruncated><NextKeyMarker>${more ? 'dir/镜像.qcow2' : ''}</NextKeyMarker><NextUploadIdMarker>${more ? 'old' : ''}</NextUploadIdMarker>${uploads}</ListMultipartUploadsResult>`,
      );
    });
    expect(await t.target.findUploads()).toEqual(['new', 'old']);
  });

  const done = '<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>';
  const parts = [
    { partNumber: 2, etag: 'b', sizeBytes: 1 },
    { partNumber: 1, etag: 'a', sizeBytes: 1 },
  ];

  it('are completed with their parts in order', async () => {
    const t = await open((_, response) => xml(response, 200, done));
    await t.target.complete('u-1', parts);
    expect(t.received.at(-1)?.body.toString()).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part><Part><PartNumber>2</PartNumber><ETag>b</ETag></Part></CompleteMultipartUpload>',
    );
  });

  it('are not complete when the answer 200 holds an error', async () => {
    const t = await open((_, response) =>
      xml(response, 200, '<Error><Code>InvalidPart</Code><Message>part 2</Message></Error>'),
    );
    const error = await failure(t.target.complete('u-1', parts));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ details: { code: 'InvalidPart' } });
  });

  it('are not complete when the answer 200 is empty', async () => {
    const t = await open((_, response) => plain(response, 200));
    expect(await failure(t.target.complete('u-1', parts))).toBeInstanceOf(ProtocolError);
  });

  it('are completed in one attempt, whose outcome may stay unknown', async () => {
    const t = await open((_, response) => cut(response));
    expect(await failure(t.target.complete('u-1', parts))).toBeInstanceOf(UnavailableError);
    expect(t.received).toHaveLength(2);
  });

  it('are removed, also when they are gone', async () => {
    const t = await open((_, response) => xml(response, 404, '<Error><Code>NoSuchUpload</Code></Error>'));
    await t.target.abort('u-1');
    expect(t.calls().at(-1)).toBe(`DELETE ${KEY}?uploadId=u-1`);
  });
});

describe('a web page instead of the service', () => {
  const page = (_: unknown, response: ServerResponse): true => {
    const body = '<html><title>Sign in</title></html>';
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': body.length }).end(body);
    return true;
  };

  it('is taken for no part, no object, no end of an upload and no removal', async () => {
    const { target } = await open(page);
    const part = { uploadId: 'u', partNumber: 1, sizeBytes: 2, md5: new Uint8Array(16) };
    const calls = [
      () => target.uploadPart({ ...part, body: () => bytes('ab') }),
      () => target.complete('u', []),
      () => target.abort('u'),
      () => target.head(),
      () => target.remove(),
    ];
    for (const call of calls) {
      const error = await failure(call());
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({
        message: expect.stringContaining('answered HTML'),
        details: { foreign: true },
      });
    }
  });
});

describe('the object', () => {
  it('is seen with its size and upload', async () => {
    const t = await open((_, response) => {
      response.writeHead(200, { 'content-length': '123456789012', etag: '"e-2"', 'x-obs-uploadId': 'u-1' });
      response.end();
      return true;
    });
    expect(await t.target.head()).toEqual({ sizeBytes: 123_456_789_012, etag: 'e-2', uploadId: 'u-1' });
  });

  it('is undefined when it is not there', async () => {
    const t = await open((_, response) => plain(response, 404));
    expect(await t.target.head()).toBeUndefined();
    await t.target.remove();
  });

  it('is read from a byte on', async () => {
    const t = await open((request, response) => {
      if (request.headers.range === 'bytes=9-') return xml(response, 416, '<Error/>');
      response.writeHead(request.headers.range ? 206 : 200).end(request.headers.range ? 'llo' : 'hello');
      return true;
    });
    const read = async (start: number) => Buffer.concat(await all(t.target.read(start))).toString();
    expect(await read(0)).toBe('hello');
    expect(await read(2)).toBe('llo');
    expect(await read(9)).toBe('');
  });

  it('is not read from a service that ignores the range', async () => {
    const t = await open((_, response) => plain(response, 200, 'hello'));
    expect(await failure(all(t.target.read(2)))).toBeInstanceOf(ProtocolError);
  });
});
