// A bandwidth limit as people write it: a number and a unit. Pure.

/** Units, by what they are in bytes per second. */
export const RATE_UNITS = { 'KiB/s': 1024, 'MiB/s': 1024 ** 2, 'Mbit/s': 125_000 } as const;
/** See `RATE_UNITS`. */
export type RateUnit = keyof typeof RATE_UNITS;

/** Less than this is a mistake, in bytes per second. */
const LEAST_RATE = 1024;

/** The unit in which a rate is the roundest; without a rate the usual one. */
export function unitOf(bytesPerSecond: number | undefined): RateUnit {
  if (bytesPerSecond === undefined) return 'MiB/s';
  const units = ['MiB/s', 'Mbit/s', 'KiB/s'] as const;
  return units.find((unit) => Number.isInteger(bytesPerSecond / RATE_UNITS[unit])) ?? 'KiB/s';
}

/** The number to show in a unit, with at most two decimals. */
export function rateText(bytesPerSecond: number | undefined, unit: RateUnit): string {
  if (bytesPerSecond === undefined) return '';
  return String(Math.round((bytesPerSecond / RATE_UNITS[unit]) * 100) / 100);
}

/** Bytes per second of what was written; null: no limit; undefined: this is no limit that makes sense. */
export function parseRate(text: string, unit: RateUnit): number | null | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  if (!/^\d{1,9}(\.\d{1,4})?$/.test(trimmed)) return undefined;
  const rate = Math.round(Number(trimmed) * RATE_UNITS[unit]);
  return rate >= LEAST_RATE ? rate : undefined;
}
