// Ctrl-C: once means pause safely, twice means now.
import { CancelledError } from '@imagebridge/core';
import { EXIT, PausedByUser } from './outcome.ts';

/**
 * Runs work that a signal (SIGINT, SIGTERM) can pause.
 * @throws PausedByUser when a signal ended the work
 * @param onInterrupt called at the first signal
 * @param onPaused called when the work has ended because of it
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onInterrupt: () => void,
  onPaused: () => void,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.paused);
    onInterrupt();
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted || !(error instanceof CancelledError)) throw error;
    onPaused();
    throw new PausedByUser();
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** A signal that Ctrl-C aborts, for calls that are over at once. Call `release` when the work is done. */
export function abortOnSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.paused);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
