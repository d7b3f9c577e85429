// What an attribute is and how each kind is declared: the `a` namespace.

import type { PlanModifier } from '../definition/plan-modifier.ts';
import type { Validator } from '../definition/validator.ts';
import type { Unknown } from '../values/unknown.ts';
import { type KnownOf, type MaybeOf, models, type Type, t, type ValueType } from './type.ts';

/** The TypeScript types an attribute's value has in each model (see `models.ts`); `never` where it is absent. */
export interface AttributeModels {
  /** In a configuration while planning. */
  config: unknown;
  /** In a configuration while applying: wholly known. */
  knownConfig: unknown;
  /** In a plan while planning. */
  plan: unknown;
  /** In the plan that apply receives: only computed values may be unknown. */
  planned: unknown;
  /** In a complete state. */
  state: unknown;
  /** In a state that may be a stub (after an import, or a create that failed half way). */
  stub: unknown;
}

/** A declared attribute. Make one with `a.string(…)` and its siblings. */
export interface Attribute<M extends AttributeModels = AttributeModels> {
  readonly type: ValueType;
  /** Set for nested attributes: how they nest, and what an element holds. */
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Attributes } | undefined;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
  readonly nonNull: boolean;
  /** Markdown. */
  readonly description: string;
  /** The deprecation message. */
  readonly deprecated?: string | undefined;
  readonly default?: (() => unknown) | undefined;
  readonly validators: readonly Validator<unknown>[];
  readonly planModifiers: readonly PlanModifier<unknown>[];
  semanticEquals?(left: unknown, right: unknown): boolean;
  readonly [models]?: M;
}

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** How nested attributes or blocks nest. */
export type Nesting = 'single' | 'list' | 'set' | 'map';

/** What every attribute may say. `V` is the type of its wholly known value. */
export interface CommonOptions<V> {
  /** Markdown, shown in documentation and editors. */
  readonly description?: string;
  /** Hide the value in Terraform's output. It still is in the state: for secrets prefer `writeOnly`. */
  readonly sensitive?: boolean;
  /** The attribute should not be used any more: what to do instead. Terraform warns where it is set. */
  readonly deprecated?: string;
  /** Run on the configured value where it is set and wholly known. */
  readonly validators?: readonly Validator<V>[];
  /** Run in order while planning a create or an update. */
  readonly planModifiers?: readonly PlanModifier<V>[];
  /**
   * True where two spellings mean the same. The prior or planned spelling is then kept, in plan, read and apply,
   * so that a service that rewrites values (case, order, white space) shows no drift.
   */
  semanticEquals?(left: V, right: V): boolean;
}

/** The user must set it. */
export interface RequiredOptions<V> extends CommonOptions<V> {
  readonly required: true;
  readonly optional?: never;
  readonly computed?: never;
  readonly default?: never;
  readonly nonNull?: never;
  /** Passed to create and update in `config`, never stored in plan or state (Terraform ≥ 1.11). */
  readonly writeOnly?: boolean;
}

/** The user may set it. */
export interface OptionalOptions<V> extends CommonOptions<V> {
  readonly optional: true;
  readonly required?: never;
  /** The provider decides the value where the user does not. */
  readonly computed?: boolean;
  /** Planned where the configuration has null. Implies `computed`. A function is called for each plan. */
  readonly default?: V | (() => V);
  /** See {@link ComputedOptions.nonNull}. */
  readonly nonNull?: boolean;
  /** Passed to create and update in `config`, never stored in plan or state (Terraform ≥ 1.11). */
  readonly writeOnly?: boolean;
}

/** Only the provider sets it. */
export interface ComputedOptions<V> extends CommonOptions<V> {
  readonly computed: true;
  readonly required?: never;
  readonly optional?: never;
  readonly default?: never;
  readonly writeOnly?: never;
  /**
   * The provider promises a value in every state, even a partial one: `setState` and `importState` must then
   * name it, and models have no null for it. Meant for the id.
   */
  readonly nonNull?: boolean;
}

/** How an attribute behaves. */
export type AttributeOptions<V> = RequiredOptions<V> | OptionalOptions<V> | ComputedOptions<V>;

/** The models of a plain value: `K` known, `U` perhaps unknown. */
interface Plain<K, U> extends AttributeModels {
  config: U;
  knownConfig: K;
  plan: U;
  planned: K;
  state: K;
  stub: K;
}

/** What the options make of an attribute's models. */
export type ModelsFor<B extends AttributeModels, O> = O extends { writeOnly: true }
  ? {
      config: O extends { required: true } ? B['config'] : B['config'] | null;
      knownConfig: O extends { required: true } ? B['knownConfig'] : B['knownConfig'] | null;
      plan: never;
      planned: never;
      state: never;
      stub: never;
    }
  : O extends { required: true }
    ? {
        config: B['config'];
        knownConfig: B['knownConfig'];
        plan: B['plan'];
        planned: B['planned'];
        state: B['state'];
        stub: B['state'] | null;
      }
    : O extends { optional: true }
      ? {
          config: B['config'] | null;
          knownConfig: B['knownConfig'] | null;
          plan: B['plan'] | NullFor<O>;
          planned: O extends { default: unknown }
            ? B['planned']
            : O extends { computed: true }
              ? B['plan'] | NullFor<O>
              : B['planned'] | null;
          state: B['state'] | NullFor<O>;
          stub: O extends { nonNull: true } ? B['state'] : B['state'] | null;
        }
      : {
          config: null;
          knownConfig: null;
          plan: B['plan'] | NullFor<O>;
          planned: B['plan'] | NullFor<O>;
          state: B['state'] | NullFor<O>;
          stub: B['state'] | NullFor<O>;
        };

/** `null`, unless the options exclude it. */
type NullFor<O> = O extends { nonNull: true } | { default: unknown } ? never : null;

/** The value of each attribute in one model; attributes that the model does not have are left out. */
export type ObjectModel<A extends Attributes, M extends keyof AttributeModels> = {
  readonly [N in keyof A as [ModelOf<A[N], M>] extends [never] ? never : N]: ModelOf<A[N], M>;
};

/** One model of one attribute. */
export type ModelOf<T, M extends keyof AttributeModels> =
  T extends Attribute<infer Models extends AttributeModels> ? Models[M] : never;

/** The models of nested attributes, by nesting. */
interface NestedSingle<A extends Attributes> extends AttributeModels {
  config: ObjectModel<A, 'config'> | Unknown;
  knownConfig: ObjectModel<A, 'knownConfig'>;
  plan: ObjectModel<A, 'plan'> | Unknown;
  planned: ObjectModel<A, 'planned'>;
  state: ObjectModel<A, 'state'>;
  stub: ObjectModel<A, 'state'>;
}
interface NestedArray<A extends Attributes> extends AttributeModels {
  config: readonly (ObjectModel<A, 'config'> | Unknown)[] | Unknown;
  knownConfig: readonly ObjectModel<A, 'knownConfig'>[];
  plan: readonly (ObjectModel<A, 'plan'> | Unknown)[] | Unknown;
  planned: readonly ObjectModel<A, 'planned'>[];
  state: readonly ObjectModel<A, 'state'>[];
  stub: readonly ObjectModel<A, 'state'>[];
}
interface NestedRecord<A extends Attributes> extends AttributeModels {
  config: Readonly<Record<string, ObjectModel<A, 'config'> | Unknown>> | Unknown;
  knownConfig: Readonly<Record<string, ObjectModel<A, 'knownConfig'>>>;
  plan: Readonly<Record<string, ObjectModel<A, 'plan'> | Unknown>> | Unknown;
  planned: Readonly<Record<string, ObjectModel<A, 'planned'>>>;
  state: Readonly<Record<string, ObjectModel<A, 'state'>>>;
  stub: Readonly<Record<string, ObjectModel<A, 'state'>>>;
}

type ElementOptions<E extends Type> = { readonly element: E };
type NestedOptions<A extends Attributes> = { readonly attributes: A };

type Elements<E extends Type> = readonly KnownOf<E>[];
type MaybeElements<E extends Type> = readonly MaybeOf<E>[] | Unknown;
type Entries<E extends Type> = Readonly<Record<string, KnownOf<E>>>;
type MaybeEntries<E extends Type> = Readonly<Record<string, MaybeOf<E>>> | Unknown;

interface ErasedOptions extends CommonOptions<unknown> {
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly writeOnly?: boolean;
  readonly nonNull?: boolean;
  readonly default?: unknown;
}

function make<M extends AttributeModels>(
  type: ValueType,
  options: ErasedOptions,
  nested?: Attribute['nested'],
): Attribute<M> {
  const given = options.default;
  return {
    type: { ...type, nullable: true },
    nested,
    required: options.required === true,
    optional: options.optional === true,
    computed: options.computed === true || given !== undefined,
    sensitive: options.sensitive === true,
    writeOnly: options.writeOnly === true,
    nonNull: options.nonNull === true,
    description: options.description ?? '',
    deprecated: options.deprecated,
    default: given === undefined ? undefined : typeof given === 'function' ? () => given() : () => given,
    validators: options.validators ?? [],
    planModifiers: options.planModifiers ?? [],
    ...(options.semanticEquals && { semanticEquals: options.semanticEquals }),
  };
}

function objectType(attributes: Attributes): ValueType {
  const types: Record<string, ValueType> = {};
  for (const [name, attribute] of Object.entries(attributes)) types[name] = attribute.type;
  return { kind: 'object', attributes: types };
}

/**
 * Attribute builders. Each says `required`, `optional` and/or `computed`, from which the models' types follow:
 * `a.string({ required: true })` is a `string` in state and `string | Unknown` in a plan.
 */
export const a = {
  /** Text. */
  string<const O extends AttributeOptions<string>>(
    options: O,
  ): Attribute<ModelsFor<Plain<string, string | Unknown>, O>> {
    return make(t.string, options);
  },
  /** Truth. */
  bool<const O extends AttributeOptions<boolean>>(
    options: O,
  ): Attribute<ModelsFor<Plain<boolean, boolean | Unknown>, O>> {
    return make(t.bool, options);
  },
  /** A number that a double holds exactly (see `t.number`). */
  number<const O extends AttributeOptions<number>>(
    options: O,
  ): Attribute<ModelsFor<Plain<number, number | Unknown>, O>> {
    return make(t.number, options);
  },
  /** A number of any size, as decimal digits in a string (see `t.decimal`). */
  decimal<const O extends AttributeOptions<string>>(
    options: O,
  ): Attribute<ModelsFor<Plain<string, string | Unknown>, O>> {
    return make(t.decimal, options);
  },
  /** A value of a given type: object types, dynamic values, or anything `t` can say. */
  value<K, U, const O extends AttributeOptions<K>>(
    type: Type<K, U>,
    options: O,
  ): Attribute<ModelsFor<Plain<K, U>, O>> {
    return make(type, options);
  },
  /** A list of plain values. */
  list<E extends Type, const O extends AttributeOptions<Elements<E>>>(
    options: ElementOptions<E> & O,
  ): Attribute<ModelsFor<Plain<Elements<E>, MaybeElements<E>>, O>> {
    return make({ kind: 'list', element: options.element }, options);
  },
  /** A set of plain values, held as an array; equality ignores the order. */
  set<E extends Type, const O extends AttributeOptions<Elements<E>>>(
    options: ElementOptions<E> & O,
  ): Attribute<ModelsFor<Plain<Elements<E>, MaybeElements<E>>, O>> {
    return make({ kind: 'set', element: options.element }, options);
  },
  /** A map of plain values. */
  map<E extends Type, const O extends AttributeOptions<Entries<E>>>(
    options: ElementOptions<E> & O,
  ): Attribute<ModelsFor<Plain<Entries<E>, MaybeEntries<E>>, O>> {
    return make({ kind: 'map', element: options.element }, options);
  },
  /** One object with attributes of its own: `source = { file = … }`. */
  single<const A extends Attributes, const O extends AttributeOptions<ObjectModel<A, 'state'>>>(
    options: NestedOptions<A> & O,
  ): Attribute<ModelsFor<NestedSingle<A>, O>> {
    const { attributes } = options;
    return make(objectType(attributes), options, { nesting: 'single', attributes });
  },
  /** A list of objects with attributes of their own. */
  nestedList<
    const A extends Attributes,
    const O extends AttributeOptions<readonly ObjectModel<A, 'state'>[]>,
  >(options: NestedOptions<A> & O): Attribute<ModelsFor<NestedArray<A>, O>> {
    const { attributes } = options;
    const type: ValueType = { kind: 'list', element: objectType(attributes) };
    return make(type, options, { nesting: 'list', attributes });
  },
  /** A set of objects with attributes of their own, held as an array. */
  nestedSet<const A extends Attributes, const O extends AttributeOptions<readonly ObjectModel<A, 'state'>[]>>(
    options: NestedOptions<A> & O,
  ): Attribute<ModelsFor<NestedArray<A>, O>> {
    const { attributes } = options;
    const type: ValueType = { kind: 'set', element: objectType(attributes) };
    return make(type, options, { nesting: 'set', attributes });
  },
  /** Objects with attributes of their own, by key. */
  nestedMap<
    const A extends Attributes,
    const O extends AttributeOptions<Readonly<Record<string, ObjectModel<A, 'state'>>>>,
  >(options: NestedOptions<A> & O): Attribute<ModelsFor<NestedRecord<A>, O>> {
    const { attributes } = options;
    const type: ValueType = { kind: 'map', element: objectType(attributes) };
    return make(type, options, { nesting: 'map', attributes });
  },
};
