// The gateway's signature SDK-HMAC-SHA256 ("API Request Signing Guide"), written from the description.
import { createHash, createHmac } from 'node:crypto';

/** What is signed of a request. */
export interface SdkSignedRequest {
  method: string;
  /** As sent. */
  rawPath: string;
  /** As sent, without the question mark. */
  rawQuery: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The parts of an Authorization header, or undefined when it is not of this scheme. */
export function parseAuthorization(text: string) {
  const match =
    /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(text);
  if (match === null) return undefined;
  const [, accessKey = '', signedHeaders = '', signature = ''] = match;
  return { accessKey, signedHeaders: signedHeaders.toLowerCase().split(';'), signature };
}

const hexHash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Percent-encodes all but the unreserved characters of RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const ordered = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/**
 * The signature that a request must have.
 * @returns undefined when it cannot have one: X-Sdk-Date is not signed, a signed header is missing, or the given hash
 * of the body is wrong
 */
export function sdkSignature(
  request: SdkSignedRequest,
  signedHeaders: readonly string[],
  body: Buffer,
  secretKey: string,
): string | undefined {
  const headerValue = (name: string) => {
    const value = request.headers[name];
    return (Array.isArray(value) ? value.join(',') : value)?.trim();
  };
  const names = [...signedHeaders].sort(ordered);
  if (!names.includes('x-sdk-date') || names.some((name) => headerValue(name) === undefined))
    return undefined;
  const bodyHash = hexHash(body);
  const claimed = headerValue('x-sdk-content-sha256');
  if (claimed !== undefined && claimed !== bodyHash && claimed !== 'UNSIGNED-PAYLOAD') return undefined;
  const canonical = [
    request.method,
    canonicalPath(request.rawPath),
    canonicalQuery(request.rawQuery),
    ...names.map((name) => `${name}:${headerValue(name)}`),
    '',
    names.join(';'),
    claimed ?? bodyHash,
  ].join('\n');
  const text = ['SDK-HMAC-SHA256', headerValue('x-sdk-date'), hexHash(canonical)].join('\n');
  return createHmac('sha256', secretKey).update(text).digest('hex');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function canonicalPath(rawPath: string): string {
  const path = rawPath
    .split('/')
    .map((segment) => encode(decoded(segment)))
    .join('/');
  return path.endsWith('/') ? path : `${path}/`;
}

function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
      return [encode(decoded(name)), encode(decoded(value))] as const;
    })
    .sort(([a, x], [b, y]) => ordered(a, b) || ordered(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
