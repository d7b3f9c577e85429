// Where the secrets of a profile's fields are, and how each is given. Pure.
import { FAMILIES, familyOf } from './parse-profile.ts';

/** Fields of a profile as they stand in a file, unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for a map of fields. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of the secret fields of some fields' family; of all families when it is unknown. Nested ones with a dot. */
export function secretFieldsOf(fields: unknown): readonly string[] {
  const family = isFields(fields) ? familyOf(fields.family) : undefined;
  if (family !== undefined) return FAMILIES[family].secretFields;
  return [...new Set(Object.values(FAMILIES).flatMap(({ secretFields }) => secretFields))];
}

/** The value at a name such as `part_transport.secret_key`. */
export function fieldAt(fields: unknown, name: string): unknown {
  let value = fields;
  for (const part of name.split('.')) {
    value = isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** A copy of the fields with another value at a name. Maps on the way are made where there are none. */
export function withFieldAt(fields: Fields, name: string, value: unknown): Fields {
  const [first = '', ...rest] = name.split('.');
  const inner = Object.hasOwn(fields, first) ? fields[first] : undefined;
  const next = rest.length === 0 ? value : withFieldAt(isFields(inner) ? inner : {}, rest.join('.'), value);
  // fromEntries defines members, so that one named __proto__ is only a member.
  return Object.fromEntries([...Object.entries(fields).filter(([key]) => key !== first), [first, next]]);
}

/** Both maps in one: the second wins, and maps in them are merged deeply. */
export function mergeFields(first: Fields, second: Fields): Fields {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(
    names.map((name) => {
      const [a, b] = [own(first, name), own(second, name)];
      return [name, isFields(a) && isFields(b) ? mergeFields(a, b) : b === undefined ? a : b];
    }),
  );
}

const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** How a secret field is given. */
export type SecretKind = 'absent' | 'text' | 'variable' | 'stored' | 'other';

/** How a secret field is given: as text, as `${VARIABLE}`, or as `{ stored: true }`. */
export function secretKind(value: unknown): SecretKind {
  if (value === undefined || value === null) return 'absent';
  if (typeof value === 'string') return /^\$\{[A-Za-z_]\w*\}$/.test(value) ? 'variable' : 'text';
  return isFields(value) && Object.keys(value).length === 1 && value.stored === true ? 'stored' : 'other';
}
