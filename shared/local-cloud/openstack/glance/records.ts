// What the image service keeps on disk: images of all regions, their members and imports.
import { join } from 'node:path';
import { z } from 'zod';
import { type BlobStore, manifestSchema } from '../../store/blobs.ts';
import { Collection } from '../../store/collection.ts';
import { Memo } from '../../store/memo.ts';

const memberSchema = z.object({
  projectId: z.string(),
  status: z.enum(['pending', 'accepted', 'rejected']),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type MemberRecord = z.infer<typeof memberSchema>;

const taskSchema = z.object({
  id: z.string(),
  method: z.string(),
  stores: z.array(z.string()),
  status: z.enum(['processing', 'success', 'failure']),
  message: z.string(),
  createdAtMs: z.number(),
  endsAtMs: z.number(),
  /** What is being fetched has not come yet. */
  fetching: z.boolean(),
});
export type TaskRecord = z.infer<typeof taskSchema>;

/** Bytes with what was computed while they arrived. */
const contentSchema = z.object({
  manifest: manifestSchema,
  sizeBytes: z.number(),
  md5: z.string(),
  sha512: z.string(),
  sha256: z.string(),
});
export type Content = z.infer<typeof contentSchema>;

const imageSchema = z.object({
  id: z.string(),
  region: z.string(),
  /** Project that owns it. */
  owner: z.string(),
  name: z.string().nullable(),
  status: z.enum(['queued', 'saving', 'uploading', 'importing', 'active', 'deactivated']),
  visibility: z.string(),
  protected: z.boolean(),
  hidden: z.boolean(),
  diskFormat: z.string().nullable(),
  containerFormat: z.string().nullable(),
  minDiskGiB: z.number(),
  minRamMiB: z.number(),
  tags: z.array(z.string()),
  /** Only those of kernels and RAM disks may be null. */
  properties: z.record(z.string(), z.string().nullable()),
  members: z.array(memberSchema),
  tasks: z.array(taskSchema),
  stores: z.array(z.string()),
  staged: contentSchema.optional(),
  content: contentSchema.optional(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type ImageRecord = z.infer<typeof imageSchema>;

/** The images of all regions. Bytes are retained while an image holds them. */
export class ImageStore {
  readonly blobs: BlobStore;
  /** Lists of images as they are shown, for pages of them. */
  readonly lists = new Memo<readonly { image: ImageRecord; shown: Record<string, unknown> }[]>();
  readonly #images: Collection<ImageRecord>;

  constructor(folder: string, blobs: BlobStore) {
    this.blobs = blobs;
    this.#images = new Collection(
      join(folder, 'images'),
      imageSchema,
      (image) => `${image.region}-${image.id}`,
    );
    for (const image of this.#images.values()) {
      for (const part of contentsOf(image)) blobs.retain(part.manifest);
      // What was on its way when the cloud stopped will not come any more.
      if (image.status === 'saving') this.#images.put({ ...image, status: 'queued' });
    }
  }

  /** Images of a region, newest first. */
  of(region: string): ImageRecord[] {
    return this.all()
      .filter((image) => image.region === region)
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1));
  }

  /** Another number after each change of any image. */
  get version(): number {
    return this.#images.version;
  }

  all(): ImageRecord[] {
    return this.#images.values();
  }

  get(region: string, id: string): ImageRecord | undefined {
    return this.#images.get(`${region}-${id}`);
  }

  /** Adds or replaces an image; bytes that it no longer holds are released. */
  put(image: ImageRecord): ImageRecord {
    const before = this.get(image.region, image.id);
    for (const part of contentsOf(image)) this.blobs.retain(part.manifest);
    this.#images.put(image);
    if (before !== undefined) for (const part of contentsOf(before)) this.blobs.release(part.manifest);
    return image;
  }

  delete(image: ImageRecord): void {
    this.#images.delete(`${image.region}-${image.id}`);
    for (const part of contentsOf(image)) this.blobs.release(part.manifest);
  }
}

const contentsOf = (image: ImageRecord): Content[] =>
  [image.content, image.staged].filter((part) => part !== undefined);
