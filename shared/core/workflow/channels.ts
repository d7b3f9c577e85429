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
//    promoting again repairs it. Clearing a channel takes the current image's mark last.
import {
  type CallOptions,
  type Clock,
  ConflictError,
  type Image,
  type ImageCloud,
  NotFoundError,
  systemClock,
} from '../model/index.ts';
import {
  type ChannelState,
  checkChannelName,
  deprecatedAt,
  markChanges,
  markIn,
  requireMarks,
} from './marks.ts';
import { cloudLabel } from './wait-for-job.ts';

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
 * Tells whether an image may be promoted, as far as the image itself tells.
 * @throws ConflictError when it is not usable or retired; UnsupportedError where no mark can be kept; InvalidInputError
 *   for an illegal name of a channel
 */
export function checkPromotion(cloud: ImageCloud, image: Image, channel: string): void {
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
}

/**
 * Makes an image the current one of a channel; the one that was becomes `previous`. Doing it again changes nothing, and
 * repairs what an interrupted run left.
 * @throws as {@link checkPromotion}; others of the port
 */
export async function promoteImage(
  cloud: ImageCloud,
  image: Image,
  channel: string,
  options: PromoteOptions = {},
): Promise<Promotion> {
  checkPromotion(cloud, image, channel);
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
      markChanges(cloud, step.image, channel, step.to, promoted),
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

/** The project's own images that are or were in a channel. */
async function imagesOfChannel(cloud: ImageCloud, channel: string, call: CallOptions): Promise<Image[]> {
  const found: Image[] = [];
  for await (const image of cloud.listImages({ scope: 'own' }, call))
    if (markIn(image, channel)) found.push(image);
  return found;
}

/** A channel as its images' marks tell it. */
export interface Channel {
  current?: Image | undefined;
  /** The image to roll back to. */
  previous?: Image | undefined;
  /** False where an interrupted promotion left several current images: promoting `current` again repairs it. */
  settled: boolean;
}

/**
 * Looks at a channel. One that nothing was ever promoted to has no images.
 * @throws InvalidInputError for an illegal name; others of the port
 */
export async function readChannel(
  cloud: ImageCloud,
  channel: string,
  options: CallOptions = {},
): Promise<Channel> {
  checkChannelName(channel);
  const members = await imagesOfChannel(cloud, channel, options);
  const [current] = inState(members, channel, 'current');
  const [previous] = inState(members, channel, 'previous');
  return {
    current,
    previous,
    settled: current === undefined || planPromotion(members, current, channel).length === 0,
  };
}

/**
 * Takes the marks of a channel off all images; the images stay. Doing it again changes nothing.
 * @throws UnsupportedError where marks cannot be changed; others of the port
 */
export async function clearChannel(
  cloud: ImageCloud,
  channel: string,
  options: CallOptions = {},
): Promise<void> {
  checkChannelName(channel);
  requireMarks(cloud, `clear channel ${channel}`);
  const members = await imagesOfChannel(cloud, channel, options);
  for (const state of ['former', 'previous', 'current'] as const) {
    for (const image of members.filter((member) => markIn(member, channel)?.state === state)) {
      try {
        await cloud.updateImage(image.id, markChanges(cloud, image, channel, undefined), options);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  }
}

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
