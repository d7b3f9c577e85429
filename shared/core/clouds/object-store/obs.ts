// The object store's own header signature (HMAC-SHA1). Pure: the caller gives keys, date and headers.
import { createHmac } from 'node:crypto';
import { encodePath, encodeQuery } from '../encode.ts';

/** Access key, secret key and, with temporary keys, their token. */
export interface AccessKeys {
  accessKey: string;
  secretKey: string;
  securityToken?: string | undefined;
}

/** What is signed of a request to the object store. */
export interface ObsSignable {
  method: string;
  bucket?: string | undefined;
  /** Not encoded. */
  key?: string | undefined;
  /** The query; only sub-resources of it are signed. Undefined value: a bare name. */
  query?: readonly (readonly [string, string | undefined])[] | undefined;
  /** Names in any case. Holds `x-obs-date` or `date`. */
  headers: Readonly<Record<string, string>>;
}

// Query names that are part of the resource; `prefix`, `marker`, `max-parts` and their like are not.
const SUB_RESOURCES = new Set([
  'acl',
  'append',
  'attname',
  'backtosource',
  'cors',
  'customdomain',
  'delete',
  'deletebucket',
  'directcoldaccess',
  'encryption',
  'inventory',
  'length',
  'lifecycle',
  'location',
  'logging',
  'metadata',
  'mirrorBackToSource',
  'modify',
  'name',
  'notification',
  'object-lock',
  'orchestration',
  'partNumber',
  'policy',
  'position',
  'quota',
  'rename',
  'replication',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'restore',
  'retention',
  'select',
  'storageClass',
  'storageinfo',
  'storagePolicy',
  'tagging',
  'torrent',
  'truncate',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
  'x-image-process',
  'x-obs-security-token',
]);

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : a > b ? 1 : 0;

/** The text that is signed; for tests and for finding out why a signature is refused. */
export function obsStringToSign(request: ObsSignable): string {
  const headers = new Map(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
  const own = [...headers].filter(([name]) => name.startsWith('x-obs-')).sort(byName);
  // With x-obs-date the date line stays empty.
  const date = headers.has('x-obs-date') ? '' : (headers.get('date') ?? '');
  const signed = (request.query ?? []).filter(([name]) => SUB_RESOURCES.has(name)).toSorted(byName);
  const query = signed.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join('&');
  const path =
    request.bucket === undefined
      ? '/'
      : `/${request.bucket}/${request.key === undefined ? '' : encodePath(request.key)}`;
  return [
    request.method,
    headers.get('content-md5') ?? '',
    headers.get('content-type') ?? '',
    date,
    `${own.map(([name, value]) => `${name}:${value}\n`).join('')}${path}${query === '' ? '' : `?${query}`}`,
  ].join('\n');
}

/** The value of the Authorization header. */
export function signObs(request: ObsSignable, keys: AccessKeys): string {
  const signature = createHmac('sha1', keys.secretKey).update(obsStringToSign(request)).digest('base64');
  return `OBS ${keys.accessKey}:${signature}`;
}

/**
 * A URL that anybody can use until a time: the signature stands in the query, and the time takes the date's place in it.
 * @param url address of the object
 */
export function presignObs(
  request: { method: string; url: URL; bucket: string; key?: string | undefined },
  { securityToken, ...keys }: AccessKeys,
  expiresAtMs: number,
): URL {
  const expires = String(Math.floor(expiresAtMs / 1000));
  const query: [string, string][] =
    securityToken === undefined ? [] : [['x-obs-security-token', securityToken]];
  const text = obsStringToSign({ ...request, query, headers: { date: expires } });
  const signature = createHmac('sha1', keys.secretKey).update(text).digest('base64');
  const url = new URL(request.url);
  url.search = encodeQuery([
    ['AccessKeyId', keys.accessKey],
    ['Expires', expires],
    ...query,
    ['Signature', signature],
  ]);
  return url;
}
