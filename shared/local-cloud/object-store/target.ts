// What a request to the object store is about: the bucket by path or by host name, and the key.
import { isIP } from 'node:net';
import { type Exchange, header } from '../http/exchange.ts';
import { invalidArgument, ObsError } from './errors.ts';

/** The bucket and object that a request names. */
export interface ObsTarget {
  bucket?: string | undefined;
  /** Decoded. */
  key?: string | undefined;
  /** As it is signed: `/`, `/bucket/` or `/bucket/encoded-key`. */
  signedPath: string;
}

const maxKeyBytes = 1024;

/** Finds bucket and key. A host name that is neither an address nor `localhost` begins with the bucket. */
export function targetOf(exchange: Exchange): ObsTarget {
  const fromHost = bucketOfHost(header(exchange, 'host') ?? '');
  const path = exchange.rawPath.slice(1);
  const slash = path.indexOf('/');
  const bucket = fromHost ?? decode(slash < 0 ? path : path.slice(0, slash));
  const rawKey = fromHost === undefined ? (slash < 0 ? '' : path.slice(slash + 1)) : path;
  if (bucket === '') return { signedPath: '/' };
  const key = decode(rawKey);
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new ObsError(400, 'KeyTooLong', `The key has more than ${maxKeyBytes} bytes.`);
  }
  return { bucket, key: key === '' ? undefined : key, signedPath: `/${bucket}/${rawKey}` };
}

function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (name === '' || name === 'localhost' || name.startsWith('[') || isIP(name) !== 0) return undefined;
  const [, before] = /^(.+?)\.(?:localhost$|127\.\d+\.\d+\.\d+$|obs\.)/.exec(name) ?? [];
  return before;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ObsError(400, 'InvalidURI', 'The path is not percent-encoded UTF-8.');
  }
}

/** A whole number from the query. */
export function numberOf(
  exchange: Exchange,
  name: string,
  limits: { min: number; max: number; default?: number },
): number {
  const text = exchange.query.get(name);
  if (text === null || text === '') {
    if (limits.default !== undefined) return limits.default;
    throw invalidArgument(`${name} is missing.`);
  }
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < limits.min || value > limits.max) {
    throw invalidArgument(`${name} must be a whole number from ${limits.min} to ${limits.max}.`);
  }
  return value;
}
