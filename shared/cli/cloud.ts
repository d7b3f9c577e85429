// Opens the cloud that a command names, and passes warnings about profiles on to stderr.
import { CancelledError, connect, type ImageCloud } from '@imagebridge/core';
import { PausedByUser } from './outcome.ts';
import { abortOnSignal } from './signals.ts';
import { stderrStyle } from './style.ts';

/** What commands take to name a cloud. */
export interface CloudOptions {
  cloud?: string | undefined;
  region?: string | undefined;
  config?: string | undefined;
}

/**
 * Opens it, with secrets of the secret store; close it when done.
 * @throws InvalidInputError when there is no such profile or it is wrong; LocalFileError; UnsupportedError
 */
export function openCloud({ cloud, region, config }: CloudOptions): Promise<ImageCloud> {
  return connect({ cloud, region, configPath: config, onWarning: (text) => printWarnings([text]) });
}

/**
 * Opens a cloud, works with it, and closes it. Ctrl-C aborts the signal.
 * @param onInterrupted text for the user when Ctrl-C ended the work
 * @throws PausedByUser then
 */
export async function withCloud<T>(
  options: CloudOptions,
  work: (cloud: ImageCloud, signal: AbortSignal) => Promise<T>,
  onInterrupted: () => string = () => 'interrupted',
): Promise<T> {
  const { signal, release } = abortOnSignal();
  let cloud: ImageCloud | undefined;
  try {
    cloud = await openCloud(options);
    return await work(cloud, signal);
  } catch (error) {
    if (!signal.aborted || !(error instanceof CancelledError)) throw error;
    process.stderr.write(`${onInterrupted()}\n`);
    throw new PausedByUser();
  } finally {
    release();
    await cloud?.close();
  }
}

/** Prints what the user should know, one line each, on stderr. */
export function printWarnings(warnings: readonly string[]): void {
  for (const text of warnings) process.stderr.write(`imagebridge: ${stderrStyle.warn('warning:')} ${text}\n`);
}
