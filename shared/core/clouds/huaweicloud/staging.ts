// Prepares the place in the object store that a local file is staged in.
import {
  type CallOptions,
  InvalidInputError,
  type MultipartTarget,
  NotFoundError,
  PermissionError,
  type StagingRequest,
  type UnfinishedUpload,
} from '../../model/index.ts';
import * as api from '../object-store/api.ts';
import { ObsTarget } from '../object-store/target.ts';
import type { Session } from './session.ts';

const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * The staging place of a file; makes the bucket when it does not exist.
 * @throws InvalidInputError for a bucket or key that an import could not use
 */
export async function stage(
  session: Session,
  request: StagingRequest,
  options?: CallOptions,
): Promise<MultipartTarget> {
  const { profile, region } = session;
  const bucket = request.bucket ?? (await stagingBucket(session, options));
  const operation = `stage ${request.key} in bucket ${bucket}`;
  const problem = keyProblem(request.key) ?? (BUCKET.test(bucket) ? undefined : BUCKET_RULE);
  if (problem !== undefined) {
    throw new InvalidInputError({ operation, cloud: session.label, reason: problem });
  }
  if (request.makeBucket === false) await requireBucket(session, bucket, operation, options);
  else await ensureBucket(session, bucket, options);
  return new ObsTarget(session.obs, { cloud: profile.name, region, bucket, key: request.key });
}

/** Where files are staged when nobody names a bucket. */
const stagingBucket = async (session: Session, options?: CallOptions): Promise<string> =>
  configuredBucket(session) ?? `imagebridge-${await session.projectId(options)}`;

/** See `ImageCloud.listUnfinishedUploads`. */
export async function* listUnfinished(
  session: Session,
  bucket?: string,
  options?: CallOptions,
): AsyncGenerator<UnfinishedUpload> {
  const name = bucket ?? (await stagingBucket(session, options));
  // A bucket that nobody has made yet holds nothing; one that was named must be there.
  if (bucket === undefined && !(await api.headBucket(session.obs, name, options))) return;
  yield* api.listUploads(session.obs, name, '', options);
}

/** See `ImageCloud.abortUnfinishedUpload`. */
export async function abortUnfinished(
  session: Session,
  { bucket, key, uploadId }: UnfinishedUpload,
  options?: CallOptions,
): Promise<void> {
  const locator = { cloud: session.profile.name, region: session.region, bucket, key };
  await new ObsTarget(session.obs, locator).abort(uploadId, options);
}

/** The staging bucket that the profile names for the session's region: an import needs one of the image's own region. */
export function configuredBucket({ profile, region }: Session): string | undefined {
  const own = region === profile.region ? profile.stagingBucket : undefined;
  return profile.regions[region]?.stagingBucket ?? own;
}

const BUCKET_RULE =
  'a bucket name has 3 to 63 lower-case letters, digits, hyphens and dots, and begins and ends with a letter or digit';

/** What is wrong with an object key for an import (IMG.0075, IMG.0175); undefined when nothing is. */
function keyProblem(key: string): string | undefined {
  if (key === '' || key.startsWith('/') || key.includes('//')) return 'the object key is empty in parts';
  if (/\s/.test(key)) return 'the object key holds a space, which the image service does not accept';
  if (Buffer.byteLength(key) > 1024) return 'the object key has more than 1024 bytes';
  return undefined;
}

async function requireBucket(
  session: Session,
  bucket: string,
  operation: string,
  options?: CallOptions,
): Promise<void> {
  if (await api.headBucket(session.obs, bucket, options)) return;
  throw new NotFoundError({
    operation,
    cloud: session.label,
    object: bucket,
    reason: `there is no bucket ${bucket} in region ${session.region}`,
    hint: 'Make it first, or name another one.',
  });
}

async function ensureBucket(session: Session, bucket: string, options?: CallOptions): Promise<void> {
  try {
    if (await api.headBucket(session.obs, bucket, options)) return;
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    throw new PermissionError({
      ...error.details,
      hint: `The bucket ${bucket} belongs to somebody else, or the access key may not use it: choose another staging_bucket in profile "${session.profile.name}", or correct the permissions.`,
    });
  }
  await api.createBucket(session.obs, bucket, session.region, options);
}
