// Channels: names such as `stable` that point to one image each, and that move from image to image. Imports the model only.
//
// The rules:
// 1. A channel belongs to one project in one region; its name says what it is of (`debian-12-stable`). An image can be
//    in several channels.
// 2. A channel is kept as a mark on its images, and nowhere else: the key `imagebridge_channel_NAME` with the value
//    `current`, `previous` (the one before, to roll back to) or `former` (in it once; what `prune` may clear away).
// 3. The mark is a tag where the family can change tags afterwards (openstack), so that other tools find it by a filter;
//    else a custom property (huaweicloud). Where neither can be changed (ucloudstack), promoting is refused; marks that
//    an image was made with are read all the same.
// 4. The property `imagebridge_promoted_NAME` says when. Promoting marks the new image before it unmarks the earlier
//    one, so that the channel is never empty; where an interruption leaves two, the last promoted one is current, and
//    promoting again repairs it.
// 5. Retiring sets the property `imagebridge_deprecated` to the time, and never deletes.
import {
  type CallOptions,
  type Clock,
  ConflictError,
  type Image,
  type ImageChanges,
  type ImageCloud,
  InvalidInputError,
  NotFoundError,
  systemClock,
} from '../model/index.ts';
import { requireCapability } from './preflight.ts';
import { cloudLabel } from './wait-for-job.ts';

/** What the key of a channel's mark begins with. */
export const CHANNEL_PREFIX = 'imagebridge_channel_';
/** What the key of the time of a promotion begins with. */
export const PROMOTED_PREFIX = 'imagebridge_promoted_';
/** Property that says since when an image should not be used any more (ISO 8601). */
export const DEPRECATED_PROPERTY = 'imagebridge_deprecated';
/** Property that says why. */
export const DEPRECATED_REASON_PROPERTY = 'imagebridge_deprecated_reason';

const CHANNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const STATES = ['current', 'previous', 'former'] as const;

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

/** The channels that an image is or was in. */
export function channelMarks(image: Pick<Image, 'tags' | 'properties'>): ChannelMark[] {
  const marks: ChannelMark[] = [];
  for (const [key, value] of Object.entries({ ...image.properties, ...image.tags })) {
    const state = STATES.find((known) => known === value);
    if (state === undefined || !key.startsWith(CHANNEL_PREFIX)) continue;
    const channel = key.slice(CHANNEL_PREFIX.length);
    const time = Date.parse(image.properties[PROMOTED_PREFIX + channel] ?? '');
    marks.push({ channel, state, ...(Number.isNaN(time) ? {} : { promotedAt: new Date(time) }) });
  }
  return marks;
}

/** An image's place in one channel; undefined when it was never in it. */
export const markIn = (image: Pick<Image, 'tags' | 'properties'>, channel: string): ChannelMark | undefined =>
  channelMarks(image).find((mark) => mark.channel === channel);

/** Since when an image is deprecated; undefined when it is not. */
export function deprecatedAt(image: Pick<Image, 'properties'>): Date | undefined {
  const time = Date.parse(image.properties[DEPRECATED_PROPERTY] ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** The images of a channel that are in one state, the last promoted first. */
function inState(images: readonly Image[], channel: string, state: ChannelState): Image[] {
  const promotedMs = (image: Image) => markIn(image, channel)?.promotedAt?.getTime() ?? 0;
  return images
    .filter((image) => image.status !== 'deleted' && markIn(image, channel)?.state === state)
    .sort((a, b) => promotedMs(b) - promotedMs(a));
}

/** One change of a promotion. */
export interface ChannelStep {
  image: Image;
  from?: ChannelState | undefined;
  to: ChannelState;
}

/**
 * What promoting an image changes, in the order it must be done. Empty when it is the channel's current image already,
 * and the only one.
 * @param images all images that have a mark of the channel
 */
export function planPromotion(images: readonly Image[], image: Image, channel: string): ChannelStep[] {
  const others = (state: ChannelState) =>
    inState(images, channel, state).filter((other) => other.id !== image.id);
  const [earlier, ...strays] = others('current');
  const steps: ChannelStep[] = [];
  const own = markIn(image, channel)?.state;
  if (own !== 'current') steps.push({ image, from: own, to: 'current' });
  if (earlier) steps.push({ image: earlier, from: 'current', to: 'previous' });
  for (const stray of strays) steps.push({ image: stray, from: 'current', to: 'former' });
  // The previous one stays when nothing takes its place.
  const outdated = earlier ? others('previous') : others('previous').slice(1);
  for (const other of outdated) steps.push({ image: other, from: 'previous', to: 'former' });
  return steps;
}

/** What promoting did. */
export interface Promotion {
  channel: string;
  image: Image;
  /** The image to roll back to, where there is one. */
  previous?: Image | undefined;
  /** What was changed; empty when nothing had to be. */
  steps: ChannelStep[];
}

/** How to promote. */
export interface PromoteOptions extends CallOptions {
  clock?: Clock | undefined;
  /** True: plan only. */
  dryRun?: boolean | undefined;
}

/**
 * Makes an image the current one of a channel; the one that was becomes `previous`. Doing it again changes nothing, and
 * repairs what an interrupted run left.
 * @throws ConflictError when the image is not usable or deprecated; UnsupportedError where no mark can be kept; others
 *   of the port
 */
export async function promoteImage(
  cloud: ImageCloud,
  image: Image,
  channel: string,
  options: PromoteOptions = {},
): Promise<Promotion> {
  checkChannelName(channel);
  const operation = `promote image ${image.id} to channel ${channel}`;
  requireMarks(cloud, operation);
  const about = { operation, cloud: cloudLabel(cloud), object: image.id };
  if (image.status !== 'active')
    throw new ConflictError({
      ...about,
      reason: `its status is ${image.rawStatus}`,
      hint: 'Promote an image that is active.',
    });
  if (deprecatedAt(image))
    throw new ConflictError({
      ...about,
      reason: 'it is retired',
      hint: 'Bring it back first: imagebridge retire --undo.',
    });
  const call = { signal: options.signal };
  const members = await imagesOfChannel(cloud, channel, call);
  const steps = planPromotion(members, image, channel);
  const result = { channel, image, previous: previousAfter(members, steps, image, channel), steps };
  if (options.dryRun) return result;
  const now = new Date((options.clock ?? systemClock).now());
  for (const step of steps) {
    const promoted = step.to === 'current' ? now : undefined;
    const changed = await cloud.updateImage(
      step.image.id,
      markChanges(cloud, channel, step.to, promoted),
      call,
    );
    if (step.image.id === image.id) result.image = changed;
  }
  return result;
}

function previousAfter(
  members: readonly Image[],
  steps: readonly ChannelStep[],
  image: Image,
  channel: string,
): Image | undefined {
  const demoted = steps.find((step) => step.to === 'previous')?.image;
  return demoted ?? inState(members, channel, 'previous').find((other) => other.id !== image.id);
}

/** What to change so that the image has this place in the channel; no time given leaves the noted one. */
function markChanges(
  cloud: ImageCloud,
  channel: string,
  state: ChannelState,
  promotedAt: Date | undefined,
): ImageChanges {
  const can = cloud.capabilities;
  const mark = { [CHANNEL_PREFIX + channel]: state };
  const time = promotedAt ? { [PROMOTED_PREFIX + channel]: promotedAt.toISOString() } : {};
  if (can.updateTags !== true) return { properties: { ...mark, ...time } };
  return can.customProperties === true ? { tags: mark, properties: time } : { tags: mark };
}

function requireMarks(cloud: ImageCloud, operation: string): void {
  const { updateTags, customProperties } = cloud.capabilities;
  if (updateTags !== true) requireCapability(cloud, customProperties, operation);
}

/** The project's own images that are or were in a channel. */
async function imagesOfChannel(cloud: ImageCloud, channel: string, call: CallOptions): Promise<Image[]> {
  const found: Image[] = [];
  for await (const image of cloud.listImages({ scope: 'own' }, call))
    if (markIn(image, channel)) found.push(image);
  return found;
}

/** How to retire. */
export interface RetireOptions extends CallOptions {
  clock?: Clock | undefined;
  /** Why, for those who use the image. */
  reason?: string | undefined;
  /** Take it out of use as well: no server starts from it any more (capability `deactivate`). */
  deactivate?: boolean | undefined;
  /** Hide it from listings as well; it stays usable (openstack). */
  hide?: boolean | undefined;
  /** Retire it although it is the current image of a channel, which is then empty. */
  force?: boolean | undefined;
}

/**
 * Marks an image as deprecated. It stays where it is and, unless `deactivate` is asked for, usable. Doing it again
 * changes nothing.
 * @throws ConflictError when it is the current image of a channel; UnsupportedError where no mark can be kept, or what
 *   is asked for is not offered; others of the port
 */
export async function retireImage(
  cloud: ImageCloud,
  image: Image,
  options: RetireOptions = {},
): Promise<{ image: Image; changed: boolean }> {
  const operation = `retire image ${image.id}`;
  requireRetiring(cloud, operation, options);
  const marks = channelMarks(image);
  const current = marks.filter((mark) => mark.state === 'current').map((mark) => mark.channel);
  if (current.length > 0 && !options.force)
    throw new ConflictError({
      operation,
      cloud: cloudLabel(cloud),
      object: image.id,
      reason: `it is the current image of channel ${current.join(', ')}`,
      hint: 'Promote another image first, or force it: the channel is then empty.',
    });
  const call = { signal: options.signal };
  const properties: Record<string, string> = {};
  if (!deprecatedAt(image))
    properties[DEPRECATED_PROPERTY] = new Date((options.clock ?? systemClock).now()).toISOString();
  if (options.reason !== undefined) properties[DEPRECATED_REASON_PROPERTY] = options.reason;
  if (options.hide) properties.os_hidden = 'true';
  // What is retired is nothing to roll back to.
  const left = marks.filter((mark) => mark.state !== 'former');
  const changes = left.map(({ channel }) => markChanges(cloud, channel, 'former', undefined));
  return applyChanges(
    cloud,
    image,
    [{ properties }, ...changes],
    options.deactivate ? false : undefined,
    call,
  );
}

/**
 * Takes a retirement back: the image is not deprecated, not hidden and not deactivated any more.
 * @throws UnsupportedError where no mark can be kept; others of the port
 */
export async function unretireImage(
  cloud: ImageCloud,
  image: Image,
  options: CallOptions = {},
): Promise<{ image: Image; changed: boolean }> {
  requireRetiring(cloud, `bring image ${image.id} back`, {});
  const properties: Record<string, string | null> = {};
  for (const key of [DEPRECATED_PROPERTY, DEPRECATED_REASON_PROPERTY])
    if (image.properties[key] !== undefined) properties[key] = null;
  if (image.properties.os_hidden === 'true') properties.os_hidden = 'false';
  const reactivate = image.status === 'deactivated' && deprecatedAt(image) !== undefined;
  return applyChanges(cloud, image, [{ properties }], reactivate ? true : undefined, {
    signal: options.signal,
  });
}

function requireRetiring(
  cloud: ImageCloud,
  operation: string,
  { hide, deactivate }: Pick<RetireOptions, 'hide' | 'deactivate'>,
): void {
  requireCapability(cloud, cloud.capabilities.customProperties, operation);
  if (deactivate)
    requireCapability(cloud, cloud.capabilities.deactivate, `${operation} and take it out of use`);
  if (hide && cloud.family !== 'openstack')
    requireCapability(
      cloud,
      'Retire it without hiding: it is marked as deprecated.',
      `${operation} and hide it`,
    );
}

/** Makes the changes that differ from what the image is, in one call, and switches it where that is asked for. */
async function applyChanges(
  cloud: ImageCloud,
  image: Image,
  changes: readonly ImageChanges[],
  active: boolean | undefined,
  call: CallOptions,
): Promise<{ image: Image; changed: boolean }> {
  const tags: Record<string, string | null> = {};
  const properties: Record<string, string | null> = {};
  for (const change of changes) {
    Object.assign(tags, differing(change.tags, image.tags));
    Object.assign(properties, differing(change.properties, image.properties));
  }
  let result = image;
  const describes = Object.keys(tags).length > 0 || Object.keys(properties).length > 0;
  // A family that cannot change tags must not be asked to change none.
  const wanted = Object.keys(tags).length > 0 ? { tags, properties } : { properties };
  if (describes) result = await cloud.updateImage(image.id, wanted, call);
  const switches = active !== undefined && active === (image.status === 'deactivated');
  if (switches) {
    await cloud.setActive(image.id, active, call);
    result = (await cloud.getImage(image.id, call)) ?? result;
  }
  return { image: result, changed: describes || switches };
}

const differing = (wanted: Record<string, string | null> = {}, present: Record<string, string>) =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => (present[key] ?? null) !== value));

/**
 * Finds the image that a text names: an id; `channel:NAME` or `channel:NAME/previous`; `name:NAME`, which must be the
 * name of exactly one image. Own images come before those that are shared with the project.
 * @throws NotFoundError; ConflictError when several images have the name; InvalidInputError
 */
export async function findImage(cloud: ImageCloud, text: string, options: CallOptions = {}): Promise<Image> {
  const [, kind, rest = ''] = /^(channel|name):(.*)$/s.exec(text) ?? [];
  const about = { operation: `find image ${text}`, cloud: cloudLabel(cloud), object: text };
  if (kind === undefined) {
    const image = await cloud.getImage(text, options);
    if (image) return image;
    throw new NotFoundError({
      ...about,
      reason: 'there is no such image in this project',
      hint: 'Check the id, the region and the project; name:NAME and channel:NAME find images too.',
    });
  }
  const [, channel = '', wanted = 'current'] = /^(.*?)(?:\/(current|previous))?$/s.exec(rest) ?? [];
  if (kind === 'channel') checkChannelName(channel);
  for (const scope of ['own', 'shared'] as const) {
    const filter = kind === 'name' ? { scope, name: rest } : { scope };
    const found: Image[] = [];
    for await (const image of cloud.listImages(filter, options)) {
      if (kind === 'name' ? image.name === rest : markIn(image, channel)) found.push(image);
    }
    const matching =
      kind === 'name' ? found : inState(found, channel, wanted === 'previous' ? 'previous' : 'current');
    if (kind === 'name' && matching.length > 1)
      throw new ConflictError({
        ...about,
        reason: `${matching.length} images have that name: ${matching.map((image) => image.id).join(', ')}`,
        hint: 'Give one of the ids.',
      });
    if (matching[0]) return matching[0];
  }
  throw new NotFoundError({
    ...about,
    reason:
      kind === 'name'
        ? 'no image of this project has that name'
        : `channel ${channel} has no ${wanted} image`,
    hint:
      kind === 'name'
        ? 'imagebridge image list shows the names.'
        : `Put one into it: imagebridge promote IMAGE --channel ${channel}.`,
  });
}
