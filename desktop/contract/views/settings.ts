// What the user has set for the whole program. Holds no secret.
import { z } from 'zod';

/** Settings. */
export const settings = z.object({
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Uploads under way at once. */
  parallel: z.number().int().min(1).max(16),
  /** Of all uploads together; absent: none. Can be changed while they run. */
  limitBytesPerSecond: z.number().positive().optional(),
  /** Begin at once what needs no decision, instead of waiting for `start`. */
  startAtOnce: z.boolean(),
  notifications: z.boolean(),
  /** Keep the machine awake while something is being uploaded. */
  keepAwake: z.boolean(),
  /** Closing the window leaves the program in the tray; `ask` asks the first time. */
  closeToTray: z.enum(['ask', 'tray', 'quit']),
  /** Profile that a new task is for. */
  defaultCloud: z.string().optional(),
  /** Feed of updates, `https:`; empty: updates are off. */
  updateFeedUrl: z.string().max(500),
});
/** See `settings`. */
export type Settings = z.infer<typeof settings>;

/** What is set before the user has set anything. */
export const DEFAULT_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  parallel: 2,
  startAtOnce: false,
  notifications: true,
  keepAwake: true,
  closeToTray: 'ask',
  updateFeedUrl: '',
};

/** A change of settings: only what is given. `null` removes a limit or a default. */
export const settingsChange = settings
  .partial()
  .omit({ limitBytesPerSecond: true, defaultCloud: true })
  .extend({
    limitBytesPerSecond: z.number().positive().nullable().optional(),
    defaultCloud: z.string().nullable().optional(),
  });
/** See `settingsChange`. */
export type SettingsChange = z.infer<typeof settingsChange>;
