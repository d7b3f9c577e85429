// The object store's own signature (OBS API reference, "Authentication of Signature in a Header"), written from the
// description. `AWS AK:signature` with x-amz- headers is the same scheme under other names.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Exchange, header } from '../http/exchange.ts';
import type { LocalAccount } from '../options.ts';
import { ObsError } from './errors.ts';

/** Names of query parameters that are part of the signed resource. */
const subresources = new Set(
  (
    'acl append attname backtosource cors customdomain delete deletebucket directcoldaccess encryption inventory ' +
    'length lifecycle location logging metadata mirrorBackToSource modify name notification object-lock ' +
    'obscompresspolicy orchestration partNumber policy policyStatus position publicAccessBlock quota rename ' +
    'replication requestPayment response-cache-control response-content-disposition response-content-encoding ' +
    'response-content-language response-content-type response-expires restore retention select storageClass ' +
    'storagePolicy storageinfo tagging torrent truncate uploadId uploads versionId versioning versions website ' +
    'worm x-image-process x-image-save-bucket x-image-save-object x-obs-accelerate x-obs-security-token'
  ).split(' '),
);

const maxSkewMs = 15 * 60_000;

/** What is signed of a request. */
export interface SignedRequest {
  method: string;
  /** `/`, `/bucket/` or `/bucket/encoded-key`. */
  signedPath: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The text that is signed. @param vendor `obs`, or `amz` for the scheme's other name */
export function stringToSign(request: SignedRequest, vendor: 'obs' | 'amz' = 'obs'): string {
  const { method, headers } = request;
  const prefix = `x-${vendor}-`;
  const text = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(',') : (value ?? '');
  };
  const vendorHeaders = Object.keys(headers)
    .filter((name) => name.startsWith(prefix) && headers[name] !== undefined)
    .sort()
    .map((name) => `${name}:${text(name).trim()}\n`);
  const date = headers[`${prefix}date`] === undefined ? text('date') : '';
  const resources = [...request.query]
    .filter(([name]) => subresources.has(name))
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const suffix = resources.length === 0 ? '' : `?${resources.join('&')}`;
  return [
    method,
    text('content-md5'),
    text('content-type'),
    date,
    `${vendorHeaders.join('')}${request.signedPath}${suffix}`,
  ].join('\n');
}

/** The signature of a text: base64 of HMAC-SHA1. */
export function signature(text: string, secretKey: string): string {
  return createHmac('sha1', secretKey).update(text, 'utf8').digest('base64');
}

/** Compares without telling by the time taken how much was right. */
export function equalSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The account that a key belongs to. @throws ObsError InvalidAccessKeyId */
export function accountOfKey(accounts: readonly LocalAccount[], accessKey: string): LocalAccount {
  const account = accounts.find((candidate) => candidate.accessKey === accessKey);
  if (account !== undefined) return account;
  throw new ObsError(403, 'InvalidAccessKeyId', 'The access key that was given does not exist.');
}

/** @throws ObsError RequestTimeTooSkewed when the request's time is more than 15 minutes off */
export function checkTime(timeMs: number, nowMs: number): void {
  if (Number.isNaN(timeMs)) throw new ObsError(403, 'AccessDenied', 'The request has no valid date.');
  if (Math.abs(nowMs - timeMs) > maxSkewMs) {
    throw new ObsError(403, 'RequestTimeTooSkewed', 'The clock of the client is more than 15 minutes off.');
  }
}

/** The refusal of a wrong signature. It does not repeat what was signed. */
export const signatureMismatch = () =>
  new ObsError(
    403,
    'SignatureDoesNotMatch',
    'The signature does not match: check the secret key and the signing.',
  );

/** Who signed a request, and under which of the scheme's names. */
export interface SignedBy {
  account: LocalAccount;
  vendor: 'obs' | 'amz';
}

/**
 * Finds who signed a request, in its header or in its query (a presigned URL).
 * @throws ObsError AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed or SignatureDoesNotMatch
 */
export function authenticate(
  exchange: Exchange,
  signedPath: string,
  accounts: readonly LocalAccount[],
): SignedBy {
  if (exchange.query.has('Signature') && exchange.query.has('Expires')) {
    return presigned(exchange, signedPath, accounts);
  }
  const authorization = header(exchange, 'authorization');
  const [, scheme, accessKey, given] = /^(OBS|AWS) ([^:\s]+):(\S+)$/.exec(authorization ?? '') ?? [];
  if (scheme === undefined || accessKey === undefined || given === undefined) {
    throw new ObsError(403, 'AccessDenied', 'The request is not signed.');
  }
  const vendor = scheme === 'OBS' ? 'obs' : 'amz';
  const account = accountOfKey(accounts, accessKey);
  checkTime(Date.parse(header(exchange, `x-${vendor}-date`) ?? header(exchange, 'date') ?? ''), exchange.now);
  // A bucket is signed with a slash behind it, or as it was sent: clients do both.
  const paths = [signedPath, exchange.rawPath];
  const matches = paths.some((path) =>
    equalSecret(given, signature(stringToSign({ ...exchange, signedPath: path }, vendor), account.secretKey)),
  );
  if (!matches) throw signatureMismatch();
  return { account, vendor };
}

/** `?AccessKeyId=&Expires=&Signature=`, or `AWSAccessKeyId` under the scheme's other name. */
function presigned(exchange: Exchange, signedPath: string, accounts: readonly LocalAccount[]): SignedBy {
  const { query } = exchange;
  const vendor = query.has('AWSAccessKeyId') ? 'amz' : 'obs';
  const account = accountOfKey(accounts, query.get('AWSAccessKeyId') ?? query.get('AccessKeyId') ?? '');
  const expires = query.get('Expires') ?? '';
  if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 <= exchange.now) {
    throw new ObsError(403, 'AccessDenied', 'Request has expired');
  }
  // The time of expiry stands where the date would.
  const headers = { ...exchange.headers, date: expires, [`x-${vendor}-date`]: undefined };
  const expected = signature(stringToSign({ ...exchange, headers, signedPath }, vendor), account.secretKey);
  if (!equalSecret(query.get('Signature') ?? '', expected)) throw signatureMismatch();
  return { account, vendor };
}
