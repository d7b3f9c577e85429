// What a slow link asks for: smaller parts, so that a lost one costs a minute at most, and smaller pieces, so that
// something is seen to move. Pure.
import type { PartLimits } from '../model/index.ts';
import type { PartPlan } from './plan.ts';
import { chunkBytes } from './source-file.ts';

const MiB = 1024 * 1024;
/** No part is made smaller than this, in bytes. */
const floorBytes = 5 * MiB;
/** How long a part may take, in seconds. */
const mostSeconds = 60;
/** How long a link is watched before its rate is believed, in ms. */
const watchMs = 5_000;
/** A link that brings less than this is slow enough for small pieces, in bytes per second. */
const slowRate = 2 * MiB;
const smallPiece = 64 * 1024;

/**
 * A smaller part size for a link that one part would keep busy for more than a minute.
 * @param bytesPerSecond what one part gets of the link
 * @returns undefined when the plan is good as it is
 */
export function smallerPartSize(
  plan: PartPlan,
  limits: PartLimits,
  bytesPerSecond: number,
): number | undefined {
  const needed = Math.ceil(plan.sizeBytes / limits.maxParts / MiB) * MiB;
  const inTime = Math.floor((bytesPerSecond * mostSeconds) / MiB) * MiB;
  const size = Math.max(floorBytes, limits.minPartSizeBytes, needed, inTime);
  return plan.partsTotal > 1 && size < plan.partSizeBytes ? size : undefined;
}

/** Watches the first parts of a new upload. */
export class FirstRate {
  #since: { atMs: number; bytes: number } | undefined;

  /**
   * What one part gets of the link, in bytes per second, once it has been watched for long enough.
   * @param sentBytes bytes that went to the network in this run
   * @param lanes parts under way
   */
  perPart(nowMs: number, sentBytes: number, lanes: number): number | undefined {
    this.#since ??= { atMs: nowMs, bytes: sentBytes };
    const elapsedMs = nowMs - this.#since.atMs;
    if (elapsedMs < watchMs) return undefined;
    return (((sentBytes - this.#since.bytes) / elapsedMs) * 1000) / Math.max(1, lanes);
  }
}

/** Largest piece, in bytes, that goes to the network at once; small until the link has shown that it is fast. */
export function pieceForRate(bytesPerSecond: number, sentBytes: number): number {
  return sentBytes < 8 * MiB || bytesPerSecond < slowRate ? smallPiece : chunkBytes;
}
