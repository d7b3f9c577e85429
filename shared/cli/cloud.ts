// Opens the cloud that a command names, and passes warnings about the profiles file on to stderr.
import { connect, type ImageCloud } from '@imagebridge/core';

/** What commands take to name a cloud. */
export interface CloudOptions {
  cloud?: string | undefined;
  region?: string | undefined;
  config?: string | undefined;
}

/** Opens it; close it when done. @throws the errors of `connect` */
export function openCloud({ cloud, region, config }: CloudOptions): Promise<ImageCloud> {
  return connect({
    cloud,
    region,
    configPath: config,
    onWarning: (text) => void process.stderr.write(`imagebridge: warning: ${text}\n`),
  });
}
