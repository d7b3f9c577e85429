// Retiring: an image should not be used any more. It is marked, and never deleted. Imports the model only.
//
// The property `imagebridge_deprecated` says since when. Where it is asked for, the image is taken out of use or hidden too.
// What is retired is nothing to roll back to: it leaves its places in channels.
import {
  type CallOptions,
  type Clock,
  ConflictError,
  type Image,
  type ImageChanges,
  type ImageCloud,
  systemClock,
} from '../model/index.ts';
import {
  channelMarks,
  DEPRECATED_PROPERTY,
  DEPRECATED_REASON_PROPERTY,
  deprecatedAt,
  markChanges,
} from './marks.ts';
import { requireCapability } from './preflight.ts';
import { cloudLabel } from './wait-for-job.ts';

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
  const left = marks.filter((mark) => mark.state !== 'former');
  const changes = left.map(({ channel }) => markChanges(cloud, image, channel, 'former'));
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

/** @throws UnsupportedError where no mark can be kept, or what is asked for is not offered */
export function requireRetiring(
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
