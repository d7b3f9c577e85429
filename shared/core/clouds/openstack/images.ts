// Images of the adapter: list, get, change, delete.
import {
  type CallOptions,
  type Image,
  type ImageChanges,
  type ImageDescription,
  type ImageFilter,
  ProtocolError,
} from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { HW_ARCHITECTURE, PROPERTY, toImage, wireStatus } from './convert.ts';
import * as api from './glance/api.ts';
import type { CreateRequest, PatchOperation, WireImage } from './glance/schemas.ts';
import { checkLimits } from './limits.ts';
import type { Session } from './session.ts';
import { readTags, writeTag } from './tags.ts';

const PAGE_SIZE = 100;

/** Lists images page by page, along the service's links. */
export async function* listImages(
  session: Session,
  filter: ImageFilter = {},
  options: CallOptions = {},
): AsyncGenerator<Image> {
  const needsProject = filter.scope === 'own' || filter.scope === 'shared';
  const projectId = needsProject ? await session.projectId(options) : undefined;
  let query: api.ListQuery | undefined = listQuery(filter, projectId);
  const markers = new Set<string>();
  while (query !== undefined) {
    const page = await api.listImages(session.glance, query, options);
    for (const wire of page.images) {
      const image = toImage(wire);
      if (matches(image, filter, projectId)) yield image;
    }
    query = page.next;
    const marker = query?.find(([name]) => name === 'marker')?.[1];
    if (marker !== undefined && (markers.has(marker) || page.images.length === 0)) {
      throw new ProtocolError({
        operation: 'list images',
        cloud: session.label,
        reason: 'the service repeats the same page',
      });
    }
    if (marker !== undefined) markers.add(marker);
  }
}

function listQuery(filter: ImageFilter, projectId: string | undefined): api.ListQuery {
  const query: [string, string][] = [['limit', String(PAGE_SIZE)]];
  if (filter.scope === 'own' && projectId !== undefined) query.push(['owner', projectId]);
  if (filter.scope === 'shared') query.push(['visibility', 'shared'], ['member_status', 'accepted']);
  if (filter.scope === 'public') query.push(['visibility', 'public']);
  if (filter.name !== undefined) query.push(['name', filter.name]);
  const status = filter.status === undefined ? undefined : wireStatus(filter.status);
  if (status !== undefined) query.push(['status', status]);
  if (filter.tag) query.push(['tag', writeTag(filter.tag.key, filter.tag.value)]);
  if (filter.hidden) query.push(['os_hidden', 'true']);
  return query;
}

/** The same filter again on what came: a service that ignores a parameter must not widen the result. */
function matches(image: Image, filter: ImageFilter, projectId: string | undefined): boolean {
  if (filter.name !== undefined && image.name !== filter.name) return false;
  if (filter.status !== undefined && image.status !== filter.status) return false;
  if (filter.tag && image.tags[filter.tag.key] !== filter.tag.value) return false;
  // A service before hidden images ignores the question.
  if (filter.hidden && image.properties.os_hidden !== 'true') return false;
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

/** One image; undefined when there is none. */
export async function getImage(
  session: Session,
  id: string,
  options?: CallOptions,
): Promise<Image | undefined> {
  const wire = await orUndefined(api.showImage(session.glance, id, options));
  return wire && toImage(wire);
}

/** Deletes an image; one that is gone already counts as deleted. */
export async function deleteImage(session: Session, id: string, options?: CallOptions): Promise<void> {
  await orUndefined(api.deleteImage(session.glance, id, options));
}

/**
 * The record that a description asks for.
 * @throws InvalidInputError for what the service would refuse
 */
export function recordOf(
  session: Session,
  operation: string,
  image: ImageDescription,
  diskFormat: string,
): CreateRequest {
  checkLimits(session, operation, image);
  const properties = Object.fromEntries(
    Object.entries({ ...image.properties, ...propertiesOf(image) }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return {
    ...properties,
    ...('os_hidden' in properties ? { os_hidden: properties.os_hidden === 'true' } : {}),
    name: image.name,
    disk_format: diskFormat,
    container_format: 'bare',
    ...(image.visibility === undefined ? {} : { visibility: image.visibility }),
    ...(image.protected === undefined ? {} : { protected: image.protected }),
    ...(image.minDiskGiB === undefined ? {} : { min_disk: image.minDiskGiB }),
    ...(image.minRamMiB === undefined ? {} : { min_ram: image.minRamMiB }),
    ...(image.tags === undefined
      ? {}
      : { tags: Object.entries(image.tags).map(([key, value]) => writeTag(key, value)) }),
  };
}

function propertiesOf(image: ImageDescription): Record<string, string | undefined> {
  return {
    [PROPERTY.description]: image.description || undefined,
    [PROPERTY.osType]: image.osType?.toLowerCase(),
    [PROPERTY.osDistribution]: image.osDistribution,
    [PROPERTY.osVersion]: image.osVersion,
    [PROPERTY.architecture]: image.architecture,
    [PROPERTY.bootMode]: image.bootMode,
  };
}

/** Changes an image; asks for it first, because a property that is there is replaced and another one added. */
export async function updateImage(
  session: Session,
  id: string,
  changes: ImageChanges,
  options?: CallOptions,
): Promise<Image> {
  checkLimits(session, `update image ${id}`, changes);
  const present = await api.showImage(session.glance, id, options);
  const patch = patchOf(present, changes);
  return toImage(patch.length === 0 ? present : await api.patchImage(session.glance, id, patch, options));
}

function patchOf(present: WireImage, changes: ImageChanges): PatchOperation[] {
  const patch: PatchOperation[] = [];
  const change = (property: string, value: unknown) => {
    if (value === undefined) return;
    const path = `/${property.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    const exists = present[property] !== undefined && present[property] !== null;
    if (value !== null) patch.push({ op: exists ? 'replace' : 'add', path, value });
    else if (exists) patch.push({ op: 'remove', path });
  };
  // These are always there, also where their value is null.
  const set = (property: string, value: unknown) => {
    if (value !== undefined) patch.push({ op: 'replace', path: `/${property}`, value });
  };
  set('name', changes.name);
  set('min_disk', changes.minDiskGiB);
  set('min_ram', changes.minRamMiB);
  set('protected', changes.protected);
  set('visibility', changes.visibility);
  if (changes.tags !== undefined) {
    const tags = { ...readTags(present.tags ?? []), ...changes.tags };
    const kept = Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== null);
    set(
      'tags',
      kept.map(([key, value]) => writeTag(key, value)),
    );
  }
  change(PROPERTY.description, changes.description);
  change(PROPERTY.osType, changes.osType === null ? null : changes.osType?.toLowerCase());
  change(PROPERTY.osDistribution, changes.osDistribution);
  change(PROPERTY.osVersion, changes.osVersion);
  change(PROPERTY.architecture, changes.architecture);
  if (present[HW_ARCHITECTURE] !== undefined) change(HW_ARCHITECTURE, changes.architecture);
  change(PROPERTY.bootMode, changes.bootMode);
  // The only property that is no text.
  for (const [property, value] of Object.entries(changes.properties ?? {}))
    change(property, property === 'os_hidden' && value !== null ? value === 'true' : value);
  return patch;
}
