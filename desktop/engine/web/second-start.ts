// A start on a data folder that is served already: it asks the one that runs for a link, and hands it its files. Both sides.
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { EngineCard } from '../process/lock.ts';

/** Where the one that runs is asked, by POST, with its key. */
export const SECOND_START_PATH = '/second-start';

const MAX_BODY_BYTES = 4 * 1024 ** 2;
const ANSWER_MS = 15_000;

const askedSchema = z.object({ paths: z.array(z.string().max(4000)).max(10_000) });
const answerSchema = z.object({
  url: z.string(),
  /** What of the files was refused, as sentences. */
  refused: z.array(z.string()),
});
/** What the one that runs answers. */
export type SecondStartAnswer = z.infer<typeof answerSchema>;

/** The files that are handed over; undefined when the request has another shape or is too large. */
export async function readPaths(request: IncomingMessage): Promise<string[] | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  try {
    return askedSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString())).data?.paths;
  } catch {
    return undefined;
  }
}

/** Asks the one that runs. Undefined when it is not the web variant, or does not answer. */
export async function askRunning(
  card: EngineCard | undefined,
  paths: readonly string[],
): Promise<SecondStartAnswer | undefined> {
  if (card?.localUrl === undefined || card.linkKey === undefined) return undefined;
  try {
    const reply = await fetch(`${card.localUrl}${SECOND_START_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${card.linkKey}` },
      body: JSON.stringify({ paths }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return answerSchema.safeParse(await reply.json()).data;
  } catch {
    return undefined;
  }
}
