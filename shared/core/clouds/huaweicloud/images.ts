// Images of the adapter: list, get, create, update, delete.
import {
  type CallOptions,
  type CreateFromObjectRequest,
  type Image,
  type ImageChanges,
  type ImageFilter,
  InvalidInputError,
  type JobRef,
  ProtocolError,
} from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import { toImage, wireStatus } from './convert.ts';
import * as api from './ims/api.ts';
import { orUndefined, type Session } from './session.ts';
import { tagProblem, writeTags } from './tags.ts';

const PAGE_SIZE = 100;

/** Lists images page by page; the service gives no link to the next page, so the last id is the marker. */
export async function* listImages(
  session: Session,
  filter: ImageFilter = {},
  options: CallOptions = {},
): AsyncGenerator<Image> {
  const projectId =
    filter.scope === 'own' || filter.scope === 'shared' ? await session.projectId(options) : undefined;
  const query = listQuery(filter, projectId);
  let marker: string | undefined;
  // Whether a page begins with its marker or after it is not documented: an image is given once in any case.
  const seen = new Set<string>();
  for (;;) {
    const page = await api.listCloudImages(
      session.ims,
      [
        ...query,
        ['limit', String(PAGE_SIZE)],
        ...(marker === undefined ? [] : [['marker', marker] as const]),
      ],
      options,
    );
    const fresh = page.filter((image) => !seen.has(image.id));
    for (const wire of fresh) {
      seen.add(wire.id);
      const image = toImage(wire);
      if (matches(image, filter, projectId)) yield image;
    }
    const last = page.at(-1)?.id;
    if (page.length < PAGE_SIZE || last === undefined) return;
    if (fresh.length === 0) {
      throw new ProtocolError({
        operation: 'list images',
        cloud: session.label,
        reason: 'the service repeats the same page',
      });
    }
    marker = last;
  }
}

/** One image; undefined when there is none. */
export async function getImage(
  session: Session,
  id: string,
  options?: CallOptions,
): Promise<Image | undefined> {
  const wire = await orUndefined(api.showImage(session.ims, id, options));
  return wire && toImage(wire);
}

/** Starts the import of a file from the object store. */
export async function createFromObject(
  session: Session,
  request: CreateFromObjectRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from ${request.bucket}/${request.key}`;
  checkName(session, operation, request.name);
  checkDescription(session, operation, request.description);
  const isIso = request.diskFormat === 'iso';
  const tags = request.tags ?? {};
  const problem =
    tagProblem(tags) ??
    (isIso && !request.osVersion ? 'an import of an ISO file needs an os_version' : undefined) ??
    (HUAWEICLOUD_CAPABILITIES.importFormats.includes(request.diskFormat)
      ? undefined
      : `files of format ${request.diskFormat} cannot be imported (only ${HUAWEICLOUD_CAPABILITIES.importFormats.join(', ')})`);
  if (problem !== undefined) {
    throw new InvalidInputError({ operation, cloud: session.label, reason: problem });
  }
  const id = await api.importFile(
    session.ims,
    {
      name: request.name,
      description: request.description || undefined,
      os_type: request.osType,
      os_version: request.osVersion,
      image_url: `${request.bucket}:${request.key}`,
      min_disk: request.minDiskGiB ?? HUAWEICLOUD_CAPABILITIES.minDiskGiB.min,
      min_ram: request.minRamMiB,
      image_tags: Object.keys(tags).length > 0 ? writeTags(tags) : undefined,
      type: isIso ? 'IsoImage' : undefined,
    },
    options,
  );
  return { id };
}

/** Changes an image; asks for it first, because a property that is there is replaced and another one added. */
export async function updateImage(
  session: Session,
  id: string,
  changes: ImageChanges,
  options?: CallOptions,
): Promise<Image> {
  const operation = `update image ${id}`;
  if (changes.name !== undefined) checkName(session, operation, changes.name);
  checkDescription(session, operation, changes.description ?? undefined);
  const present = await api.showImage(session.ims, id, options);
  const patches: api.ImagePatch[] = [];
  const change = (property: string, value: string | null | undefined) => {
    if (value === undefined) return;
    const path = `/${property.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    const exists = present[property] !== undefined && present[property] !== null;
    if (value !== null) patches.push({ op: exists ? 'replace' : 'add', path, value });
    else if (exists) patches.push({ op: 'remove', path });
  };
  change('name', changes.name);
  change('__description', changes.description);
  change('min_ram', changes.minRamMiB === undefined ? undefined : String(changes.minRamMiB));
  for (const [property, value] of Object.entries(changes.properties ?? {})) change(property, value);
  if (patches.length === 0) return toImage(present);
  return toImage(await api.patchCloudImage(session.ims, id, patches, options));
}

/** Deletes an image; one that is gone already counts as deleted. */
export async function deleteImage(session: Session, id: string, options?: CallOptions): Promise<void> {
  await orUndefined(api.deleteImage(session.ims, id, options));
}

/**
 * Refuses a name that the service would refuse.
 * @throws InvalidInputError
 */
export function checkName(session: Session, operation: string, name: string): void {
  const { pattern, rule } = HUAWEICLOUD_CAPABILITIES.imageName;
  if (pattern.test(name)) return;
  throw new InvalidInputError({
    operation,
    cloud: session.label,
    reason: `the name "${name}" is not allowed`,
    hint: `An image name has ${rule}.`,
  });
}

/**
 * Refuses a description that the service would refuse (seed 001 §9.1).
 * @throws InvalidInputError
 */
export function checkDescription(session: Session, operation: string, description: string | undefined): void {
  if (description === undefined || (description.length <= 1024 && !/[\r\n<>]/.test(description))) return;
  throw new InvalidInputError({
    operation,
    cloud: session.label,
    reason: 'the description is not allowed',
    hint: 'It may have 1024 characters, without line breaks and without < and >.',
  });
}

/** The common filters of seed 001 §5.1.1. */
function listQuery(filter: ImageFilter, projectId: string | undefined): [string, string][] {
  const query: [string, string][] = [];
  if (filter.scope === 'own' && projectId !== undefined) query.push(['owner', projectId]);
  if (filter.scope === 'shared') {
    query.push(['member_status', 'accepted'], ['visibility', 'shared'], ['__imagetype', 'shared']);
  }
  if (filter.scope === 'public') {
    query.push(['__imagetype', 'gold'], ['visibility', 'public'], ['protected', 'true']);
  }
  if (filter.name !== undefined) query.push(['name', filter.name]);
  const status = filter.status === undefined ? undefined : wireStatus(filter.status);
  if (status !== undefined) query.push(['status', status]);
  // How a tag without a value is asked for is not documented: such a filter is applied here only.
  if (filter.tag && filter.tag.value !== '') query.push(['tag', `${filter.tag.key}=${filter.tag.value}`]);
  return query;
}

/** The same filter again on what came: a service that ignores a parameter must not widen the result. */
function matches(image: Image, filter: ImageFilter, projectId: string | undefined): boolean {
  if (filter.name !== undefined && image.name !== filter.name) return false;
  if (filter.status !== undefined && image.status !== filter.status) return false;
  if (filter.tag && image.tags[filter.tag.key] !== filter.tag.value) return false;
  switch (filter.scope) {
    case 'own':
      return image.ownerId === undefined || image.ownerId === projectId;
    case 'shared':
      return image.ownerId === undefined || image.ownerId !== projectId;
    case 'public':
      return image.visibility === undefined || image.visibility === 'public';
    default:
      return true;
  }
}
