// Receiving the bytes of an object or a part: to disk while they arrive, checked before they count.
import { createHash, randomBytes } from 'node:crypto';
import { type Exchange, header } from '../http/exchange.ts';
import { discardStream, type Segment } from '../store/blobs.ts';
import { ObsError } from './errors.ts';
import type { ObsStore } from './records.ts';

/** Largest body of one request, in bytes (OBS API reference: 5 GB for an object or a part). */
export const maxBodyBytes = 5 * 2 ** 30;

/** A body that is whole and as its client announced it. Its segment belongs to nobody yet. */
export interface ReceivedBody {
  segment: Segment;
  /** Without quotes: the MD5 in hex, but for bytes that nobody looked at. */
  etag: string;
}

/**
 * Takes the body of a request in.
 * @throws ObsError MissingContentLength, EntityTooLarge, InvalidDigest, BadDigest or IncompleteBody; nothing is stored then
 */
export async function receiveBody(exchange: Exchange, store: ObsStore): Promise<ReceivedBody> {
  const length = Number(header(exchange, 'content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(length)) {
    throw new ObsError(411, 'MissingContentLength', 'The request must say its Content-Length.');
  }
  if (length > maxBodyBytes) throw new ObsError(400, 'EntityTooLarge', 'One request takes at most 5 GB.');
  const digest = header(exchange, 'content-md5');
  if (digest !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(digest)) {
    throw new ObsError(400, 'InvalidDigest', 'Content-MD5 is not the base64 of an MD5.');
  }
  const announced = digest === undefined ? undefined : Buffer.from(digest, 'base64').toString('hex');
  const { segment, etag } = await taken(exchange, store, announced);
  if (segment.sizeBytes !== length) {
    store.blobs.discard(segment);
    throw new ObsError(400, 'IncompleteBody', 'The body is shorter than its Content-Length.');
  }
  if (announced !== undefined && announced !== etag) {
    store.blobs.discard(segment);
    throw new ObsError(400, 'BadDigest', 'The Content-MD5 does not match what was received.');
  }
  return { segment, etag };
}

async function taken(
  exchange: Exchange,
  { blobs, objectBytes }: ObsStore,
  announced: string | undefined,
): Promise<ReceivedBody> {
  const count = (bytes: number) => exchange.addBytesIn(bytes);
  switch (objectBytes) {
    case 'keep': {
      const { segment, md5 } = await blobs.receive(exchange.body, count);
      return { segment, etag: md5.toString('hex') };
    }
    case 'discard': {
      const hash = createHash('md5');
      const segment = await discardStream(exchange.body, (chunk) => {
        hash.update(chunk);
        count(chunk.length);
      });
      return { segment, etag: hash.digest('hex') };
    }
    case 'discard-unchecked': {
      const segment = await discardStream(exchange.body, (chunk) => count(chunk.length));
      return { segment, etag: announced ?? `${randomBytes(16).toString('hex')}-1` };
    }
  }
}
