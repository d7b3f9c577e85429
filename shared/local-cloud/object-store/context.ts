// What the operations of the object store share: the store, the caller, and the checks on a bucket.
import { type Exchange, header } from '../http/exchange.ts';
import type { LocalAccount } from '../options.ts';
import { noSuchBucket, ObsError } from './errors.ts';
import type { BucketRecord, ObsStore } from './records.ts';

/** One authenticated request to the object store. */
export interface ObsContext {
  exchange: Exchange;
  store: ObsStore;
  account: LocalAccount;
  /** Beginning of the service's own headers, as this client names them. */
  vendor: 'obs' | 'amz';
  region: string;
  /** The region that a bucket is made in when the request names none. */
  defaultRegion: string;
  /** Lets time take effect on image imports, before an object that they read changes. */
  settle(): void;
}

/**
 * The bucket, if the caller may use it here.
 * @throws ObsError NoSuchBucket, AccessDenied or PermanentRedirect
 */
export function bucketOf(context: ObsContext, name: string): BucketRecord {
  const bucket = context.store.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket();
  if (bucket.domainId !== context.account.domainId) {
    throw new ObsError(403, 'AccessDenied', 'The bucket belongs to another account.');
  }
  if (bucket.region !== context.region) {
    throw new ObsError(
      301,
      'PermanentRedirect',
      `The bucket is in region ${bucket.region}: use its endpoint.`,
    );
  }
  return bucket;
}

/** The attributes that a request gives to a new object. */
export function objectAttributes(exchange: Exchange, bucket: BucketRecord) {
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(exchange.headers)) {
    const [, bare] = /^x-(?:obs|amz)-meta-(.+)$/.exec(name) ?? [];
    if (bare !== undefined) metadata[bare] = header(exchange, name) ?? '';
  }
  return {
    metadata,
    contentType: header(exchange, 'content-type') ?? 'binary/octet-stream',
    storageClass: header(exchange, 'x-obs-storage-class') ?? bucket.storageClass,
  };
}
