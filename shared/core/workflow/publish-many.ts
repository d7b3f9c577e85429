// Several files to several clouds: what happens to one of them does not stop the others.
import path from 'node:path';
import {
  type CallOptions,
  CancelledError,
  ConflictError,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  InvalidInputError,
} from '../model/index.ts';
import { type EngineOptions, TransferBudget } from '../transfer/index.ts';
import { contentHash } from './content-hash.ts';
import { fileSha256 } from './file-sha256.ts';
import { claimImage, SHA256_PROPERTY } from './marker.ts';
import { legalName } from './preflight.ts';
import { type PublishEvent, type PublishRequest, type PublishResult, publishImage } from './publish.ts';
import { localFile } from './publish-source.ts';
import { cloudLabel } from './wait-for-job.ts';

/**
 * What to do when a cloud has an image of the same name. `fail`: nothing, it is an error; `skip`: when its content is the
 * same, take it as the result (another content is an error); `new`: make another one, where the cloud allows equal names.
 */
export type IfExists = 'skip' | 'fail' | 'new';

/** One file that is to become one image of one cloud. */
export interface PublishItem {
  /** Absolute path of the file. */
  path: string;
  /** Name of the profile. */
  cloud: string;
  region: string;
  /** Name of the image. */
  name: string;
}

/** How it went. `paused`: it was interrupted, and the same request goes on with it. */
export interface PublishItemResult extends PublishItem {
  status: 'published' | 'skipped' | 'failed' | 'paused';
  imageId?: string | undefined;
  /** SHA-256 of the file in hex, where it came to be known. */
  sha256?: string | undefined;
  sizeBytes?: number | undefined;
  partsTotal?: number | undefined;
  partsSkipped?: number | undefined;
  sentBytes?: number | undefined;
  image?: Image | undefined;
  error?: ImageBridgeError | undefined;
}

/** What to publish where. */
export interface PublishManyRequest
  extends Pick<
    PublishRequest,
    | 'diskFormat'
    | 'unpack'
    | 'convert'
    | 'sha256'
    | 'route'
    | 'staging'
    | 'method'
    | 'bucket'
    | 'keepStaged'
    | 'importTimeoutMs'
    | 'partSizeBytes'
    | 'parallelParts'
    | 'limitBytesPerSecond'
    | 'signal'
  > {
  /** The files, each with what is special about its image. */
  files: readonly { path: string; image?: Partial<ImageDescription> | undefined }[];
  clouds: readonly ImageCloud[];
  /** What all images have in common. A name only where there is one file. */
  image: Omit<ImageDescription, 'name'> & { name?: string | undefined };
  ifExists: IfExists;
  /**
   * Uploads under way at once. Default: one file to all clouds, so that the disk is read once for all of them; at least 2.
   */
  uploadsAtOnce?: number | undefined;
  /** Only these; for trying again what failed. */
  only?: ((item: PublishItem) => boolean) | undefined;
  /** Called for everything that happens. Must not throw. */
  onEvent?: ((told: { item: PublishItem; event: PublishEvent }) => void) | undefined;
  /** Called when one of them has ended. Must not throw. */
  onResult?: ((result: PublishItemResult) => void) | undefined;
}

/** The images that a request asks for, in the order in which they are begun: file by file. */
export function publishItems(
  request: Pick<PublishManyRequest, 'files' | 'clouds' | 'image' | 'only'>,
): PublishItem[] {
  const { files, clouds, image, only } = request;
  if (image.name !== undefined && files.length > 1) {
    throw new InvalidInputError({
      operation: `publish ${files.length} files`,
      reason: `they cannot all be called ${JSON.stringify(image.name)}`,
      hint: 'Leave the name out: each image is then called after its file.',
    });
  }
  const items = files.flatMap((file) =>
    clouds.map((cloud) => ({
      path: path.resolve(file.path),
      cloud: cloud.name,
      region: cloud.region,
      name: file.image?.name ?? image.name ?? nameOfFile(file.path),
    })),
  );
  const seen = new Map<string, PublishItem>();
  for (const item of items) {
    const key = JSON.stringify([item.cloud, item.region, item.name]);
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new InvalidInputError({
        operation: `publish ${item.path} to ${item.cloud}`,
        reason:
          twin.path === item.path
            ? 'it is named twice'
            : `${twin.path} would have the same name there, ${JSON.stringify(item.name)}`,
        hint: 'Rename a file, or publish them one by one with a name.',
      });
    }
    seen.set(key, item);
  }
  return only === undefined ? items : items.filter(only);
}

/** The name that an image has after its file: without the endings that tell its format and how it is packed. */
export const nameOfFile = (file: string): string =>
  legalName(
    path
      .basename(file)
      .replace(/\.(gz|bz2|xz|zst|zstd)$/i, '')
      // An ending begins with a letter: that of `ubuntu-22.04` is none.
      .replace(/\.[A-Za-z][A-Za-z0-9]{0,5}$/, ''),
  );

/**
 * Publishes every file to every cloud. Never throws for what happens to one of them: the results tell, in the order of
 * `publishItems`.
 * @throws InvalidInputError when the request contradicts itself, before anything is sent
 */
export async function publishMany(
  request: PublishManyRequest,
  options: EngineOptions,
): Promise<PublishItemResult[]> {
  const items = publishItems(request);
  const results: PublishItemResult[] = new Array(items.length);
  // The limit is one of all uploads together.
  const budget = new TransferBudget({ limitBytesPerSecond: request.limitBytesPerSecond }, options.clock);
  const atOnce = request.uploadsAtOnce ?? Math.max(2, request.clouds.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item === undefined) return;
      const result = await publishItem(item, request, budget, options);
      results[index] = result;
      request.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}

async function publishItem(
  item: PublishItem,
  request: PublishManyRequest,
  budget: TransferBudget,
  options: EngineOptions,
): Promise<PublishItemResult> {
  const { signal } = request;
  try {
    if (signal?.aborted) throw new CancelledError({ operation: `publish ${item.path}` });
    const cloud = request.clouds.find(({ name, region }) => name === item.cloud && region === item.region);
    if (cloud === undefined) throw new InvalidInputError({ operation: `find cloud ${item.cloud}` });
    if (request.ifExists === 'skip') {
      const same = await sameImage(cloud, item, request, options);
      if (same !== undefined) return { ...item, status: 'skipped', imageId: same.id, image: same };
    }
    const published = await publishImage(cloud, { ...requestOf(item, request), budget }, options);
    await claimImage(cloud, published.image, { signal, stateDir: options.stateDir });
    return { ...item, status: 'published', imageId: published.image.id, ...figuresOf(published) };
  } catch (error) {
    if (!(error instanceof ImageBridgeError)) throw error;
    const paused = error.kind === 'cancelled' && signal?.aborted === true;
    return { ...item, status: paused ? 'paused' : 'failed', ...(paused ? {} : { error }) };
  }
}

const figuresOf = ({ image, sha256, sizeBytes, partsTotal, partsSkipped, sentBytes }: PublishResult) => ({
  image,
  sha256,
  sizeBytes,
  partsTotal,
  partsSkipped,
  sentBytes,
});

function requestOf(item: PublishItem, request: PublishManyRequest): PublishRequest {
  const { files, clouds: _clouds, image, ifExists, onEvent, limitBytesPerSecond: _limit, ...how } = request;
  const own = files.find((file) => path.resolve(file.path) === item.path)?.image;
  const tags = { ...image.tags, ...own?.tags };
  return {
    ...how,
    path: item.path,
    image: { ...image, ...own, tags, name: item.name },
    allowTakenName: ifExists === 'new',
    onEvent: (event) => onEvent?.({ item, event }),
  };
}

/**
 * An image of the cloud that has the same name and the same content.
 * @throws ConflictError when one has the name and another content, or nothing tells its content
 */
export async function sameImage(
  cloud: ImageCloud,
  item: Pick<PublishItem, 'path' | 'name'>,
  { signal }: CallOptions,
  { stateDir }: EngineOptions,
): Promise<Image | undefined> {
  for await (const image of cloud.listImages({ scope: 'own', name: item.name }, { signal })) {
    if (image.name !== item.name || image.status !== 'active') continue;
    const recorded = image.properties[SHA256_PROPERTY] ?? image.checksums?.sha256;
    const algorithm = recorded ? 'sha256' : (['sha512', 'md5'] as const).find((a) => image.checksums?.[a]);
    const theirs = recorded ?? (algorithm && image.checksums?.[algorithm]);
    const ours =
      algorithm === 'sha256'
        ? await fileSha256(item.path, { stateDir, signal })
        : algorithm && (await contentHash(localFile(item.path), algorithm, { signal }));
    if (theirs !== undefined && ours === theirs) return image;
    throw new ConflictError({
      operation: `publish ${item.path} as ${JSON.stringify(item.name)}`,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason:
        theirs === undefined
          ? `image ${image.id} has that name, and nothing tells whether its content is the same`
          : `image ${image.id} has that name and another content (its ${algorithm} is ${theirs}, that of the file ${ours})`,
      hint: 'Choose another name, or delete that image first.',
    });
  }
  return undefined;
}
