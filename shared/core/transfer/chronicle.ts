// What a running upload tells: its events to all who listen, its notable moments to the timeline and the journal.
import type { Journal } from './journal.ts';
import { momentOf, Timeline } from './timeline.ts';
import type { TimelineEntry, UploadEvent } from './types.ts';

type Listener = (event: UploadEvent) => void;

/** Tells events in order. A listener's fault does not stop an upload. */
export class Chronicle {
  readonly #journal: Journal;
  readonly #timeline: Timeline;
  readonly #first: Listener | undefined;
  readonly #listeners = new Set<Listener>();
  #open = true;

  /** @param first hears each event before all others */
  constructor(journal: Journal, first: Listener | undefined) {
    this.#journal = journal;
    this.#timeline = new Timeline(journal.state.notes);
    this.#first = first;
  }

  /** The notable moments, the oldest first. */
  get moments(): readonly TimelineEntry[] {
    return [...this.#timeline.entries];
  }

  /** Adds a listener; returns what ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The journal is being closed: from now on nothing is written there. */
  close(): void {
    this.#open = false;
  }

  /** Tells an event. */
  tell(event: UploadEvent): void {
    this.#remember(event);
    for (const listener of this.#first === undefined ? this.#listeners : [this.#first, ...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // See above.
      }
    }
  }

  #remember(event: UploadEvent): void {
    const moment = momentOf(event);
    if (moment === undefined || !this.#timeline.add(moment) || !this.#open) return;
    // New states are in the journal by themselves. What cannot be written is at least told.
    if (moment.kind !== 'state') this.#journal.append({ type: 'note', ...moment }).catch(() => {});
  }
}
