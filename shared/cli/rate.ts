// How fast something goes: a rate that follows changes within some 15 seconds. Pure.

const HALF_LIFE_MS = 15_000;

/** Measures bytes per second. */
export class RateMeter {
  #atMs: number;
  #bytes: number;
  #rate: number | undefined;

  /** @param startBytes bytes that were there before */
  constructor(startBytes: number, nowMs: number) {
    this.#bytes = startBytes;
    this.#atMs = nowMs;
  }

  /** Takes the bytes there are now. @returns bytes per second; undefined until some time has passed */
  add(bytes: number, nowMs: number): number | undefined {
    const passedMs = nowMs - this.#atMs;
    if (passedMs < 200) return this.#rate;
    const rate = ((bytes - this.#bytes) / passedMs) * 1000;
    const weight = 0.5 ** (passedMs / HALF_LIFE_MS);
    this.#rate = this.#rate === undefined ? rate : this.#rate * weight + rate * (1 - weight);
    this.#bytes = bytes;
    this.#atMs = nowMs;
    return this.#rate;
  }
}
