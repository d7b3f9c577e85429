// Renders the provider's documents in the layout of Terraform's registry: from its schema, its examples and its guides. Pure.
import type {
  FunctionJson,
  ParameterJson,
  ProviderSchemaJson,
  SchemaJson,
} from '@imagebridge/terraform-plugin';
import { renderSchema, typeName } from './provider-schema.ts';

/** The prefix that the documents' file names leave out. */
const PREFIX = 'imagebridge_';

/** What the documents are made from besides the schema. */
export interface DocumentSources {
  /** The text of a file below `examples/`; undefined where there is none. */
  readonly example: (path: string) => string | undefined;
  /** File names and titles of the guides, in the order in which they are listed. */
  readonly guides: readonly { readonly file: string; readonly title: string }[];
}

/** Kinds of things and where the registry looks for their pages and their examples. */
const KINDS = {
  resource: { folder: 'resources', title: 'Resource', file: 'resource.tf' },
  data: { folder: 'data-sources', title: 'Data Source', file: 'data-source.tf' },
  ephemeral: { folder: 'ephemeral-resources', title: 'Ephemeral Resource', file: 'ephemeral-resource.tf' },
} as const;

/**
 * All documents but the guides, by path below `docs/`.
 * @throws Error that names what has no example or no way of import: a page without is no help
 */
export function renderProviderDocs(
  schema: ProviderSchemaJson,
  sources: DocumentSources,
): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([['index.md', indexPage(schema.provider, sources)]]);
  const lacking: string[] = [];
  const example = (path: string): string => {
    const text = sources.example(path);
    if (text === undefined) lacking.push(`examples/${path}`);
    return text?.trim() ?? '';
  };
  const add = (kind: keyof typeof KINDS, schemas: Readonly<Record<string, SchemaJson>> = {}) => {
    const { folder, title, file } = KINDS[kind];
    for (const [name, one] of Object.entries(schemas)) {
      const usage = example(`${folder}/${name}/${file}`);
      const imports = kind === 'resource' ? importSection(example(`${folder}/${name}/import.sh`)) : '';
      pages.set(
        `${folder}/${name.replace(PREFIX, '')}.md`,
        `${head(`${name} ${title}`, one.block.description ?? '')}
# ${name} (${title})

${one.block.description ?? ''}

## Example Usage

\`\`\`terraform
${usage}
\`\`\`

${renderSchema(one.block)}${imports}`,
      );
    }
  };
  add('resource', schema.resource_schemas);
  add('data', schema.data_source_schemas);
  add('ephemeral', schema.ephemeral_resource_schemas);
  for (const [name, one] of Object.entries(schema.functions ?? {}))
    pages.set(`functions/${name}.md`, functionPage(name, one, example(`functions/${name}/function.tf`)));
  if (lacking.length > 0) throw new Error(`Please write ${lacking.join(', ')}.`);
  return pages;
}

/** The lines that the registry reads. */
function head(title: string, description: string): string {
  // The first sentence; a full stop inside code or an abbreviation does not end it.
  const first = /^.*?\.(?=\s|$)/s.exec(description)?.[0] ?? description;
  return `---
page_title: "${title} - imagebridge"
subcategory: ""
description: |-
  ${first.replaceAll('\n', ' ')}
---
<!-- Made by \`npm run docs\` from the provider's schema and its examples; do not edit. -->
`;
}

function indexPage(schema: SchemaJson, { example, guides }: DocumentSources): string {
  const description = schema.block.description ?? '';
  return `${head('ImageBridge Provider', description)}
# ImageBridge Provider

${description}

## Example Usage

\`\`\`terraform
${example('provider/provider.tf')?.trim() ?? ''}
\`\`\`

## Guides

${guides.map(({ file, title }) => `- [${title}](guides/${file})`).join('\n')}

${renderSchema(schema.block)}`;
}

function functionPage(name: string, one: FunctionJson, usage: string): string {
  const parameters = [...(one.parameters ?? []), ...(one.variadic_parameter ? [one.variadic_parameter] : [])];
  const signature = [
    ...(one.parameters ?? []).map(signaturePart),
    ...(one.variadic_parameter ? [`${signaturePart(one.variadic_parameter)}...`] : []),
  ].join(', ');
  return `${head(`${name} Function`, one.summary ?? '')}
# function: ${name}

${[one.summary, one.description].filter(Boolean).join('\n\n')}

## Example Usage

\`\`\`terraform
${usage}
\`\`\`

## Signature

\`\`\`text
${name}(${signature}) ${typeName(one.return_type)}
\`\`\`

## Arguments

${parameters.map((one) => `- \`${one.name}\` (${typeName(one.type)}${one.is_nullable ? ', Nullable' : ''}) ${one.description ?? ''}`).join('\n')}
`;
}

const signaturePart = ({ name, type }: ParameterJson) => `${name} ${typeName(type)}`;

function importSection(commands: string): string {
  return `
## Import

\`terraform import\`, and \`import\` blocks with the same ids:

\`\`\`shell
${commands}
\`\`\`
`;
}
