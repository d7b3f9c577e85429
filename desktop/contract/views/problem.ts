// Why something did not work, as the user may see it. Holds no secret.
import { z } from 'zod';

/** An error, in words and with what support asks for. Texts of services may be in it: show them as text only. */
export const problem = z.object({
  /** The core's kind of error (`refused`, `authentication`, `quota`, `unavailable` …), or `lost`, `weak-store`, `internal`. */
  kind: z.string(),
  /** The whole sentence: what was tried, where, what came back. */
  message: z.string(),
  /** What was tried, as a phrase; with `reason` and `serviceMessage`: what `message` is made of, for other languages. */
  operation: z.string().optional(),
  /** What happened, where no service said it. */
  reason: z.string().optional(),
  /** The service's own words, in its language. */
  serviceMessage: z.string().optional(),
  /** What to do next. */
  hint: z.string().optional(),
  /** The service's own code. */
  code: z.string().optional(),
  status: z.number().optional(),
  requestId: z.string().optional(),
  cloud: z.string().optional(),
  object: z.string().optional(),
});
/** See `problem`. */
export type Problem = z.infer<typeof problem>;
