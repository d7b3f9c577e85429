// Calls about the same image that come together are done as one. Imports the model only.
import type { ImageCloud } from '../model/index.ts';

/** How long the first call waits for others, in ms. */
const GATHER_MS = 50;

/** Work on one image for several callers: an answer for each, in their order. */
type Batch<W, R> = (cloud: ImageCloud, imageId: string, wishes: readonly W[]) => Promise<readonly R[]>;

interface Caller<W, R> {
  wish: W;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Gathers calls by cloud and image. While one batch runs, those that come wait for the next. When a batch fails as a whole,
 * each of its callers is served alone, so that nobody gets another one's error.
 * @param run must be harmless to repeat
 */
export function inBatches<W, R>(
  run: Batch<W, R>,
): (cloud: ImageCloud, imageId: string, wish: W) => Promise<R> {
  const queues = new WeakMap<ImageCloud, Map<string, Caller<W, R>[]>>();

  async function serve(cloud: ImageCloud, imageId: string, callers: readonly Caller<W, R>[]): Promise<void> {
    try {
      const results = await run(
        cloud,
        imageId,
        callers.map(({ wish }) => wish),
      );
      for (const [index, result] of results.entries()) callers[index]?.resolve(result);
    } catch (error) {
      if (callers.length === 1) callers[0]?.reject(error);
      else for (const caller of callers) await serve(cloud, imageId, [caller]);
    }
  }

  async function drain(
    cloud: ImageCloud,
    imageId: string,
    queue: Map<string, Caller<W, R>[]>,
  ): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    for (let waiting = queue.get(imageId) ?? []; waiting.length > 0; waiting = queue.get(imageId) ?? []) {
      queue.set(imageId, []);
      await serve(cloud, imageId, waiting);
    }
    queue.delete(imageId);
  }

  return (cloud, imageId, wish) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(cloud) ?? new Map<string, Caller<W, R>[]>();
      queues.set(cloud, queue);
      const waiting = queue.get(imageId);
      const caller = { wish, resolve, reject };
      if (waiting) waiting.push(caller);
      else {
        queue.set(imageId, [caller]);
        void drain(cloud, imageId, queue);
      }
    });
}
