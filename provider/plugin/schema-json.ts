// A provider's schema as data, in the shape of `terraform providers schema -json`. Runs no handler.
import type { Parameter } from './definition/function.ts';
import type { AnyProvider } from './definition/provider.ts';
import type { Attribute, Attributes } from './schema/attribute.ts';
import type { Block, Blocks, Schema } from './schema/schema.ts';
import { type TypeJson, typeToJson } from './schema/type-json.ts';

export type { TypeJson } from './schema/type-json.ts';

/** An attribute. Flags are absent where false. */
export interface AttributeJson {
  readonly type?: TypeJson;
  readonly nested_type?: {
    readonly nesting_mode: 'single' | 'list' | 'set' | 'map';
    readonly attributes?: Readonly<Record<string, AttributeJson>>;
  };
  readonly description?: string;
  readonly description_kind: 'plain' | 'markdown';
  readonly deprecated?: true;
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly sensitive?: true;
  readonly write_only?: true;
}

/** A block's content. */
export interface BlockJson {
  readonly attributes?: Readonly<Record<string, AttributeJson>>;
  readonly block_types?: Readonly<
    Record<
      string,
      {
        readonly nesting_mode: 'single' | 'list' | 'set' | 'map';
        readonly block: BlockJson;
        readonly min_items?: number;
        readonly max_items?: number;
      }
    >
  >;
  readonly description?: string;
  readonly description_kind: 'plain' | 'markdown';
  readonly deprecated?: true;
}

/** A schema with its version. */
export interface SchemaJson {
  readonly version: number;
  readonly block: BlockJson;
}

/** A function's signature. */
export interface FunctionJson {
  readonly description?: string;
  readonly summary?: string;
  readonly return_type: TypeJson;
  readonly parameters?: readonly ParameterJson[];
  readonly variadic_parameter?: ParameterJson;
}

/** A function's parameter. */
export interface ParameterJson {
  readonly name: string;
  readonly description?: string;
  readonly is_nullable?: true;
  readonly type: TypeJson;
}

/** What `terraform providers schema -json` prints for one provider. */
export interface ProviderSchemaJson {
  readonly provider: SchemaJson;
  readonly resource_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly data_source_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, SchemaJson>>;
  readonly functions?: Readonly<Record<string, FunctionJson>>;
}

/**
 * The provider's schema as `terraform providers schema -json` prints it under its address, without running terraform.
 * Keys are sorted as there, so that the result can be compared and stored.
 */
export function schemaJson(provider: AnyProvider): ProviderSchemaJson {
  return {
    provider: schemaOf(provider.schema),
    ...filled('resource_schemas', provider.resources, ({ schema }) => schemaOf(schema)),
    ...filled('data_source_schemas', provider.dataSources ?? {}, ({ schema }) => schemaOf(schema)),
    ...filled('ephemeral_resource_schemas', provider.ephemeralResources ?? {}, ({ schema }) =>
      schemaOf(schema),
    ),
    ...filled('functions', provider.functions ?? {}, (one) => ({
      ...(one.description && { description: one.description }),
      ...(one.summary && { summary: one.summary }),
      return_type: typeToJson(one.returns),
      ...(one.parameters.length > 0 && { parameters: one.parameters.map(parameterOf) }),
      ...(one.variadic && { variadic_parameter: parameterOf(one.variadic) }),
    })),
  };
}

/** A sorted record under a name, or nothing where it would be empty. */
function filled<K extends string, A, B>(
  name: K,
  from: Readonly<Record<string, A>>,
  change: (one: A) => B,
): { readonly [N in K]?: Readonly<Record<string, B>> } {
  const names = Object.keys(from).sort();
  if (names.length === 0) return {};
  const entries = names.map((key) => [key, change(from[key] as A)] as const);
  return { [name]: Object.fromEntries(entries) } as { readonly [N in K]?: Readonly<Record<string, B>> };
}

const schemaOf = (schema: Schema): SchemaJson => ({ version: schema.version, block: blockOf(schema) });

function blockOf(content: {
  readonly attributes: Attributes;
  readonly blocks: Blocks;
  readonly description: string;
  readonly deprecated?: string | undefined;
}): BlockJson {
  return {
    ...filled('attributes', content.attributes, attributeOf),
    ...filled('block_types', content.blocks, blockTypeOf),
    ...(content.description && { description: content.description }),
    description_kind: 'markdown',
    ...(content.deprecated !== undefined && { deprecated: true }),
  };
}

const blockTypeOf = (block: Block) => ({
  nesting_mode: block.nesting,
  block: blockOf(block),
  ...(block.minItems > 0 && { min_items: block.minItems }),
  ...(block.maxItems > 0 && { max_items: block.maxItems }),
});

function attributeOf(attribute: Attribute): AttributeJson {
  const { nested } = attribute;
  return {
    ...(nested === undefined
      ? { type: typeToJson(attribute.type) }
      : {
          nested_type: {
            ...filled('attributes', nested.attributes, attributeOf),
            nesting_mode: nested.nesting,
          },
        }),
    ...(attribute.description && { description: attribute.description }),
    description_kind: 'markdown',
    ...(attribute.deprecated !== undefined && { deprecated: true }),
    ...(attribute.required && { required: true }),
    ...(attribute.optional && { optional: true }),
    ...(attribute.computed && { computed: true }),
    ...(attribute.sensitive && { sensitive: true }),
    ...(attribute.writeOnly && { write_only: true }),
  };
}

const parameterOf = ({ name, description, type }: Parameter): ParameterJson => ({
  name,
  ...(description && { description }),
  ...(type.nullable === true && { is_nullable: true }),
  type: typeToJson(type),
});
