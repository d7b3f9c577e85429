// Operations on single objects.
import { header, type Reply } from '../http/exchange.ts';
import { receiveBody } from './bodies.ts';
import { bucketOf, type ObsContext, objectAttributes } from './context.ts';
import { noSuchKey, ObsError } from './errors.ts';
import type { ObjectRecord } from './records.ts';

/** `PUT /bucket/key`. */
export async function putObject(context: ObsContext, bucketName: string, key: string): Promise<Reply> {
  const { exchange, store } = context;
  const bucket = bucketOf(context, bucketName);
  const sequence = store.nextSequence();
  const { segment, etag } = await receiveBody(exchange, store);
  context.settle();
  store.putObject({
    ...objectAttributes(exchange, bucket),
    bucket: bucketName,
    key,
    sequence,
    manifest: segment.sizeBytes === 0 ? [] : [segment],
    sizeBytes: segment.sizeBytes,
    etag,
    modifiedAtMs: exchange.now,
  });
  if (segment.sizeBytes === 0) store.blobs.discard(segment);
  return { status: 200, headers: { etag: `"${etag}"` } };
}

function describe(object: ObjectRecord, vendor: ObsContext['vendor']): Record<string, string> {
  return {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAtMs).toUTCString(),
    'content-type': object.contentType,
    'accept-ranges': 'bytes',
    ...(object.uploadId === undefined ? {} : { 'x-obs-uploadId': object.uploadId }),
    ...(object.storageClass === 'STANDARD' ? {} : { [`x-${vendor}-storage-class`]: object.storageClass }),
    ...Object.fromEntries(
      Object.entries(object.metadata).map(([name, value]) => [`x-${vendor}-meta-${name}`, value]),
    ),
  };
}

/** `HEAD /bucket/key`. */
export function headObject(context: ObsContext, bucketName: string, key: string): Reply {
  bucketOf(context, bucketName);
  const object = context.store.object(bucketName, key);
  if (object === undefined) throw noSuchKey();
  return {
    status: 200,
    headers: { ...describe(object, context.vendor), 'content-length': String(object.sizeBytes) },
  };
}

/** `GET /bucket/key`, with or without `Range`. */
export function getObject(context: ObsContext, bucketName: string, key: string): Reply {
  const { exchange, store } = context;
  bucketOf(context, bucketName);
  const object = store.object(bucketName, key);
  if (object === undefined) throw noSuchKey();
  const { manifest, sizeBytes } = object;
  const range = rangeOf(header(exchange, 'range'), sizeBytes);
  const [start, end] = range ?? [0, sizeBytes];
  // The bytes stay while they are being read, even if the object is deleted meanwhile.
  async function* read() {
    store.blobs.retain(manifest);
    try {
      yield* store.blobs.read(manifest, start, end);
    } finally {
      store.blobs.release(manifest);
    }
  }
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...describe(object, context.vendor),
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
    },
    body: { sizeBytes: end - start, read },
  };
}

/** Start and end (exclusive) of a range; undefined when there is none, or it is none that is understood. */
function rangeOf(text: string | undefined, sizeBytes: number): [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(sizeBytes - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) {
    throw new ObsError(
      416,
      'InvalidRange',
      `The range is outside of the object, which has ${sizeBytes} bytes.`,
    );
  }
  return [start, end];
}

/** `DELETE /bucket/key`. 204 also when there is none. */
export function deleteObject(context: ObsContext, bucketName: string, key: string): Reply {
  bucketOf(context, bucketName);
  context.settle();
  context.store.deleteObject(bucketName, key);
  return { status: 204 };
}
