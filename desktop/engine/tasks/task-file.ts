// The list of tasks on disk: one line each, replaced whole. Touches tasks.jsonl of the data folder only.
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../context.ts';
import { systemReason, writeWhole } from '../files/write-file.ts';
import { storedTask, type Task } from './task.ts';

const head = z.object({
  format: z.literal('imagebridge-tasks'),
  version: z.literal(1),
  /** After `tasks.pauseAll`. */
  paused: z.boolean(),
  /** Uploads of others that ended before are history already. Milliseconds since 1970. */
  seenUntil: z.number(),
  tasks: z.number(),
});

/** What is on disk besides the tasks themselves. */
export type ListFacts = Pick<z.infer<typeof head>, 'paused' | 'seenUntil'>;

/** What was read. */
export interface ReadTasks {
  tasks: Task[];
  /** Absent where there was no list. */
  facts: ListFacts | undefined;
  /** What the user should know. */
  warning?: string | undefined;
}

const fileOf = (dataDir: string) => join(dataDir, 'tasks.jsonl');

/** Reads the list. One that is damaged is kept aside, and told; it never keeps the engine from starting. */
export async function readTasks(dataDir: string, now: number, log: Log): Promise<ReadTasks> {
  const file = fileOf(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')
      return { tasks: [], facts: undefined };
    const kept = await keepAside(dataDir, now);
    return emptyList(
      `The list of uploads cannot be read: ${systemReason(thrown)}; ${kept}. The list starts empty; uploads that were begun are found by their journals.`,
      log,
    );
  }
  const read = parse(text);
  if (read !== undefined) return read;
  const kept = await keepAside(dataDir, now);
  return emptyList(
    `The list of uploads was damaged; ${kept}. The list starts empty; uploads that were begun are found by their journals.`,
    log,
  );
}

function emptyList(warning: string, log: Log): ReadTasks {
  log.warn(warning);
  return { tasks: [], facts: undefined, warning };
}

/** Puts a list that cannot be used out of the way: the next write would replace it. Returns what became of it, in words. */
function keepAside(dataDir: string, now: number): Promise<string> {
  const aside = join(dataDir, `tasks.damaged-${now}.jsonl`);
  return rename(fileOf(dataDir), aside).then(
    () => `it is kept as ${aside}`,
    (thrown: unknown) => `it could not be kept aside: ${systemReason(thrown)}`,
  );
}

function parse(text: string): ReadTasks | undefined {
  const [first = '', ...lines] = text.split('\n').filter((line) => line !== '');
  try {
    const { paused, seenUntil, tasks: count } = head.parse(JSON.parse(first));
    if (lines.length !== count) return undefined;
    const tasks = lines.map((line) => {
      const stored = storedTask.parse(JSON.parse(line));
      return { ...stored, elsewhere: false, cancelling: stored.cancelling ?? false };
    });
    return { tasks, facts: { paused, seenUntil } };
  } catch {
    return undefined;
  }
}

/** The line of a task. */
export function lineOf(task: Task): string {
  const { elsewhere: _, cancelling, ...kept } = task;
  return JSON.stringify(cancelling ? { ...kept, cancelling } : kept);
}

/**
 * Replaces the list.
 * @throws LocalFileError; the list of before is there then
 */
export function writeTasks(dataDir: string, facts: ListFacts, lines: readonly string[]): Promise<void> {
  const first = { format: 'imagebridge-tasks', version: 1, ...facts, tasks: lines.length };
  return writeWhole(fileOf(dataDir), [JSON.stringify(first), ...lines, ''].join('\n'), 'the list of uploads');
}
