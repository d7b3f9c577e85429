// What the family keeps on disk: images of all regions and tenants, with the bytes that they hold on to.
import { join } from 'node:path';
import { z } from 'zod';
import { type BlobStore, type Manifest, manifestSchema } from '../store/blobs.ts';
import { Collection } from '../store/collection.ts';

/** The bytes of an image: stored ones, or those of a disk that nobody ever wrote, which are made when they are read. */
const contentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stored'), manifest: manifestSchema }),
  z.object({ kind: z.literal('generated'), label: z.string(), virtualGiB: z.number() }),
]);
export type Content = z.infer<typeof contentSchema>;

/** How the making of an image will end, once that is known. */
const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), content: contentSchema, sizeGiB: z.number() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

const imageSchema = z.object({
  id: z.string(),
  region: z.string(),
  companyId: z.number(),
  projectId: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  type: z.enum(['Base', 'Custom']),
  /** True for what the cloud came with. */
  system: z.boolean(),
  format: z.enum(['qcow2', 'iso']),
  osType: z.string(),
  arch: z.string(),
  osDistribution: z.string(),
  osVersion: z.string(),
  bootloader: z.enum(['bios', 'uefi']),
  supportQga: z.boolean(),
  supportCloudInit: z.boolean(),
  encrypted: z.boolean(),
  importType: z.enum(['Remote', 'Local']).optional(),
  /** As ImageFrom tells it. */
  from: z.string(),
  sizeGiB: z.number(),
  phase: z.enum(['uploading', 'making', 'used', 'failed', 'deleting', 'deleted', 'destroyed']),
  phaseBeganAtMs: z.number(),
  /** The upload that brings the bytes, while it is open. */
  uploadId: z.string().optional(),
  /** Where the bytes are still to be fetched from. May grant access, so it is forgotten as soon as it was used. */
  loadUrl: z.string().optional(),
  /** The server that it is being made from. */
  vmId: z.string().optional(),
  outcome: outcomeSchema.optional(),
  reason: z.string().optional(),
  content: contentSchema.optional(),
  /** Hex; computed when it is first asked for. */
  sha256: z.string().optional(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type ImageRecord = z.infer<typeof imageSchema>;

/** Images by id. */
export class ImageStore {
  readonly blobs: BlobStore;
  readonly #images: Collection<ImageRecord>;

  constructor(folder: string, blobs: BlobStore) {
    this.blobs = blobs;
    this.#images = new Collection(join(folder, 'images'), imageSchema, (image) => image.id);
    for (const image of this.#images.values()) blobs.retain(bytesOf(image));
  }

  images(): ImageRecord[] {
    return this.#images.values();
  }

  image(id: string): ImageRecord | undefined {
    return this.#images.get(id);
  }

  /** Adds or replaces an image. */
  put(image: ImageRecord): ImageRecord {
    const former = this.#images.get(image.id);
    this.blobs.retain(bytesOf(image));
    this.#images.put(image);
    if (former !== undefined) this.blobs.release(bytesOf(former));
    return image;
  }
}

function bytesOf(image: ImageRecord): Manifest {
  const pending = image.outcome?.ok ? image.outcome.content : undefined;
  return [image.content, pending].flatMap((content) => (content?.kind === 'stored' ? content.manifest : []));
}
