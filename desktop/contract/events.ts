// What the engine tells without being asked.
import { z } from 'zod';
import { activity } from './views/activity.ts';
import { historyEntry } from './views/history.ts';
import { problem } from './views/problem.ts';
import { profileView } from './views/profile.ts';
import { settings } from './views/settings.ts';
import { taskView, totals } from './views/task.ts';

/** Something that happened. Each is complete in itself. */
export const engineEvent = z.discriminatedUnion('type', [
  /** Tasks that are new or changed, whole, and ids of those that are gone. At most four times a second. */
  z.object({ type: z.literal('tasks'), upserted: z.array(taskView), removed: z.array(z.string()) }),
  z.object({ type: z.literal('totals'), totals }),
  /** What is to be known of the list of tasks now: it was damaged, or cannot be written. */
  z.object({ type: z.literal('task-warnings'), warnings: z.array(z.string()) }),
  /** An activity is new or changed. */
  z.object({ type: z.literal('activity'), activity }),
  z.object({ type: z.literal('activity-gone'), id: z.string() }),
  z.object({ type: z.literal('profiles'), profiles: z.array(profileView), warnings: z.array(z.string()) }),
  z.object({ type: z.literal('settings'), settings }),
  z.object({ type: z.literal('history'), entry: historyEntry }),
  z.object({ type: z.literal('history-cleared') }),
  /** Images of a cloud have changed: lists of it should be asked for again. */
  z.object({ type: z.literal('images-changed'), cloud: z.string(), region: z.string().optional() }),
  z.object({ type: z.literal('network'), online: z.boolean() }),
  /** Something to tell the user once: a toast in the window, a notification of the system while it is hidden. */
  z.object({
    type: z.literal('notice'),
    /** Key of the text in the window's languages, below `notice.`, and what goes into it. */
    key: z.enum(['done', 'attention', 'credentials', 'file-changed', 'adopted', 'queue-empty']),
    values: z.record(z.string(), z.string()),
    /** Why, where it is about a problem. */
    problem: problem.optional(),
    taskId: z.string().optional(),
  }),
]);
/** See `engineEvent`. */
export type EngineEvent = z.infer<typeof engineEvent>;
