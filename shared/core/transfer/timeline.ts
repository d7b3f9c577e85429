// The notable moments of an upload in words, the last ones only. Pure.
import type { TimelineEntry } from './types.ts';

/** How many moments are kept, in memory and in the journal. */
export const timelineLength = 200;

/** Same words again within this time, in ms, are no news. */
const sameMs = 10_000;

/** A bounded list of moments. */
export class Timeline {
  readonly #entries: TimelineEntry[];

  constructor(earlier: readonly TimelineEntry[] = []) {
    this.#entries = earlier.slice(-timelineLength);
  }

  /** The moments, the oldest first. */
  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** Adds a moment. Returns false for one that only repeats the one before, which is not kept. */
  add(entry: TimelineEntry): boolean {
    const last = this.#entries.at(-1);
    const repeats = last?.text === entry.text && last.kind === entry.kind;
    if (repeats && Math.abs(entry.at - last.at) < sameMs) return false;
    this.#entries.push(entry);
    if (this.#entries.length > timelineLength) this.#entries.shift();
    return true;
  }
}
