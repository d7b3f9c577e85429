// What the image service keeps on disk: images and jobs of all regions.
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

const imageSchema = z.object({
  id: z.string(),
  region: z.string(),
  /** The project that owns it. */
  projectId: z.string(),
  name: z.string(),
  description: z.string(),
  status: z.enum(['queued', 'saving', 'active', 'killed', 'deleted']),
  protected: z.boolean(),
  diskFormat: z.string(),
  virtualEnvType: z.string(),
  osVersion: z.string(),
  osType: z.string().optional(),
  minDiskGiB: z.number(),
  minRamMiB: z.number(),
  maxRamMiB: z.number().optional(),
  tags: z.record(z.string(), z.string()),
  /** The user's own properties, and the service's that a user may set. */
  properties: z.record(z.string(), z.string()),
  /** Where the bytes came from: `bucket:key`. */
  source: z.string().optional(),
  /** The server, volume or backup that it was made from, as `__data_origin` shows it: `instance,<id>`. */
  origin: z.string().optional(),
  /** The backup that a whole-server image was made from. */
  backupId: z.string().optional(),
  wholeImage: z.boolean().optional(),
  /** Made from another tenant's backup: it cannot be shared on. */
  unshareable: z.boolean().optional(),
  /** The key that it is encrypted with. */
  cmkId: z.string().optional(),
  /** `__platform` of the public image that its server was made from. */
  rootPlatform: z.string().optional(),
  enterpriseProjectId: z.string().optional(),
  /** One of the service's own images. */
  gold: z.boolean().optional(),
  deletedAtMs: z.number().optional(),
  sourceImageId: z.string().optional(),
  members: z.array(memberSchema),
  manifest: manifestSchema,
  sizeBytes: z.number(),
  /** Hex; computed when it is first asked for. */
  sha256: z.string().optional(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  activeAtMs: z.number().optional(),
});
export type ImageRecord = z.infer<typeof imageSchema>;
export type MemberRecord = z.infer<typeof memberSchema>;

const pairSchema = z.object({ imageId: z.string(), projectId: z.string() });
export type MemberPair = z.infer<typeof pairSchema>;

/** What a job does when its time has come. An image that it makes is part of it, so that a crash loses neither. */
const importSchema = z.object({
  image: imageSchema,
  bucket: z.string(),
  key: z.string(),
  /** The object must still be this one when the job ends. */
  etag: z.string(),
  diskFormat: z.string(),
});
export type ImportItem = z.infer<typeof importSchema>;

const effectSchema = z.discriminatedUnion('kind', [
  importSchema.extend({
    kind: z.literal('import'),
    /** True when the user had made the record before, and only its bytes are imported. */
    intoRecord: z.boolean(),
  }),
  z.object({ kind: z.literal('import-all'), items: z.array(importSchema) }),
  /** Images whose bytes are there already. */
  z.object({ kind: z.literal('make'), images: z.array(imageSchema) }),
  /** Bytes that were uploaded into a record. */
  z.object({ kind: z.literal('receive'), image: imageSchema }),
  z.object({
    kind: z.literal('export'),
    imageId: z.string(),
    bucket: z.string(),
    key: z.string(),
    /** MD5 of the bytes in hex. */
    etag: z.string(),
  }),
  z.object({ kind: z.literal('copy'), image: imageSchema, sourceImageId: z.string() }),
  z.object({ kind: z.literal('add-members'), pairs: z.array(pairSchema) }),
  z.object({ kind: z.literal('remove-members'), pairs: z.array(pairSchema) }),
  z.object({
    kind: z.literal('update-members'),
    pairs: z.array(pairSchema),
    status: z.enum(['accepted', 'rejected']),
  }),
]);
export type JobEffect = z.infer<typeof effectSchema>;

/** The images that a job brings into being. */
export function imagesOf(effect: JobEffect): ImageRecord[] {
  if ('image' in effect) return [effect.image];
  if (effect.kind === 'make') return effect.images;
  return effect.kind === 'import-all' ? effect.items.map((item) => item.image) : [];
}

const outcomeSchema = z.object({
  ok: z.boolean(),
  errorCode: z.string().optional(),
  failReason: z.string().optional(),
  entities: z.record(z.string(), z.unknown()),
});
export type JobOutcome = z.infer<typeof outcomeSchema>;

const jobSchema = z.object({
  id: z.string(),
  type: z.string(),
  region: z.string(),
  projectId: z.string(),
  createdAtMs: z.number(),
  endsAtMs: z.number(),
  effect: effectSchema,
  /** One for each image, when the job is made of several. */
  subJobs: z.array(z.object({ id: z.string(), type: z.string(), imageId: z.string() })).optional(),
  /** The failure that a fault planned for it. */
  plannedFailure: z.object({ code: z.string(), reason: z.string() }).optional(),
  /** Set once the effect has taken place. */
  outcome: outcomeSchema.optional(),
});
export type JobRecord = z.infer<typeof jobSchema>;

/** Images and jobs, with the bytes that the images hold on to. */
export class ImsStore {
  readonly jobs: Collection<JobRecord>;
  readonly blobs: BlobStore;
  /** Images that were deleted by the deprecated call, which keeps their records (seed 001 operation 36). */
  readonly deleted: Collection<ImageRecord>;
  /** Lists of images, for pages of them. */
  readonly lists = new Memo<readonly ImageRecord[]>();
  readonly #images: Collection<ImageRecord>;

  constructor(folder: string, blobs: BlobStore) {
    this.blobs = blobs;
    this.#images = new Collection(join(folder, 'images'), imageSchema, (image) => image.id);
    this.jobs = new Collection(join(folder, 'jobs'), jobSchema, (job) => job.id);
    this.deleted = new Collection(join(folder, 'deleted'), imageSchema, (image) => image.id);
    for (const image of this.#images.values()) blobs.retain(image.manifest);
  }

  images(): ImageRecord[] {
    return this.#images.values();
  }

  /** Another number after each change of any image. */
  get version(): number {
    return this.#images.version;
  }

  image(id: string): ImageRecord | undefined {
    return this.#images.get(id);
  }

  /** Adds or replaces an image. */
  putImage(image: ImageRecord): ImageRecord {
    const former = this.#images.get(image.id);
    this.blobs.retain(image.manifest);
    this.#images.put(image);
    if (former !== undefined) this.blobs.release(former.manifest);
    return image;
  }

  deleteImage(id: string): void {
    const image = this.#images.get(id);
    if (image === undefined) return;
    this.#images.delete(id);
    this.blobs.release(image.manifest);
  }
}
