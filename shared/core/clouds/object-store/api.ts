// The wire client of the object store: one function per call, typed, nothing else (OBS API, multipart and objects).
import { z } from 'zod';
import type { HttpReply } from '../../http/index.ts';
import {
  type CallOptions,
  ProtocolError,
  type RemotePart,
  type UnfinishedUpload,
} from '../../model/index.ts';
import { escapeXml } from '../xml.ts';
import type { ObsCall, ObsTransport } from './transport.ts';

/** An object that is named. */
export interface ObjectName {
  bucket: string;
  key: string;
}

const text = z.string();
const count = z.string().regex(/^\d+$/).transform(Number);
const isTrue = z
  .string()
  .optional()
  .transform((value) => value?.toLowerCase() === 'true');
const unquote = (etag: string) => etag.trim().replace(/^"|"$/g, '');

const initiateSchema = z.looseObject({
  InitiateMultipartUploadResult: z.looseObject({ UploadId: text.min(1) }),
});

const listPartsSchema = z.looseObject({
  ListPartsResult: z.looseObject({
    IsTruncated: isTrue,
    NextPartNumberMarker: count.optional().catch(undefined),
    Part: z.array(z.looseObject({ PartNumber: count, ETag: text, Size: count })).optional(),
  }),
});

const listUploadsSchema = z.looseObject({
  ListMultipartUploadsResult: z.looseObject({
    IsTruncated: isTrue,
    NextKeyMarker: text.optional(),
    NextUploadIdMarker: text.optional(),
    Upload: z.array(z.looseObject({ Key: text, UploadId: text, Initiated: text.optional() })).optional(),
  }),
});

/** True when the bucket exists and this account may use it; false when there is none. */
export async function headBucket(obs: ObsTransport, bucket: string, options?: CallOptions): Promise<boolean> {
  const call: ObsCall = { method: 'HEAD', bucket, operation: `look for bucket ${bucket}` };
  const reply = await obs.send(call, options);
  if (reply.status === 404) return false;
  if (reply.status < 200 || reply.status >= 300) throw obs.errorOf(reply, call);
  return true;
}

/** Makes a bucket of class STANDARD in a region. Making one's own bucket again succeeds. */
export async function createBucket(
  obs: ObsTransport,
  bucket: string,
  region: string,
  options?: CallOptions,
): Promise<void> {
  const call: ObsCall = {
    method: 'PUT',
    bucket,
    headers: { 'content-type': 'application/xml', [`${obs.prefix}storage-class`]: 'STANDARD' },
    body: `<CreateBucketConfiguration><Location>${escapeXml(region)}</Location></CreateBucketConfiguration>`,
    repeat: 'safe',
    operation: `create bucket ${bucket}`,
  };
  const reply = await obs.send(call, options);
  if (reply.status >= 200 && reply.status < 300) return;
  const error = obs.errorOf(reply, call);
  if (error.details.code !== 'BucketAlreadyOwnedByYou') throw error;
}

/** Starts a multipart upload; gives its id. */
export async function initiateUpload(
  obs: ObsTransport,
  name: ObjectName,
  options?: CallOptions,
): Promise<string> {
  const call: ObsCall = {
    method: 'POST',
    ...name,
    query: [['uploads', undefined]],
    // Imports need bucket and object in this class.
    headers: { 'content-type': 'application/octet-stream', [`${obs.prefix}storage-class`]: 'STANDARD' },
    repeat: 'once',
    operation: `start the upload of ${name.key}`,
  };
  const reply = await obs.succeed(call, options);
  return read(obs, call, reply, initiateSchema).InitiateMultipartUploadResult.UploadId;
}

/** Sends one part, in one attempt; gives its ETag without quotes. */
export async function uploadPart(
  obs: ObsTransport,
  name: ObjectName,
  part: {
    uploadId: string;
    partNumber: number;
    sizeBytes: number;
    md5: Uint8Array;
    body: () => AsyncIterable<Uint8Array>;
  },
  options?: CallOptions,
): Promise<string> {
  const call: ObsCall = {
    method: 'PUT',
    ...name,
    query: [
      ['partNumber', String(part.partNumber)],
      ['uploadId', part.uploadId],
    ],
    headers: {
      'content-type': 'application/octet-stream',
      'content-md5': Buffer.from(part.md5).toString('base64'),
    },
    upload: { sizeBytes: part.sizeBytes, open: part.body },
    repeat: 'once',
    timeoutMs: UPLOAD_IDLE_MS,
    operation: `upload part ${part.partNumber} of ${name.key}`,
  };
  const reply = await obs.succeed(call, options);
  const etag = unquote(reply.headers.etag ?? '');
  if (etag === '') {
    throw new ProtocolError({
      ...obs.contextOf(call),
      reason: 'the answer has no ETag',
      httpStatus: reply.status,
      requestId: reply.requestId,
    });
  }
  return etag;
}

/** One page of the parts of an upload, in order. */
export async function listPartsPage(
  obs: ObsTransport,
  name: ObjectName,
  uploadId: string,
  afterPart: number,
  options?: CallOptions,
): Promise<{ parts: RemotePart[]; next: number | undefined }> {
  const call: ObsCall = {
    method: 'GET',
    ...name,
    query: [
      ['uploadId', uploadId],
      ['max-parts', '1000'],
      ['part-number-marker', String(afterPart)],
    ],
    operation: `list the parts of ${name.key}`,
  };
  const reply = await obs.succeed(call, options);
  const { ListPartsResult: result } = read(obs, call, reply, listPartsSchema);
  // Compared as numbers: as texts, part 10 would come before part 9.
  const parts = (result.Part ?? [])
    .map((part) => ({ partNumber: part.PartNumber, sizeBytes: part.Size, etag: unquote(part.ETag) }))
    .sort((a, b) => a.partNumber - b.partNumber);
  if (!result.IsTruncated) return { parts, next: undefined };
  const next = result.NextPartNumberMarker ?? parts.at(-1)?.partNumber;
  if (next === undefined || next <= afterPart) {
    throw new ProtocolError({
      ...obs.contextOf(call),
      reason: 'the listing says that it goes on, but not where',
      requestId: reply.requestId,
    });
  }
  return { parts, next };
}

/** Where a listing of uploads goes on. */
export interface UploadMarker {
  key: string;
  uploadId: string;
}

/** One page of the unfinished uploads whose keys begin with a prefix. */
export async function listUploadsPage(
  obs: ObsTransport,
  bucket: string,
  prefix: string,
  after: UploadMarker | undefined,
  options?: CallOptions,
): Promise<{ uploads: UnfinishedUpload[]; next: UploadMarker | undefined }> {
  const call: ObsCall = {
    method: 'GET',
    bucket,
    query: [
      ['uploads', undefined],
      ['prefix', prefix],
      ['max-uploads', '1000'],
      ...(after
        ? ([
            ['key-marker', after.key],
            ['upload-id-marker', after.uploadId],
          ] as const)
        : []),
    ],
    operation: `list the unfinished uploads in ${bucket}`,
  };
  const reply = await obs.succeed(call, options);
  const { ListMultipartUploadsResult: result } = read(obs, call, reply, listUploadsSchema);
  const uploads = (result.Upload ?? []).map((upload) => {
    const startedMs = Date.parse(upload.Initiated ?? '');
    const startedAt = Number.isNaN(startedMs) ? undefined : new Date(startedMs);
    return { bucket, key: upload.Key, uploadId: upload.UploadId, startedAt };
  });
  if (!result.IsTruncated || !result.NextKeyMarker) return { uploads, next: undefined };
  const next = { key: result.NextKeyMarker, uploadId: result.NextUploadIdMarker ?? '' };
  if (after && next.key === after.key && next.uploadId === after.uploadId)
    return { uploads, next: undefined };
  return { uploads, next };
}

/**
 * Puts the parts together, in one attempt.
 * @throws UnavailableError when the outcome is unknown: look with `headObject`
 */
export async function completeUpload(
  obs: ObsTransport,
  name: ObjectName,
  uploadId: string,
  parts: readonly { partNumber: number; etag: string }[],
  options?: CallOptions,
): Promise<void> {
  const items = parts
    .toSorted((a, b) => a.partNumber - b.partNumber)
    .map(
      ({ partNumber, etag }) =>
        `<Part><PartNumber>${partNumber}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
    );
  const call: ObsCall = {
    method: 'POST',
    ...name,
    query: [['uploadId', uploadId]],
    headers: { 'content-type': 'application/xml' },
    body: `<CompleteMultipartUpload>${items.join('')}</CompleteMultipartUpload>`,
    repeat: 'once',
    timeoutMs: COMPLETE_IDLE_MS,
    operation: `complete the upload of ${name.key}`,
  };
  const reply = await obs.succeed(call, options);
  const document = obs.parse(reply, call);
  // The service may find out that it fails after it has sent the status.
  if (typeof document === 'object' && document !== null && 'Error' in document) {
    throw obs.errorOf(reply, call);
  }
  if (typeof document !== 'object' || document === null || !('CompleteMultipartUploadResult' in document)) {
    throw new ProtocolError({
      ...obs.contextOf(call),
      reason: 'the answer does not say that the upload is complete',
      httpStatus: reply.status,
      requestId: reply.requestId,
    });
  }
}

/** All unfinished uploads of a bucket whose keys begin with a prefix, page by page. */
export async function* listUploads(
  obs: ObsTransport,
  bucket: string,
  prefix: string,
  options?: CallOptions,
): AsyncGenerator<UnfinishedUpload> {
  let after: UploadMarker | undefined;
  do {
    const page = await listUploadsPage(obs, bucket, prefix, after, options);
    yield* page.uploads;
    after = page.next;
  } while (after !== undefined);
}

/** Removes an unfinished upload with its parts. */
export async function abortUpload(
  obs: ObsTransport,
  name: ObjectName,
  uploadId: string,
  options?: CallOptions,
): Promise<void> {
  await obs.succeed(
    {
      method: 'DELETE',
      ...name,
      query: [['uploadId', uploadId]],
      repeat: 'once',
      operation: `remove the unfinished upload of ${name.key}`,
    },
    options,
  );
}

/** What HEAD tells of an object. */
export interface ObjectHead {
  sizeBytes: number;
  etag: string;
  uploadId?: string | undefined;
}

/** Looks at an object; undefined when there is none. */
export async function headObject(
  obs: ObsTransport,
  name: ObjectName,
  options?: CallOptions,
): Promise<ObjectHead | undefined> {
  const call: ObsCall = { method: 'HEAD', ...name, operation: `look at ${name.key}` };
  const reply = await obs.send(call, options);
  if (reply.status === 404) return undefined;
  if (reply.status < 200 || reply.status >= 300) throw obs.errorOf(reply, call);
  const sizeBytes = Number(reply.headers['content-length']);
  if (!Number.isSafeInteger(sizeBytes)) {
    throw new ProtocolError({
      ...obs.contextOf(call),
      reason: 'the answer does not tell the size of the object',
      requestId: reply.requestId,
    });
  }
  return {
    sizeBytes,
    etag: unquote(reply.headers.etag ?? ''),
    uploadId: reply.headers['x-obs-uploadid'],
  };
}

/**
 * Reads an object from a byte on; gives nothing when it ends before it.
 * @throws ProtocolError when the service ignores the range
 */
export async function* getObject(
  obs: ObsTransport,
  name: ObjectName,
  startByte: number,
  options?: CallOptions,
): AsyncGenerator<Uint8Array> {
  const call: ObsCall = {
    method: 'GET',
    ...name,
    headers: startByte > 0 ? { range: `bytes=${startByte}-` } : {},
    operation: `read ${name.key}`,
  };
  const stream = await obs.open(call, options);
  if (!stream.ok) {
    if (stream.reply.status === 416) return;
    throw obs.errorOf(stream.reply, call);
  }
  if (startByte > 0 && stream.head.status !== 206) {
    throw new ProtocolError({
      ...obs.contextOf(call),
      reason: 'the service ignored the range that was asked for',
      httpStatus: stream.head.status,
      requestId: stream.head.requestId,
    });
  }
  yield* stream.body;
}

/** Deletes an object. */
export async function deleteObject(
  obs: ObsTransport,
  name: ObjectName,
  options?: CallOptions,
): Promise<void> {
  await obs.succeed({ method: 'DELETE', ...name, repeat: 'once', operation: `delete ${name.key}` }, options);
}

// A part may stand still for a while on a bad line before it is given up; completion may take the service minutes.
const UPLOAD_IDLE_MS = 60_000;
const COMPLETE_IDLE_MS = 5 * 60_000;

function read<T extends z.ZodType>(
  obs: ObsTransport,
  call: ObsCall,
  reply: HttpReply,
  schema: T,
): z.infer<T> {
  const result = schema.safeParse(obs.parse(reply, call));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ProtocolError({
    ...obs.contextOf(call),
    reason: `answered XML of another shape than expected (${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''})`,
    httpStatus: reply.status,
    requestId: reply.requestId,
  });
}
