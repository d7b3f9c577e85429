// AWS Signature Version 4, for headers and for presigned URLs. Pure: the caller gives keys and date.
import { createHash, createHmac } from 'node:crypto';
import { encodeRfc3986 } from '../encode.ts';
import type { AccessKeys } from './obs.ts';

/** What stands for the hash of a body that is not signed. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Where a signature counts. */
export interface V4Scope {
  region: string;
  /** `s3` for object stores. */
  service: string;
}

/** A request to be signed by its headers; all given headers are signed. Holds `host`, `x-amz-date`, `x-amz-content-sha256`. */
export interface V4Request {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
}

/** A time as signatures write it: `20130524T000000Z`. */
export const amzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** The value of the Authorization header. */
export function signV4(request: V4Request, keys: AccessKeys, scope: V4Scope): string {
  const headers = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(byName);
  const date = request.headers['x-amz-date'] ?? '';
  const payload = request.headers['x-amz-content-sha256'] ?? UNSIGNED_PAYLOAD;
  const signed = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    request.url.pathname,
    canonicalQuery([...request.url.searchParams]),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    signed,
    payload,
  ].join('\n');
  const credential = `${keys.accessKey}/${scopeText(date, scope)}`;
  return `${ALGORITHM} Credential=${credential}, SignedHeaders=${signed}, Signature=${signature(canonical, date, keys, scope)}`;
}

/**
 * A URL that anybody can use for a while. It grants access: treat it as a secret.
 * @param lifetimeMs how long it is good; at most seven days
 */
export function presignV4(
  request: { method: string; url: URL },
  keys: AccessKeys,
  scope: V4Scope,
  nowMs: number,
  lifetimeMs: number,
): URL {
  const date = amzDate(nowMs);
  const url = new URL(request.url);
  const query: [string, string][] = [
    ...url.searchParams,
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${keys.accessKey}/${scopeText(date, scope)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(Math.ceil(lifetimeMs / 1000))],
    ['X-Amz-SignedHeaders', 'host'],
    ...(keys.securityToken === undefined
      ? []
      : ([['X-Amz-Security-Token', keys.securityToken]] as [string, string][])),
  ];
  const text = canonicalQuery(query);
  const canonical = [
    request.method,
    url.pathname,
    text,
    `host:${url.host}`,
    '',
    'host',
    UNSIGNED_PAYLOAD,
  ].join('\n');
  url.search = `${text}&X-Amz-Signature=${signature(canonical, date, keys, scope)}`;
  return url;
}

function signature(canonical: string, date: string, keys: AccessKeys, scope: V4Scope): string {
  const toSign = [
    ALGORITHM,
    date,
    scopeText(date, scope),
    createHash('sha256').update(canonical).digest('hex'),
  ];
  const steps = [date.slice(0, 8), scope.region, scope.service, 'aws4_request'];
  const key = steps.reduce<string | Buffer>((secret, step) => hmac(secret, step), `AWS4${keys.secretKey}`);
  return hmac(key, toSign.join('\n')).toString('hex');
}

const scopeText = (date: string, { region, service }: V4Scope) =>
  `${date.slice(0, 8)}/${region}/${service}/aws4_request`;

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

const canonicalQuery = (pairs: readonly (readonly [string, string])[]) =>
  pairs
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const byName = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]) =>
  a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0;
