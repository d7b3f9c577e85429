// Opens the cloud that a command names, and passes warnings about profiles on to stderr.
import { connect, type ImageCloud } from '@imagebridge/core';

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

/** Prints what the user should know, one line each, on stderr. */
export function printWarnings(warnings: readonly string[]): void {
  for (const text of warnings) process.stderr.write(`imagebridge: warning: ${text}\n`);
}
