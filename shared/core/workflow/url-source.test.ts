import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type UrlSource, urlSource } from './url-source.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));

describe('what lies behind a URL', () => {
  let server: Server;
  let origin: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let source: UrlSource | undefined;
  const ranges: (string | undefined)[] = [];

  const withRanges = (request: IncomingMessage, response: ServerResponse, etag = '"1"') => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = to === '' ? bytes.length - 1 : Number(to);
    const headers = { etag, 'content-range': `bytes ${from}-${end}/${bytes.length}` };
    response.writeHead(206, headers).end(bytes.subarray(Number(from), end + 1));
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  afterEach(() => source?.close());

  const open = () => {
    source = urlSource(`${origin}/i.raw?token=secret`, { env: {} });
    return source;
  };

  it('is read from any position, by one download while the reads follow one another', async () => {
    answer = withRanges;
    const content = await open().open();
    expect(content.identity).toMatchObject({ path: `url:${origin}/i.raw`, sizeBytes: bytes.length });
    ranges.length = 0;
    const into = Buffer.alloc(1000);
    for (const at of [0, 1000, 2000, 250_000]) {
      await content.read(at, into);
      expect(into.equals(bytes.subarray(at, at + 1000))).toBe(true);
    }
    expect(ranges).toEqual(['bytes=0-', 'bytes=250000-']);
    await content.close();
  });

  it('is read from a server that knows no ranges', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    const content = await open().open();
    const into = Buffer.alloc(500);
    await content.read(200_000, into);
    expect(into.equals(bytes.subarray(200_000, 200_500))).toBe(true);
    await content.close();
  });

  it('is told to have changed, or to be gone, without its query', async () => {
    answer = withRanges;
    const content = await open().open();
    await content.check();
    answer = (request, response) => withRanges(request, response, '"2"');
    await expect(content.check()).rejects.toMatchObject({ kind: 'file-changed' });
    await content.close();
    answer = (_, response) => response.writeHead(403).end();
    const error: unknown = await open()
      .identify()
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ kind: 'not-found', message: expect.stringMatching(/status 403/) });
    expect(String(error)).not.toMatch(/secret/);
  });
});
