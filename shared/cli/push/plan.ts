// What a push will do: files times targets, or what a manifest left undone. Opens clouds; sends nothing.
import path from 'node:path';
import {
  type ImageCloud,
  openBucket,
  type PublishItem,
  type PublishManyRequest,
  publishItems,
} from '@imagebridge/core';
import { openCloud } from '../cloud.ts';
import { UsageError } from '../outcome.ts';
import { expandFiles } from './glob.ts';
import { isUnfinished, type Manifest, type ManifestResult } from './manifest.ts';
import { bucketPlace, imageOf, type PushOptions } from './request.ts';
import { type BucketTarget, keyOf, readBucket, readTargets } from './targets.ts';

/** One file on its way to one target. */
export interface Task {
  item: PublishItem;
  /** Absent: the target is a cloud. */
  bucket?: BucketTarget | undefined;
}

/** What is opened on the way, and must be closed. */
export type Closing = { close(): Promise<void> }[];

/** What will be done. */
export interface Plan {
  tasks: Task[];
  request: Omit<PublishManyRequest, 'onEvent' | 'onResult' | 'signal'>;
}

/**
 * Works it out.
 * @throws UsageError, InvalidInputError; LocalFileError
 */
export async function planOf(
  texts: readonly string[],
  options: PushOptions,
  earlier: Manifest | undefined,
  closing: Closing,
): Promise<Plan> {
  const again = earlier?.results.filter(isUnfinished);
  const files = expandFiles(texts);
  const targets = again ? [] : readTargets(options.to ?? [], options.region);
  const clouds: ImageCloud[] = [];
  const open = async (cloud: string | undefined, region: string | undefined) => {
    const opened = await openCloud({ cloud, region, config: options.config });
    closing.push(opened);
    clouds.push(opened);
  };
  const wanted = again ? cloudsOf(again) : targets.filter((target) => target.kind === 'cloud');
  for (const { cloud, region } of wanted) await open(cloud, region);
  const image = { ...earlier?.image, ...imageOf(options), name: options.name };
  const named = again
    ? [
        ...new Map(
          again.filter(isForCloud).map((one) => [one.path, { path: one.path, image: { name: one.name } }]),
        ).values(),
      ]
    : files.map((file) => ({ path: path.resolve(file) }));
  const request: Plan['request'] = {
    files: named,
    clouds,
    image,
    ifExists: options.ifExists,
    diskFormat: options.diskFormat,
    unpack: options.unpack,
    convert: options.convert,
    sha256: options.sha256,
    route: options.route,
    bucket: options.bucket,
    keepStaged: options.keepStaged,
    limitBytesPerSecond: options.limitRate,
    partSizeBytes: options.partSize,
    parallelParts: options.parallel,
    uploadsAtOnce: options.uploads,
    importTimeoutMs: options.importTimeout,
    ...(options.via === undefined ? {} : { staging: stagingOf(options.via, options, closing) }),
    ...(again ? { only: (item) => again.some((one) => isSame(one, item)) } : {}),
  };
  const tasks: Task[] = clouds.length === 0 ? [] : publishItems(request).map((item) => ({ item }));
  const buckets = again
    ? again
        .filter((one) => !isForCloud(one))
        .map((one) => ({ file: one.path, bucket: readBucket(one.name), place: one }))
    : targets
        .filter((target) => target.kind === 'bucket')
        .flatMap((bucket) => files.map((file) => ({ file: path.resolve(file), bucket, place: undefined })));
  for (const { file, bucket, place } of buckets) {
    const key = keyOf(bucket, path.basename(file));
    const item = {
      path: file,
      cloud: place?.cloud ?? `s3:${options.endpointUrl ?? ''}`,
      region: place?.region ?? options.region ?? '',
      name: `s3://${bucket.bucket}/${key}`,
    };
    if (tasks.some(({ item: { name } }) => name === item.name))
      throw new UsageError(`Several files would become ${item.name}: end the key with a slash.`);
    tasks.push({ item, bucket: { ...bucket, key } });
  }
  return { tasks, request };
}

/** False for what goes to a bucket. */
export const isForCloud = ({ cloud }: { cloud: string }): boolean => !cloud.startsWith('s3:');

const cloudsOf = (results: readonly ManifestResult[]) => [
  ...new Map(
    results
      .filter(isForCloud)
      .map(({ cloud, region }) => [JSON.stringify([cloud, region]), { cloud, region }]),
  ).values(),
];

/** True when both are the same file on the same target. */
export const isSame = (a: PublishItem, b: PublishItem): boolean =>
  a.path === b.path && a.cloud === b.cloud && a.region === b.region && a.name === b.name;

function stagingOf(url: string, options: PushOptions, closing: Closing) {
  const { bucket, key: prefix } = readBucket(url);
  const store = openBucket({ ...bucketPlace(options), region: undefined });
  closing.push(store);
  return { store, bucket, prefix };
}
