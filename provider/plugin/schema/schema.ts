// A schema: attributes, blocks, and the model types that follow from them.
import type { Unknown } from '../values/unknown.ts';
import type { Attribute, AttributeModels, Attributes, ModelOf, Nesting, ObjectModel } from './attribute.ts';
import { models } from './type.ts';

/** A nested block type: `disk { … }`. Prefer nested attributes in new schemas. */
export interface Block<M extends AttributeModels = AttributeModels> {
  readonly nesting: Nesting;
  readonly attributes: Attributes;
  readonly blocks: Blocks;
  /** Markdown. */
  readonly description: string;
  readonly deprecated?: string | undefined;
  readonly minItems: number;
  /** 0 means no limit. */
  readonly maxItems: number;
  readonly [models]?: M;
}

/** Block types by name. */
export type Blocks = Readonly<Record<string, Block>>;

/** What a block type may say. */
export interface BlockOptions<A extends Attributes, B extends Blocks> {
  readonly attributes?: A;
  readonly blocks?: B;
  /** Markdown. */
  readonly description?: string;
  /** What to use instead. */
  readonly deprecated?: string;
}

/** What a repeatable block type may say. */
export interface RepeatedBlockOptions<A extends Attributes, B extends Blocks> extends BlockOptions<A, B> {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** One object type instead of an intersection, for readable hovers. */
type Flat<T> = { readonly [N in keyof T]: T[N] };

type BlockObject<A extends Attributes, B extends Blocks, M extends keyof AttributeModels> = Flat<
  ObjectModel<A, M> & { readonly [N in keyof B]: BlockModelOf<B[N], M> }
>;
type BlockModelOf<T, M extends keyof AttributeModels> =
  T extends Block<infer Models extends AttributeModels> ? Models[M] : never;

interface SingleBlock<A extends Attributes, B extends Blocks> extends AttributeModels {
  config: BlockObject<A, B, 'config'> | null | Unknown;
  knownConfig: BlockObject<A, B, 'knownConfig'> | null;
  plan: BlockObject<A, B, 'plan'> | null | Unknown;
  planned: BlockObject<A, B, 'planned'> | null;
  state: BlockObject<A, B, 'state'> | null;
  stub: BlockObject<A, B, 'state'> | null;
}
interface RepeatedBlock<A extends Attributes, B extends Blocks> extends AttributeModels {
  config: readonly (BlockObject<A, B, 'config'> | Unknown)[] | Unknown;
  knownConfig: readonly BlockObject<A, B, 'knownConfig'>[];
  plan: readonly (BlockObject<A, B, 'plan'> | Unknown)[] | Unknown;
  planned: readonly BlockObject<A, B, 'planned'>[];
  state: readonly BlockObject<A, B, 'state'>[];
  stub: readonly BlockObject<A, B, 'state'>[];
}

interface LabelledBlock<A extends Attributes, B extends Blocks> extends AttributeModels {
  config: Readonly<Record<string, BlockObject<A, B, 'config'> | Unknown>> | Unknown;
  knownConfig: Readonly<Record<string, BlockObject<A, B, 'knownConfig'>>>;
  plan: Readonly<Record<string, BlockObject<A, B, 'plan'> | Unknown>> | Unknown;
  planned: Readonly<Record<string, BlockObject<A, B, 'planned'>>>;
  state: Readonly<Record<string, BlockObject<A, B, 'state'>>>;
  stub: Readonly<Record<string, BlockObject<A, B, 'state'>>>;
}

type None = Readonly<Record<never, never>>;

function block<M extends AttributeModels>(
  nesting: Nesting,
  options: RepeatedBlockOptions<Attributes, Blocks>,
): Block<M> {
  return {
    nesting,
    attributes: options.attributes ?? {},
    blocks: options.blocks ?? {},
    description: options.description ?? '',
    deprecated: options.deprecated,
    minItems: options.minItems ?? 0,
    maxItems: options.maxItems ?? 0,
  };
}

/** Block builders. An absent single block is null; absent repeated blocks are empty, never null. */
export const b = {
  /** At most one block of this type. */
  single<const A extends Attributes = None, const B extends Blocks = None>(
    options: BlockOptions<A, B>,
  ): Block<SingleBlock<A, B>> {
    return block('single', options);
  },
  /** Any number of blocks, in order. */
  list<const A extends Attributes = None, const B extends Blocks = None>(
    options: RepeatedBlockOptions<A, B>,
  ): Block<RepeatedBlock<A, B>> {
    return block('list', options);
  },
  /** Any number of different blocks, without order. */
  set<const A extends Attributes = None, const B extends Blocks = None>(
    options: RepeatedBlockOptions<A, B>,
  ): Block<RepeatedBlock<A, B>> {
    return block('set', options);
  },
  /** Blocks with a label each, by which they are told apart: `disk "data" { … }`. */
  map<const A extends Attributes = None, const B extends Blocks = None>(
    options: BlockOptions<A, B>,
  ): Block<LabelledBlock<A, B>> {
    return block('map', options);
  },
};

/** The schema of a provider, resource or data source. Make one with {@link schema}. */
export interface Schema<A extends Attributes = Attributes, B extends Blocks = Blocks> {
  readonly attributes: A;
  readonly blocks: B;
  /** Of the state; raise it together with an `upgradeState` step. */
  readonly version: number;
  /** Markdown. */
  readonly description: string;
  readonly deprecated?: string | undefined;
}

/** What a schema may say. */
export interface SchemaOptions<A extends Attributes, B extends Blocks> {
  readonly attributes?: A;
  readonly blocks?: B;
  /** Of the state; 0 where it never changed. */
  readonly version?: number;
  /** Markdown. */
  readonly description?: string;
  /** What to use instead. */
  readonly deprecated?: string;
}

/** Declares a schema. Its model types are {@link StateModel}`<typeof mySchema>` and siblings. */
export function schema<const A extends Attributes = None, const B extends Blocks = None>(
  options: SchemaOptions<A, B>,
): Schema<A, B> {
  return {
    // The defaults of A and B are the empty object, which is what is missing here.
    attributes: options.attributes ?? ({} as A),
    blocks: options.blocks ?? ({} as B),
    version: options.version ?? 0,
    description: options.description ?? '',
    deprecated: options.deprecated,
  };
}

type SchemaModel<S extends Schema, M extends keyof AttributeModels> = BlockObject<
  S['attributes'],
  S['blocks'],
  M
>;

/** A configuration while validating or planning: set values may be {@link Unknown}; computed-only ones are null. */
export type ConfigModel<S extends Schema> = SchemaModel<S, 'config'>;
/** A configuration while applying: wholly known. The only model that has write-only values, beside {@link ConfigModel}. */
export type KnownConfigModel<S extends Schema> = SchemaModel<S, 'knownConfig'>;
/** A plan in the making: any value may be {@link Unknown}. No write-only attributes. */
export type PlanModel<S extends Schema> = SchemaModel<S, 'plan'>;
/** The plan that create and update receive: only computed values may be {@link Unknown}. */
export type PlannedModel<S extends Schema> = SchemaModel<S, 'planned'>;
/** A complete state: nothing is unknown. */
export type StateModel<S extends Schema> = SchemaModel<S, 'state'>;
/** A state that may be a stub after an import: only `nonNull` attributes are sure to be there. */
export type StubModel<S extends Schema> = SchemaModel<S, 'stub'>;
/** What importState returns and setState takes: `nonNull` attributes must be named, the others may be. */
export type PartialState<S extends Schema> = Partial<StateModel<S>> & {
  readonly [N in keyof S['attributes'] as null extends ModelOf<S['attributes'][N], 'stub'>
    ? never
    : [ModelOf<S['attributes'][N], 'stub'>] extends [never]
      ? never
      : N]: ModelOf<S['attributes'][N], 'stub'>;
};

/** The attribute of a schema by name, or undefined. */
export function attributeOf(attributes: Attributes, name: string): Attribute | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
