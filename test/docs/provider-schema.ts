// Renders the attributes of a schema as the registry's pages have them, and says which have no description. Pure.
import type {
  AttributeJson,
  BlockJson,
  ProviderSchemaJson,
  SchemaJson,
  TypeJson,
} from '@imagebridge/terraform-plugin';

/** Something with a name in a list: an attribute or a nested block. */
interface Entry {
  readonly name: string;
  readonly attribute: AttributeJson;
}

const GROUPS = [
  ['Required', ({ required }: AttributeJson) => required === true],
  ['Optional', ({ optional }: AttributeJson) => optional === true],
  ['Read-Only', ({ required, optional }: AttributeJson) => !required && !optional],
] as const;

/** The section "Schema", with a section for each nested attribute. */
export function renderSchema(block: BlockJson): string {
  const nested: string[] = [];
  const text = groups(attributesOf(block), 3, [], nested);
  return `${['## Schema', text, ...nested].filter(Boolean).join('\n\n')}\n`;
}

function groups(
  attributes: Readonly<Record<string, AttributeJson>>,
  level: number,
  path: readonly string[],
  nested: string[],
): string {
  const entries: readonly Entry[] = Object.entries(attributes).map(([name, attribute]) => ({
    name,
    attribute,
  }));
  return GROUPS.flatMap(([title, belongs]) => {
    const members = entries.filter(({ attribute }) => belongs(attribute));
    if (members.length === 0) return [];
    const heading = path.length === 0 ? `${'#'.repeat(level)} ${title}` : `${title}:`;
    return [`${heading}\n\n${members.map((one) => line(one, path, nested)).join('\n')}`];
  }).join('\n\n');
}

function line({ name, attribute }: Entry, path: readonly string[], nested: string[]): string {
  const inner = attribute.nested_type?.attributes;
  const here = [...path, name];
  const marks = [
    attribute.nested_type === undefined
      ? typeName(attribute.type ?? 'dynamic')
      : `Attributes${{ single: '', list: ' List', set: ' Set', map: ' Map' }[attribute.nested_type.nesting_mode]}`,
    ...(attribute.sensitive ? ['Sensitive'] : []),
    ...(attribute.write_only
      ? ['[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral)']
      : []),
    ...(attribute.deprecated ? ['Deprecated'] : []),
  ].join(', ');
  let below = '';
  if (inner !== undefined) {
    const anchor = `nestedatt--${here.join('--')}`;
    below = ` (see [below for nested schema](#${anchor}))`;
    const deeper: string[] = [];
    const text = groups(inner, 4, here, deeper);
    nested.push(`<a id="${anchor}"></a>\n### Nested Schema for \`${here.join('.')}\`\n\n${text}`, ...deeper);
  }
  return `- \`${name}\` (${marks}) ${attribute.description ?? ''}${below}`;
}

/** A block's attributes; nested blocks are shown as nested attributes are. */
function attributesOf(block: BlockJson): Readonly<Record<string, AttributeJson>> {
  const blocks = Object.entries(block.block_types ?? {}).map(([name, type]): [string, AttributeJson] => [
    name,
    {
      nested_type: { nesting_mode: type.nesting_mode, attributes: attributesOf(type.block) },
      description_kind: 'markdown',
      ...(type.block.description && { description: type.block.description }),
      ...((type.min_items ?? 0) > 0 ? { required: true } : { optional: true }),
    },
  ]);
  return { ...block.attributes, ...Object.fromEntries(blocks) };
}

/** A type in the registry's words. */
export function typeName(type: TypeJson): string {
  if (typeof type === 'string')
    return { string: 'String', bool: 'Boolean', number: 'Number', dynamic: 'Dynamic' }[type];
  switch (type[0]) {
    case 'object':
      return `Object({${Object.entries(type[1])
        .map(([name, one]) => `${name}=${typeName(one)}`)
        .join(', ')}})`;
    case 'tuple':
      return `Tuple of ${type[1].map(typeName).join(', ')}`;
    default:
      return `${{ list: 'List', set: 'Set', map: 'Map' }[type[0]]} of ${typeName(type[1])}`;
  }
}

/** What has no description, as paths such as `imagebridge_image.source.file`. */
export function undescribed(schema: ProviderSchemaJson): string[] {
  const found: string[] = [];
  const attributes = (place: string, all: Readonly<Record<string, AttributeJson>>): void => {
    for (const [name, one] of Object.entries(all)) {
      if (!one.description) found.push(`${place}.${name}`);
      attributes(`${place}.${name}`, one.nested_type?.attributes ?? {});
    }
  };
  const schemas = (prefix: string, all: Readonly<Record<string, SchemaJson>> = {}): void => {
    for (const [name, { block }] of Object.entries(all)) {
      if (!block.description) found.push(`${prefix}${name}`);
      attributes(`${prefix}${name}`, attributesOf(block));
    }
  };
  schemas('', { provider: schema.provider });
  schemas('', schema.resource_schemas);
  schemas('data.', schema.data_source_schemas);
  schemas('ephemeral.', schema.ephemeral_resource_schemas);
  for (const [name, one] of Object.entries(schema.functions ?? {})) {
    if (!one.summary) found.push(`function ${name}`);
    for (const parameter of [
      ...(one.parameters ?? []),
      ...(one.variadic_parameter ? [one.variadic_parameter] : []),
    ])
      if (!parameter.description) found.push(`function ${name}, parameter ${parameter.name}`);
  }
  return found;
}
