// Doing the same to several things: what fails is told, and does not stop the others.
import { ImageBridgeError } from '@imagebridge/core';
import { printError } from './outcome.ts';

/** What became of one of them. */
export type Attempt<T, R> =
  | { item: T; result: R; error?: undefined }
  | { item: T; result?: undefined; error: ImageBridgeError };

/**
 * Does it to each, one after the other. Errors are printed for people at once.
 * @throws CancelledError, and what is no error of ours
 */
export async function attemptEach<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
): Promise<Attempt<T, R>[]> {
  const attempts: Attempt<T, R>[] = [];
  for (const item of items) {
    try {
      attempts.push({ item, result: await work(item) });
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      attempts.push({ item, error });
      printError(error, false);
    }
  }
  return attempts;
}

/** The errors among what became of them. */
export const errorsOf = (attempts: readonly { error?: ImageBridgeError | undefined }[]): ImageBridgeError[] =>
  attempts.flatMap(({ error }) => error ?? []);
