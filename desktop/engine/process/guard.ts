// What a process of the engine does with errors that nobody caught: it notes them and goes on; the queue is on disk anyway.
import type { EngineLog } from '../log.ts';

/** More than this within a minute is no accident: it then stops in good order. */
const MAX_FAULTS = 20;
const WINDOW_MS = 60_000;

/**
 * Notes errors that nobody caught, from now on.
 * @param giveUp called once when there are too many
 * @returns what ends it
 */
export function guardProcess(log: Pick<EngineLog, 'fault'>, giveUp: () => void): () => void {
  let times: number[] = [];
  const note = (thrown: unknown) => {
    log.fault('An error was not caught', thrown);
    const now = Date.now();
    times = [...times.filter((at) => now - at < WINDOW_MS), now];
    if (times.length === MAX_FAULTS) giveUp();
  };
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  return () => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
  };
}
