// An image of one cloud becomes an image of another: fetched by the other cloud itself where it can, else through here.
import {
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  UnsupportedError,
} from '../model/index.ts';
import { type EngineOptions, listUploads } from '../transfer/index.ts';
import { adoptMarked, claimInProcess, MARKER_TAG, markerOf, releaseInProcess } from './marker.ts';
import { ORIGIN_TAG, originOf } from './origin.ts';
import { checkImageName, legalName, requireCapability } from './preflight.ts';
import {
  isPublished,
  type PublishEvent,
  type PublishRequest,
  type PublishResult,
  publishImage,
} from './publish.ts';
import { cloudImage, imageSourcePath } from './remote-source.ts';
import { removeAbandoned } from './routes/records.ts';
import { FETCH_URL_LIFETIME_MS } from './routes/url-route.ts';
import { exportToBucket, removeStagedExport } from './staged-export.ts';
import { readStored } from './stored-publish.ts';
import { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';

/** Which image, and to what. */
export interface CopyAcrossRequest
  extends Pick<
    PublishRequest,
    | 'route'
    | 'staging'
    | 'method'
    | 'allowTakenName'
    | 'bucket'
    | 'partSizeBytes'
    | 'parallelParts'
    | 'limitBytesPerSecond'
    | 'importTimeoutMs'
    | 'onUpload'
    | 'signal'
  > {
  sourceImageId: string;
  /** What the copy is called and carries; what is absent is taken over from the source, where the other cloud has it. */
  image: Partial<ImageDescription>;
  /** `pull`: only by a fetch of the other cloud; `stream`: only through this machine. Default `auto`: the first that works. */
  via?: 'auto' | 'pull' | 'stream' | undefined;
  onEvent?: ((event: PublishEvent) => void) | undefined;
}

/** What the copy came to. */
export interface CopyAcrossResult {
  image: Image;
  /** How the bytes went. */
  via: 'pull' | 'stream';
  adopted: boolean;
  /** Of a copy through this machine. */
  published?: PublishResult | undefined;
}

/**
 * Copies an image to another cloud. The bytes do not pass through this machine where the source gives a URL and the other
 * cloud fetches URLs; when that fails, they do.
 * @throws NotFoundError when there is no such image; others of the port and the engine
 */
export async function copyAcross(
  from: ImageCloud,
  to: ImageCloud,
  request: CopyAcrossRequest,
  options: EngineOptions,
): Promise<CopyAcrossResult> {
  const { via = 'auto', signal } = request;
  const note = (text: string) => request.onEvent?.({ type: 'note', text });
  const { importTimeoutMs: timeoutMs } = request;
  const wait = { signal, timeoutMs, clock: options.clock };
  const source = await cloudImage(from, request.sourceImageId, { to, note, wait });
  const image = describe(source.image, request.image, to);
  checkImageName(to, image.name);
  if (via !== 'stream' && request.staging === undefined) {
    const refusal = pullRefusal(from, to);
    // What went through this machine before goes on so: what was sent is not left behind.
    const streams = via === 'auto' && (await isStreaming(source.path, image.name, to, options));
    if (refusal === undefined && !streams) {
      try {
        return await pull(
          {
            from,
            to,
            source: source.image,
            image,
            sizeBytes: source.image.sizeBytes,
            note,
            onEvent: request.onEvent,
            engine: options,
          },
          wait,
        );
      } catch (error) {
        if (error instanceof Underway) throw error.error;
        // A conflict is another run's work: a second copy by another way would be no help.
        const mayStream =
          via === 'auto' &&
          error instanceof ImageBridgeError &&
          !['cancelled', 'conflict'].includes(error.kind);
        if (!mayStream) throw error;
        note(`${cloudLabel(to)} could not fetch the image by itself: ${error.message}`);
      }
    } else if (via === 'pull' && refusal !== undefined) {
      throw refusal;
    }
  }
  note('The image goes through this machine.');
  const { sourceImageId: _id, via: _via, ...how } = request;
  const published = await publishImage(to, { ...how, image, source, path: source.path }, options);
  return { image: published.image, via: 'stream', adopted: published.adopted, published };
}

/**
 * Refuses, without asking either cloud, a copy that no way leads to.
 * @throws UnsupportedError that names what is missing; InvalidInputError for a name that the other cloud does not take
 */
export function checkCopyAcross(
  from: ImageCloud,
  to: ImageCloud,
  request: Pick<CopyAcrossRequest, 'via'> & { name?: string | undefined },
): void {
  if (request.name !== undefined) checkImageName(to, request.name);
  const refusal = request.via === 'stream' ? undefined : pullRefusal(from, to);
  if (request.via === 'pull') {
    if (refusal) throw refusal;
    return;
  }
  if (request.via !== 'stream' && refusal === undefined) return;
  const what = `copy an image to ${cloudLabel(to)}`;
  const { download, exportImage } = from.capabilities;
  if (download !== true && exportImage !== true) requireCapability(from, download, what);
  const { stagedUpload, uploadStream, uploadParts } = to.capabilities;
  if (![stagedUpload, uploadStream, uploadParts].includes(true)) requireCapability(to, uploadParts, what);
}

/** True where an earlier run began to send the image through this machine, and did not end. */
async function isStreaming(
  path: string,
  name: string,
  to: ImageCloud,
  engine: EngineOptions,
): Promise<boolean> {
  return (await listUploads(engine)).some((upload) => {
    const stored = readStored(upload);
    return (
      upload.file.path === path &&
      stored?.image.name === name &&
      stored.cloud === to.name &&
      stored.region === to.region &&
      !isPublished(upload)
    );
  });
}

/** Why the other cloud cannot fetch the image by itself; undefined when it can be tried. */
function pullRefusal(from: ImageCloud, to: ImageCloud): UnsupportedError | undefined {
  const refuse = (cloud: ImageCloud, reason: string, hint: string | true) =>
    new UnsupportedError({
      operation: `let ${cloudLabel(to)} fetch an image of ${cloudLabel(from)}`,
      cloud: cloudLabel(cloud),
      reason,
      hint: hint === true ? undefined : hint,
    });
  if (to.capabilities.createFromUrl !== true)
    return refuse(to, 'it fetches no URLs', to.capabilities.createFromUrl);
  const { downloadUrl, exportImage } = from.capabilities;
  if (downloadUrl !== true && exportImage !== true)
    return refuse(from, 'it gives no URL of an image', downloadUrl);
  return undefined;
}

interface Pull {
  from: ImageCloud;
  to: ImageCloud;
  source: Image;
  image: ImageDescription;
  sizeBytes: number | undefined;
  note(text: string): void;
  onEvent: ((event: PublishEvent) => void) | undefined;
  engine: EngineOptions;
}

/** Lets the other cloud fetch the image, or goes on with a fetch that an earlier run began. */
async function pull(work: Pull, wait: WaitOptions): Promise<CopyAcrossResult> {
  const { from, to, source, image, note, onEvent, engine } = work;
  const projectId = await to.projectId(wait);
  const content = `${from.family}/${from.region}/${source.id}`;
  const marker = markerOf({ region: to.region, projectId, name: image.name, content });
  const isBegun = ({ rawStatus }: Image) => rawStatus !== 'queued';
  const claims = { signal: wait.signal, stateDir: engine.stateDir };
  const found = await adoptMarked(to, marker, claims, isBegun);
  if (found !== undefined) {
    onEvent?.({ type: 'image-id', imageId: found.id, adopted: true });
    const made = await waitForImage(to, found.id, wait).catch((error: unknown) => {
      releaseInProcess(to, found.id);
      throw error;
    });
    await removeStagedExport(from, source, to, wait).catch((error: unknown) => {
      // The copy is there; what cannot be removed now is only in the way.
      if (!(error instanceof ImageBridgeError)) throw error;
      note(`The export of image ${source.id} could not be removed: ${error.message}`);
    });
    return { image: made, via: 'pull', adopted: true };
  }
  const origin = await originOf(engine);
  const removeLeavings = () =>
    removeAbandoned(
      {
        cloud: to,
        request: { path: imageSourcePath(from, source.id), image, signal: wait.signal },
        engine,
        emit: (event) => onEvent?.(event),
      },
      marker,
      origin,
    );
  // A record whose import was never started, because the process died in between.
  await removeLeavings();
  const offered = await offer(work, wait);
  // As long as the other cloud may be fetching, what it fetches stays; whoever finds the copy removes it.
  let isFetching = false;
  let imageId: string | undefined;
  try {
    note(`${cloudLabel(to)} fetches the image from ${cloudLabel(from)} by itself.`);
    const what = `fetch image ${source.id} of ${cloudLabel(from)} as ${JSON.stringify(image.name)}`;
    const tags = { ...image.tags, [MARKER_TAG]: marker, [ORIGIN_TAG]: origin };
    const { url, diskFormat, sizeBytes } = offered;
    const ref = await to.createFromUrl({ ...image, tags, url, diskFormat, sizeBytes }, wait);
    isFetching = true;
    const job = await waitForJob(to, ref, what, {
      ...wait,
      onJob: (state) => onEvent?.({ type: 'import', job: state }),
    });
    [imageId] = job.imageIds;
    if (imageId === undefined)
      throw new UnsupportedError({ operation: what, reason: 'the job names no image' });
    claimInProcess(to, imageId);
    onEvent?.({ type: 'image-id', imageId, adopted: false });
    const made = await waitForImage(to, imageId, wait);
    isFetching = false;
    return { image: made, via: 'pull', adopted: false };
  } catch (error) {
    if (imageId !== undefined) releaseInProcess(to, imageId);
    if (error instanceof ImageBridgeError && error.kind === 'cancelled') throw error;
    const rest = await adoptMarked(to, marker, claims, isBegun).catch(() => undefined);
    isFetching = rest !== undefined;
    if (rest !== undefined) {
      releaseInProcess(to, rest.id);
      throw new Underway(error);
    }
    await removeLeavings();
    throw error;
  } finally {
    if (!isFetching) await offered.withdraw();
  }
}

/** A fetch that did not end well or in time, and may still become the copy: another way would make a second one. */
class Underway {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Makes a URL of the image: its own, or that of an export in the cloud's object store, which is removed afterwards. */
async function offer({ from, to, source, sizeBytes, note }: Pull, wait: WaitOptions) {
  if (from.capabilities.downloadUrl === true) {
    const { url } = await from.getDownloadUrl(source.id, wait);
    const diskFormat = source.diskFormat ?? 'qcow2';
    return { url: url.reveal(), diskFormat, sizeBytes, withdraw: async () => {} };
  }
  const { target, withdraw, ...exported } = await exportToBucket(from, source, to, note, wait);
  const url = target.presign?.(FETCH_URL_LIFETIME_MS).url.reveal();
  const { bucket, key } = target.locator;
  if (url === undefined) {
    await withdraw();
    throw new UnsupportedError({
      operation: `make a URL for ${bucket}/${key}`,
      reason: 'the store gives none',
    });
  }
  return { url, ...exported, withdraw };
}

/** What the copy is to be called and to carry. Families spell systems differently: only a Glance takes any text. */
function describe(source: Image, wanted: Partial<ImageDescription>, to: ImageCloud): ImageDescription {
  const { osVersion, osDistribution, osType, architecture, minRamMiB, description } = source;
  const bootMode = (['bios', 'uefi'] as const).find((known) => known === source.bootMode);
  const taken = {
    osType,
    architecture,
    minRamMiB,
    description,
    bootMode,
    ...(to.family === 'openstack' ? { osVersion, osDistribution } : {}),
  };
  const given: Partial<ImageDescription> = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  );
  const name = to.capabilities.imageName.pattern.test(source.name) ? source.name : legalName(source.name);
  return { ...taken, name, ...given };
}
