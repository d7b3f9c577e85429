// What has been done: uploads that are over, kept until the user clears them.
import { z } from 'zod';
import { problem } from './problem.ts';

/** One upload that is over. */
export const historyEntry = z.object({
  id: z.string(),
  outcome: z.enum(['done', 'failed', 'cancelled']),
  fileName: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  sha256: z.string().optional(),
  cloud: z.string(),
  region: z.string(),
  imageName: z.string(),
  imageId: z.string().optional(),
  origin: z.enum(['desktop', 'other']),
  startedAt: z.number(),
  endedAt: z.number(),
  /** Bytes that travelled, repeated ones included. */
  sentBytes: z.number().optional(),
  problem: problem.optional(),
});
/** See `historyEntry`. */
export type HistoryEntry = z.infer<typeof historyEntry>;

/** Which entries. Every given field must match. */
export const historyFilter = z.object({
  /** In the name of file or image, or an image's id. Case does not matter. */
  text: z.string().max(300).optional(),
  outcome: z.enum(['done', 'failed', 'cancelled']).optional(),
  cloud: z.string().optional(),
  /** Milliseconds since 1970, of the end. */
  from: z.number().optional(),
  to: z.number().optional(),
});
/** See `historyFilter`. */
export type HistoryFilter = z.infer<typeof historyFilter>;
