// The smoothed rate and the time left. Pure: times and byte counts in, numbers out.

const halfLifeMs = 15_000;
/** Shortest interval of a sample in ms; shorter ones are added up. */
const sampleMs = 200;

/** Exponential moving average of a rate, half of whose weight lies in the last 15 seconds. Its times come from a clock that does not jump. */
export class Rate {
  #at: number;
  #bytes = 0;
  #average = 0;
  /** Weight of all samples so far: corrects the start, where the average would creep up from zero. */
  #weight = 0;

  constructor(nowMs: number) {
    this.#at = nowMs;
  }

  /** Counts bytes. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Bytes per second; falls towards zero while nothing comes. */
  perSecond(nowMs: number): number {
    const elapsed = nowMs - this.#at;
    // A clock that was set back after all: what was counted is kept, and the sample begins anew.
    if (elapsed < 0) this.#at = nowMs;
    if (elapsed >= sampleMs) {
      const keep = 2 ** (-elapsed / halfLifeMs);
      this.#average = this.#average * keep + (this.#bytes / elapsed) * 1000 * (1 - keep);
      this.#weight = this.#weight * keep + (1 - keep);
      this.#bytes = 0;
      this.#at = nowMs;
    }
    return this.#weight === 0 ? 0 : this.#average / this.#weight;
  }
}

/** Time left in ms; undefined while there is no rate worth the name. */
export function timeLeftMs(remainingBytes: number, bytesPerSecond: number): number | undefined {
  if (remainingBytes <= 0) return 0;
  return bytesPerSecond < 1 ? undefined : Math.round((remainingBytes / bytesPerSecond) * 1000);
}
