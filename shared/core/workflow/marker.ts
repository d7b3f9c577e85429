// The creation marker: how an image, or an unfinished upload, that we made is found again when no local record is left
// (a runner that vanished, a wiped disk). Imports the model only.
//
// The rules:
// 1. The marker is a digest of the declaration (region, project, name) and of the content (SHA-256). It is a tag on the
//    image, set by the very call that creates it.
// 2. A create first looks for an image of its own project with its marker that is not claimed, and adopts it.
// 3. Whoever has recorded the image's id for good claims it: the property `imagebridge_claimed` is set to that id, so that a
//    copy that inherits properties inherits no claim. The command line does so when it has printed the id; the Terraform
//    provider when Terraform shuts it down in good order, and on every read, because only then the state is known to be
//    saved. A claimed image is never adopted.
// 4. Twins (two declarations with the same name and content in one project) have the same marker. Inside one process an
//    image is adopted or created at most once (`claimInProcess`); a cloud that refuses equal names refuses the second.
// 5. A cloud that keeps no properties cannot be told of a claim. There a claim is remembered in the state directory of this
//    machine, and an image is adopted only within a day of its making.
import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CallOptions, type Image, ImageBridgeError, type ImageCloud } from '../model/index.ts';

/** Tag key of the marker. Its value is 43 characters, the longest that Huawei Cloud takes in a tag. */
export const MARKER_TAG = 'imagebridge-marker';
/** Property that says that the image's id, which is its value, is recorded for good. */
export const CLAIMED_PROPERTY = 'imagebridge_claimed';
/** Property with the SHA-256 of the file an image was made from, in hex. */
export const SHA256_PROPERTY = 'imagebridge_sha256';

/** What a marker is made of. */
export interface MarkerParts {
  region: string;
  projectId: string;
  name: string;
  /** SHA-256 of the content in hex, or another digest that identifies it. */
  content: string;
}

/** 43 characters of `A-Z a-z 0-9 - _`: the SHA-256 of the parts in base64url. */
export function markerOf(parts: MarkerParts): string {
  const text = JSON.stringify([1, parts.region, parts.projectId, parts.name, parts.content]);
  return createHash('sha256').update(text).digest('base64url');
}

/** How an image is looked for, and what is known of claims on this machine. */
export interface ClaimOptions extends CallOptions {
  /** Folder of this machine's records; absent: none is kept. */
  stateDir?: string | undefined;
}

/** How long an image may be adopted that no claim can be noted on, in ms. */
const ADOPTABLE_MS = 24 * 3_600_000;

const takenInProcess = new Set<string>();

const takenKey = (cloud: ImageCloud, imageId: string) => `${cloud.family}/${cloud.region}/${imageId}`;

/** Takes an image for one declaration of this process; false when another one has it already. */
export function claimInProcess(cloud: ImageCloud, imageId: string): boolean {
  const key = takenKey(cloud, imageId);
  if (takenInProcess.has(key)) return false;
  takenInProcess.add(key);
  return true;
}

/** Gives an image back after a failure, so that a later try of this process can take it again. */
export function releaseInProcess(cloud: ImageCloud, imageId: string): void {
  takenInProcess.delete(takenKey(cloud, imageId));
}

/**
 * Looks for an image that an earlier, interrupted run made for the same declaration, and takes it.
 * @param wanted which of them
 * @returns undefined when there is none
 */
export async function adoptMarked(
  cloud: ImageCloud,
  marker: string,
  options: ClaimOptions = {},
  wanted: (image: Image) => boolean = () => true,
): Promise<Image | undefined> {
  for await (const image of cloud.listImages(
    { scope: 'own', tag: { key: MARKER_TAG, value: marker } },
    { signal: options.signal },
  )) {
    if (image.tags[MARKER_TAG] !== marker || !wanted(image)) continue;
    if (await takeUnclaimed(cloud, image, options)) return image;
  }
  return undefined;
}

/** Takes an image unless it is claimed, failed, or taken by another declaration of this process. */
export async function takeUnclaimed(
  cloud: ImageCloud,
  image: Image,
  options: ClaimOptions = {},
): Promise<boolean> {
  if (image.status === 'failed' || image.status === 'deleted') return false;
  const fresh = await cloud.getImage(image.id, { signal: options.signal, fresh: true });
  if (fresh === undefined || isClaimed(fresh) || (await mayBeClaimed(cloud, fresh, options))) return false;
  return claimInProcess(cloud, image.id);
}

/** True when someone has recorded the image's id for good. */
export const isClaimed = (image: Image): boolean => image.properties[CLAIMED_PROPERTY] === image.id;

/** True where a claim cannot be noted on the image itself, and there may be one. */
async function mayBeClaimed(cloud: ImageCloud, image: Image, { stateDir }: ClaimOptions): Promise<boolean> {
  if (cloud.capabilities.customProperties === true) return false;
  const madeMs = image.createdAt?.getTime();
  if (madeMs !== undefined && Date.now() - madeMs > ADOPTABLE_MS) return true;
  return stateDir !== undefined && isThere(claimPath(stateDir, cloud, image.id));
}

const claimPath = (stateDir: string, cloud: ImageCloud, imageId: string): string =>
  path.join(stateDir, 'claims', createHash('sha256').update(takenKey(cloud, imageId)).digest('hex'));

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function rememberClaim(stateDir: string, cloud: ImageCloud, imageId: string): Promise<boolean> {
  const file = claimPath(stateDir, cloud, imageId);
  try {
    if (await isThere(file)) return true;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, '', { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Records on the image that its id is known for good, so that no later create adopts it. Does nothing when that is so
 * already. Where the cloud keeps no properties, this machine remembers it.
 * @returns false when it could not be recorded; the image then stays adoptable
 */
export async function claimImage(
  cloud: ImageCloud,
  image: Image,
  { stateDir, signal }: ClaimOptions = {},
): Promise<boolean> {
  if (isClaimed(image)) return true;
  if (cloud.capabilities.customProperties !== true)
    return stateDir !== undefined && rememberClaim(stateDir, cloud, image.id);
  try {
    await cloud.updateImage(image.id, { properties: { [CLAIMED_PROPERTY]: image.id } }, { signal });
    return true;
  } catch (error) {
    if (error instanceof ImageBridgeError && error.kind !== 'cancelled') return false;
    throw error;
  }
}
