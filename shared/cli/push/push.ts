// What `imagebridge push` does.
import { printResult, UsageError } from '../outcome.ts';
import { dryRun } from './dry-run.ts';
import { readManifest } from './manifest.ts';
import { type Closing, planOf } from './plan.ts';
import type { PushOptions } from './request.ts';
import { run } from './run.ts';

/** Publishes what the command line asks for. Sets the exit code. */
export async function push(texts: readonly string[], options: PushOptions): Promise<void> {
  const earlier = options.retryFrom === undefined ? undefined : readManifest(options.retryFrom);
  if (earlier && (texts.length > 0 || options.to))
    throw new UsageError('--retry-from knows the files and the targets: leave both out.');
  if (!earlier && texts.length === 0) throw new UsageError('Name a file to push.');
  const closing: Closing = [];
  try {
    const plan = await planOf(texts, options, earlier, closing);
    if (earlier && plan.tasks.length === 0) {
      const text = `nothing to do: everything in ${options.retryFrom} succeeded`;
      return printResult(options, earlier, text);
    }
    if (options.dryRun) return await dryRun(plan, options);
    await run(plan, options, earlier, closing);
  } finally {
    await Promise.all(closing.map((one) => one.close()));
  }
}
