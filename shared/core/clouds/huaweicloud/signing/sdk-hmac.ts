// The signature SDK-HMAC-SHA256 of the family's REST services. Pure: the caller gives keys, date and headers.
import { createHash, createHmac } from 'node:crypto';
import { encodePath, encodeRfc3986 } from '../../encode.ts';

const ALGORITHM = 'SDK-HMAC-SHA256';

/** What is signed of a request. All given headers are signed, but those with `_` in their names. */
export interface SdkSignable {
  method: string;
  url: URL;
  /** Names in any case. Holds `x-sdk-date` (YYYYMMDDTHHMMSSZ). */
  headers: Readonly<Record<string, string>>;
  /** The exact bytes of the body. */
  body?: string | Uint8Array | undefined;
}

/** The time in the form that `X-Sdk-Date` has. */
export function sdkDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The canonical request; for tests and for finding out why a signature is refused. */
export function sdkCanonicalRequest(request: SdkSignable): string {
  const headers = signedHeaders(request);
  const path = encodePath(decodeURIComponent(request.url.pathname));
  return [
    request.method,
    path.endsWith('/') ? path : `${path}/`,
    canonicalQuery(request.url),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    headers.map(([name]) => name).join(';'),
    sha256(request.body ?? ''),
  ].join('\n');
}

/** The value of the Authorization header. */
export function signSdk(request: SdkSignable, keys: { accessKey: string; secretKey: string }): string {
  const headers = signedHeaders(request);
  const date = headers.find(([name]) => name === 'x-sdk-date')?.[1] ?? '';
  const text = [ALGORITHM, date, sha256(sdkCanonicalRequest(request))].join('\n');
  const signature = createHmac('sha256', keys.secretKey).update(text).digest('hex');
  const names = headers.map(([name]) => name).join(';');
  return `${ALGORITHM} Access=${keys.accessKey}, SignedHeaders=${names}, Signature=${signature}`;
}

function signedHeaders(request: SdkSignable): [string, string][] {
  return Object.entries(request.headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()])
    .filter(([name]) => !name.includes('_'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]): [string, string] => [encodeRfc3986(name), encodeRfc3986(value)])
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
