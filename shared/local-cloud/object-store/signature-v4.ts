// AWS Signature Version 4 in headers and in the query, written from AWS's public description ("Authenticating Requests").
import { createHash, createHmac } from 'node:crypto';
import { type Exchange, header } from '../http/exchange.ts';
import type { LocalAccount } from '../options.ts';
import { ObsError } from './errors.ts';
import { accountOfKey, checkTime, equalSecret, signatureMismatch } from './signature.ts';

const algorithm = 'AWS4-HMAC-SHA256';
const maxPresignedSeconds = 7 * 24 * 3600;

/** A verified signature, and what is needed to verify the chunks of a body that is signed piece by piece. */
export interface V4Signature {
  account: LocalAccount;
  /** As the request says it: a hash in hex, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-` modes. */
  payload: string;
  date: string;
  scope: string;
  signature: string;
  key: Buffer;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signature of a text under a derived key, in hex. */
export const signV4 = (key: Buffer, text: string): string => hmac(key, text).toString('hex');

/** True when the request is signed in this way. */
export const isV4 = (exchange: Exchange): boolean =>
  header(exchange, 'authorization')?.startsWith(`${algorithm} `) === true ||
  exchange.query.get('X-Amz-Algorithm') === algorithm;

/**
 * Verifies a request's signature.
 * @throws ObsError AuthorizationHeaderMalformed, InvalidAccessKeyId, AccessDenied, RequestTimeTooSkewed or
 *   SignatureDoesNotMatch
 */
export function verifyV4(exchange: Exchange, accounts: readonly LocalAccount[]): V4Signature {
  const presigned = exchange.query.has('X-Amz-Algorithm');
  const given = presigned ? fromQuery(exchange) : fromHeader(exchange);
  const [accessKey = '', day = '', region = '', service = '', last] = given.credential.split('/');
  if (!/^\d{8}$/.test(day) || last !== 'aws4_request' || !given.date.startsWith(day)) {
    throw new ObsError(
      400,
      'AuthorizationHeaderMalformed',
      'The credential of the signature is not well-formed.',
    );
  }
  const account = accountOfKey(accounts, accessKey);
  const timeMs = timeOf(given.date);
  if (given.lifetimeSeconds === undefined) checkTime(timeMs, exchange.now);
  else if (!(exchange.now < timeMs + given.lifetimeSeconds * 1000)) {
    throw new ObsError(403, 'AccessDenied', 'Request has expired');
  }
  const payload = presigned ? 'UNSIGNED-PAYLOAD' : (header(exchange, 'x-amz-content-sha256') ?? sha256(''));
  const scope = `${day}/${region}/${service}/aws4_request`;
  const canonical = [
    exchange.method,
    canonicalPath(exchange.rawPath),
    canonicalQuery(exchange.rawQuery),
    ...given.signedHeaders.map((name) => `${name}:${headerText(exchange, name)}`),
    '',
    given.signedHeaders.join(';'),
    payload,
  ].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    (secret, step) => hmac(secret, step),
    hmac(`AWS4${account.secretKey}`, day),
  );
  const expected = signV4(key, [algorithm, given.date, scope, sha256(canonical)].join('\n'));
  if (!equalSecret(given.signature, expected)) throw signatureMismatch();
  return { account, payload, date: given.date, scope, signature: expected, key };
}

interface Given {
  credential: string;
  signedHeaders: string[];
  signature: string;
  date: string;
  lifetimeSeconds?: number;
}

function fromHeader(exchange: Exchange): Given {
  const text = header(exchange, 'authorization') ?? '';
  const field = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(text)?.[1] ?? '';
  const date = header(exchange, 'x-amz-date') ?? '';
  const given = {
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders').split(';'),
    signature: field('Signature'),
    date,
  };
  if (given.credential === '' || given.signature === '' || !given.signedHeaders.includes('host')) {
    throw new ObsError(400, 'AuthorizationHeaderMalformed', 'The authorization header is not well-formed.');
  }
  return given;
}

function fromQuery(exchange: Exchange): Given {
  const text = (name: string) => exchange.query.get(`X-Amz-${name}`) ?? '';
  const lifetimeSeconds = Number(text('Expires'));
  if (!/^\d+$/.test(text('Expires')) || lifetimeSeconds > maxPresignedSeconds) {
    throw new ObsError(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires must be up to seven days.');
  }
  return {
    credential: text('Credential'),
    signedHeaders: text('SignedHeaders').split(';'),
    signature: text('Signature'),
    date: text('Date'),
    lifetimeSeconds,
  };
}

function timeOf(date: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function headerText(exchange: Exchange, name: string): string {
  const value = exchange.headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/ +/g, ' ');
}

/** Each segment decoded and encoded again: what a client leaves bare counts as encoded. */
const canonicalPath = (rawPath: string) =>
  rawPath
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');

function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [encode(decode(name.replaceAll('+', ' '))), encode(decode(value.replaceAll('+', ' ')))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : Number(x > y)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ObsError(400, 'InvalidURI', 'The URI is not percent-encoded UTF-8.');
  }
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
