// Multipart uploads (OBS API reference, "Operations on Multipart Upload").
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newId, type Reply, readText } from '../http/exchange.ts';
import { receiveBody } from './bodies.ts';
import { bucketOf, type ObsContext, objectAttributes } from './context.ts';
import { invalidArgument, noSuchUpload, ObsError } from './errors.ts';
import type { PartRecord, UploadRecord } from './records.ts';
import { numberOf } from './target.ts';
import { parseXml, xml } from './xml.ts';

const maxParts = 10_000;
const minPartBytes = 100 * 1024;
const maxCompletionBytes = 8 << 20;

/** `POST /bucket/key?uploads`. */
export function initiateUpload(context: ObsContext, bucketName: string, key: string): Reply {
  const { exchange, store } = context;
  const bucket = bucketOf(context, bucketName);
  const uploadId = newId().toUpperCase();
  store.addUpload({
    ...objectAttributes(exchange, bucket),
    bucket: bucketName,
    key,
    uploadId,
    sequence: store.nextSequence(),
    initiatedAtMs: exchange.now,
  });
  return {
    status: 200,
    body: xml('InitiateMultipartUploadResult', { Bucket: bucketName, Key: key, UploadId: uploadId }),
  };
}

function uploadOf(context: ObsContext, bucketName: string, key: string): UploadRecord {
  bucketOf(context, bucketName);
  const upload = context.store.upload(context.exchange.query.get('uploadId') ?? '');
  if (upload === undefined || upload.bucket !== bucketName || upload.key !== key) throw noSuchUpload();
  return upload;
}

/** `PUT /bucket/key?partNumber=N&uploadId=ID`. A part with that number is replaced once the new one is whole. */
export async function uploadPart(context: ObsContext, bucketName: string, key: string): Promise<Reply> {
  const { exchange, store } = context;
  const partNumber = numberOf(exchange, 'partNumber', { min: 1, max: maxParts });
  const { uploadId } = uploadOf(context, bucketName, key);
  const { segment, etag } = await receiveBody(exchange, store);
  if (store.upload(uploadId) === undefined) {
    store.blobs.discard(segment);
    throw noSuchUpload();
  }
  if (exchange.losesPart) store.blobs.discard(segment);
  else store.putPart(uploadId, { partNumber, segment, etag, modifiedAtMs: exchange.now });
  return { status: 200, headers: { etag: `"${etag}"` } };
}

/** `GET /bucket/key?uploadId=ID&max-parts&part-number-marker`. */
export function listParts(context: ObsContext, bucketName: string, key: string): Reply {
  const { exchange, store } = context;
  const { uploadId } = uploadOf(context, bucketName, key);
  const maxPage = numberOf(exchange, 'max-parts', { min: 1, max: 1000, default: 1000 });
  const marker = numberOf(exchange, 'part-number-marker', { min: 0, max: maxParts, default: 0 });
  const rest = store.partsOf(uploadId).filter((part) => part.partNumber > marker);
  const page = rest.slice(0, maxPage);
  return {
    status: 200,
    body: xml('ListPartsResult', {
      Bucket: bucketName,
      Key: key,
      UploadId: uploadId,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.partNumber ?? marker,
      MaxParts: maxPage,
      IsTruncated: rest.length > page.length,
      Part: page.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAtMs).toISOString(),
        ETag: `"${part.etag}"`,
        Size: part.segment.sizeBytes,
      })),
    }),
  };
}

/** `GET /bucket?uploads&prefix&max-uploads&key-marker&upload-id-marker`: by key, the older first. */
export function listUploads(context: ObsContext, bucketName: string): Reply {
  const { exchange, store } = context;
  bucketOf(context, bucketName);
  const prefix = exchange.query.get('prefix') ?? '';
  const keyMarker = exchange.query.get('key-marker') ?? '';
  const idMarker = exchange.query.get('upload-id-marker') ?? '';
  const maxUploads = numberOf(exchange, 'max-uploads', { min: 1, max: 1000, default: 1000 });
  const all = store.uploads().filter((u) => u.bucket === bucketName && u.key.startsWith(prefix));
  const marked = keyMarker !== '' && idMarker !== '' ? all.findIndex((u) => u.uploadId === idMarker) : -1;
  const rest = all.filter((upload, index) =>
    upload.key === keyMarker ? marked >= 0 && index > marked : upload.key > keyMarker,
  );
  const page = rest.slice(0, maxUploads);
  const isTruncated = rest.length > page.length;
  return {
    status: 200,
    body: xml('ListMultipartUploadsResult', {
      Bucket: bucketName,
      KeyMarker: keyMarker,
      UploadIdMarker: idMarker,
      NextKeyMarker: isTruncated ? page.at(-1)?.key : undefined,
      NextUploadIdMarker: isTruncated ? page.at(-1)?.uploadId : undefined,
      Prefix: prefix,
      MaxUploads: maxUploads,
      IsTruncated: isTruncated,
      Upload: page.map((upload) => ({
        Key: upload.key,
        UploadId: upload.uploadId,
        StorageClass: upload.storageClass,
        Initiated: new Date(upload.initiatedAtMs).toISOString(),
      })),
    }),
  };
}

const completionSchema = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(z.object({ PartNumber: z.string().regex(/^\d{1,5}$/), ETag: z.string().min(1) }))
      .min(1)
      .max(maxParts),
  }),
});

/** `POST /bucket/key?uploadId=ID`. The object refers to the parts' bytes; parts that are not listed are deleted. */
export async function completeUpload(context: ObsContext, bucketName: string, key: string): Promise<Reply> {
  const { exchange, store } = context;
  const text = await readText(exchange, maxCompletionBytes);
  const upload = uploadOf(context, bucketName, key);
  const listed = completionSchema.safeParse(parseXml(text));
  if (!listed.success) throw new ObsError(400, 'MalformedXML', 'The body is not a list of parts.');
  const parts = pick(store.partsOf(upload.uploadId), listed.data.CompleteMultipartUpload.Part);
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
  const etag = `${createHash('md5').update(digests).digest('hex')}-${parts.length}`;
  const { initiatedAtMs: _, ...attributes } = upload;
  context.settle();
  store.putObject({
    ...attributes,
    manifest: parts.map((part) => part.segment).filter((segment) => segment.sizeBytes > 0),
    sizeBytes: parts.reduce((sum, part) => sum + part.segment.sizeBytes, 0),
    etag,
    modifiedAtMs: exchange.now,
  });
  store.deleteUpload(upload.uploadId);
  return {
    status: 200,
    body: xml('CompleteMultipartUploadResult', {
      Location: `/${bucketName}/${key}`,
      Bucket: bucketName,
      Key: key,
      ETag: `"${etag}"`,
    }),
  };
}

/** The stored parts for a list of numbers and ETags, all of it checked. */
function pick(stored: PartRecord[], listed: { PartNumber: string; ETag: string }[]): PartRecord[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  let former = 0;
  const parts = listed.map(({ PartNumber, ETag }) => {
    const number = Number(PartNumber);
    if (number <= former) {
      throw new ObsError(400, 'InvalidPartOrder', 'The parts are not in ascending order of their numbers.');
    }
    former = number;
    const part = byNumber.get(number);
    if (part === undefined || part.etag !== ETag.replaceAll('"', '').trim().toLowerCase()) {
      throw new ObsError(400, 'InvalidPart', `Part ${number} does not exist, or its ETag is another.`);
    }
    return part;
  });
  if (parts.slice(0, -1).some((part) => part.segment.sizeBytes < minPartBytes)) {
    throw new ObsError(400, 'EntityTooSmall', 'Every part except the last must have at least 100 KB.');
  }
  return parts;
}

/** `DELETE /bucket/key?uploadId=ID`. */
export function abortUpload(context: ObsContext, bucketName: string, key: string): Reply {
  if (context.exchange.query.get('uploadId') === '') throw invalidArgument('uploadId is empty.');
  const { uploadId } = uploadOf(context, bucketName, key);
  context.store.deleteUpload(uploadId);
  return { status: 204 };
}
