// Settings of a bucket service without a profile: from options, else from the variables that S3 tools share. Reads no file.
import { type BucketSettings, InvalidInputError, Secret } from '../model/index.ts';

/** What a user may say of a bucket service; the environment gives the rest. */
export interface BucketOptions {
  /** Default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon's own of the region. */
  endpoint?: string | undefined;
  /** Default: AWS_REGION, AWS_DEFAULT_REGION, else `us-east-1`. */
  region?: string | undefined;
  /** Default: true except at Amazon. */
  pathStyle?: boolean | undefined;
}

/**
 * Puts options and environment together. Keys come only from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN), so that they stand on no command line; certificates from AWS_CA_BUNDLE.
 * @throws InvalidInputError when there are no keys
 */
export function bucketSettings(
  options: BucketOptions,
  env: Readonly<Record<string, string | undefined>>,
): BucketSettings {
  const region = options.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const named = options.endpoint || env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const endpoint = named || `https://s3.${region}.amazonaws.com`;
  const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey } = env;
  if (!accessKey || !secretKey) {
    throw new InvalidInputError({
      operation: `use the bucket service ${endpoint}`,
      reason: `${accessKey ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} is not set`,
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
    });
  }
  return {
    endpoint,
    region,
    pathStyle: options.pathStyle ?? !/\.amazonaws\.com(\.cn)?\/?$/.test(endpoint),
    accessKey,
    secretKey: new Secret(secretKey),
    securityToken: env.AWS_SESSION_TOKEN ? new Secret(env.AWS_SESSION_TOKEN) : undefined,
    connection: env.AWS_CA_BUNDLE ? { caFile: env.AWS_CA_BUNDLE } : undefined,
  };
}
