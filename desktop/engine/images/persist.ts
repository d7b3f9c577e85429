// Work with clouds whose connections may be dropped meanwhile: the machine slept, or is in another network now.
import { ImageBridgeError, type ImageCloud } from '@imagebridge/core';
import type { Clouds } from '../context.ts';

const ATTEMPTS = 5;

/** A cloud in one region. */
export interface Place {
  cloud: string;
  region?: string | undefined;
}

/**
 * Does a piece of work, and does it again with new connections when those it had were dropped. The work must find its place
 * by itself, as the core's workflows do.
 * @throws whatever the work throws
 */
export async function persistently<T>(
  clouds: Clouds,
  places: readonly Place[],
  signal: AbortSignal,
  work: (...opened: ImageCloud[]) => Promise<T>,
): Promise<T> {
  const open = () => Promise.all(places.map(({ cloud, region }) => clouds.open(cloud, region)));
  for (let attempt = 1; ; attempt += 1) {
    const opened = await open();
    try {
      return await work(...opened);
    } catch (error) {
      const lost =
        error instanceof ImageBridgeError && ['unavailable', 'cancelled', 'protocol'].includes(error.kind);
      if (signal.aborted || !lost || attempt === ATTEMPTS) throw error;
      const now = await open();
      if (now.every((cloud, index) => cloud === opened[index])) throw error;
    }
  }
}
