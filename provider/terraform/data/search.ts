// Looking for images: which of a cloud's images match, and what is told of one. Reads through the port only.
import type { Image, ImageCloud, ImageFilter } from '@imagebridge/core';
import { core } from '../core.ts';
import { withoutOwnTags } from '../tags.ts';
import type { EqualFilter } from './attributes.ts';

/** What images are looked for by; null demands nothing. */
export interface Search extends Readonly<Record<EqualFilter, string | null>> {
  readonly name_prefix: string | null;
  readonly name_regex: string | null;
  readonly scope: string | null;
  readonly with_tags: Readonly<Record<string, string>> | null;
  readonly with_properties: Readonly<Record<string, string>> | null;
  /** Images that are or were in it. */
  readonly channel: string | null;
  readonly hidden: boolean | null;
  readonly retired: boolean | null;
}

/**
 * All images that match, in the service's order.
 * @throws errors of the port; InvalidInputError for an illegal name of a channel
 */
export async function findImages(cloud: ImageCloud, search: Search, signal: AbortSignal): Promise<Image[]> {
  const matches = await matcher(cloud, search, signal);
  const found: Image[] = [];
  for await (const image of cloud.listImages(filterOf(search), { signal }))
    if (matches(image)) found.push(image);
  return found;
}

/** What the service itself can filter by. It is asked for, and checked again by `matcher`. */
function filterOf({ name, scope, with_tags, hidden }: Search): ImageFilter {
  const [tag] = Object.entries(with_tags ?? {});
  return {
    ...(name === null ? {} : { name }),
    ...(scope === 'own' || scope === 'shared' || scope === 'public' ? { scope } : {}),
    ...(tag === undefined ? {} : { tag: { key: tag[0], value: tag[1] } }),
    ...(hidden === true ? { hidden } : {}),
  };
}

/** What tells whether an image matches all that is looked for by, but the scope, which only the service knows. */
export async function matcher(
  cloud: ImageCloud,
  search: Search,
  signal: AbortSignal,
): Promise<(image: Image) => boolean> {
  const { checkChannelName, deprecatedAt, markIn } = await core();
  const { channel, name_prefix: prefix, retired } = search;
  if (channel !== null) checkChannelName(channel);
  const pattern = search.name_regex === null ? undefined : new RegExp(search.name_regex, 'u');
  const hasContent = search.sha256 === null ? undefined : await contentMatcher(cloud, search.sha256, signal);
  const has = (wanted: Readonly<Record<string, string>> | null, present: Readonly<Record<string, string>>) =>
    Object.entries(wanted ?? {}).every(
      ([key, value]) => Object.hasOwn(present, key) && present[key] === value,
    );
  const equal = (wanted: string | null, present: string | undefined) => wanted === null || wanted === present;
  return (image) =>
    image.status !== 'deleted' &&
    equal(search.name, image.name) &&
    equal(search.status, image.status) &&
    equal(search.visibility, image.visibility) &&
    equal(search.owner_id, image.ownerId) &&
    equal(search.os_type, image.osType) &&
    equal(search.os_distribution, image.osDistribution) &&
    equal(search.os_version, image.osVersion) &&
    equal(search.architecture, image.architecture) &&
    equal(search.disk_format, image.diskFormat) &&
    (prefix === null || image.name.startsWith(prefix)) &&
    (pattern === undefined || pattern.test(image.name)) &&
    has(search.with_tags, image.tags) &&
    has(search.with_properties, image.properties) &&
    (channel === null || markIn(image, channel) !== undefined) &&
    (retired === null || (deprecatedAt(image) !== undefined) === retired) &&
    (hasContent === undefined || hasContent(image));
}

/**
 * What tells whether an image was made from a content: it says so, the service vouches for it, or it has the marker that
 * only this content gives, with its name.
 */
async function contentMatcher(cloud: ImageCloud, sha256: string, signal: AbortSignal) {
  const { MARKER_TAG, markerOf, SHA256_PROPERTY } = await core();
  const projectId = await cloud.projectId({ signal });
  return (image: Image): boolean => {
    const told = image.properties[SHA256_PROPERTY] ?? image.checksums?.sha256;
    if (told !== undefined) return told === sha256;
    const marker = image.tags[MARKER_TAG];
    if (marker === undefined) return false;
    return marker === markerOf({ region: cloud.region, projectId, name: image.name, content: sha256 });
  };
}

/** What is told of an image, in all data sources. */
export async function imageState(image: Image) {
  const { channelMarks, deprecatedAt, SHA256_PROPERTY } = await core();
  return {
    id: image.id,
    name: image.name,
    status: image.status,
    visibility: image.visibility ?? null,
    owner_id: image.ownerId ?? null,
    os_type: image.osType ?? null,
    os_distribution: image.osDistribution ?? null,
    os_version: image.osVersion ?? null,
    architecture: image.architecture ?? null,
    disk_format: image.diskFormat ?? null,
    sha256: image.properties[SHA256_PROPERTY] ?? image.checksums?.sha256 ?? null,
    description: image.description ?? null,
    size_bytes: image.sizeBytes ?? null,
    min_disk_gib: image.minDiskGiB ?? null,
    min_ram_mib: image.minRamMiB ?? null,
    boot_mode: image.bootMode ?? null,
    protected: image.protected ?? null,
    source_image_id: image.sourceImageId ?? null,
    checksums: image.checksums ?? {},
    created_at: image.createdAt?.toISOString() ?? null,
    updated_at: image.updatedAt?.toISOString() ?? null,
    retired_at: deprecatedAt(image)?.toISOString() ?? null,
    channels: Object.fromEntries(channelMarks(image).map(({ channel, state }) => [channel, state])),
    tags: withoutOwnTags(image.tags),
    // What ImageBridge notes for itself is told by other attributes.
    properties: withoutOwnTags(image.properties),
  };
}

/** The newest first; what tells no age comes last. */
export const newestFirst = (images: readonly Image[]): Image[] =>
  [...images].sort((x, y) => (y.createdAt?.getTime() ?? 0) - (x.createdAt?.getTime() ?? 0));
