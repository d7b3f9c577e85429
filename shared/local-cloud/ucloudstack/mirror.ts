// The S3 service of a region: parts of local uploads in the bucket `mirror`, downloads, and the common object store.
// How parts travel is documented nowhere; this is the form that the ids of the uploads point to.
import type { Exchange, Reply, Service } from '../http/exchange.ts';
import { errorReply, ObsError } from '../object-store/errors.ts';
import { obsService } from '../object-store/index.ts';
import type { ObsStore } from '../object-store/records.ts';
import type { LocalAccount } from '../options.ts';
import { type DownloadOptions, download } from './download.ts';
import type { ImageRecord } from './records.ts';

/** The bucket that local uploads go to. */
export const mirrorBucket = 'mirror';
/** The bucket belongs to the platform, not to a tenant. */
const platformDomain = 'ucloudstack';

/** What the S3 service of a region needs. */
export interface MirrorOptions extends DownloadOptions {
  defaultRegion: string;
  objects: ObsStore;
  accounts: readonly LocalAccount[];
}

/** Makes the bucket unless it is there. */
export function makeMirror(objects: ObsStore, region: string, now: number): void {
  if (objects.buckets.get(mirrorBucket) !== undefined) return;
  objects.buckets.put({
    name: mirrorBucket,
    region,
    domainId: platformDomain,
    storageClass: 'STANDARD',
    createdAtMs: now,
  });
}

/** The S3 service of a region. */
export function mirrorService(options: MirrorOptions): Service {
  const { region, defaultRegion, objects, accounts } = options;
  const common = obsService({ region, defaultRegion, store: objects, accounts, settle: () => {} });
  return (exchange) => {
    if (/^(\/s3)?\/download\/?$/.test(exchange.rawPath)) return download(exchange, options);
    const [, bucket, key = ''] = exchange.rawPath.split('/');
    if (bucket !== mirrorBucket) return common(exchange);
    return mirrored(exchange, key || exchange.query.get('prefix') || '', options);
  };
}

/**
 * A request to the bucket of uploads. Its key is the id of an image, and the image's tenant alone may send and list
 * parts; the upload itself is begun and ended by the action API only.
 */
function mirrored(exchange: Exchange, id: string, options: MirrorOptions): Reply | Promise<Reply> {
  const { region, objects, accounts, store } = options;
  const { method, query, requestId, rawPath } = exchange;
  const isPart = query.has('uploadId') && (method === 'PUT' || method === 'GET');
  const isList = query.has('uploads') && method === 'GET';
  const owner = isPart || isList ? ownerOf(accounts, store.image(id), region) : undefined;
  const bucket = objects.buckets.get(mirrorBucket);
  if (owner === undefined || bucket === undefined) {
    const message = 'Only parts of uploads that ImportImage opened go to this bucket.';
    return errorReply(new ObsError(403, 'AccessDenied', message), requestId, rawPath);
  }
  return obsService({
    // One bucket serves all regions and tenants: for this request it belongs to the image's own.
    region: bucket.region,
    defaultRegion: bucket.region,
    store: objects,
    accounts: [{ ...owner, domainId: bucket.domainId }],
    settle: () => {},
  })(exchange);
}

function ownerOf(
  accounts: readonly LocalAccount[],
  image: ImageRecord | undefined,
  region: string,
): LocalAccount | undefined {
  if (image === undefined || image.region !== region) return undefined;
  return accounts.find((account) => account.ucloudstack.companyId === image.companyId);
}
