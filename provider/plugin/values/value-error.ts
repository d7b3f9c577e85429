// The error of the value codecs: what is wrong with a value, and where it stands.
import type { AttributePath } from './path.ts';

/** A value does not fit its type. Becomes a diagnostic at its path. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  readonly path: AttributePath;

  constructor(path: AttributePath, message: string) {
    super(message);
    this.path = path;
  }
}

/** What a value is, for error messages; never the value itself, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'symbol') return 'an unknown value';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
