// What the object store keeps on disk.
import { join } from 'node:path';
import { z } from 'zod';
import type { ObjectBytes } from '../options.ts';
import { type BlobStore, manifestSchema, segmentSchema } from '../store/blobs.ts';
import { Collection } from '../store/collection.ts';

const bucketSchema = z.object({
  name: z.string(),
  region: z.string(),
  /** The account that owns it. */
  domainId: z.string(),
  storageClass: z.string(),
  createdAtMs: z.number(),
});
export type BucketRecord = z.infer<typeof bucketSchema>;

const attributes = {
  bucket: z.string(),
  key: z.string(),
  contentType: z.string(),
  storageClass: z.string(),
  /** The x-obs-meta-… headers without that prefix. */
  metadata: z.record(z.string(), z.string()),
  /** Order in which uploads and objects were begun: of two uploads to one key the later one wins. */
  sequence: z.number(),
};

const objectSchema = z.object({
  ...attributes,
  manifest: manifestSchema,
  sizeBytes: z.number(),
  /** Without quotes. */
  etag: z.string(),
  uploadId: z.string().optional(),
  modifiedAtMs: z.number(),
});
export type ObjectRecord = z.infer<typeof objectSchema>;

const uploadSchema = z.object({ ...attributes, uploadId: z.string(), initiatedAtMs: z.number() });
export type UploadRecord = z.infer<typeof uploadSchema>;

const partSchema = z.object({
  partNumber: z.number(),
  segment: segmentSchema,
  etag: z.string(),
  modifiedAtMs: z.number(),
});
export type PartRecord = z.infer<typeof partSchema>;

const objectKey = (bucket: string, key: string) => `${bucket}/${key}`;

/** Buckets, objects, uploads and parts, with the bytes that they hold on to. */
export class ObsStore {
  readonly buckets: Collection<BucketRecord>;
  readonly blobs: BlobStore;
  readonly objectBytes: ObjectBytes;
  readonly #objects: Collection<ObjectRecord>;
  readonly #uploads: Collection<UploadRecord>;
  readonly #parts = new Map<string, Collection<PartRecord>>();
  readonly #folder: string;
  #sequence = 0;

  constructor(folder: string, blobs: BlobStore, objectBytes: ObjectBytes = 'keep') {
    this.#folder = folder;
    this.blobs = blobs;
    this.objectBytes = objectBytes;
    this.buckets = new Collection(join(folder, 'buckets'), bucketSchema, (bucket) => bucket.name);
    this.#objects = new Collection(join(folder, 'objects'), objectSchema, (o) => objectKey(o.bucket, o.key));
    this.#uploads = new Collection(join(folder, 'uploads'), uploadSchema, (upload) => upload.uploadId);
    for (const object of this.#objects.values()) {
      blobs.retain(object.manifest);
      this.#sequence = Math.max(this.#sequence, object.sequence);
    }
    for (const upload of this.#uploads.values()) {
      for (const part of this.#partsOf(upload.uploadId).values()) blobs.retain([part.segment]);
      this.#sequence = Math.max(this.#sequence, upload.sequence);
    }
  }

  /** The next place in the order of beginnings. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  object(bucket: string, key: string): ObjectRecord | undefined {
    return this.#objects.get(objectKey(bucket, key));
  }

  /** Objects of a bucket in the order of their keys. */
  objectsOf(bucket: string): ObjectRecord[] {
    return this.#objects
      .values()
      .filter((object) => object.bucket === bucket)
      .sort(byKey);
  }

  /** Stores an object unless a later beginning already took its key; the bytes of a replaced one are let go. */
  putObject(object: ObjectRecord): void {
    const former = this.object(object.bucket, object.key);
    if (former !== undefined && former.sequence > object.sequence) return;
    this.blobs.retain(object.manifest);
    this.#objects.put(object);
    if (former !== undefined) this.blobs.release(former.manifest);
  }

  deleteObject(bucket: string, key: string): void {
    const object = this.object(bucket, key);
    if (object === undefined) return;
    this.#objects.delete(objectKey(bucket, key));
    this.blobs.release(object.manifest);
  }

  /** All unfinished uploads, by key and then by the time they were begun. */
  uploads(): UploadRecord[] {
    return this.#uploads.values().sort((a, b) => byKey(a, b) || a.sequence - b.sequence);
  }

  upload(uploadId: string): UploadRecord | undefined {
    return this.#uploads.get(uploadId);
  }

  addUpload(upload: UploadRecord): void {
    this.#uploads.put(upload);
  }

  /** Parts of an upload in the order of their numbers. */
  partsOf(uploadId: string): PartRecord[] {
    return this.#partsOf(uploadId)
      .values()
      .sort((a, b) => a.partNumber - b.partNumber);
  }

  /** Adds a part, or replaces the one with its number. */
  putPart(uploadId: string, part: PartRecord): void {
    const parts = this.#partsOf(uploadId);
    const former = parts.get(String(part.partNumber));
    this.blobs.retain([part.segment]);
    parts.put(part);
    if (former !== undefined) this.blobs.release([former.segment]);
  }

  /** Forgets an upload and lets go of the bytes of its parts. */
  deleteUpload(uploadId: string): void {
    const parts = this.#partsOf(uploadId);
    const segments = parts.values().map((part) => part.segment);
    this.#uploads.delete(uploadId);
    parts.destroy();
    this.#parts.delete(uploadId);
    this.blobs.release(segments);
  }

  #partsOf(uploadId: string): Collection<PartRecord> {
    const known = this.#parts.get(uploadId);
    if (known !== undefined) return known;
    const folder = join(this.#folder, 'parts', uploadId);
    const parts = new Collection(folder, partSchema, (part) => String(part.partNumber));
    this.#parts.set(uploadId, parts);
    return parts;
  }
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : Number(a.key > b.key);
}
