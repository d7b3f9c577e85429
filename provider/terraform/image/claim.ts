// Claiming: nobody may adopt an image that is in a saved state. Changes one property of the image.
import type { Image, ImageCloud } from '@imagebridge/core';
import type { Logger } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { MARKER_TAG } from './state.ts';

/**
 * Records on our own image that its id is in a saved state. Called by read, which runs only on states that were saved, and at
 * the end of a process that made it, unless that was interrupted.
 */
export async function claim(
  cloud: ImageCloud,
  image: Image,
  provider: Connections,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  if (image.tags[MARKER_TAG] !== undefined && image.status === 'active')
    await noteClaim(cloud, image, provider, signal, log);
}

/**
 * Records on an image that was made here that its id is in a saved state. Kept on the image itself: a note in the private
 * state would make a refresh-only plan report a change.
 */
export async function noteClaim(
  cloud: ImageCloud,
  image: Image,
  provider: Connections,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const { claimImage } = await core();
  const { stateDir } = await provider.engine();
  if (!(await claimImage(cloud, image, { signal, stateDir })))
    log.warn('the service did not take the note that this image is recorded', { image_id: image.id });
}
