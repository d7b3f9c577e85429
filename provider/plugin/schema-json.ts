// A provider's schema as data, in the shape of `terraform providers schema -json`. Runs no handler.
import type { AnyProvider } from './definition/provider.ts';

/** A type as JSON: `"string"`, `["list", "string"]`, `["object", {…}]`. */
export type TypeJson =
  | 'string'
  | 'bool'
  | 'number'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeJson]
  | readonly ['object', Readonly<Record<string, TypeJson>>]
  | readonly ['tuple', readonly TypeJson[]];

/** An attribute. Flags are absent where false. */
export interface AttributeJson {
  readonly type?: TypeJson;
  readonly nested_type?: {
    readonly nesting_mode: 'single' | 'list' | 'set' | 'map';
    readonly attributes: Readonly<Record<string, AttributeJson>>;
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
  readonly functions?: Readonly<Record<string, FunctionJson>>;
}

/** The provider's schema as `terraform providers schema -json` prints it under its address, without running terraform. */
export function schemaJson(_provider: AnyProvider): ProviderSchemaJson {
  throw new Error('not built yet');
}
