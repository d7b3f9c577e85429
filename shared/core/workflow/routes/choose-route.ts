// Which way a content takes into a cloud. The choice is made for the user, told, and can be set.
import {
  type BucketStore,
  type CallOptions,
  type ImageCloud,
  type ImportChoice,
  type ImportQuestion,
  InvalidInputError,
  UnsupportedError,
} from '../../model/index.ts';
import { cloudLabel } from '../wait-for-job.ts';

/** What the user may want. */
export type PublishRoute = 'auto' | 'direct' | 'staged';

/** A bucket of an S3-compatible store that the cloud can fetch from. */
export interface StagingBucket {
  store: BucketStore;
  bucket: string;
  /** Put before the key, e.g. `images/`. */
  prefix?: string | undefined;
}

/** What the choice depends on besides the content. */
export interface RouteWishes extends CallOptions {
  route?: PublishRoute | undefined;
  staging?: StagingBucket | undefined;
  method?: string | undefined;
}

/**
 * Chooses the route and the method of the import.
 * @throws UnsupportedError, InvalidInputError, RefusedError when there is no such way into this cloud
 */
export async function chooseRoute(
  cloud: ImageCloud,
  question: Omit<ImportQuestion, 'method'>,
  { route = 'auto', staging, method, signal }: RouteWishes,
): Promise<ImportChoice> {
  const can = cloud.capabilities;
  const operation = `import a ${question.diskFormat} file`;
  const label = cloudLabel(cloud);
  const ownBucket = can.stagedUpload === true;
  if (staging !== undefined) {
    if (route === 'direct') {
      throw new InvalidInputError({
        operation,
        cloud: label,
        reason: 'a staging bucket is named, and the file is to be sent directly',
        hint: 'Leave one of the two out.',
      });
    }
    if (can.createFromUrl !== true) {
      const hint = ownBucket
        ? "Leave the staging bucket out: the cloud's own object store is used."
        : can.createFromUrl;
      throw new UnsupportedError({ operation, cloud: label, reason: 'this cloud fetches no URL', hint });
    }
    const fetching = await cloud.chooseImport(
      { ...question, method: method ?? fetchMethod(cloud) },
      { signal },
    );
    const where = `bucket ${staging.bucket} of ${staging.store.name}`;
    return {
      ...fetching,
      route: 'url',
      reason: `The file goes to ${where} in parts, which resume, and the cloud fetches it from there.`,
    };
  }
  if (route === 'direct' && ownBucket) {
    throw new UnsupportedError({
      operation,
      cloud: label,
      reason: 'this cloud takes files by way of its object store only',
      hint: 'Leave the route out.',
    });
  }
  if (route === 'staged' && !ownBucket) {
    throw new InvalidInputError({
      operation,
      cloud: label,
      reason: 'no bucket is named that the file could be staged in',
      hint:
        can.createFromUrl === true
          ? 'Name a bucket of an S3-compatible store that the cloud can reach, or send the file directly.'
          : can.createFromUrl,
    });
  }
  const choice = await cloud.chooseImport({ ...question, method }, { signal });
  if (choice.route !== 'url') return choice;
  throw new InvalidInputError({
    operation,
    cloud: label,
    reason: `with the method ${choice.method} the cloud fetches a URL, and no bucket is named that it could fetch from`,
    hint: 'Name a staging bucket of an S3-compatible store, or leave the method out.',
  });
}

/** The method by which a family fetches a URL. */
const fetchMethod = (cloud: ImageCloud) => (cloud.family === 'openstack' ? 'web-download' : 'remote');
