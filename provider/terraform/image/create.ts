// Making an image: by an upload, by what the cloud reaches itself, or from another cloud's image. Goes on with what an
// interrupted apply began.
import type {
  CloudSource,
  Image,
  ImageChanges,
  ImageCloud,
  ImageDescription,
  PublishEvent,
  PublishSource,
} from '@imagebridge/core';
import {
  type CreateRequest,
  type Diagnostics,
  failure,
  type Logger,
  path,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import type { Connections } from '../config/connections.ts';
import { core, isKind } from '../core.ts';
import { at } from '../diagnose.ts';
import { known } from '../known.ts';
import { placeOf } from '../place.ts';
import { claim } from './claim.ts';
import { routeOf, stagingFor } from './content.ts';
import { attributeOf, descriptionOf, makingOf } from './fields.ts';
import { originOf } from './origin.ts';
import { withoutSource } from './plan-source.ts';
import { publishLog } from './publish-log.ts';
import type { imageSchema } from './schema.ts';
import { noteDeclared, noteImage, type Planned, type State, stateAfter } from './state.ts';

type Request = CreateRequest<typeof imageSchema, Connections>;

/** How long to look at an image after an interruption, before Terraform stops waiting for the provider. */
const LAST_LOOK_MS = 5_000;

/** Kinds of errors that another apply may be spared. */
const PASSING = ['cancelled', 'unavailable', 'throttled', 'protocol', 'authentication'];

/** What was made. */
interface Made {
  readonly image: Image;
  /** SHA-256 of the content, where its bytes passed by here. */
  readonly sha256: string | null;
}

/** What making an image needs. */
interface Work {
  readonly cloud: ImageCloud;
  readonly plan: Planned;
  readonly config: Request['config'];
  readonly provider: Connections;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What the cloud is told when the image is made. */
  readonly description: ImageDescription;
  readonly onEvent: (event: PublishEvent) => void;
}

/** See `Resource.create`. */
export async function createImageResource(request: Request): Promise<State> {
  const { plan, config, provider, signal, log, diagnostics, privateState, setState } = request;
  const { splitDescription } = await core();
  const cloud = await provider.cloud(placeOf(plan));
  const making = makingOf(config.source);
  if (making === undefined) throw withoutSource();
  const what = nameOf(config.source);
  const progress = publishLog(log.with({ image: plan.name, source: what }));
  const fields =
    plan.tags_all === UNKNOWN ? { ...plan, tags_all: { ...provider.defaultTags, ...plan.tags } } : plan;
  const { now, later, refused } = splitDescription(cloud, making, descriptionOf(fields));
  const [problem] = refused;
  if (problem)
    throw failure(
      `${attributeOf(problem.field)} cannot be set on ${cloud.family} "${cloud.name}"`,
      problem.reason,
      path(attributeOf(problem.field)),
    );
  const work: Work = {
    cloud,
    plan,
    config,
    provider,
    signal,
    log,
    description: now,
    onEvent: progress.onEvent,
  };
  const stateOf = (image: Image, sha256: string | null): State => {
    const state = stateAfter(plan, image, sha256, cloud, provider);
    noteImage(privateState, state, image, cloud);
    noteDeclared(privateState, config);
    return state;
  };
  let ready: Image | undefined;
  try {
    const made = await make(work);
    ready = made.image;
    const image = await finish(cloud, made.image, later, plan, signal);
    provider.whenSaved((end) => claim(cloud, image, provider, end, log));
    return stateOf(image, made.sha256);
  } catch (error) {
    const { imageId = ready?.id, sha256 } = progress.known();
    if (imageId !== undefined && isKind(error, 'cancelled')) {
      const image = await lastLook(cloud, imageId);
      // What would still have to be set is left to the next apply, which finds the image by its marker.
      if (image && image.status !== 'failed' && later === undefined && plan.active !== false) {
        goesOn(imageId, diagnostics);
        return stateOf(image, sha256 ?? null);
      }
    }
    // An image that failed, or that does not take what is declared, is recorded, so that Terraform removes it. One that may
    // still become what it should is not: it would be tainted and thrown away, while the next apply finds it by its marker.
    const isLost = isKind(error, 'job-failed') || (ready !== undefined && !isKind(error, ...PASSING));
    if (imageId !== undefined && isLost) setState({ id: imageId, region: cloud.region });
    if (isKind(error, 'cancelled')) throw interrupted(what, progress.known());
    throw error;
  }
}

function make(work: Work): Promise<Made> {
  const { file, image } = work.config.source;
  const url = work.config.source.url ?? work.config.source.url_wo;
  if (file !== null) return publishFile(work, file);
  if (url !== null && work.cloud.capabilities.createFromUrl !== true) return publishUrl(work, url);
  if (image !== null) return copyFrom(work, image);
  return createInCloud(work);
}

/** Sends a file. */
async function publishFile(work: Work, file: string): Promise<Made> {
  const { plan, provider, signal } = work;
  const { fileSha256, localFile } = await core();
  const { source } = plan;
  const made = await publish(work, localFile(file));
  if (source.unpack !== true && source.convert !== true) return made;
  return { ...made, sha256: await fileSha256(file, { ...(await provider.engine()), signal }) };
}

/** Sends what lies behind a URL, for a cloud that fetches none. */
async function publishUrl(work: Work, url: string): Promise<Made> {
  const { urlSource } = await core();
  const source = urlSource(url, { env: work.provider.environment });
  try {
    return await publish(work, source);
  } finally {
    await source.close();
  }
}

async function publish(work: Work, content: PublishSource): Promise<Made> {
  const { cloud, plan, provider, signal, log, description, onEvent } = work;
  const { publishImage } = await core();
  const engine = await provider.engine();
  await verify(work, content);
  const { source } = plan;
  const staging = await stagingFor(cloud, known(plan.staging_bucket), provider);
  const result = await publishImage(
    cloud,
    {
      path: content.path,
      // A local file may still have to be unpacked or converted.
      source: content.open === undefined ? undefined : content,
      image: description,
      diskFormat: known(plan.disk_format),
      sha256: known(source.sha256),
      unpack: source.unpack ?? false,
      convert: source.convert ?? false,
      dataDisk: source.data_disk ?? undefined,
      route: routeOf(known(plan.route)),
      bucket: known(plan.staging_bucket),
      staging,
      // Elsewhere equal names are as good as any, and create_before_destroy needs them.
      allowTakenName: cloud.family !== 'huaweicloud',
      importTimeoutMs: timeoutMs(plan.timeouts, 'create'),
      onEvent,
      signal,
    },
    engine,
  ).finally(() => staging?.store.close());
  log.info('image is ready', {
    image_id: result.image.id,
    adopted: result.adopted,
    parts: result.partsTotal,
    parts_skipped: result.partsSkipped,
    sent_bytes: result.sentBytes,
  });
  return { image: result.image, sha256: result.sha256 };
}

/** Compares the hashes that the engine does not. @throws DiagnosticError at the hash that differs */
async function verify({ config, signal }: Work, content: PublishSource): Promise<void> {
  const { contentHash } = await core();
  for (const algorithm of ['sha512', 'md5'] as const) {
    const wanted = config.source[algorithm];
    if (wanted === null) continue;
    const found = await contentHash(content, algorithm, { signal }).catch((error: unknown) => {
      throw at(path('source'), error);
    });
    if (found === wanted) continue;
    throw failure(
      'The content is not what was declared',
      `${content.path} has the ${algorithm} ${found}, but ${wanted} was asked for. Get the right content, or correct the hash. ` +
        'Nothing was sent.',
      path('source').attribute(algorithm),
    );
  }
}

/** Brings an image of another cloud, or region, over. */
async function copyFrom(work: Work, from: NonNullable<Request['config']['source']['image']>): Promise<Made> {
  const { cloud, plan, provider, signal, description, onEvent } = work;
  const { copyAcross } = await core();
  const origin = await provider.cloud({ cloud: from.cloud, region: from.region });
  const staging = await stagingFor(cloud, known(plan.staging_bucket), provider);
  const result = await copyAcross(
    origin,
    cloud,
    {
      sourceImageId: from.id,
      image: description,
      route: routeOf(known(plan.route)),
      bucket: known(plan.staging_bucket),
      staging,
      // As for a file.
      allowTakenName: cloud.family !== 'huaweicloud',
      importTimeoutMs: timeoutMs(plan.timeouts, 'create'),
      // A hash can be compared only with bytes that pass by here.
      via: plan.source.sha256 === UNKNOWN || plan.source.sha256 === null ? 'auto' : 'stream',
      onEvent,
      signal,
    },
    await provider.engine(),
  ).finally(() => staging?.store.close());
  const sha256 = result.published?.sha256 ?? null;
  const wanted = known(plan.source.sha256);
  if (wanted !== undefined && sha256 !== wanted) {
    await cloud.deleteImage(result.image.id);
    throw failure(
      'The image has another content than declared',
      `Image ${from.id} has the SHA-256 ${sha256}, but ${wanted} was asked for. The copy was removed.`,
      path('source').attribute('sha256'),
    );
  }
  return { image: result.image, sha256 };
}

/** Lets the cloud make the image of what it reaches by itself. */
async function createInCloud(work: Work): Promise<Made> {
  const { cloud, plan, config, provider, signal, log, description, onEvent } = work;
  const { createImage } = await core();
  const { sha256, sha512, md5 } = config.source;
  const checksums = { sha256, sha512, md5 };
  const { stateDir } = await provider.engine();
  const { image, adopted } = await createImage(
    cloud,
    {
      source: cloudSource(config.source, known(plan.disk_format) ?? 'raw'),
      image: description,
      checksums: Object.fromEntries(Object.entries(checksums).filter(([, value]) => value !== null)),
    },
    {
      signal,
      stateDir,
      timeoutMs: timeoutMs(plan.timeouts, 'create'),
      onJob: (job) => onEvent({ type: 'import', job }),
      onImageId: (imageId, isAdopted) => onEvent({ type: 'image-id', imageId, adopted: isAdopted }),
    },
  );
  log.info('image is ready', { image_id: image.id, adopted });
  return { image, sha256: known(plan.source.sha256) ?? null };
}

/** The source in the core's words. */
function cloudSource(source: Request['config']['source'], diskFormat: string): CloudSource {
  const url = source.url ?? source.url_wo;
  const dataDisk = source.data_disk ?? undefined;
  const vaultId = source.vault_id ?? undefined;
  if (url !== null) return { kind: 'url', url, diskFormat };
  if (source.object !== null) return { kind: 'object', ...source.object, diskFormat, dataDisk };
  if (source.volume_id !== null) return { kind: 'volume', volumeId: source.volume_id, dataDisk };
  if (source.backup_id !== null) return { kind: 'backup', backupId: source.backup_id, vaultId };
  if (source.whole_server_id !== null)
    return { kind: 'whole-server', serverId: source.whole_server_id, vaultId };
  if (source.server_id === null) throw withoutSource();
  const { server_id: serverId, disk_id: diskId, storage_set: storageSet } = source;
  return { kind: 'server', serverId, diskId: diskId ?? undefined, storageSet: storageSet ?? undefined };
}

/** Sets what the cloud takes only once the image is there. */
async function finish(
  cloud: ImageCloud,
  made: Image,
  later: ImageChanges | undefined,
  plan: Planned,
  signal: AbortSignal,
): Promise<Image> {
  const image = later === undefined ? made : await cloud.updateImage(made.id, later, { signal });
  if (plan.active !== false) return image;
  await cloud.setActive(made.id, false, { signal });
  return { ...image, status: 'deactivated' };
}

async function lastLook(cloud: ImageCloud, imageId: string): Promise<Image | undefined> {
  try {
    return await cloud.getImage(imageId, { signal: AbortSignal.timeout(LAST_LOOK_MS), fresh: true });
  } catch {
    return undefined;
  }
}

function goesOn(imageId: string, diagnostics: Diagnostics): void {
  diagnostics.warning(
    'Interrupted while the image became ready',
    `Image ${imageId} exists and is recorded. The cloud goes on by itself; the next plan shows its status.`,
  );
}

/** How messages call the source: never with a URL that may grant access. */
function nameOf(source: Request['config']['source']): string {
  const { attribute } = originOf(source);
  if (attribute === 'file') return source.file ?? '';
  if (attribute === 'object') return `${source.object?.bucket}/${source.object?.key}`;
  if (attribute === 'image') return `image ${source.image?.id}`;
  if (attribute === undefined || attribute === 'url_wo') return 'a URL';
  return attribute === 'url' ? (source.url ?? '') : `${attribute} ${source[attribute]}`;
}

function interrupted(what: string, sent: ReturnType<ReturnType<typeof publishLog>['known']>) {
  if (sent.partsTotal === undefined)
    return failure(
      `Interrupted while making an image from ${what}`,
      'What was done is kept. The next apply goes on from there, and makes no second image.',
    );
  return failure(
    `Interrupted while uploading ${what}`,
    `The upload is paused safely. ${sent.partsDone} of ${sent.partsTotal} parts are stored. ` +
      'The next apply goes on from there and sends no finished part again.',
  );
}
