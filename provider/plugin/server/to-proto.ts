// Our values, paths, diagnostics and schemas as protocol messages.
import type { AnyFunction, Parameter } from '../definition/function.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Attribute, Attributes } from '../schema/attribute.ts';
import type { Block, Blocks, Schema } from '../schema/schema.ts';
import type { ValueType } from '../schema/type.ts';
import { typeToJson } from '../schema/type-json.ts';
import { encodeValue } from '../values/codec.ts';
import type { AttributePath, PathStep } from '../values/path.ts';
import type { Decoded } from '../wire/protobuf.ts';
import {
  type AttributeContent,
  type AttributePathMessage,
  type BlockContent,
  type DiagnosticMessage,
  type DynamicValue,
  type FunctionMessage,
  MARKDOWN,
  NESTING,
  type NestedBlockContent,
  type ParameterMessage,
  type SchemaMessage,
  SEVERITY,
} from '../wire/tfplugin6.ts';

const NOTHING = new Uint8Array(0);

/** A value as the protocol carries it. Throws ValueError where it does not fit. */
export function toDynamic(type: ValueType, value: unknown): Decoded<typeof DynamicValue> {
  return { msgpack: encodeValue(type, value), json: NOTHING };
}

/**
 * A path as the protocol carries it. It ends where the type does not go on, and before an element of a set:
 * Terraform has no step for either.
 */
export function toPath(type: ValueType, path: AttributePath): Decoded<typeof AttributePathMessage> {
  const steps: { attributeName?: string; elementKeyString?: string; elementKeyInt?: number }[] = [];
  let here: ValueType | undefined = type;
  for (const step of path.steps) {
    here = here && into(here, step);
    if (here === undefined) break;
    if ('attribute' in step) steps.push({ attributeName: step.attribute });
    else if ('key' in step) steps.push({ elementKeyString: step.key });
    else steps.push({ elementKeyInt: step.index });
  }
  return {
    steps: steps.map((step) => ({
      attributeName: step.attributeName,
      elementKeyString: step.elementKeyString,
      elementKeyInt: step.elementKeyInt,
    })),
  };
}

function into(type: ValueType, step: PathStep): ValueType | undefined {
  if ('attribute' in step) {
    if (type.kind !== 'object' || !Object.hasOwn(type.attributes, step.attribute)) return undefined;
    return type.attributes[step.attribute];
  }
  if ('key' in step) return type.kind === 'map' ? type.element : undefined;
  if (type.kind === 'tuple') return type.elements[step.index];
  return type.kind === 'list' ? type.element : undefined;
}

/** Diagnostics as the protocol carries them; paths are fitted to the type. */
export function toDiagnostics(
  type: ValueType,
  diagnostics: readonly Diagnostic[],
): Decoded<typeof DiagnosticMessage>[] {
  return diagnostics.map(({ severity, summary, detail, path }) => ({
    severity: SEVERITY[severity],
    summary,
    detail: detail ?? '',
    attribute: path === undefined || path.steps.length === 0 ? undefined : toPath(type, path),
  }));
}

/** A schema as the protocol carries it. */
export function toSchema(schema: Schema): Decoded<typeof SchemaMessage> {
  return { version: schema.version, block: toBlock(schema, schema.version) };
}

function toBlock(
  content: {
    readonly attributes: Attributes;
    readonly blocks: Blocks;
    readonly description: string;
    readonly deprecated?: string | undefined;
  },
  version: number,
): BlockContent {
  return {
    version,
    attributes: toAttributes(content.attributes),
    blockTypes: Object.entries(content.blocks).map(([name, block]) => toBlockType(name, block)),
    description: content.description,
    descriptionKind: MARKDOWN,
    deprecated: content.deprecated !== undefined,
    deprecationMessage: content.deprecated ?? '',
  };
}

function toBlockType(name: string, block: Block): NestedBlockContent {
  return {
    typeName: name,
    block: toBlock(block, 0),
    nesting: NESTING[block.nesting],
    minItems: block.minItems,
    maxItems: block.maxItems,
  };
}

const toAttributes = (attributes: Attributes): AttributeContent[] =>
  Object.entries(attributes).map(([name, attribute]) => toAttribute(name, attribute));

function toAttribute(name: string, attribute: Attribute): AttributeContent {
  const { nested } = attribute;
  return {
    name,
    type: nested === undefined ? typeBytes(attribute.type) : NOTHING,
    nestedType: nested && { attributes: toAttributes(nested.attributes), nesting: NESTING[nested.nesting] },
    description: attribute.description,
    required: attribute.required,
    optional: attribute.optional,
    computed: attribute.computed,
    sensitive: attribute.sensitive,
    descriptionKind: MARKDOWN,
    deprecated: attribute.deprecated !== undefined,
    writeOnly: attribute.writeOnly,
    deprecationMessage: attribute.deprecated ?? '',
  };
}

const typeBytes = (type: ValueType): Uint8Array => Buffer.from(JSON.stringify(typeToJson(type)));

const toParameter = ({ name, type, description }: Parameter): Decoded<typeof ParameterMessage> => ({
  name,
  type: typeBytes(type),
  allowNullValue: type.nullable === true,
  allowUnknownValues: false,
  description: description ?? '',
  descriptionKind: MARKDOWN,
});

/** A function's signature as the protocol carries it. */
export function toFunction(definition: AnyFunction): Decoded<typeof FunctionMessage> {
  return {
    parameters: definition.parameters.map(toParameter),
    variadicParameter: definition.variadic && toParameter(definition.variadic),
    return: { type: typeBytes(definition.returns) },
    summary: definition.summary,
    description: definition.description ?? '',
    descriptionKind: MARKDOWN,
  };
}
