// When a request is made again, and after which wait. Pure functions over numbers and headers.

/**
 * How much harm a repetition does.
 * `safe`: none (reads, idempotent calls): repeated after resets, timeouts and answers that say "later".
 * `unsafe`: it might do the work twice: repeated only when nothing was sent, or the service refused it as too many.
 * `once`: the caller repeats by itself.
 */
export type RepeatRule = 'safe' | 'unsafe' | 'once';

/** Smallest upper bound of a wait in ms. */
export const BASE_WAIT_MS = 100;
/** The same after an answer that says "too many". */
export const THROTTLED_BASE_WAIT_MS = 500;
/** Largest wait that the client chooses by itself, in ms. */
export const MAX_WAIT_MS = 20_000;
/** Largest wait that a service may ask for, in ms. */
export const MAX_RETRY_AFTER_MS = 60_000;

const LATER_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** True for answers after which a safe request is worth making again. */
export const isLaterStatus = (status: number): boolean => LATER_STATUSES.has(status);

/**
 * The wait before the next attempt in ms: full jitter under a doubling bound.
 * @param attempt the attempt that failed, from 1
 * @param random 0 ≤ x < 1
 * @param throttled whether the service said "too many"
 */
export function backoffMs(attempt: number, random: () => number, throttled: boolean): number {
  const base = throttled ? THROTTLED_BASE_WAIT_MS : BASE_WAIT_MS;
  const bound = Math.min(MAX_WAIT_MS, base * 2 ** (attempt - 1));
  return Math.floor(random() * bound);
}

/**
 * Reads a Retry-After header: seconds, or a date.
 * @param value the header's value
 * @param nowMs the time now, in ms since the epoch
 * @returns ms to wait; undefined when there is none, or it makes no sense
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
