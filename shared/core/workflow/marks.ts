// The marks of channels and of retirement on images: what they are called, reading them, and what to change to set them.
// Pure. The rules are those of channels.ts and retire.ts.
import { type Image, type ImageChanges, type ImageCloud, InvalidInputError } from '../model/index.ts';
import { requireCapability } from './preflight.ts';

/** What the key of a channel's mark begins with. */
export const CHANNEL_PREFIX = 'imagebridge_channel_';
/** What the key of the time of a promotion begins with. */
export const PROMOTED_PREFIX = 'imagebridge_promoted_';
/** Property whose value is the id of the image that the marks were written to: a copy that inherits properties has another id. */
const MARKED_PROPERTY = 'imagebridge_marked';
/** Property that says since when an image should not be used any more (ISO 8601). */
export const DEPRECATED_PROPERTY = 'imagebridge_deprecated';
/** Property that says why. */
export const DEPRECATED_REASON_PROPERTY = 'imagebridge_deprecated_reason';

const CHANNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const STATES = ['current', 'previous', 'former'] as const;
/** Says that an image is not in a channel, where its tag says that it is and cannot be changed. */
const NO_PLACE = 'none';

/** What an image is to a channel. */
export type ChannelState = (typeof STATES)[number];

/** An image's place in a channel. */
export interface ChannelMark {
  channel: string;
  state: ChannelState;
  /** When it was promoted, where that is noted. */
  promotedAt?: Date | undefined;
}

/** @throws InvalidInputError when it is no name of a channel */
export function checkChannelName(channel: string): void {
  if (CHANNEL_NAME.test(channel)) return;
  throw new InvalidInputError({
    operation: `use ${JSON.stringify(channel)} as the name of a channel`,
    reason: 'the name is not legal',
    hint: 'A name is 1 to 64 letters, digits, hyphens and underscores, e.g. debian-12-stable.',
  });
}

/** What marks are read from. */
export type MarkedImage = Pick<Image, 'id' | 'tags' | 'properties'>;

const isMarkKey = (key: string): boolean => key.startsWith(CHANNEL_PREFIX) || key.startsWith(PROMOTED_PREFIX);

/** True where the marks are those of the image that this one was copied from. */
const hasInheritedMarks = ({ id, properties }: MarkedImage): boolean =>
  properties[MARKED_PROPERTY] !== undefined && properties[MARKED_PROPERTY] !== id;

/**
 * The channels that an image is or was in. A property counts more than a tag: it can be changed in every family. What a copy
 * inherited does not count.
 */
export function channelMarks(image: MarkedImage): ChannelMark[] {
  if (hasInheritedMarks(image)) return [];
  const marks: ChannelMark[] = [];
  for (const [key, value] of Object.entries({ ...image.tags, ...image.properties })) {
    const state = STATES.find((known) => known === value);
    if (state === undefined || !key.startsWith(CHANNEL_PREFIX)) continue;
    const channel = key.slice(CHANNEL_PREFIX.length);
    const time = Date.parse(image.properties[PROMOTED_PREFIX + channel] ?? '');
    marks.push({ channel, state, ...(Number.isNaN(time) ? {} : { promotedAt: new Date(time) }) });
  }
  return marks;
}

/** An image's place in one channel; undefined when it was never in it. */
export const markIn = (image: MarkedImage, channel: string): ChannelMark | undefined =>
  channelMarks(image).find((mark) => mark.channel === channel);

/** Since when an image is deprecated; undefined when it is not. */
export function deprecatedAt(image: Pick<Image, 'properties'>): Date | undefined {
  const time = Date.parse(image.properties[DEPRECATED_PROPERTY] ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}

/**
 * What to change so that the image has this place in the channel.
 * @param state absent: none
 * @param promotedAt absent: the noted time stays, as long as the image has a place
 */
export function markChanges(
  cloud: ImageCloud,
  image: MarkedImage,
  channel: string,
  state: ChannelState | undefined,
  promotedAt?: Date,
): ImageChanges {
  const { updateTags, customProperties } = cloud.capabilities;
  const mark = CHANNEL_PREFIX + channel;
  const time = PROMOTED_PREFIX + channel;
  const tags: Record<string, string | null> = {};
  const properties: Record<string, string | null> = {};
  if (customProperties === true && state !== undefined && image.properties[MARKED_PROPERTY] !== image.id) {
    properties[MARKED_PROPERTY] = image.id;
    if (hasInheritedMarks(image)) {
      for (const key of Object.keys(image.properties).filter(isMarkKey)) properties[key] = null;
      for (const key of Object.keys(image.tags).filter(isMarkKey)) {
        if (updateTags === true) tags[key] = null;
        else properties[key] = NO_PLACE;
      }
    }
  }
  if (state === undefined && channelMarks(image).every((other) => other.channel === channel))
    if (image.properties[MARKED_PROPERTY] !== undefined) properties[MARKED_PROPERTY] = null;
  if (updateTags === true) {
    tags[mark] = state ?? null;
    // The mark of an image that was copied from another family.
    if (image.properties[mark] !== undefined) properties[mark] = null;
  } else properties[mark] = state ?? (image.tags[mark] === undefined ? null : NO_PLACE);
  if (promotedAt !== undefined && customProperties === true) properties[time] = promotedAt.toISOString();
  if (state === undefined && image.properties[time] !== undefined) properties[time] = null;
  return {
    ...(updateTags === true ? { tags } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}

/** @throws UnsupportedError where neither tags nor properties can be changed, so that no mark can be kept */
export function requireMarks(cloud: ImageCloud, operation: string): void {
  const { updateTags, customProperties } = cloud.capabilities;
  if (updateTags !== true) requireCapability(cloud, customProperties, operation);
}
