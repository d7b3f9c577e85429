// Signs requests of the peers (curl, lib-storage), which do not know the OBS signature, for the embedded cloud.
// Its own few lines, apart from the product, so that a peer never runs the product's code.
import { createHmac } from 'node:crypto';

/** Sub-resources that are signed; other query names are not. */
const SIGNED_QUERY = ['partNumber', 'uploadId', 'uploads'];

/** The Authorization header of a request. */
export function obsAuthorization(request: {
  method: string;
  /** `/bucket/key`, encoded. */
  path: string;
  query?: Readonly<Record<string, string | null>> | undefined;
  contentMd5?: string | undefined;
  contentType?: string | undefined;
  /** RFC 1123; sent as x-obs-date. */
  date: string;
  accessKey: string;
  secretKey: string;
}): string {
  const query = Object.entries(request.query ?? {})
    .filter(([name]) => SIGNED_QUERY.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === null || value === '' ? name : `${name}=${value}`))
    .join('&');
  const text = [
    request.method,
    request.contentMd5 ?? '',
    request.contentType ?? '',
    '',
    `x-obs-date:${request.date}`,
    `${request.path}${query === '' ? '' : `?${query}`}`,
  ].join('\n');
  return `OBS ${request.accessKey}:${createHmac('sha1', request.secretKey).update(text).digest('base64')}`;
}
