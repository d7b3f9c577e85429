// How many parts are under way at once: grows while that brings more bytes per second, shrinks when the service or the
// link suffers. Pure: arrivals and failures in, a number out.

/** Parts under way at once: where it begins, and between what it moves. Equal bounds turn the search off. */
export interface ConcurrencyBounds {
  start: number;
  least: number;
  most: number;
}

/** What is tried when the user says nothing. */
export const defaultConcurrency: ConcurrencyBounds = { start: 4, least: 1, most: 16 };

/** A rate must be better by this factor to count as better: less is noise. */
const better = 1.05;
/** Below this part of the best rate, the link has become another one. */
const worse = 0.7;
/** Shortest time over which a rate is measured, in ms. */
const windowMs = 1_000;
/** After a failure nothing more is shrunk for this time, in ms: the others only follow from the same trouble. */
const incidentMs = 2_000;
/** Windows between two tries to grow: the first number, doubled after each try that was in vain, up to the second. */
const patience = { first: 4, most: 64 } as const;

/** A search for the best number. */
export class Concurrency {
  readonly #bounds: ConcurrencyBounds;
  #limit: number;
  /** The limit and rate before the last growth, while it is not known whether that helped. */
  #before: { limit: number; rate: number } | undefined;
  #best = 0;
  #hold = 0;
  #patience: number = patience.first;
  #window: { fromMs: number; arrivals: number; bytes: number } | undefined;
  /** Arrivals still to come that began before the last change. */
  #settling = 0;
  #shrunkAtMs = Number.NEGATIVE_INFINITY;
  #lowWindows = 0;

  constructor(bounds: ConcurrencyBounds) {
    const least = Math.max(1, bounds.least);
    const most = Math.max(least, bounds.most);
    this.#bounds = { start: bounds.start, least, most };
    this.#limit = Math.min(most, Math.max(least, bounds.start));
  }

  /** Parts that may be under way now. */
  get limit(): number {
    return this.#limit;
  }

  /** A part has arrived. */
  arrived(nowMs: number, bytes: number): void {
    if (this.#bounds.least === this.#bounds.most) return;
    if (this.#settling > 0) {
      this.#settling--;
      if (this.#settling === 0) this.#window = { fromMs: nowMs, arrivals: 0, bytes: 0 };
      return;
    }
    this.#window ??= { fromMs: nowMs, arrivals: 0, bytes: 0 };
    this.#window.arrivals++;
    this.#window.bytes += bytes;
    const elapsedMs = nowMs - this.#window.fromMs;
    if (elapsedMs < windowMs || this.#window.arrivals < 2 * this.#limit) return;
    this.#judge((this.#window.bytes / elapsedMs) * 1000);
    this.#window = this.#settling > 0 ? undefined : { fromMs: nowMs, arrivals: 0, bytes: 0 };
  }

  /** A part failed in a way that more patience may help against. */
  failed(nowMs: number): void {
    if (nowMs - this.#shrunkAtMs < incidentMs) return;
    this.#shrunkAtMs = nowMs;
    this.#before = undefined;
    this.#hold = this.#patience;
    this.#best = 0;
    this.#to(Math.floor(this.#limit * 0.6));
  }

  #judge(rate: number): void {
    const before = this.#before;
    this.#before = undefined;
    if (before !== undefined && rate < before.rate * better) {
      // In vain: back, and longer until the next try.
      this.#patience = Math.min(this.#patience * 2, patience.most);
      this.#hold = this.#patience;
      this.#to(before.limit);
      return;
    }
    if (before !== undefined) this.#patience = patience.first;
    this.#lowWindows = rate < this.#best * worse ? this.#lowWindows + 1 : 0;
    if (this.#lowWindows >= 2) {
      // Another link, or a service that answers slower the more it gets.
      this.#lowWindows = 0;
      this.#best = rate;
      this.#hold = patience.first;
      this.#to(this.#limit - 1);
      return;
    }
    this.#best = Math.max(this.#best, rate);
    if (this.#hold > 0) {
      this.#hold--;
      return;
    }
    if (this.#limit >= this.#bounds.most) return;
    this.#before = { limit: this.#limit, rate };
    this.#to(this.#limit + Math.max(1, Math.floor(this.#limit / 4)));
  }

  #to(limit: number): void {
    const next = Math.min(this.#bounds.most, Math.max(this.#bounds.least, limit));
    if (next !== this.#limit) {
      this.#window = undefined;
      this.#settling = Math.max(next, this.#limit);
    }
    this.#limit = next;
  }
}
