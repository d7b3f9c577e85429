// Making an image from something that the cloud reaches by itself: a URL, an object, a server, a volume, a backup.
// What an interrupted run began is gone on with: the creation marker is a tag of the image. Imports the model only.
import { createHash } from 'node:crypto';
import {
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  IntegrityError,
  InvalidInputError,
  type JobRef,
  NotFoundError,
} from '../model/index.ts';
import { type SourceKind, splitDescription } from './describe-image.ts';
import { adoptMarked, claimInProcess, MARKER_TAG, markerOf, releaseInProcess } from './marker.ts';
import { checkImageName, requireCapability } from './preflight.ts';
import { waitsForBytes } from './routes/records.ts';
import { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';

/** What the image is made from. */
export type CloudSource =
  /** `url` may grant access: it is never printed or stored. */
  | { kind: 'url'; url: string; diskFormat: string }
  | { kind: 'object'; bucket: string; key: string; diskFormat: string; dataDisk?: boolean | undefined }
  | { kind: 'server'; serverId: string; diskId?: string | undefined; storageSet?: string | undefined }
  | { kind: 'volume'; volumeId: string; dataDisk?: boolean | undefined }
  | { kind: 'backup'; backupId: string; vaultId?: string | undefined }
  | { kind: 'whole-server'; serverId: string; vaultId?: string | undefined };

/** What to make, and from what. */
export interface CreateImageRequest {
  source: CloudSource;
  image: ImageDescription;
  /** Hashes in hex that the image must have, by algorithm; compared where the cloud tells them, refused where not. */
  checksums?: Readonly<Partial<Record<'sha256' | 'sha512' | 'md5', string>>> | undefined;
}

/** How to make it. */
export interface CreateImageOptions extends WaitOptions {
  /** Where claims are remembered for clouds that keep no properties; see marker.ts. */
  stateDir?: string | undefined;
  /** Called as soon as the id is known, which may be before the image is usable. Must not throw. */
  onImageId?: ((imageId: string, adopted: boolean) => void) | undefined;
}

const ABILITY = {
  url: 'createFromUrl',
  object: 'createFromObject',
  server: 'createFromServer',
  volume: 'createFromVolume',
  backup: 'createFromBackup',
  'whole-server': 'createFromWholeServer',
} as const satisfies Record<CloudSource['kind'], string>;

/** The ability that a cloud needs to make an image of such a source; undefined for what is sent there. */
export const abilityFor = (kind: SourceKind) =>
  kind === 'file' || kind === 'image' ? undefined : ABILITY[kind];

/**
 * Refuses, without asking the cloud, a checksum that nothing could be compared with.
 * @throws InvalidInputError naming the checksums that the cloud tells
 */
export function checkChecksums(
  cloud: ImageCloud,
  checksums: CreateImageRequest['checksums'],
  kind: SourceKind,
): void {
  const told: readonly string[] =
    kind === 'url' || kind === 'object' ? cloud.capabilities.storedChecksums : [];
  const blind = Object.keys(checksums ?? {}).find((name) => !told.includes(name));
  if (blind === undefined) return;
  throw new InvalidInputError({
    operation: `verify the ${blind} of an image made from a ${kind.replace('-', ' ')}`,
    cloud: cloudLabel(cloud),
    reason: 'the bytes do not pass by here, and the cloud does not tell that checksum',
    hint: told.length > 0 ? `It tells ${told.join(', ')}: give that instead.` : 'Leave the checksum out.',
  });
}

/**
 * Makes an image and waits until it is usable. One that an interrupted run made, or began to make, of the same source
 * under the same name is adopted instead of made twice.
 * @throws UnsupportedError, InvalidInputError before anything is sent; IntegrityError when a checksum differs (the image
 *   is removed); JobFailedError with the service's reason; CancelledError (the cloud goes on by itself)
 */
export async function createImage(
  cloud: ImageCloud,
  request: CreateImageRequest,
  options: CreateImageOptions = {},
): Promise<{ image: Image; adopted: boolean }> {
  const { source, image } = request;
  const operation = `create image ${JSON.stringify(image.name)} from ${nameOf(source)}`;
  checkImageName(cloud, image.name);
  requireCapability(cloud, cloud.capabilities[ABILITY[source.kind]], operation);
  checkChecksums(cloud, request.checksums, source.kind);
  const marker = await markerFor(cloud, request, options);
  const described = splitDescription(cloud, source, image).now;
  const marked = { ...described, tags: { ...described.tags, [MARKER_TAG]: marker } };

  const found = await adopt(cloud, marker, options);
  if (found !== undefined) options.onImageId?.(found, true);
  const imageId = found ?? (await make(cloud, source, marked, marker, operation, options));
  claimInProcess(cloud, imageId);
  try {
    const ready = await waitForImage(cloud, imageId, options);
    await refuseOtherBytes(cloud, request, ready, operation);
    return { image: ready, adopted: found !== undefined };
  } catch (error) {
    releaseInProcess(cloud, imageId);
    throw error;
  }
}

/** The image of an earlier run, in whatever state it is. A record whose import never began is removed. */
async function adopt(
  cloud: ImageCloud,
  marker: string,
  options: CreateImageOptions,
): Promise<string | undefined> {
  for (;;) {
    const found = await adoptMarked(cloud, marker, options);
    if (found === undefined || !(waitsForBytes(found) && (await isIdle(cloud, found, options))))
      return found?.id;
    await cloud.deleteImage(found.id, { signal: options.signal });
  }
}

/** True for a record that nobody fills: a process died between making it and telling the service where the bytes are. */
async function isIdle(cloud: ImageCloud, image: Image, options: CreateImageOptions): Promise<boolean> {
  if (cloud.family !== 'openstack') return false;
  const job = await cloud.getJob({ id: `image:${image.id}` }, { signal: options.signal });
  return job.status === 'queued' || job.status === 'failed';
}

async function make(
  cloud: ImageCloud,
  source: CloudSource,
  image: ImageDescription,
  marker: string,
  operation: string,
  options: CreateImageOptions,
): Promise<string> {
  const tell = (imageId: string): string => {
    options.onImageId?.(imageId, false);
    return imageId;
  };
  let ref: JobRef;
  try {
    ref = await start(cloud, source, image, options);
  } catch (error) {
    // The answer may be lost although the work was taken on: look for the marker before giving up.
    const isLost = error instanceof ImageBridgeError && ['unavailable', 'protocol'].includes(error.kind);
    const found = isLost ? await adoptMarked(cloud, marker, options).catch(() => undefined) : undefined;
    if (found === undefined) throw error;
    return tell(found.id);
  }
  // In most families the image itself is the job: then its id is known from the beginning.
  const [, early] = /^image:(.+)$/.exec(ref.id) ?? [];
  if (early !== undefined) tell(early);
  const job = await waitForJob(cloud, ref, operation, options);
  if (early !== undefined) return early;
  const imageId = job.imageIds[0] ?? (await adoptMarked(cloud, marker, options))?.id;
  if (imageId !== undefined) return tell(imageId);
  throw new NotFoundError({
    operation,
    cloud: cloudLabel(cloud),
    reason: 'the job succeeded, but names no image',
    hint: 'Look for the image by its name.',
  });
}

function start(
  cloud: ImageCloud,
  source: CloudSource,
  image: ImageDescription,
  options: CreateImageOptions,
): Promise<JobRef> {
  const call = { signal: options.signal };
  switch (source.kind) {
    case 'url':
      return cloud.createFromUrl({ ...image, ...source }, call);
    case 'object':
      return cloud.createFromObject({ ...image, ...source }, call);
    case 'server':
      return cloud.createFromServer({ ...image, ...source }, call);
    case 'volume':
      return cloud.createFromVolume({ ...image, ...source }, call);
    case 'backup':
      return cloud.createFromBackup({ ...image, ...source }, call);
    case 'whole-server':
      return cloud.createFromWholeServer({ ...image, ...source }, call);
  }
}

async function markerFor(
  cloud: ImageCloud,
  { source, image }: CreateImageRequest,
  options: CreateImageOptions,
): Promise<string> {
  const projectId = await cloud.projectId({ signal: options.signal });
  const content = createHash('sha256').update(identityOf(source)).digest('hex');
  return markerOf({ region: cloud.region, projectId, name: image.name, content });
}

/** What tells one source from another. The query of a URL may be a signature, which is made anew for each try. */
function identityOf(source: CloudSource): string {
  switch (source.kind) {
    case 'url': {
      const { origin, pathname } = new URL(source.url);
      return JSON.stringify(['url', origin, pathname]);
    }
    case 'object':
      return JSON.stringify(['object', source.bucket, source.key]);
    case 'server':
      return JSON.stringify(['server', source.serverId, source.diskId ?? null]);
    case 'volume':
      return JSON.stringify(['volume', source.volumeId]);
    case 'backup':
      return JSON.stringify(['backup', source.backupId]);
    case 'whole-server':
      return JSON.stringify(['whole-server', source.serverId]);
  }
}

/** How messages call a source. */
function nameOf(source: CloudSource): string {
  switch (source.kind) {
    case 'url': {
      const { origin, pathname } = new URL(source.url);
      return `${origin}${pathname}`;
    }
    case 'object':
      return `${source.bucket}/${source.key}`;
    case 'server':
      return `server ${source.serverId}`;
    case 'volume':
      return `volume ${source.volumeId}`;
    case 'backup':
      return `backup ${source.backupId}`;
    case 'whole-server':
      return `the whole server ${source.serverId}`;
  }
}

async function refuseOtherBytes(
  cloud: ImageCloud,
  { checksums }: CreateImageRequest,
  image: Image,
  operation: string,
): Promise<void> {
  for (const [name, wanted] of Object.entries(checksums ?? {})) {
    const found = image.checksums?.[name];
    if (found === wanted) continue;
    await cloud.deleteImage(image.id);
    throw new IntegrityError({
      operation,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason:
        found === undefined
          ? `the cloud did not tell its ${name}, which was asked for`
          : `its ${name} is ${found}, but ${wanted} was asked for`,
      hint: 'The image was removed. Correct the source, or the checksum.',
    });
  }
}
