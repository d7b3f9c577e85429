// What the upload engine asks of a place that takes a file in parts. Types only; implemented in clouds/.
import type { CallOptions } from './clock.ts';
import type { ProfileConnection } from './profile.ts';
import type { Secret } from './secret.ts';

/**
 * How the bytes of an upload travel: into a bucket in parts, to the image service in parts of its own, or to the image
 * service in one stream.
 */
export type UploadRoute = 'bucket' | 'parts' | 'stream';

/** Names the place of an upload, so that it can be found again after a restart. Holds no secret. Stored in journals. */
export interface TargetLocator {
  /** Name of the profile that has the credentials; `s3:` and the endpoint for a bucket without a profile. */
  cloud: string;
  region: string;
  /** Empty where there is none (route `stream`). */
  bucket: string;
  /** Key of the object; the image's name for route `stream`. */
  key: string;
  /** Absent: `bucket`. */
  route?: UploadRoute | undefined;
}

/** What the service allows. Sizes in bytes. */
export interface PartLimits {
  minPartSizeBytes: number;
  maxPartSizeBytes: number;
  maxParts: number;
  maxObjectSizeBytes: number;
}

/** A part as the service has it. */
export interface RemotePart {
  /** From 1. */
  partNumber: number;
  sizeBytes: number;
  /** Without quotes. MD5 in hex for services that say so in `etagIsMd5`. */
  etag: string;
}

/** A finished object as the service has it. */
export interface RemoteObject {
  sizeBytes: number;
  etag: string;
  /** The upload it came from, where the service tells (OBS: x-obs-uploadId). */
  uploadId?: string | undefined;
}

/** A URL that anybody can download something from for a while. It grants access: it is never printed or stored. */
export interface DownloadUrl {
  url: Secret;
  expiresAt?: Date | undefined;
}

/** An upload in parts that nobody has finished, as the service lists it. */
export interface UnfinishedUpload {
  bucket: string;
  key: string;
  uploadId: string;
  /** When it was begun, where the service tells. */
  startedAt?: Date | undefined;
}

/** One part to be sent. */
export interface PartUpload {
  uploadId: string;
  partNumber: number;
  sizeBytes: number;
  /** MD5 of the bytes, 16 bytes; sent as Content-MD5 so that the service refuses a damaged part. */
  md5: Uint8Array;
  /** The bytes. Called once per call of `uploadPart`; yields exactly `sizeBytes` bytes in chunks. */
  body: () => AsyncIterable<Uint8Array>;
}

/**
 * A place that takes one file in parts. Each method makes a single attempt (the engine decides on retries)
 * except that reading methods may retry by themselves. All throw only `ImageBridgeError`s:
 * `NotFoundError` with code `NoSuchUpload` when the upload id is unknown.
 */
export interface MultipartTarget {
  readonly locator: TargetLocator;
  readonly limits: PartLimits;
  /** True when a part's ETag is the MD5 of its bytes. */
  readonly etagIsMd5: boolean;

  initiate(options?: CallOptions): Promise<string>;
  /** Unfinished uploads to this very key, the newest first. */
  findUploads(options?: CallOptions): Promise<string[]>;
  uploadPart(part: PartUpload, options?: CallOptions): Promise<{ etag: string }>;
  /** All parts the service has, in order, page by page. */
  listParts(uploadId: string, options?: CallOptions): AsyncIterable<RemotePart>;
  /** May throw `UnavailableError` with an unknown outcome: resolve it with `head`. */
  complete(uploadId: string, parts: readonly RemotePart[], options?: CallOptions): Promise<void>;
  /** Succeeds when the upload is gone already. */
  abort(uploadId: string, options?: CallOptions): Promise<void>;
  /** The finished object, or undefined. */
  head(options?: CallOptions): Promise<RemoteObject | undefined>;
  /** The finished object's bytes from `startByte` on; for verification. */
  read(startByte: number, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** Deletes the finished object. Succeeds when it is gone already. */
  remove(options?: CallOptions): Promise<void>;
  /**
   * A URL that anybody can read the finished object with for a while, so that a service can fetch it. Sends nothing.
   * Absent where the place gives no such URLs.
   * @param lifetimeMs at most seven days
   */
  presign?(lifetimeMs: number): DownloadUrl;
}

/** A bucket service that is a target by itself: any S3-compatible server, or a cloud's own. */
export interface BucketStore {
  /** `s3:` and the endpoint, without secrets. */
  readonly name: string;
  /** What it was opened with, without secrets: with the keys it can be opened again. */
  readonly place: BucketPlace;
  /** A place in a bucket that is there already. Sends nothing. */
  target(bucket: string, key: string): MultipartTarget;
  /** False when there is no such bucket. */
  hasBucket(bucket: string, options?: CallOptions): Promise<boolean>;
  /** See `ImageCloud.listUnfinishedUploads`. */
  listUnfinishedUploads(bucket: string, options?: CallOptions): AsyncIterable<UnfinishedUpload>;
  /** See `ImageCloud.abortUnfinishedUpload`. */
  abortUnfinishedUpload(upload: UnfinishedUpload, options?: CallOptions): Promise<void>;
  /** Closes connections. */
  close(): Promise<void>;
}

/** Where a bucket service is. Holds no secret. */
export interface BucketPlace {
  /** URL of the service. */
  endpoint: string;
  /** As signatures name it. */
  region: string;
  /** The bucket stands in the path instead of the host name. */
  pathStyle: boolean;
}

/** Where a bucket service is, and who uses it. */
export interface BucketSettings extends BucketPlace {
  accessKey: string;
  secretKey: Secret;
  /** Belongs to temporary keys. */
  securityToken?: Secret | undefined;
  /** Proxy and certificates. */
  connection?: ProfileConnection | undefined;
}

/** Hashes that services tell of what they stored. */
export type HashName = 'md5' | 'sha256' | 'sha512';

/** What a service has of a file that is sent in one stream. */
export interface StreamRecord {
  /**
   * `empty`: it waits for the bytes; `busy`: it is still taking them in, or gives up an attempt that broke off;
   * `complete`: it has them; `failed`: it will never take them; `gone`: there is no such record.
   */
  state: 'empty' | 'busy' | 'complete' | 'failed' | 'gone';
  /** Bytes that it has. */
  sizeBytes?: number | undefined;
  /** In hex, of all the bytes. */
  checksums: Readonly<Partial<Record<HashName, string>>>;
}

/** One attempt to send a whole file. */
export interface StreamAttempt {
  sizeBytes: number;
  /** Record of an earlier attempt. */
  recordId?: string | undefined;
  /** The bytes from the start. Called once. */
  open: () => AsyncIterable<Uint8Array>;
  /** Called as soon as the record exists, before any byte is sent. */
  onRecord: (recordId: string) => Promise<void>;
}

/**
 * A place that takes one file in one stream, which cannot go on where it broke off. Each method makes a single attempt;
 * the engine decides on retries. All throw only `ImageBridgeError`s.
 */
export interface StreamTarget {
  /** Its `route` is `stream`. */
  readonly locator: TargetLocator;
  /** What the service will tell of the stored bytes; the engine computes these and compares. */
  readonly hashes: readonly HashName[];
  /** Sends all bytes. Resolves when the service has them; work of its own may follow (`jobId`). */
  send(
    attempt: StreamAttempt,
    options?: CallOptions,
  ): Promise<{ recordId: string; jobId?: string | undefined }>;
  /** What the service has now. */
  look(recordId: string, options?: CallOptions): Promise<StreamRecord>;
  /** Removes the record and what was sent of it. Succeeds when it is gone already. */
  remove(recordId: string, options?: CallOptions): Promise<void>;
}
