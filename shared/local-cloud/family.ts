// What a family of services gets from the cloud that it is a part of. Types only.
import type { ObsStore } from './object-store/records.ts';
import type { LocalAccount, LocalEndpoints } from './options.ts';
import type { BlobStore } from './store/blobs.ts';

/** What a family is made with. */
export interface FamilyContext {
  /** Its own folder below the data directory. */
  folder: string;
  accounts: readonly LocalAccount[];
  regions: readonly string[];
  blobs: BlobStore;
  /** Buckets, objects and multipart uploads, of all families. */
  objects: ObsStore;
  clock: { now(): number };
  /** Known once everything listens. */
  endpoints(): LocalEndpoints;
  jobDurationMs: number;
  tokenLifetimeMs: number;
  imageQuota: number;
  maxImportSizeBytes: number;
}
