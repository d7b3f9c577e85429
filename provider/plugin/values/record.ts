// Objects with free keys. Imports nothing.

/** An object without prototype, so that keys such as `__proto__` are ordinary. */
export function emptyRecord<V>(): Record<string, V> {
  return Object.create(null) as Record<string, V>;
}

const known = new WeakMap<object, readonly (readonly [string, unknown])[]>();

/** As `Object.entries`, remembered: for schemas and types, which never change. */
export function entriesOf<V>(constant: Readonly<Record<string, V>>): readonly (readonly [string, V])[] {
  let entries = known.get(constant) as readonly (readonly [string, V])[] | undefined;
  if (entries === undefined) {
    entries = Object.entries(constant);
    known.set(constant, entries);
  }
  return entries;
}

/** True for objects that are neither null nor arrays. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own value of a key; undefined where there is none. */
export function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
