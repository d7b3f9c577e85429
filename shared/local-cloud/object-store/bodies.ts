// Receiving the bytes of an object or a part: to disk while they arrive, checked before they count.
import { type Exchange, header } from '../http/exchange.ts';
import type { BlobStore, ReceivedBlob } from '../store/blobs.ts';
import { ObsError } from './errors.ts';

/** Largest body of one request, in bytes (OBS API reference: 5 GB for an object or a part). */
export const maxBodyBytes = 5 * 2 ** 30;

/**
 * Stores the body of a request.
 * @throws ObsError MissingContentLength, EntityTooLarge, InvalidDigest, BadDigest or IncompleteBody; nothing is stored then
 */
export async function receiveBody(exchange: Exchange, blobs: BlobStore): Promise<ReceivedBlob> {
  const length = Number(header(exchange, 'content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(length)) {
    throw new ObsError(411, 'MissingContentLength', 'The request must say its Content-Length.');
  }
  if (length > maxBodyBytes) throw new ObsError(400, 'EntityTooLarge', 'One request takes at most 5 GB.');
  const digest = header(exchange, 'content-md5');
  if (digest !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(digest)) {
    throw new ObsError(400, 'InvalidDigest', 'Content-MD5 is not the base64 of an MD5.');
  }
  const received = await blobs.receive(exchange.body, (count) => exchange.addBytesIn(count));
  if (received.segment.sizeBytes !== length) {
    blobs.discard(received.segment);
    throw new ObsError(400, 'IncompleteBody', 'The body is shorter than its Content-Length.');
  }
  if (digest !== undefined && digest !== received.md5.toString('base64')) {
    blobs.discard(received.segment);
    throw new ObsError(400, 'BadDigest', 'The Content-MD5 does not match what was received.');
  }
  return received;
}
