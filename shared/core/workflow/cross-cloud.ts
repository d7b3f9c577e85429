// An image of one cloud becomes an image of another: fetched by the other cloud itself where it can, else through here.
import {
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  UnsupportedError,
} from '../model/index.ts';
import type { EngineOptions } from '../transfer/index.ts';
import { exportToBucket } from './export-image.ts';
import { adoptMarked, claimInProcess, MARKER_TAG, markerOf } from './marker.ts';
import { checkImageName, legalName } from './preflight.ts';
import { type PublishEvent, type PublishRequest, type PublishResult, publishImage } from './publish.ts';
import { cloudImage } from './remote-source.ts';
import { FETCH_URL_LIFETIME_MS } from './routes/url-route.ts';
import { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';

/** Which image, and to what. */
export interface CopyAcrossRequest
  extends Pick<
    PublishRequest,
    | 'route'
    | 'staging'
    | 'method'
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
    if (refusal === undefined) {
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
          },
          wait,
        );
      } catch (error) {
        const mayStream = via === 'auto' && error instanceof ImageBridgeError && error.kind !== 'cancelled';
        if (!mayStream) throw error;
        note(`${cloudLabel(to)} could not fetch the image by itself: ${error.message}`);
      }
    } else if (via === 'pull') {
      throw refusal;
    }
  }
  note('The image goes through this machine.');
  const { sourceImageId: _id, via: _via, ...how } = request;
  const published = await publishImage(to, { ...how, image, source, path: source.path }, options);
  return { image: published.image, via: 'stream', adopted: published.adopted, published };
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
}

/** Lets the other cloud fetch the image, or goes on with a fetch that an earlier run began. */
async function pull(work: Pull, wait: WaitOptions): Promise<CopyAcrossResult> {
  const { from, to, source, image, note, onEvent } = work;
  const projectId = await to.projectId(wait);
  const content = `${from.family}/${from.region}/${source.id}`;
  const marker = markerOf({ region: to.region, projectId, name: image.name, content });
  const isBegun = ({ rawStatus }: Image) => rawStatus !== 'queued';
  const found = await adoptMarked(to, marker, wait, isBegun);
  if (found !== undefined) {
    onEvent?.({ type: 'image-id', imageId: found.id, adopted: true });
    return { image: await waitForImage(to, found.id, wait), via: 'pull', adopted: true };
  }
  const offered = await offer(work, wait);
  try {
    note(`${cloudLabel(to)} fetches the image from ${cloudLabel(from)} by itself.`);
    const what = `fetch image ${source.id} of ${cloudLabel(from)} as ${JSON.stringify(image.name)}`;
    const tags = { ...image.tags, [MARKER_TAG]: marker };
    const { url, diskFormat, sizeBytes } = offered;
    const ref = await to.createFromUrl({ ...image, tags, url, diskFormat, sizeBytes }, wait);
    const job = await waitForJob(to, ref, what, {
      ...wait,
      onJob: (state) => onEvent?.({ type: 'import', job: state }),
    });
    const [imageId] = job.imageIds;
    if (imageId === undefined)
      throw new UnsupportedError({ operation: what, reason: 'the job names no image' });
    claimInProcess(to, imageId);
    onEvent?.({ type: 'image-id', imageId, adopted: false });
    return { image: await waitForImage(to, imageId, wait), via: 'pull', adopted: false };
  } finally {
    await offered.withdraw();
  }
}

/** Makes a URL of the image: its own, or that of an export in the cloud's object store, which is removed afterwards. */
async function offer({ from, to, source, sizeBytes, note }: Pull, wait: WaitOptions) {
  if (from.capabilities.downloadUrl === true) {
    const { url } = await from.getDownloadUrl(source.id, wait);
    const diskFormat = source.diskFormat ?? 'qcow2';
    return { url: url.reveal(), diskFormat, sizeBytes, withdraw: async () => {} };
  }
  const { target, diskFormat, sizeBytes: exported } = await exportToBucket(from, source, to, note, wait);
  const url = target.presign?.(FETCH_URL_LIFETIME_MS).url.reveal();
  const { bucket, key } = target.locator;
  if (url === undefined)
    throw new UnsupportedError({
      operation: `make a URL for ${bucket}/${key}`,
      reason: 'the store gives none',
    });
  return { url, diskFormat, sizeBytes: exported, withdraw: () => target.remove() };
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
