// From options and environment to a bucket service: composes config and clouds.
import { openBucketStore } from '../clouds/index.ts';
import { type BucketOptions, bucketSettings } from '../config/index.ts';
import type { BucketStore } from '../model/index.ts';

/**
 * Opens a bucket service; its keys come from the environment (AWS_ACCESS_KEY_ID and its companions). Sends nothing.
 * @throws InvalidInputError when there are no keys, or the endpoint is no URL
 */
export function openBucket(
  options: BucketOptions = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): BucketStore {
  return openBucketStore(bucketSettings(options, env), { env });
}
