// What the server's list of parts means for a plan. Pure. The server is the truth; the journal only spares hashing.
import { createHash } from 'node:crypto';
import type { PartLimits, RemotePart } from '../model/index.ts';
import type { JournalPart } from './journal-records.ts';
import { type PartPlan, partAt } from './plan.ts';

/** Where each part of a plan stands. Every part is in exactly one of the three. */
export interface Reconciled {
  /** On the server, and the journal has the same: done. */
  trusted: Map<number, JournalPart>;
  /** On the server with the right size, but nobody remembers what was sent: done if the local MD5 equals this ETag. */
  doubtful: Map<number, string>;
  /** To be sent, in order. */
  missing: number[];
}

/** ETags are compared without quotes and in lower case: services differ in both. */
export const plainEtag = (etag: string) => etag.replace(/^"|"$/g, '').toLowerCase();

/** Sorts the parts of a plan by what the server has of them. */
export function reconcile(
  plan: PartPlan,
  remote: readonly RemotePart[],
  journal: ReadonlyMap<number, JournalPart>,
  etagIsMd5: boolean,
): Reconciled {
  const listed = new Map(remote.map((part) => [part.partNumber, part]));
  const result: Reconciled = { trusted: new Map(), doubtful: new Map(), missing: [] };
  for (let n = 1; n <= plan.partsTotal; n++) {
    const there = listed.get(n);
    const known = journal.get(n);
    if (there === undefined || there.sizeBytes !== partAt(plan, n).sizeBytes) {
      result.missing.push(n);
      continue;
    }
    const etag = plainEtag(there.etag);
    const agrees =
      known !== undefined && plainEtag(known.etag) === etag && (!etagIsMd5 || etag === known.md5);
    if (known !== undefined && agrees) result.trusted.set(n, known);
    else if (etagIsMd5) result.doubtful.set(n, etag);
    else result.missing.push(n);
  }
  return result;
}

/**
 * The plan under which an unfinished upload that nobody remembers could be one of this file: all its parts have the
 * sizes that the plan gives them. Undefined when there is none.
 * @param wanted the plan this run would choose; its part size is tried too, when only a last part is there
 * @param fixedPartSize true when the user asked for the part size
 */
export function planForParts(
  remote: readonly RemotePart[],
  wanted: PartPlan,
  limits: PartLimits,
  fixedPartSize: boolean,
): PartPlan | undefined {
  if (remote.length === 0) return undefined;
  const largest = Math.max(...remote.map((part) => part.sizeBytes));
  const sizes = fixedPartSize ? [wanted.partSizeBytes] : [wanted.partSizeBytes, largest];
  for (const partSizeBytes of sizes) {
    const partsTotal = Math.ceil(wanted.sizeBytes / partSizeBytes);
    const plan = { sizeBytes: wanted.sizeBytes, partSizeBytes, partsTotal };
    const legal =
      partsTotal <= limits.maxParts &&
      partSizeBytes <= limits.maxPartSizeBytes &&
      (partsTotal === 1 || partSizeBytes >= limits.minPartSizeBytes);
    const fits = remote.every(
      (part) => part.partNumber <= partsTotal && part.sizeBytes === partAt(plan, part.partNumber).sizeBytes,
    );
    if (legal && fits) return plan;
  }
  return undefined;
}

/** The first, the last and up to `extra` others, chosen at random. */
export function sampleOf(numbers: readonly number[], extra: number, random: () => number): number[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const chosen = new Set<number>();
  for (const n of [sorted[0], sorted.at(-1)]) if (n !== undefined) chosen.add(n);
  for (let i = 0; i < extra; i++) {
    const n = sorted[Math.floor(random() * sorted.length)];
    if (n !== undefined) chosen.add(n);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** ETag that services give an object made of these parts: MD5 over the parts' MD5s, a dash, their number. */
export function objectEtag(md5sInHex: readonly string[]): string {
  const hash = createHash('md5');
  for (const md5 of md5sInHex) hash.update(Buffer.from(md5, 'hex'));
  return `${hash.digest('hex')}-${md5sInHex.length}`;
}
