// Operations on buckets, and the listing of objects.
import { z } from 'zod';
import { header, type Reply, readText } from '../http/exchange.ts';
import { bucketOf, type ObsContext } from './context.ts';
import { ObsError } from './errors.ts';
import { numberOf } from './target.ts';
import { parseXml, xml } from './xml.ts';

const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*(?:\.\.|\.-|-\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const maxConfigurationBytes = 64 << 10;

const configurationSchema = z.object({
  CreateBucketConfiguration: z.union([
    z.object({ Location: z.string().optional(), LocationConstraint: z.string().optional() }),
    z.literal(''),
  ]),
});

/** `PUT /bucket`. 200 also when the caller has it in this region already. */
export async function createBucket(context: ObsContext, name: string): Promise<Reply> {
  const { exchange, store, account, region } = context;
  const text = await readText(exchange, maxConfigurationBytes);
  if (!bucketName.test(name)) {
    throw new ObsError(
      400,
      'InvalidBucketName',
      'A bucket name has 3 to 63 lower-case letters, digits, - and dots.',
    );
  }
  if (locationOf(text, context.defaultRegion) !== region) {
    throw new ObsError(
      400,
      'InvalidLocationConstraint',
      `The Location in the body must be ${region}, the region of this endpoint.`,
    );
  }
  const former = store.buckets.get(name);
  if (former !== undefined && former.domainId !== account.domainId) {
    throw new ObsError(
      409,
      'BucketAlreadyExists',
      'The bucket name is taken: names are shared by all accounts.',
    );
  }
  if (former !== undefined && former.region !== region) {
    throw new ObsError(409, 'BucketAlreadyOwnedByYou', `You have this bucket in region ${former.region}.`);
  }
  if (former === undefined) {
    store.buckets.put({
      name,
      region,
      domainId: account.domainId,
      storageClass: header(exchange, 'x-obs-storage-class') ?? 'STANDARD',
      createdAtMs: exchange.now,
    });
  }
  return { status: 200, headers: { location: `/${name}` } };
}

/** Only the default region's endpoint takes a request without a Location. */
function locationOf(text: string, defaultRegion: string): string {
  if (text.trim() === '') return defaultRegion;
  const result = configurationSchema.safeParse(parseXml(text));
  if (!result.success)
    throw new ObsError(400, 'MalformedXML', 'The body is not a CreateBucketConfiguration.');
  const configuration = result.data.CreateBucketConfiguration;
  if (configuration === '') return defaultRegion;
  return configuration.Location ?? configuration.LocationConstraint ?? defaultRegion;
}

/** `HEAD /bucket`. */
export function headBucket(context: ObsContext, name: string): Reply {
  const bucket = bucketOf(context, name);
  return {
    status: 200,
    headers: {
      'x-obs-bucket-location': bucket.region,
      'x-obs-storage-class': bucket.storageClass,
      'x-obs-version': '3.0',
    },
  };
}

/** `GET /bucket?location`. */
export function bucketLocation(context: ObsContext, name: string): Reply {
  return { status: 200, body: xml('Location', bucketOf(context, name).region) };
}

/** `DELETE /bucket`. A bucket with objects or unfinished uploads stays. */
export function deleteBucket(context: ObsContext, name: string): Reply {
  const { store } = context;
  bucketOf(context, name);
  if (store.objectsOf(name).length > 0 || store.uploads().some((upload) => upload.bucket === name)) {
    throw new ObsError(
      409,
      'BucketNotEmpty',
      'The bucket still has objects or unfinished multipart uploads.',
    );
  }
  store.buckets.delete(name);
  return { status: 204 };
}

/** `GET /`: the caller's buckets. */
export function listBuckets(context: ObsContext): Reply {
  const { store, account } = context;
  const own = store.buckets.values().filter((bucket) => bucket.domainId === account.domainId);
  return {
    status: 200,
    body: xml('ListAllMyBucketsResult', {
      Owner: { ID: account.domainId },
      Buckets: {
        Bucket: own.map((bucket) => ({
          Name: bucket.name,
          CreationDate: new Date(bucket.createdAtMs).toISOString(),
          Location: bucket.region,
          BucketType: 'OBJECT',
        })),
      },
    }),
  };
}

/** `GET /bucket?prefix&marker&max-keys&delimiter&encoding-type`. */
export function listObjects(context: ObsContext, name: string): Reply {
  const marker = context.exchange.query.get('marker') ?? '';
  const { common, encode, last, isTruncated } = page(context, name, marker);
  return {
    status: 200,
    body: xml('ListBucketResult', {
      ...common,
      Marker: encode(marker),
      NextMarker: isTruncated ? encode(last) : undefined,
    }),
  };
}

/** `GET /bucket?list-type=2&continuation-token&start-after…`. The token is the last name, encoded. */
export function listObjectsV2(context: ObsContext, name: string): Reply {
  const { query } = context.exchange;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const from = token === null ? startAfter : Buffer.from(token, 'base64url').toString('utf8');
  const { common, encode, last, isTruncated, count } = page(context, name, from);
  return {
    status: 200,
    body: xml('ListBucketResult', {
      ...common,
      KeyCount: count,
      StartAfter: startAfter === '' ? undefined : encode(startAfter),
      ContinuationToken: token ?? undefined,
      NextContinuationToken: isTruncated ? Buffer.from(last, 'utf8').toString('base64url') : undefined,
    }),
  };
}

/** One page of a listing: what both versions of it have in common. */
function page(context: ObsContext, name: string, after: string) {
  const { exchange, store } = context;
  bucketOf(context, name);
  const prefix = exchange.query.get('prefix') ?? '';
  const delimiter = exchange.query.get('delimiter') ?? '';
  const maxKeys = numberOf(exchange, 'max-keys', { min: 0, max: 1000, default: 1000 });
  const asUrl = exchange.query.get('encoding-type') === 'url';
  const encode = (text: string) => (asUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  const entries = new Map<string, ReturnType<typeof store.objectsOf>[number] | undefined>();
  for (const object of store.objectsOf(name)) {
    if (!object.key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const entry = cut < 0 ? object.key : object.key.slice(0, cut + delimiter.length);
    if (entry > after) entries.set(entry, cut < 0 ? object : undefined);
  }
  const found = [...entries].slice(0, maxKeys);
  const isTruncated = maxKeys > 0 && entries.size > maxKeys;
  const common = {
    Name: name,
    Prefix: encode(prefix),
    MaxKeys: maxKeys,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: asUrl ? 'url' : undefined,
    IsTruncated: isTruncated,
    Contents: found.flatMap(([key, object]) =>
      object === undefined
        ? []
        : [
            {
              Key: encode(key),
              LastModified: new Date(object.modifiedAtMs).toISOString(),
              ETag: `"${object.etag}"`,
              Size: object.sizeBytes,
              StorageClass: object.storageClass,
            },
          ],
    ),
    CommonPrefixes: found.flatMap(([key, object]) => (object === undefined ? [{ Prefix: encode(key) }] : [])),
  };
  return { common, encode, last: found.at(-1)?.[0] ?? '', isTruncated, count: found.length };
}
