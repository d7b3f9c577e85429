// Work on images that goes on for a while: copies, shares, downloads, exports, promotions.
import { z } from 'zod';
import { problem } from './problem.ts';

/** A piece of work. */
export const activity = z.object({
  id: z.string(),
  kind: z.enum([
    'copy',
    'copy-across',
    'share',
    'unshare',
    'promote-base',
    'promote',
    'download',
    'export',
    'delete',
  ]),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  cloud: z.string(),
  region: z.string(),
  imageId: z.string(),
  imageName: z.string(),
  /** Where it goes: a cloud and region, a project, a path. */
  target: z.string().optional(),
  /** 0 to 1. */
  fraction: z.number().optional(),
  /** How much has passed through the engine's machine, of a download or a copy; absent where the clouds do the work. */
  doneBytes: z.number().optional(),
  /** With `doneBytes`: of how much. */
  totalBytes: z.number().optional(),
  /** How far it is, in words. */
  text: z.string().optional(),
  /** What came out of it. */
  resultImageId: z.string().optional(),
  /** Where the resulting image lies. Absent: where the image itself lies. */
  resultCloud: z.string().optional(),
  resultRegion: z.string().optional(),
  resultPath: z.string().optional(),
  problem: problem.optional(),
  canCancel: z.boolean(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
});
/** See `activity`. */
export type Activity = z.infer<typeof activity>;
