// Files of the machine that the engine runs on, for the picker of the web variant.
import { z } from 'zod';

/** An entry of a folder. */
export const fileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  sizeBytes: z.number().optional(),
  modifiedAt: z.number().optional(),
});
/** See `fileEntry`. */
export type FileEntry = z.infer<typeof fileEntry>;

/** A folder that may be looked into. */
export const folderView = z.object({
  path: z.string(),
  /** Absent at a root. */
  parent: z.string().optional(),
  entries: z.array(fileEntry),
  /** True when there were more entries than are shown. */
  truncated: z.boolean(),
});
/** See `folderView`. */
export type FolderView = z.infer<typeof folderView>;
