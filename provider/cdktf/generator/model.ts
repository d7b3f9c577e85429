// What the generator writes, worked out from the schema: classes, their fields and nested structures, with TypeScript names.
import type {
  AttributeJson,
  BlockJson,
  Nesting,
  ParameterJson,
  ProviderSchemaJson,
  TypeJson,
} from './schema-file.ts';

/** A type without parts. */
export type Scalar = 'string' | 'number' | 'boolean';

/** What a field holds. `any`: a type this generator does not spell out (dynamic, tuples, lists of lists). */
export type FieldType =
  | { readonly form: 'scalar'; readonly of: Scalar }
  | { readonly form: 'list' | 'set' | 'map'; readonly of: Scalar }
  | { readonly form: 'nested'; readonly nesting: Nesting; readonly struct: Struct; readonly block: boolean }
  | { readonly form: 'any' };

/** An attribute or block type of a class or structure. */
export interface Field {
  /** Terraform's name, e.g. `min_disk_gib`. */
  readonly tfName: string;
  /** The same in camel case, and out of the way of the base class. */
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  readonly deprecated: boolean;
  readonly required: boolean;
  /** The user may set it. */
  readonly configurable: boolean;
  /** Only the provider sets it. */
  readonly computedOnly: boolean;
  /** Never in state: cannot be referenced. */
  readonly writeOnly: boolean;
  readonly sensitive: boolean;
}

/** An object with fields of its own, nested in a class. */
export interface Struct {
  /** TypeScript name, e.g. `ImagebridgeImageSource`. */
  readonly name: string;
  /** Terraform's name of the attribute or block type, e.g. `source`. */
  readonly tfName: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

/** A class to write. */
export interface ClassModel {
  readonly kind: 'provider' | 'resource' | 'data-source' | 'ephemeral-resource';
  /** TypeScript name, e.g. `ImagebridgeImage`. */
  readonly name: string;
  /** Terraform's type, e.g. `imagebridge_image`. */
  readonly tfType: string;
  /** File name without extension. */
  readonly fileName: string;
  readonly description: string;
  readonly deprecated: boolean;
  readonly fields: readonly Field[];
  /** All nested structures, the inner ones first. */
  readonly structs: readonly Struct[];
}

/** A parameter of a function. */
export interface ParameterModel {
  readonly tfName: string;
  readonly name: string;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly description: string;
}

/** A function of the provider. */
export interface FunctionModel {
  readonly tfName: string;
  /** Name of the method. */
  readonly name: string;
  /** Name of the class of its result, where that is an object. */
  readonly resultName: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly ParameterModel[];
  readonly variadic: ParameterModel | undefined;
  readonly returns: FieldType;
}

/** Members of cdktf's base classes and meta-arguments, which a field may not hide. */
const reserved = new Set(
  `addMoveTarget addOverride alias cdktfStack connection constructor count creationStack dependsOn forEach fqn
  friendlyUniqueId hasResourceMove importFrom interpolationForAttribute lifecycle moveFromId moveTo moveToId node
  overrideLogicalId provider provisioners rawOverrides resetOverrideLogicalId resolve computeFqn synthesizeAttributes
  synthesizeHclAttributes terraformGeneratorMetadata terraformMetaArguments terraformProviderSource
  terraformResourceType terraformResource terraformAttribute toHclTerraform toMetadata toString toTerraform`.split(
    /\s+/,
  ),
);

/** `min_disk_gib` → `minDiskGib`. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `min_disk_gib` → `MinDiskGib`. */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** The classes of a provider: itself, then resources, data sources and ephemeral resources, each in the schema's order. */
export function classesOf(providerName: string, schema: ProviderSchemaJson): ClassModel[] {
  const make = (kind: ClassModel['kind'], tfType: string, name: string, block: BlockJson): ClassModel => {
    const structs: Struct[] = [];
    const fields = fieldsOf(block, name, structs);
    return {
      kind,
      name,
      tfType,
      fileName: name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase(),
      description: block.description ?? '',
      deprecated: block.deprecated === true,
      fields,
      structs,
    };
  };
  return [
    make('provider', providerName, `${pascalCase(providerName)}Provider`, schema.provider.block),
    ...Object.entries(schema.resource_schemas ?? {}).map(([type, { block }]) =>
      make('resource', type, pascalCase(type), block),
    ),
    ...Object.entries(schema.data_source_schemas ?? {}).map(([type, { block }]) =>
      make('data-source', type, `Data${pascalCase(type)}`, block),
    ),
    ...Object.entries(schema.ephemeral_resource_schemas ?? {}).map(([type, { block }]) =>
      make('ephemeral-resource', type, `Ephemeral${pascalCase(type)}`, block),
    ),
  ];
}

/** The functions of a provider, in the schema's order. */
export function functionsOf(providerName: string, schema: ProviderSchemaJson): FunctionModel[] {
  return Object.entries(schema.functions ?? {}).map(([tfName, one]) => {
    const resultName = `${pascalCase(providerName)}${pascalCase(tfName)}Result`;
    const typeOf = (type: TypeJson) => plainType(type, resultName, tfName, { computed: true }, []);
    const parameter = ({ name, type, description, is_nullable }: ParameterJson): ParameterModel => ({
      tfName: name,
      name: camelCase(name),
      type: typeOf(type),
      nullable: is_nullable === true,
      description: description ?? '',
    });
    return {
      tfName,
      name: camelCase(tfName),
      resultName,
      summary: one.summary ?? '',
      description: one.description ?? '',
      parameters: (one.parameters ?? []).map(parameter),
      variadic: one.variadic_parameter && parameter(one.variadic_parameter),
      returns: typeOf(one.return_type),
    };
  });
}

function fieldsOf(block: BlockJson, owner: string, structs: Struct[]): Field[] {
  const attributes = Object.entries(block.attributes ?? {}).map(([tfName, attribute]) =>
    attributeField(tfName, attribute, owner, structs),
  );
  const blocks = Object.entries(block.block_types ?? {}).map(([tfName, type]): Field => {
    const name = owner + pascalCase(tfName);
    const description = type.block.description ?? '';
    const struct: Struct = { name, tfName, description, fields: fieldsOf(type.block, name, structs) };
    structs.push(struct);
    return {
      tfName,
      name: memberName(tfName),
      type: { form: 'nested', nesting: type.nesting_mode, struct, block: true },
      description,
      deprecated: type.block.deprecated === true,
      required: (type.min_items ?? 0) > 0,
      configurable: true,
      computedOnly: false,
      writeOnly: false,
      sensitive: false,
    };
  });
  return [...attributes, ...blocks];
}

function attributeField(tfName: string, attribute: AttributeJson, owner: string, structs: Struct[]): Field {
  const structName = owner + pascalCase(tfName);
  const configurable = attribute.required === true || attribute.optional === true;
  return {
    tfName,
    name: memberName(tfName),
    type: attribute.nested_type
      ? nested(structName, tfName, attribute, attribute.nested_type.nesting_mode, structs, (inner) =>
          Object.entries(attribute.nested_type?.attributes ?? {}).map(([name, a]) =>
            attributeField(name, a, structName, inner),
          ),
        )
      : plainType(attribute.type ?? 'dynamic', structName, tfName, attribute, structs),
    description: attribute.description ?? '',
    deprecated: attribute.deprecated === true,
    required: attribute.required === true,
    configurable,
    computedOnly: !configurable,
    writeOnly: attribute.write_only === true,
    sensitive: attribute.sensitive === true,
  };
}

function nested(
  name: string,
  tfName: string,
  attribute: AttributeJson,
  nesting: Nesting,
  structs: Struct[],
  fields: (structs: Struct[]) => Field[],
): FieldType {
  const struct: Struct = { name, tfName, description: attribute.description ?? '', fields: fields(structs) };
  structs.push(struct);
  return { form: 'nested', nesting, struct, block: false };
}

const scalars: Readonly<Record<string, Scalar>> = { string: 'string', number: 'number', bool: 'boolean' };

/** Object types become structures whose fields are all to be written, as Terraform demands of them. */
function plainType(
  type: TypeJson,
  structName: string,
  tfName: string,
  attribute: AttributeJson,
  structs: Struct[],
): FieldType {
  if (typeof type === 'string') {
    const of = scalars[type];
    return of ? { form: 'scalar', of } : { form: 'any' };
  }
  const object = (attributes: Readonly<Record<string, TypeJson>>, nesting: Nesting) =>
    nested(structName, tfName, attribute, nesting, structs, (inner) =>
      Object.entries(attributes).map(([name, element]) =>
        attributeField(
          name,
          attribute.required || attribute.optional
            ? { type: element, required: true }
            : { type: element, computed: true },
          structName,
          inner,
        ),
      ),
    );
  if (type[0] === 'object') return object(type[1], 'single');
  if (type[0] === 'tuple') return { form: 'any' };
  const element = type[1];
  if (typeof element === 'string') {
    const of = scalars[element];
    return of ? { form: type[0], of } : { form: 'any' };
  }
  return element[0] === 'object' ? object(element[1], type[0]) : { form: 'any' };
}

function memberName(tfName: string): string {
  const name = camelCase(tfName);
  return reserved.has(name) ? `${name}Attribute` : name;
}
