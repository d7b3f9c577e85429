// Opens the cloud that a command names, and passes warnings about profiles on to stderr.
import { connectProfile, type ImageCloud, loadProfiles } from '@imagebridge/core';

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
export async function openCloud({ cloud, region, config }: CloudOptions): Promise<ImageCloud> {
  const { env } = process;
  const profiles = loadProfiles({ path: config, env });
  const profile = await profiles.open(cloud);
  // After the profile is taken: what is special about it is told too (insecure).
  printWarnings(profiles.warnings);
  return connectProfile(profile, region, { env });
}

/** Prints what the user should know, one line each, on stderr. */
export function printWarnings(warnings: readonly string[]): void {
  for (const text of warnings) process.stderr.write(`imagebridge: warning: ${text}\n`);
}
