// Publishing: something becomes an image. Inspect, choose a route, send, import, verify, record.
// Composes inspect and transfer over the port; every step can be interrupted and is gone on with by the next run.
import type { Inspection } from '../inspect/index.ts';
import {
  type DiskFormat,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  type Job,
} from '../model/index.ts';
import {
  discardUpload,
  type EngineOptions,
  type JournalSummary,
  type TransferBudget,
  type Upload,
  type UploadEvent,
  type UploadResult,
} from '../transfer/index.ts';
import { isClaimed, MARKER_TAG, markerOf } from './marker.ts';
import { preflight } from './preflight.ts';
import { prepareSource } from './prepare-source.ts';
import type { PublishSource } from './publish-source.ts';
import { bucketRoute, stagedInBucket } from './routes/bucket-route.ts';
import type { PublishRoute, StagingBucket } from './routes/choose-route.ts';
import { partsRoute } from './routes/parts-route.ts';
import {
  adoptMadeImage,
  PUBLISH_FACT,
  type Route,
  type RouteContext,
  takenName,
  unpublishedUploads,
} from './routes/route.ts';
import { streamRoute } from './routes/stream-route.ts';
import { stagedForUrl, urlRoute } from './routes/url-route.ts';
import { discardPublish, readStored } from './stored-publish.ts';

/** What to publish, and how. */
export interface PublishRequest {
  /** Path of the file. */
  path: string;
  /** Where the bytes come from instead of the file of that path. */
  source?: PublishSource | undefined;
  image: ImageDescription;
  /** Format of the content. Default: what inspection finds. */
  diskFormat?: DiskFormat | undefined;
  /** Unpack a file that is packed with gz, bz2, xz or zst. Default false: such a file is refused. */
  unpack?: boolean | undefined;
  /**
   * Convert a file whose format the cloud does not take, where it stands alone and qemu-img is installed. Default false:
   * such a file is refused.
   */
  convert?: boolean | undefined;
  /** SHA-256 the file must have, in hex; refused before the import when it differs. */
  sha256?: string | undefined;
  /** `direct`: to the image service itself; `staged`: by way of a bucket. Default `auto`: what the cloud can, resumable first. */
  route?: PublishRoute | undefined;
  /** A bucket service of the user's own that the cloud then fetches from. Makes the route `staged`. */
  staging?: StagingBucket | undefined;
  /** Method of the import; see `ImportChoice.method`. Default: chosen by the cloud's adapter. */
  method?: string | undefined;
  /** The file is the disk of data only. Default: a system disk. */
  dataDisk?: boolean | undefined;
  /** Make an image although another one has the name. The cloud may refuse it. Default false. */
  allowTakenName?: boolean | undefined;
  /** Staging bucket of the cloud itself. Default: the profile's. */
  bucket?: string | undefined;
  /** Keep the staged object after success. Default false. */
  keepStaged?: boolean | undefined;
  /** Give up on the import after this long, in ms. Default 60 minutes. The upload itself has no limit. */
  importTimeoutMs?: number | undefined;
  partSizeBytes?: number | undefined;
  parallelParts?: number | undefined;
  limitBytesPerSecond?: number | undefined;
  /** Shares limits with other uploads of this process. */
  budget?: TransferBudget | undefined;
  /** Uploads of a higher number get parts of the budget first. Default 0. */
  priority?: number | undefined;
  /** Called for everything that happens, in order. Must not throw. */
  onEvent?: ((event: PublishEvent) => void) | undefined;
  /** Called with the running upload, so that the caller can pause, resume or abort it. */
  onUpload?: ((upload: Upload) => void) | undefined;
  /** Aborting it pauses safely: the next run goes on. */
  signal?: AbortSignal | undefined;
}

/** What happens while publishing. */
export type PublishEvent =
  | { type: 'inspected'; inspection: Inspection }
  /** A packed file is read once, to know the size and the checksum of what is inside. */
  | { type: 'measure'; readBytes: number; totalBytes: number }
  /** How far a conversion has come, 0 to 1. */
  | { type: 'convert'; fraction: number }
  | { type: 'upload'; event: UploadEvent }
  | { type: 'uploaded'; result: UploadResult }
  | { type: 'import'; job: Job }
  | { type: 'image-id'; imageId: string; adopted: boolean }
  | { type: 'note'; text: string };

/** What publishing made. */
export interface PublishResult {
  image: Image;
  /** SHA-256 of the content, in hex. */
  sha256: string;
  sizeBytes: number;
  partsTotal: number;
  /** Parts that an earlier run had sent already. */
  partsSkipped: number;
  sentBytes: number;
  /** True when an earlier, interrupted run had made the image already. */
  adopted: boolean;
}

/** True when the upload has become an image. */
export const isPublished = (upload: Pick<JournalSummary, 'facts'>): boolean =>
  upload.facts[PUBLISH_FACT.image] !== undefined;

const ROUTES: Readonly<Record<'bucket' | 'parts' | 'stream' | 'url', Route>> = {
  bucket: bucketRoute,
  parts: partsRoute,
  stream: streamRoute,
  url: urlRoute,
};

/**
 * Publishes a file (or another source) as an image, or goes on with what an interrupted run of the same source, name and
 * cloud had begun.
 * @throws RefusedError before anything is sent, when the cloud would refuse it; CancelledError when the signal
 *   aborts (the upload is paused safely); JobFailedError with the service's reason; others of the port and the engine
 */
export async function publishImage(
  cloud: ImageCloud,
  request: PublishRequest,
  options: EngineOptions,
): Promise<PublishResult> {
  const call = { signal: request.signal };
  const emit = (event: PublishEvent) => request.onEvent?.(event);
  const source = await prepareSource(cloud, request, options, emit);
  const { image, diskFormat, route, staging, method, dataDisk } = request;
  const wishes = { ...call, route, staging, method, dataDisk };
  const plan = await preflight(cloud, source, image, diskFormat, wishes);
  emit({ type: 'inspected', inspection: plan.inspection });
  emit({ type: 'note', text: plan.choice.reason });
  const projectId = await cloud.projectId(call);
  // The checksum of a file that is unpacked or converted has been compared; it is not that of what is sent.
  const isItself = request.source !== undefined || source.path === request.path;
  const asked = isItself ? request : { ...request, sha256: undefined };
  const sha256 = asked.sha256 ?? source.sha256;
  const context: RouteContext = {
    cloud,
    request: asked,
    source,
    plan,
    engine: options,
    sha256,
    marker: (content) => markerOf({ region: cloud.region, projectId, name: image.name, content }),
    emit,
  };
  if (sha256 !== undefined) {
    const adopted = await adoptMadeImage(context, sha256);
    if (adopted) {
      await giveUpLeavings(context);
      const nothingSent = { partsTotal: 0, partsSkipped: 0, sentBytes: 0 };
      return {
        image: adopted,
        adopted: true,
        sha256,
        sizeBytes: plan.inspection.fileSizeBytes,
        ...nothingSent,
      };
    }
  }
  if (request.allowTakenName !== true) await refuseTakenName(cloud, request);

  const { image: made, adopted, uploaded } = await ROUTES[plan.choice.route](context);
  await source.dispose?.();
  const { partsTotal, partsSkipped, sentBytes, sizeBytes } = uploaded;
  const sent = { sha256: uploaded.sha256, sizeBytes, partsTotal, partsSkipped, sentBytes };
  return { image: made, adopted, ...sent };
}

/** What is left of uploads whose image was found: their parts and staged objects are of no use any more. */
async function giveUpLeavings(context: RouteContext): Promise<void> {
  const { cloud, request, engine, emit } = context;
  for (const upload of await unpublishedUploads(context)) {
    const stored = readStored(upload);
    if (
      stored?.image.name !== request.image.name ||
      stored.cloud !== cloud.name ||
      stored.region !== cloud.region
    )
      continue;
    try {
      // Where the image service itself took the bytes, they are the image that was found.
      if ((upload.target.route ?? 'bucket') === 'bucket')
        await discardPublish(cloud, upload.uploadId, engine);
      else await discardUpload(upload.uploadId, engine);
    } catch (error) {
      // The image is there: what cannot be removed now is listed, and can be removed later.
      if (!(error instanceof ImageBridgeError)) throw error;
      emit({ type: 'note', text: `Upload ${upload.uploadId} could not be cleaned up: ${error.message}` });
    }
  }
  await removeStaged(context);
}

/** The staged object that the image was made of, where the journal that knew of it is lost. */
async function removeStaged(context: RouteContext): Promise<void> {
  const { request, plan, emit } = context;
  if (request.keepStaged === true) return;
  try {
    if (plan.choice.route === 'bucket') await (await stagedInBucket(context, false)).remove();
    if (plan.choice.route === 'url' && request.staging)
      await (await stagedForUrl(context, request.staging)).remove();
  } catch (error) {
    if (!(error instanceof ImageBridgeError)) throw error;
    if (error.kind !== 'not-found')
      emit({ type: 'note', text: `What was staged could not be removed: ${error.message}` });
  }
}

/** Equal names are refused by some services only after the whole upload; so they are looked for first. */
async function refuseTakenName(cloud: ImageCloud, request: PublishRequest): Promise<void> {
  const { name } = request.image;
  for await (const image of cloud.listImages({ scope: 'own', name }, { signal: request.signal })) {
    if (image.name !== name || image.status === 'deleted') continue;
    const mayBeOurs = image.tags[MARKER_TAG] !== undefined && !isClaimed(image);
    if (mayBeOurs) continue;
    throw takenName(cloud, request, image);
  }
}
