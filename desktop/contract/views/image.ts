// Images of a cloud. Names and texts come from the service and may hold anything: show them as text only.
import { z } from 'zod';

/** An image in the list. */
export const imageView = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['pending', 'importing', 'active', 'failed', 'deactivated', 'deleted', 'unknown']),
  /** The service's own word. */
  rawStatus: z.string(),
  failureReason: z.string().optional(),
  description: z.string().optional(),
  ownerId: z.string().optional(),
  visibility: z.string().optional(),
  diskFormat: z.string().optional(),
  sizeBytes: z.number().optional(),
  minDiskGiB: z.number().optional(),
  minRamMiB: z.number().optional(),
  osType: z.string().optional(),
  osVersion: z.string().optional(),
  osDistribution: z.string().optional(),
  architecture: z.string().optional(),
  bootMode: z.string().optional(),
  /** 0 to 1. */
  progress: z.number().optional(),
  protected: z.boolean().optional(),
  checksums: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  sourceImageId: z.string().optional(),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
});
/** See `imageView`. */
export type ImageView = z.infer<typeof imageView>;

/** An image with everything the service tells. */
export const imageDetail = z.object({
  image: imageView,
  properties: z.record(z.string(), z.string()),
  /** Names of properties that cannot be changed: the service sets them, or ImageBridge does. */
  fixedProperties: z.array(z.string()).optional(),
  shares: z.array(z.object({ projectId: z.string(), status: z.string(), createdAt: z.number().optional() })),
  /** Why the shares could not be read, or that this cloud has none. */
  sharesNote: z.string().optional(),
});
/** See `imageDetail`. */
export type ImageDetail = z.infer<typeof imageDetail>;

/** Which images. */
export const imageQuery = z.object({
  cloud: z.string(),
  region: z.string().optional(),
  scope: z.enum(['own', 'shared', 'public']),
});
/** See `imageQuery`. */
export type ImageQuery = z.infer<typeof imageQuery>;

/** What may be changed of an image. An absent field stays; `null` removes it. */
export const imageChanges = z.object({
  name: z.string().max(300).optional(),
  description: z.string().max(4000).nullable().optional(),
  minDiskGiB: z.number().int().min(0).optional(),
  minRamMiB: z.number().int().min(0).optional(),
  protected: z.boolean().optional(),
  visibility: z.string().optional(),
  /** False takes the image out of use, true puts it back. */
  active: z.boolean().optional(),
  tags: z.record(z.string(), z.string().nullable()).optional(),
  /** Properties of the user's own to set, or to remove with null. Others stay. */
  properties: z.record(z.string(), z.string().nullable()).optional(),
});
/** See `imageChanges`. */
export type ImageChanges = z.infer<typeof imageChanges>;
