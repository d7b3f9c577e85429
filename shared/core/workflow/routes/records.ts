// Images that exist before their bytes: which of them wait for bytes, which were given up, which hold something else.
import { ConflictError, type Image, IntegrityError } from '../../model/index.ts';
import { contentHash } from '../content-hash.ts';
import { isClaimed, MARKER_TAG } from '../marker.ts';
import { ORIGIN_TAG } from '../origin.ts';
import { cloudLabel } from '../wait-for-job.ts';
import type { RouteContext } from './route.ts';

/** True while an image is a record that waits for bytes from us (Glance: queued, saving; UCloudStack: uploading). */
export const waitsForBytes = (image: Image): boolean => /uploading|^queued$|^saving$/i.test(image.rawStatus);

/** What must be known to look for records of a declaration. */
type Declaration = Pick<RouteContext, 'cloud' | 'engine' | 'emit'> & {
  request: Pick<RouteContext['request'], 'path' | 'image' | 'signal'>;
};

/** Records of ours that wait for bytes, or that failed. */
export async function openRecords(
  { cloud, request }: Pick<Declaration, 'cloud' | 'request'>,
  marker: string,
): Promise<Image[]> {
  const filter = { scope: 'own', name: request.image.name } as const;
  const found: Image[] = [];
  for await (const image of cloud.listImages(filter, { signal: request.signal })) {
    const open = waitsForBytes(image) || image.status === 'failed';
    if (image.tags[MARKER_TAG] === marker && !isClaimed(image) && open) found.push(image);
  }
  return found;
}

/** A record of another machine is taken for abandoned after this long, in ms. */
const ABANDONED_MS = 3_600_000;

/**
 * Removes records of ours that nobody can go on with: what would be needed was lost with the process or the disk that
 * knew it.
 * @throws ConflictError when one of another machine is so young that it may still be at work
 */
export async function removeAbandoned(context: Declaration, marker: string, origin: string): Promise<void> {
  const { cloud, request, engine, emit } = context;
  const nowMs = engine.clock?.now() ?? Date.now();
  const abandoned = await openRecords(context, marker);
  for (const image of abandoned) {
    const lastMs = (image.updatedAt ?? image.createdAt)?.getTime() ?? nowMs;
    const mayBeAtWork = image.status !== 'failed' && nowMs - lastMs < ABANDONED_MS;
    if (image.tags[ORIGIN_TAG] === origin || !mayBeAtWork) continue;
    throw new ConflictError({
      operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason: `another machine began to make image ${image.id} of the same file less than an hour ago`,
      hint: 'Wait for it, or delete that image.',
    });
  }
  for (const image of abandoned) {
    emit({ type: 'note', text: `Removing image ${image.id}: an earlier run began it and cannot go on.` });
    await cloud.deleteImage(image.id, { signal: request.signal });
  }
}

/**
 * Compares what the service vouches for with the content, where it does.
 * @throws IntegrityError when they differ
 */
export async function refuseOtherBytes(context: RouteContext, image: Image): Promise<void> {
  const { source, sha256, cloud, request } = context;
  const name = (['sha256', 'sha512', 'md5'] as const).find((algorithm) => image.checksums?.[algorithm]);
  if (name === undefined) return;
  const ours = name === 'sha256' && sha256 !== undefined ? sha256 : await contentHash(source, name, request);
  if (ours === image.checksums?.[name]) return;
  throw new IntegrityError({
    operation: `go on with image ${image.id}`,
    cloud: cloudLabel(cloud),
    object: image.id,
    reason: `an earlier run made it of ${source.path}, but its ${name} is ${image.checksums?.[name]}, and that of the file ${ours}`,
    hint: 'Delete that image, and run the same command again.',
  });
}
