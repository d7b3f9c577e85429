// How requests to an object store prove who sends them: OBS's own signature, AWS's version 4, or none.
import { createHash } from 'node:crypto';
import type { Clock } from '../../model/index.ts';
import { type AccessKeys, presignObs, signObs } from './obs.ts';
import { amzDate, presignV4, signV4, UNSIGNED_PAYLOAD } from './sigv4.ts';

/** What is signed of one attempt. */
export interface ObjectRequest {
  method: string;
  /** The URL as it is sent. */
  url: URL;
  bucket: string;
  /** Not encoded. */
  key?: string | undefined;
  query?: readonly (readonly [string, string | undefined])[] | undefined;
  headers: Readonly<Record<string, string>>;
  /** A small body; a body that is streamed is not signed. */
  body?: string | undefined;
  streamed: boolean;
}

/** Signs requests. Each attempt is signed anew: a repeated date would be refused as too old. */
export interface ObjectSigner {
  /** The service's own headers begin with `x-obs-` or `x-amz-`. */
  readonly prefix: 'x-obs-' | 'x-amz-';
  /** All headers of the attempt. */
  sign(request: ObjectRequest): Record<string, string>;
  /**
   * A URL that proves it by itself for a while. Absent: the store has none.
   * @param lifetimeMs at most seven days
   */
  presign?(
    request: { method: string; url: URL; bucket: string; key?: string | undefined },
    lifetimeMs: number,
  ): URL;
}

/** OBS's own header signature. @param keys asked for at each attempt; may throw */
export function obsSigner(keys: () => AccessKeys, clock: Clock): ObjectSigner {
  return {
    prefix: 'x-obs-',
    sign(request) {
      const { securityToken, ...pair } = keys();
      const headers = {
        ...request.headers,
        'x-obs-date': new Date(clock.now()).toUTCString(),
        ...(securityToken === undefined ? {} : { 'x-obs-security-token': securityToken }),
      };
      return { ...headers, authorization: signObs({ ...request, headers }, pair) };
    },
    presign: (request, lifetimeMs) => presignObs(request, keys(), clock.now() + lifetimeMs),
  };
}

/** AWS Signature Version 4. @param region as the signature names it */
export function v4Signer(keys: () => AccessKeys, region: string, clock: Clock): ObjectSigner {
  return {
    prefix: 'x-amz-',
    sign({ method, url, headers: given, body, streamed }) {
      const { securityToken, ...pair } = keys();
      const headers = {
        ...given,
        host: url.host,
        'x-amz-date': amzDate(clock.now()),
        'x-amz-content-sha256': streamed
          ? UNSIGNED_PAYLOAD
          : createHash('sha256')
              .update(body ?? '')
              .digest('hex'),
        ...(securityToken === undefined ? {} : { 'x-amz-security-token': securityToken }),
      };
      return { ...headers, authorization: signV4({ method, url, headers }, pair, { region, service: 's3' }) };
    },
    presign: (request, lifetimeMs) =>
      presignV4(request, keys(), { region, service: 's3' }, clock.now(), lifetimeMs),
  };
}

/** No signature: for stores that know who asks in another way. */
export const noSigner: ObjectSigner = { prefix: 'x-amz-', sign: ({ headers }) => ({ ...headers }) };
