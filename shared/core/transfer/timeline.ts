// The notable moments of an upload in words and as data, the last ones only. Pure.
import type { ImageBridgeError } from '../model/index.ts';
import type { Cause, Moment, TimelineEntry, UploadEvent, UploadProblem, UploadState } from './types.ts';

/** How many moments are kept, in memory and in the journal. */
export const timelineLength = 200;

/** Same words again within this time, in ms, are no news. */
const sameMs = 10_000;

/** Most characters of a text, and of a code or an id. */
const longestText = 1000;
const longestName = 200;

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

/** The moment that an event is, in words and as data; undefined for progress. */
export function momentOf(event: UploadEvent): TimelineEntry | undefined {
  if (event.type === 'progress') return undefined;
  const moment = dataOf(event);
  const entry = { at: event.at, kind: event.type, text: wordsOf(event).slice(0, longestText) };
  return moment === undefined ? entry : { ...entry, moment };
}

/** A state in words. */
export const stateWords = (state: UploadState, problem?: { message: string }): string =>
  (problem === undefined ? state : `${state}: ${problem.message}`).slice(0, longestText);

/** A state as a moment. */
export const stateMoment = (state: UploadState, problem?: UploadProblem): Moment =>
  problem?.cause === undefined ? { type: 'state', state } : { type: 'state', state, cause: problem.cause };

/** An error as the problem of an upload. */
export const problemOf = (error: ImageBridgeError): UploadProblem => ({
  ...{ kind: error.kind, message: error.message, cause: causeOf(error) },
});

function causeOf({ details: { reason, code, httpStatus, requestId } }: ImageBridgeError): Cause {
  return {
    reason: reason?.slice(0, longestText),
    // Services choose them.
    code: code?.slice(0, longestName),
    httpStatus,
    requestId: requestId?.slice(0, longestName),
  };
}

type Notable = Exclude<UploadEvent, { type: 'progress' }>;

function wordsOf(event: Notable): string {
  switch (event.type) {
    case 'note':
      return event.text;
    case 'stalled':
      return `No byte has moved for ${Math.round(event.stalledMs / 1000)} s.`;
    case 'state':
      return stateWords(event.snapshot.state, event.snapshot.problem);
    case 'retry': {
      const part = event.partNumber === undefined ? '' : ` (part ${event.partNumber})`;
      return `${event.error.message}${part} Try ${event.attempt} failed, next try in ${(event.waitMs / 1000).toFixed(1)} s.`;
    }
  }
}

function dataOf(event: Notable): Moment | undefined {
  switch (event.type) {
    case 'note':
      return undefined;
    case 'stalled':
      return { type: 'stalled', stalledMs: event.stalledMs };
    case 'state':
      return stateMoment(event.snapshot.state, event.snapshot.problem);
    case 'retry': {
      const { type, partNumber, attempt, waitMs, error } = event;
      return { type, partNumber, attempt, waitMs, cause: causeOf(error) };
    }
  }
}
