// The notable moments of an upload in words, the last ones only. Pure.
import type { TimelineEntry, UploadEvent, UploadState } from './types.ts';

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

/** The moment that an event is, in words; undefined for progress. */
export function momentOf(event: UploadEvent): TimelineEntry | undefined {
  const text = wordsOf(event);
  return event.type === 'progress' || text === undefined
    ? undefined
    : { at: event.at, kind: event.type, text: text.slice(0, 1000) };
}

/** A state in words. */
export const stateWords = (state: UploadState, problem?: { message: string }): string =>
  (problem === undefined ? state : `${state}: ${problem.message}`).slice(0, 1000);

function wordsOf(event: UploadEvent): string | undefined {
  if (event.type === 'note') return event.text;
  if (event.type === 'stalled') return `No byte has moved for ${Math.round(event.stalledMs / 1000)} s.`;
  if (event.type === 'state') {
    return stateWords(event.snapshot.state, event.snapshot.problem);
  }
  if (event.type === 'retry') {
    const part = event.partNumber === undefined ? '' : ` (part ${event.partNumber})`;
    return `${event.error.message}${part} Try ${event.attempt} failed, next try in ${(event.waitMs / 1000).toFixed(1)} s.`;
  }
  return undefined;
}
