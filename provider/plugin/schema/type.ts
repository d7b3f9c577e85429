// Terraform's types, as a provider declares them and as the codec reads them. Imports no code of ours but the unknown marker.
import type { Unknown } from '../values/unknown.ts';

/** Carries TypeScript types only; never there at run time. */
export declare const models: unique symbol;

/** A Terraform type at run time. */
export type ValueType = { readonly nullable?: boolean } & (
  | { readonly kind: 'string' | 'bool' | 'dynamic' }
  | { readonly kind: 'number'; readonly as: 'number' | 'decimal' }
  | { readonly kind: 'list' | 'set' | 'map'; readonly element: ValueType }
  | { readonly kind: 'object'; readonly attributes: Readonly<Record<string, ValueType>> }
  | { readonly kind: 'tuple'; readonly elements: readonly ValueType[] }
);

/**
 * A Terraform type together with the TypeScript types of its values.
 * @typeParam K the type of a wholly known value
 * @typeParam U the same with {@link Unknown} possible at every depth
 */
export type Type<K = unknown, U = unknown> = ValueType & {
  readonly [models]?: { readonly known: K; readonly maybe: U };
};

/** The TypeScript type of a wholly known value of `T`. */
export type KnownOf<T> = T extends Type<infer K, unknown> ? K : never;
/** The TypeScript type of a value of `T` that may be unknown, or hold unknown values. */
export type MaybeOf<T> = T extends Type<unknown, infer U> ? U : never;

/** A value whose type is decided at run time (`any` in Terraform's terms). */
export interface Dynamic {
  readonly type: ValueType;
  readonly value: unknown;
}

/**
 * Terraform's types, for collection elements, object types, function parameters and results.
 * Elements are never null unless the type is wrapped in `t.nullable`: a null element in a configuration is
 * refused with its path before a handler sees it.
 */
export const t = {
  /** Text. */
  string: { kind: 'string' } as Type<string, string | Unknown>,
  /** Truth. */
  bool: { kind: 'bool' } as Type<boolean, boolean | Unknown>,
  /** A number that a double holds exactly; others are refused with their path. Use `t.decimal` for more digits. */
  number: { kind: 'number', as: 'number' } as Type<number, number | Unknown>,
  /** A Terraform number of any size, as its decimal digits in a string, e.g. `"9007199254740993"`. */
  decimal: { kind: 'number', as: 'decimal' } as Type<string, string | Unknown>,
  /** A value of any type. */
  dynamic: { kind: 'dynamic' } as Type<Dynamic, Dynamic | Unknown>,
  /** An ordered collection. */
  list<K, U>(element: Type<K, U>): Type<readonly K[], readonly U[] | Unknown> {
    return { kind: 'list', element };
  },
  /** A collection without order or duplicates, held as an array; equality ignores the order. */
  set<K, U>(element: Type<K, U>): Type<readonly K[], readonly U[] | Unknown> {
    return { kind: 'set', element };
  },
  /** Values by free text keys. The objects have no prototype, so any key is safe. */
  map<K, U>(element: Type<K, U>): Type<Readonly<Record<string, K>>, Readonly<Record<string, U>> | Unknown> {
    return { kind: 'map', element };
  },
  /** An object type. Every attribute must be written in a configuration: prefer nested attributes in schemas. */
  object<const A extends Readonly<Record<string, Type>>>(
    attributes: A,
  ): Type<{ readonly [N in keyof A]: KnownOf<A[N]> }, { readonly [N in keyof A]: MaybeOf<A[N]> } | Unknown> {
    return { kind: 'object', attributes };
  },
  /** The same type with null allowed as a value. */
  nullable<K, U>(type: Type<K, U>): Type<K | null, U | null> {
    return { ...type, nullable: true } as Type<K | null, U | null>;
  },
};
