// The marker for values that Terraform does not know yet. Imports nothing.

/**
 * A value that is decided only during apply: `(known after apply)`.
 * It occurs in configurations and plans, never in state. It is a symbol, so that using it by mistake as a
 * string or a number throws instead of leaking a placeholder into a request.
 */
export const UNKNOWN: unique symbol = Symbol.for('terraform.unknown');

/** The type of {@link UNKNOWN}. */
export type Unknown = typeof UNKNOWN;

/** True where the value itself is unknown (it may still hold unknown values inside; see {@link isWhollyKnown}). */
export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}

/** True where the value itself is known; null counts as known. */
export function isKnown<V>(value: V): value is Exclude<V, Unknown> {
  return value !== UNKNOWN;
}

/** True where neither the value nor anything inside it is unknown. */
export function isWhollyKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isWhollyKnown);
  return true;
}
