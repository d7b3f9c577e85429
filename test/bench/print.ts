// How figures are printed.

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

/** Prints a line. */
export const print = (text = '') => void process.stdout.write(`${text}\n`);

const known = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);

/** a / b with two digits. */
export function ratio(a: number | undefined, b: number | undefined): string {
  return known(a) && known(b) ? (a / b).toFixed(2) : 'not measured';
}

/** Milliseconds as seconds. */
export const seconds = (ms: number | undefined) =>
  known(ms) ? `${(ms / 1000).toFixed(2)} s` : 'not measured';

/** Bytes as MB. */
export const megabytes = (bytes: number | undefined) =>
  known(bytes) ? `${(bytes / 1e6).toFixed(0)} MB` : 'not measured';
