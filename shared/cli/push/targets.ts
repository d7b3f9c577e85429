// Where to publish: what --to names. Pure.
import { UsageError } from '../outcome.ts';

/** A profile, with the region instead of its own where one is named. */
export interface CloudTarget {
  kind: 'cloud';
  cloud: string | undefined;
  region: string | undefined;
}

/** A bucket of an S3-compatible store. */
export interface BucketTarget {
  kind: 'bucket';
  bucket: string;
  /** Name of the object; one that ends with `/`, or none, is put before the file's name. */
  key: string;
}

/** Where to publish. */
export type Target = CloudTarget | BucketTarget;

/**
 * Reads targets: `PROFILE`, `PROFILE/REGION`, `s3://BUCKET/KEY`. None at all: the default profile.
 * @param region of the profiles that name none themselves
 * @throws UsageError for what is no target, or is named twice
 */
export function readTargets(texts: readonly string[], region: string | undefined): Target[] {
  if (texts.length === 0) return [{ kind: 'cloud', cloud: undefined, region }];
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) throw new UsageError(`--to ${twice} is given twice.`);
  return texts.map((text): Target => {
    if (/^s3:/i.test(text)) return readBucket(text);
    const [, cloud, own] = /^([^/]+)(?:\/([^/]+))?$/.exec(text) ?? [];
    if (cloud === undefined)
      throw new UsageError(`--to ${text} is no target: write PROFILE, PROFILE/REGION or s3://BUCKET/KEY.`);
    return { kind: 'cloud', cloud, region: own ?? region };
  });
}

/** Reads `s3://BUCKET/KEY`. @throws UsageError */
export function readBucket(text: string): BucketTarget {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(text) ?? [];
  if (bucket === undefined) throw new UsageError(`${text} is no bucket: write s3://BUCKET/KEY.`);
  return { kind: 'bucket', bucket, key };
}

/** The object that a file becomes. */
export const keyOf = (target: BucketTarget, fileName: string): string =>
  target.key === '' || target.key.endsWith('/') ? `${target.key}${fileName}` : target.key;
