// How the web variant answers: every reply carries the same strict headers. Pure but for the reply it writes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageHeaders } from '@imagebridge/desktop-contract';
import type { Asset } from './assets.ts';

const HEADERS: Readonly<Record<string, string>> = {
  ...pageHeaders("manifest-src 'self'"),
  'cache-control': 'no-store',
};

/** Answers with a text. */
export function reply(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Sends the browser on to the window. */
export function redirect(response: ServerResponse): void {
  response.writeHead(303, { ...HEADERS, location: '/', 'content-length': 0 });
  response.end();
}

/** Hands out a file of the window. */
export async function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  asset: Asset,
): Promise<void> {
  const caching = asset.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache';
  const headers = { ...HEADERS, 'cache-control': caching, etag: asset.etag, vary: 'accept-encoding' };
  if (request.headers['if-none-match'] === asset.etag) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  const encoding = asset.encodingFor(request.headers['accept-encoding']);
  const body = await asset.body(encoding);
  response.writeHead(200, {
    ...headers,
    'content-type': asset.type,
    'content-length': body.length,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
