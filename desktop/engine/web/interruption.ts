// Ctrl-C: once means in good order, twice means now.
import type { EventEmitter } from 'node:events';

/** npm hands a Ctrl-C on that the terminal has sent already: what comes within this time is the same one. */
const SAME_PRESS_MS = 400;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A wish to end. */
export interface Interruption {
  /** Resolves at the first signal. */
  wanted: Promise<void>;
  /** As if the first signal had come. */
  now(): void;
  /** Listens no more. */
  release(): void;
}

/**
 * Waits for signals.
 * @param source the process
 * @param atOnce called at a second signal
 * @param nowMs tells the time, in ms
 */
export function awaitInterruption(
  source: Pick<EventEmitter, 'on' | 'off'>,
  atOnce: () => void,
  nowMs: () => number = Date.now,
): Interruption {
  let firstMs: number | undefined;
  let begin = () => {};
  const wanted = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const press = () => {
    if (firstMs === undefined) {
      firstMs = nowMs();
      begin();
    } else if (nowMs() - firstMs >= SAME_PRESS_MS) atOnce();
  };
  for (const signal of SIGNALS) source.on(signal, press);
  return {
    wanted,
    now: () => begin(),
    release() {
      for (const signal of SIGNALS) source.off(signal, press);
    },
  };
}
