// How a file is cut into parts. Pure: numbers in, numbers out.
import { InvalidInputError, type PartLimits } from '../model/index.ts';

const MiB = 1024 * 1024;

/** Size of a part, in bytes, unless the file needs larger ones or the target takes only smaller ones. */
export const defaultPartSizeBytes = 16 * MiB;

/** One part of a file. */
export interface PlannedPart {
  /** From 1. */
  partNumber: number;
  /** Offset of its first byte in the file. */
  startByte: number;
  sizeBytes: number;
}

/** How a file is cut: all parts have `partSizeBytes`, only the last may be smaller. */
export interface PartPlan {
  sizeBytes: number;
  partSizeBytes: number;
  partsTotal: number;
}

/**
 * Chooses the part size and the number of parts.
 * @param sizeBytes size of the file, at least 1
 * @param partSizeBytes what the user asked for; absent: 16 MiB, or more (whole MiB) when the file would have too many parts
 * @throws InvalidInputError when the target cannot take a file of this size, or not with this part size
 */
export function planParts(sizeBytes: number, limits: PartLimits, partSizeBytes?: number): PartPlan {
  const operation = 'plan the upload';
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1) {
    throw new InvalidInputError({ operation, reason: `a size of ${sizeBytes} bytes cannot be uploaded` });
  }
  const largest = Math.min(limits.maxObjectSizeBytes, limits.maxPartSizeBytes * limits.maxParts);
  if (sizeBytes > largest) {
    throw new InvalidInputError({
      operation,
      reason: `the file has ${sizeBytes} bytes, and the target takes at most ${largest}`,
    });
  }
  const size = partSizeBytes ?? automaticPartSize(sizeBytes, limits);
  const legal = Number.isSafeInteger(size) && size >= Math.max(1, limits.minPartSizeBytes);
  if (!legal || size > limits.maxPartSizeBytes) {
    throw new InvalidInputError({
      operation,
      reason: `a part size of ${size} bytes is not allowed`,
      hint: `Choose a whole number from ${Math.max(1, limits.minPartSizeBytes)} to ${limits.maxPartSizeBytes}.`,
    });
  }
  const partsTotal = Math.ceil(sizeBytes / size);
  if (partsTotal > limits.maxParts) {
    throw new InvalidInputError({
      operation,
      reason: `parts of ${size} bytes make ${partsTotal} parts, and the target takes at most ${limits.maxParts}`,
      hint: `Choose a part size of at least ${Math.ceil(sizeBytes / limits.maxParts)} bytes, or leave it out.`,
    });
  }
  return { sizeBytes, partSizeBytes: size, partsTotal };
}

/**
 * The plan of an upload in one stream: one part that is the whole.
 * @throws InvalidInputError when there is nothing to send
 */
export function planStream(sizeBytes: number): PartPlan {
  const all = {
    minPartSizeBytes: 1,
    maxPartSizeBytes: sizeBytes,
    maxParts: 1,
    maxObjectSizeBytes: sizeBytes,
  };
  return planParts(sizeBytes, all, sizeBytes);
}

function automaticPartSize(sizeBytes: number, limits: PartLimits): number {
  const needed = Math.ceil(sizeBytes / limits.maxParts);
  const wholeMiB = Math.ceil(needed / MiB) * MiB;
  const wanted = Math.max(defaultPartSizeBytes, wholeMiB, limits.minPartSizeBytes);
  return Math.min(wanted, limits.maxPartSizeBytes);
}

/**
 * One part of the plan.
 * @throws RangeError when the plan has no such part
 */
export function partAt(plan: PartPlan, partNumber: number): PlannedPart {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > plan.partsTotal) {
    throw new RangeError(`there is no part ${partNumber} of ${plan.partsTotal}`);
  }
  const startByte = (partNumber - 1) * plan.partSizeBytes;
  return { partNumber, startByte, sizeBytes: Math.min(plan.partSizeBytes, plan.sizeBytes - startByte) };
}

/** Bytes of a set of parts. */
export function bytesOf(plan: PartPlan, partNumbers: Iterable<number>): number {
  let bytes = 0;
  for (const n of partNumbers) bytes += partAt(plan, n).sizeBytes;
  return bytes;
}
