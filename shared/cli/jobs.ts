// Waiting for work of a cloud, with a line that tells how far it is.
import type { Job, WaitOptions } from '@imagebridge/core';
import type { Command } from 'commander';
import { duration, type ProgressOptions, progressOptions } from './options.ts';
import { lineSink, modeOf, type ProgressSink } from './progress.ts';

/** Options of commands that wait for work of a cloud. */
export interface WaitCommandOptions extends ProgressOptions {
  /** ms */
  timeout: number;
}

/** Adds --timeout and the options of progress. */
export const waitOptions = (command: Command): Command =>
  progressOptions(
    command.option('--timeout <time>', 'give up waiting after so long, e.g. 30m', duration, 3_600_000),
  );

/** Shows jobs while they are waited for. Call `end` before anything else is printed. */
export interface JobView {
  readonly wait: Pick<WaitOptions, 'timeoutMs' | 'onJob'>;
  end(): void;
}

/** A view for one piece of work. @param what what is going on: `exporting image X` */
export function jobView(
  what: string,
  options: WaitCommandOptions,
  sink: ProgressSink = process.stderr,
  now: () => number = Date.now,
): JobView {
  const mode = modeOf(options, sink);
  const lines = lineSink(sink);
  let nextMs = 0;
  const onJob = (job: Job) => {
    if (mode === 'none') return;
    if (mode === 'json') return void sink.write(`${JSON.stringify({ type: 'job', what, job })}\n`);
    const percent = job.progress === undefined ? '' : ` ${Math.floor(job.progress * 100)}%`;
    const text = `${what}: ${job.status}${percent} (job ${job.id})`;
    if (mode === 'line') return lines.draw([text]);
    if (now() < nextMs && job.status !== 'succeeded' && job.status !== 'failed') return;
    nextMs = now() + options.progressInterval * 1000;
    sink.write(`${text}\n`);
  };
  return { wait: { timeoutMs: options.timeout, onJob }, end: lines.clear };
}
