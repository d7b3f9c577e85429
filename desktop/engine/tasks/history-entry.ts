// What the history keeps of a task. Pure.
import type { HistoryEntry } from '@imagebridge/desktop-contract';
import { placeOf, type Task } from './task.ts';

/** The entry of a task that is over; undefined for one that never began. */
export function historyOf(
  task: Task,
  outcome: HistoryEntry['outcome'],
  endedAt: number,
): HistoryEntry | undefined {
  const { startedAt, fileName, path, sizeBytes, sha256, imageId, origin, sentBytes, problem } = task;
  if (startedAt === undefined) return undefined;
  return {
    // An upload that is seen twice (a crash in between) is one entry.
    id: task.uploadId ?? task.id,
    ...{ outcome, fileName, path, sizeBytes, ...placeOf(task), origin, startedAt, endedAt },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(imageId === undefined ? {} : { imageId }),
    ...(sentBytes === undefined ? {} : { sentBytes }),
    ...(problem === undefined || outcome === 'done' ? {} : { problem }),
  };
}
