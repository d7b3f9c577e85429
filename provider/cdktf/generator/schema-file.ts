// Reads a provider's schema (the shape of `terraform providers schema -json` for one provider) and checks it.
// Imports zod only.
import { z } from 'zod';

/** A Terraform type as the schema writes it: `"string"`, `["list", "string"]`, `["object", {…}]`. */
export type TypeJson =
  | 'string'
  | 'bool'
  | 'number'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeJson]
  | readonly ['object', Readonly<Record<string, TypeJson>>]
  | readonly ['tuple', readonly TypeJson[]];

/** How nested attributes or blocks nest. */
export type Nesting = 'single' | 'list' | 'set' | 'map';

/** An attribute; flags are absent where false. Has either `type` or `nested_type`. */
export interface AttributeJson {
  readonly type?: TypeJson | undefined;
  readonly nested_type?:
    | {
        readonly nesting_mode: Nesting;
        readonly attributes?: Readonly<Record<string, AttributeJson>> | undefined;
      }
    | undefined;
  readonly description?: string | undefined;
  readonly deprecated?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly optional?: boolean | undefined;
  readonly computed?: boolean | undefined;
  readonly sensitive?: boolean | undefined;
  readonly write_only?: boolean | undefined;
}

/** A nested block type. */
export interface BlockTypeJson {
  readonly nesting_mode: Nesting;
  readonly block: BlockJson;
  readonly min_items?: number | undefined;
  readonly max_items?: number | undefined;
}

/** A block's content. */
export interface BlockJson {
  readonly attributes?: Readonly<Record<string, AttributeJson>> | undefined;
  readonly block_types?: Readonly<Record<string, BlockTypeJson>> | undefined;
  readonly description?: string | undefined;
  readonly deprecated?: boolean | undefined;
}

/** A parameter of a function. */
export interface ParameterJson {
  readonly name: string;
  readonly type: TypeJson;
  readonly description?: string | undefined;
  readonly is_nullable?: boolean | undefined;
}

/** A function's signature. */
export interface FunctionJson {
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly return_type: TypeJson;
  readonly parameters?: readonly ParameterJson[] | undefined;
  readonly variadic_parameter?: ParameterJson | undefined;
}

const typeJson: z.ZodType<TypeJson> = z.lazy(() =>
  z.union([
    z.enum(['string', 'bool', 'number', 'dynamic']),
    z.tuple([z.enum(['list', 'set', 'map']), typeJson]),
    z.tuple([z.literal('object'), z.record(z.string(), typeJson)]),
    z.tuple([z.literal('tuple'), z.array(typeJson)]),
  ]),
);

const nesting = z.enum(['single', 'list', 'set', 'map']);

const attributeJson: z.ZodType<AttributeJson> = z.lazy(() =>
  z
    .object({
      type: typeJson.optional(),
      nested_type: z
        .object({ nesting_mode: nesting, attributes: z.record(z.string(), attributeJson).optional() })
        .optional(),
      description: z.string().optional(),
      deprecated: z.boolean().optional(),
      required: z.boolean().optional(),
      optional: z.boolean().optional(),
      computed: z.boolean().optional(),
      sensitive: z.boolean().optional(),
      write_only: z.boolean().optional(),
    })
    .refine((a) => (a.type === undefined) !== (a.nested_type === undefined), {
      message: 'an attribute has either type or nested_type',
    }),
);

const blockJson: z.ZodType<BlockJson> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), attributeJson).optional(),
    block_types: z
      .record(
        z.string(),
        z.object({
          nesting_mode: nesting,
          block: blockJson,
          min_items: z.number().optional(),
          max_items: z.number().optional(),
        }),
      )
      .optional(),
    description: z.string().optional(),
    deprecated: z.boolean().optional(),
  }),
);

const parameterJson: z.ZodType<ParameterJson> = z.object({
  name: z.string(),
  type: typeJson,
  description: z.string().optional(),
  is_nullable: z.boolean().optional(),
});

const functionJson: z.ZodType<FunctionJson> = z.object({
  summary: z.string().optional(),
  description: z.string().optional(),
  return_type: typeJson,
  parameters: z.array(parameterJson).optional(),
  variadic_parameter: parameterJson.optional(),
});

const schemaJson = z.object({ version: z.number().optional(), block: blockJson });

const providerSchema = z.object({
  provider: schemaJson,
  resource_schemas: z.record(z.string(), schemaJson).optional(),
  data_source_schemas: z.record(z.string(), schemaJson).optional(),
  ephemeral_resource_schemas: z.record(z.string(), schemaJson).optional(),
  functions: z.record(z.string(), functionJson).optional(),
});

/** A provider's whole schema. */
export type ProviderSchemaJson = z.infer<typeof providerSchema>;

/**
 * Reads the text of a schema file.
 * @throws Error when the text is not JSON of the expected shape; the message names each place
 */
export function parseSchema(text: string): ProviderSchemaJson {
  const parsed = providerSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`The schema file has an unexpected shape:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
