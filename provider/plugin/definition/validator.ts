// What checks a configured value, and the validators most schemas need.
import type { Diagnostics } from '../diagnostics.ts';
import type { AttributePath } from '../values/path.ts';

/** What a validator gets. */
export interface ValidateRequest<V> {
  /** The configured value: never null, wholly known. */
  readonly value: V;
  readonly path: AttributePath;
  /** Add an error here to refuse the value; give it `path`. */
  readonly diagnostics: Diagnostics;
}

/** A check on one attribute's configured value. Runs repeatedly; must be quick and without side effects. */
export interface Validator<V> {
  /** What it demands, e.g. "at most 64 characters". */
  readonly description: string;
  validate(request: ValidateRequest<V>): void;
}

/** A validator from a test and the sentence that says what is demanded, e.g. "must be an absolute path". */
export function check<V>(demand: string, holds: (value: V) => boolean): Validator<V> {
  return {
    description: demand,
    validate({ value, path, diagnostics }) {
      if (holds(value)) return;
      diagnostics.error('Invalid value', `${path} ${demand}; got ${shown(value)}.`, path);
    },
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function between(subject: string, min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `must have at most ${max} ${subject}`;
  if (max === undefined) return `must have at least ${min} ${subject}`;
  return `must have ${min} to ${max} ${subject}`;
}

/** Limits, both inclusive; a missing one is no limit. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const inside = (n: number, { min, max }: Range): boolean => n >= (min ?? -Infinity) && n <= (max ?? Infinity);

/** The usual validators. Write others with {@link check}. */
export const validators = {
  /** Length in Unicode characters. */
  length: (range: Range): Validator<string> =>
    check(between('characters', range.min, range.max), (value) => inside([...value].length, range)),
  /** One of these texts. */
  oneOf: (...allowed: readonly string[]): Validator<string> =>
    check(`must be one of ${allowed.map((one) => `"${one}"`).join(', ')}`, (value) =>
      allowed.includes(value),
    ),
  /** Matches a pattern; `demand` says it in words, e.g. "must start with a letter". */
  matches: (pattern: RegExp, demand: string): Validator<string> =>
    check(demand, (value) => value.search(pattern) !== -1),
  /** A number inside limits. */
  between: (range: Range): Validator<number> =>
    check(`must be from ${range.min ?? 'any'} to ${range.max ?? 'any'}`, (value) => inside(value, range)),
  /** A whole number that is exact in a double. */
  integer: (): Validator<number> => check('must be a whole number', Number.isSafeInteger),
  /** The number of elements of a list or set. */
  size: (range: Range): Validator<readonly unknown[]> =>
    check(between('elements', range.min, range.max), (value) => inside(value.length, range)),
  /** The number of elements of a map. */
  mapSize: (range: Range): Validator<Readonly<Record<string, unknown>>> =>
    check(between('elements', range.min, range.max), (value) => inside(Object.keys(value).length, range)),
  /** Each element of a list or set of passes this validator. */
  each: <V>(inner: Validator<V>): Validator<readonly V[]> => ({
    description: `each element ${inner.description}`,
    validate({ value, path, diagnostics }) {
      for (const [index, element] of value.entries()) {
        inner.validate({ value: element, path: path.index(index), diagnostics });
      }
    },
  }),
  /** Each key of a map passes this validator. */
  keys: (inner: Validator<string>): Validator<Readonly<Record<string, unknown>>> => ({
    description: `each key ${inner.description}`,
    validate({ value, path, diagnostics }) {
      for (const key of Object.keys(value)) inner.validate({ value: key, path: path.key(key), diagnostics });
    },
  }),
  /** Each value of a map passes this validator. */
  values: <V>(inner: Validator<V>): Validator<Readonly<Record<string, V>>> => ({
    description: `each value ${inner.description}`,
    validate({ value, path, diagnostics }) {
      for (const [key, element] of Object.entries(value)) {
        inner.validate({ value: element, path: path.key(key), diagnostics });
      }
    },
  }),
};
