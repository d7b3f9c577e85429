// Images of the adapter: list, get, import, make, change, delete, download.
import {
  type CallOptions,
  type CopyRequest,
  type CreateFromServerRequest,
  type CreateFromUrlRequest,
  type DownloadUrl,
  type Image,
  ImageBridgeError,
  type ImageChanges,
  type ImageDescription,
  type ImageDownload,
  type ImageFilter,
  InvalidInputError,
  type JobRef,
  NotFoundError,
  ProtocolError,
  Secret,
} from '../../model/index.ts';
import { toServiceError } from '../service-error.ts';
import * as api from './api.ts';
import { timeOf, toImage } from './convert.ts';
import type { ActionRequest } from './schemas.ts';
import type { Session } from './session.ts';
import { tagProblem, writeTags } from './tags.ts';

const PAGE_SIZE = 100;
const GIB = 1024 ** 3;

/** A job of this family is the image that it makes. */
export const jobOf = (imageId: string): JobRef => ({ id: `image:${imageId}` });

/** Lists images page by page. */
export async function* listImages(
  session: Session,
  filter: ImageFilter = {},
  options: CallOptions = {},
): AsyncGenerator<Image> {
  // Nothing is shared between tenants but base images, and none is hidden.
  if (filter.scope === 'shared' || filter.hidden) return;
  const type = filter.scope === 'own' ? 'Custom' : filter.scope === 'public' ? 'Base' : undefined;
  const seen = new Set<string>();
  for (let start = 0; ; start += PAGE_SIZE) {
    const request: ActionRequest<'DescribeImage'> = {
      Limit: PAGE_SIZE,
      Offset: start,
      ...(type === undefined ? {} : { ImageType: type }),
      ...(filter.name === undefined ? {} : { Keyword: filter.name }),
    };
    const { Infos, TotalCount } = await api.describeImage(session, request, options);
    const page = Infos ?? [];
    const fresh = page.filter(({ ImageID }) => !seen.has(ImageID));
    for (const wire of fresh) {
      seen.add(wire.ImageID);
      const image = toImage(wire);
      if (matches(image, filter)) yield image;
    }
    if (page.length === 0 || start + page.length >= (TotalCount ?? 0)) return;
    if (fresh.length === 0) {
      throw new ProtocolError({
        operation: 'list images',
        cloud: session.label,
        reason: 'the service repeats the same page',
      });
    }
  }
}

function matches(image: Image, filter: ImageFilter): boolean {
  if (filter.name !== undefined && image.name !== filter.name) return false;
  if (filter.status !== undefined && image.status !== filter.status) return false;
  if (filter.tag && image.tags[filter.tag.key] !== filter.tag.value) return false;
  if (filter.scope === 'own') return image.visibility !== 'public';
  return filter.scope !== 'public' || image.visibility === 'public';
}

/** One image; undefined when there is none. For base images, who may use it is read too. */
export async function getImage(
  session: Session,
  id: string,
  options?: CallOptions,
): Promise<Image | undefined> {
  try {
    const { Infos } = await api.describeImage(session, { ImageIDs: [id], Limit: 10, Offset: 0 }, options);
    const wire = (Infos ?? []).find((info) => info.ImageID === id);
    if (wire === undefined) return undefined;
    const image = toImage(wire);
    if (image.status === 'deleted') return undefined;
    if (wire.ImageType !== 'Base') return image;
    const base = await api.describeBaseImage(session, { ImageIDs: [id] }, options);
    const found = (base.Infos ?? []).find((info) => info.ImageID === id);
    return toImage(wire, found?.Permission ?? undefined);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

async function requireImage(
  session: Session,
  id: string,
  operation: string,
  options?: CallOptions,
): Promise<Image> {
  const image = await getImage(session, id, options);
  if (image !== undefined) return image;
  throw new NotFoundError({
    operation,
    cloud: session.label,
    object: id,
    reason: 'there is no such image',
    hint: 'Check the id, the region and the tenant.',
  });
}

/** What all ways of importing have in common. @throws InvalidInputError for what the service would refuse */
export function importRequest(
  session: Session,
  image: ImageDescription & { diskFormat: string; sizeBytes?: number | undefined },
): Omit<ActionRequest<'ImportImage'>, 'ImportType'> {
  const operation = `import image ${image.name}`;
  const fail = (reason: string, hint?: string) =>
    new InvalidInputError({ operation, cloud: session.label, reason, hint });
  const { osType, osDistribution, osVersion, architecture } = image;
  const missing = Object.entries({ osType, osDistribution, osVersion, architecture }).find(
    ([, value]) => !value,
  );
  if (missing !== undefined) {
    throw fail(
      `${missing[0]} is missing`,
      'Give the four facts of the system as the catalogue of operating systems spells them.',
    );
  }
  return {
    ImageName: image.name,
    ImageFormat: image.diskFormat,
    ImageDescription: image.description || undefined,
    OSType: osType ?? '',
    OSDistribution: osDistribution ?? '',
    OSVersion: osVersion ?? '',
    SetArch: architecture ?? '',
    BootloaderType: image.bootMode,
    ImageSize: image.sizeBytes === undefined ? undefined : Math.max(1, Math.ceil(image.sizeBytes / GIB)),
    TagKeyValuePairs: tagsOf(session, operation, image),
    ...booleans(image.properties),
  };
}

/** The service wants a tag: without one of the user's, the name of the image is it. */
function tagsOf(session: Session, operation: string, image: ImageDescription): string[] {
  const tags = image.tags && Object.keys(image.tags).length > 0 ? image.tags : { name: image.name };
  const problem = tagProblem(tags);
  if (problem !== undefined)
    throw new InvalidInputError({ operation, cloud: session.label, reason: problem });
  return writeTags(tags);
}

function booleans(properties: Readonly<Record<string, string>> | undefined) {
  const read = (name: 'SupportQGA' | 'SupportCloudInit') => {
    const value = properties?.[name]?.toLowerCase();
    return value === 'true' || value === 'false' ? { [name]: value === 'true' } : {};
  };
  return { ...read('SupportQGA'), ...read('SupportCloudInit') };
}

/** Lets the service fetch the file. */
export async function createFromUrl(
  session: Session,
  request: CreateFromUrlRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const body = { ...importRequest(session, request), ImportType: 'Remote', LoadURL: request.url } as const;
  return started(session, request.name, async () => (await api.importImage(session, body, options)).ImageID);
}

/** Makes an image from a server's disk. */
export async function createFromServer(
  session: Session,
  request: CreateFromServerRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from server ${request.serverId}`;
  const body: ActionRequest<'CreateCustomImage'> = {
    ImageName: request.name,
    ImageDescription: request.description || undefined,
    VMID: request.serverId,
    DiskID: request.diskId,
    StorageSetType: request.storageSet,
    TagKeyValuePairs: tagsOf(session, operation, request),
  };
  return started(
    session,
    request.name,
    async () => (await api.createCustomImage(session, body, options)).ImageID,
  );
}

/** Copies a custom image to a base image. */
export async function copyToBaseImage(
  session: Session,
  request: CopyRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const body = { SourceImageID: request.sourceImageId, DestImageName: request.name };
  return started(
    session,
    request.name,
    async () => (await api.cloneCustomImageToBaseImage(session, body, options)).DestImageID,
  );
}

/**
 * Starts the making of an image. These actions know no repetition: when the answer is lost, the image is looked for by
 * its name and the time, and nothing is sent again.
 */
async function started(session: Session, name: string, start: () => Promise<string>): Promise<JobRef> {
  const beganAtMs = session.clock.now();
  try {
    return jobOf(await start());
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || !['unavailable', 'protocol'].includes(error.kind))
      throw error;
    if (error.details.code !== undefined) throw error;
    const found = await newest(session, name, beganAtMs).catch(() => undefined);
    if (found === undefined) throw error;
    return jobOf(found.id);
  }
}

async function newest(session: Session, name: string, sinceMs: number): Promise<Image | undefined> {
  // The service counts seconds, by its own clock.
  const toleranceMs = 60_000;
  for await (const image of listImages(session, { name })) {
    if (image.status !== 'failed' && (image.createdAt?.getTime() ?? 0) >= sinceMs - toleranceMs) return image;
  }
  return undefined;
}

/** Changes what the cloud knows of the system; what is not given stays, so the image is read first. */
export async function updateImage(
  session: Session,
  id: string,
  changes: ImageChanges,
  options?: CallOptions,
): Promise<Image> {
  const operation = `update image ${id}`;
  const image = await requireImage(session, id, operation, options);
  const osVersion = changes.osVersion ?? image.osVersion;
  const request = {
    ImageID: id,
    OSType: changes.osType ?? image.osType ?? '',
    SetArch: changes.architecture ?? image.architecture ?? '',
    OSDistribution: changes.osDistribution ?? image.osDistribution ?? '',
    OSVersion: osVersion ?? '',
    BootloaderType: changes.bootMode ?? bootMode(image.bootMode),
    ...booleans({ ...image.properties, ...textsOf(changes.properties) }),
  };
  const missing = Object.entries(request).find(([, value]) => value === '');
  if (missing !== undefined) {
    throw new InvalidInputError({
      operation,
      cloud: session.label,
      object: id,
      reason: `the service wants ${missing[0]} again, and the image does not tell it`,
      hint: 'Give type, distribution, version and architecture of the system.',
    });
  }
  await api.updateImage(session, request, options);
  return requireImage(session, id, operation, options);
}

const bootMode = (text: string | undefined) => (text === 'bios' || text === 'uefi' ? text : undefined);

const textsOf = (properties: Readonly<Record<string, string | null>> | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  );

/** Deletes an image; one that is gone already counts as deleted. */
export async function deleteImage(session: Session, id: string, options?: CallOptions): Promise<void> {
  const image = await getImage(session, id, options);
  if (image === undefined) return;
  const request = { ImageID: id };
  try {
    // What is being made or sent cannot be deleted before that has ended.
    if (/uploading/i.test(image.rawStatus)) await api.abortImageMultipartUpload(session, request, options);
    else if (/making/i.test(image.rawStatus)) await api.abortCustomImage(session, request, options);
    if (/uploading|making/i.test(image.rawStatus) && (await getImage(session, id, options)) === undefined)
      return;
    if (image.properties.ImageType === 'Base') await api.deleteBaseImage(session, request, options);
    else await api.deleteCustomImage(session, request, options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** A URL that anybody can download the image from for a day. */
export async function getDownloadUrl(
  session: Session,
  id: string,
  options?: CallOptions,
): Promise<DownloadUrl> {
  const { Info } = await api.getImageDownloadUrl(session, { ImageID: id }, options);
  // The query is encoded already: it is appended as it came.
  return {
    url: new Secret(`${downloadBase(session)}?${Info.DownloadQuery.replace(/^\?/, '')}`),
    expiresAt: timeOf(Info.ExpiredTime),
  };
}

function downloadBase(session: Session): string {
  const { profile, region } = session;
  const given = profile.regions[region]?.downloadUrl ?? profile.downloadUrl;
  const text = given?.replaceAll('{region}', region) ?? new URL('/s3/download', profile.endpoint).href;
  return text.replace(/\?+$/, '');
}

/** The bytes of an image from a position on. */
export async function downloadImage(
  session: Session,
  id: string,
  startByte = 0,
  options: CallOptions = {},
): Promise<ImageDownload> {
  const operation = `download image ${id}`;
  const { url } = await getDownloadUrl(session, id, options);
  const context = {
    operation,
    cloud: session.label,
    object: id,
    endpointHint: 'Check download_url of the profile.',
  };
  const stream = await session.http.open({
    method: 'GET',
    url: new URL(url.reveal()),
    secretQuery: true,
    headers: startByte > 0 ? { range: `bytes=${startByte}-` } : {},
    context,
    signal: options.signal,
  });
  if (!stream.ok) throw toServiceError(stream.reply, context, () => undefined);
  const { status, headers } = stream.head;
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  if (startByte > 0 && (status !== 206 || Number(first) !== startByte)) {
    for await (const _ of stream.body) break;
    throw new ProtocolError({
      ...context,
      reason: 'the service does not give a part of an image',
      hint: 'Download it from the start.',
    });
  }
  const sizeBytes = Number(total ?? headers['content-length']);
  if (!Number.isSafeInteger(sizeBytes))
    throw new ProtocolError({ ...context, reason: 'the answer does not tell the size' });
  return { sizeBytes, startByte, body: stream.body, checksums: {} };
}
