// Writes the TypeScript of one class with its nested structures. Pure: text out, formatted afterwards by the caller.
import { emitDoc, note } from './emit-doc.ts';
import { emitStruct } from './emit-struct.ts';
import { configType, getter, hclForm, mapped } from './emit-type.ts';
import { type ClassModel, type Field, pascalCase } from './model.ts';

/** The first lines of every generated file. */
export const banner =
  "// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.";

/** How generated files import the hand-written modules that they use. */
export interface SupportModules {
  /** synthesis.ts. */
  readonly synthesis: string;
  /** ephemeral-resource.ts. */
  readonly ephemeral: string;
  /** provider-function.ts. */
  readonly functions: string;
}

/** The file of one class, unformatted. */
export function emitClass(model: ClassModel, support: SupportModules): string {
  const parts = [
    ...model.structs.map((struct) => emitStruct(struct, model)),
    emitConfig(model),
    emitBody(model),
  ];
  return emitFile(parts.join('\n\n'), support);
}

/** A file with its imports. */
export function emitFile(body: string, support: SupportModules): string {
  return `${banner}\n${imports(body, support)}\n\n${body}\n`;
}

/** The file that exports all others. */
export function emitIndex(fileNames: readonly string[]): string {
  return `${banner}\n${fileNames.map((name) => `export * from './${name}.ts';`).join('\n')}\n`;
}

/** The file with what every class says of the provider it belongs to. */
export function emitMetadata(providerName: string, source: string, version: string): string {
  return `${banner}
/** Where Terraform finds the provider. */
export const providerSource = ${JSON.stringify(source)};

/** The provider that these classes were generated for; constructs and provider are released together. */
export const generatorMetadata = {
  providerName: ${JSON.stringify(providerName)},
  providerVersion: ${JSON.stringify(version)},
} as const;
`;
}

/** Names a generated file may use, by module; those that occur in the text are imported. */
const importable: Readonly<Record<string, readonly string[]>> = {
  cdktf: [
    'BooleanMap',
    'ComplexList',
    'ComplexMap',
    'ComplexObject',
    'Fn',
    'hashMapper',
    'IInterpolatingParent',
    'IResolvable',
    'ImportableResource',
    'listMapper',
    'NumberMap',
    'propertyAccess',
    'StringMap',
    'TerraformDataSource',
    'TerraformMetaArguments',
    'TerraformProvider',
    'TerraformResource',
    'Token',
    'Tokenization',
  ],
  constructs: ['Construct'],
  './metadata.ts': ['generatorMetadata', 'providerSource'],
};
const typesOnly = new Set(['Construct', 'IInterpolatingParent', 'IResolvable', 'TerraformMetaArguments']);

function imports(body: string, support: SupportModules): string {
  const code = body.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/'[^'\n]*'|"[^"\n]*"/g, '');
  const modules = {
    ...importable,
    [support.synthesis]: ['baseConfig', 'hclAttributes', 'present'],
    [support.ephemeral]: ['EphemeralResource'],
    [support.functions]: ['callProviderFunction'],
  };
  return Object.entries(modules)
    .map(([module, names]) => {
      const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
      if (used.length === 0) return '';
      if (used.every((name) => typesOnly.has(name)))
        return `import type { ${used.join(', ')} } from '${module}';`;
      const list = used.map((name) => (typesOnly.has(name) ? `type ${name}` : name)).join(', ');
      return `import { ${list} } from '${module}';`;
    })
    .filter((line) => line !== '')
    .join('\n');
}

function emitConfig(model: ClassModel): string {
  const what = {
    provider: 'the provider',
    resource: 'the resource',
    'data-source': 'the data source',
    'ephemeral-resource': 'the ephemeral resource',
  }[model.kind];
  const fields = configurable(model).map(
    (field) =>
      `${emitDoc([`${field.description || `\`${field.tfName}\`.`} ${note(field)}`], field.deprecated)}
  readonly ${field.name}${field.required ? '' : '?'}: ${configType(field)}${field.required ? '' : ' | undefined'};`,
  );
  const alias =
    model.kind === 'provider'
      ? `/** Name of a further configuration of the same provider. */
  readonly alias?: string | undefined;`
      : '';
  return `${emitDoc([`Configuration of ${what} \`${model.tfType}\`.`])}
export interface ${model.name}Config ${model.kind === 'provider' ? '' : 'extends TerraformMetaArguments '}{
${[...fields, alias].filter(Boolean).join('\n')}
}`;
}

function emitBody(model: ClassModel): string {
  const base = {
    provider: 'TerraformProvider',
    resource: 'TerraformResource',
    'data-source': 'TerraformDataSource',
    'ephemeral-resource': 'EphemeralResource',
  }[model.kind];
  const fields = configurable(model);
  const optional = !fields.some((field) => field.required);
  const isProvider = model.kind === 'provider';
  return `${emitDoc([model.description || `\`${model.tfType}\`.`], model.deprecated)}
export class ${model.name} extends ${base} {
  /** Terraform's name of this type. */
  static readonly tfResourceType = '${model.tfType}';

  ${model.kind === 'resource' ? emitImport(model) : ''}
  ${fields.map((field) => `#${field.name}: ${stored(field)};`).join('\n')}
  ${isProvider ? '#alias: string | undefined;' : ''}

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ${model.name}Config${optional ? ' = {}' : ''}) {
    ${
      isProvider
        ? `super(scope, id, {
      terraformResourceType: '${model.tfType}',
      terraformGeneratorMetadata: generatorMetadata,
      terraformProviderSource: providerSource,
    });`
        : `super(scope, id, baseConfig(config, '${model.tfType}', generatorMetadata));`
    }
    ${fields.map((field) => `this.#${field.name} = config.${field.name};`).join('\n')}
    ${isProvider ? 'this.#alias = config.alias;' : ''}
  }

  ${model.fields.map((field) => emitMember(field, isProvider)).join('\n\n')}
  ${isProvider ? emitAlias() : ''}

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      ${fields.map((field) => `${field.tfName}: ${synthesised(field, isProvider)},`).join('\n')}
      ${isProvider ? 'alias: this.#alias,' : ''}
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      ${fields.map((field) => `${field.tfName}: '${hclForm(field.type)}',`).join('\n')}
      ${isProvider ? "alias: 'string'," : ''}
    });
  }
}`;
}

/** cdktf rewrites the keys of a provider's configuration to snake case, also those of maps: a token keeps them as they are. */
function synthesised(field: Field, isProvider: boolean): string {
  const value = mapped(field, `this.#${field.name}`);
  const hasKeys = field.type.form === 'map' || field.type.form === 'nested' || field.type.form === 'any';
  return isProvider && hasKeys
    ? `this.#${field.name} === undefined ? undefined : Token.asAny(${value})`
    : value;
}

function emitImport(model: ClassModel): string {
  return `/**
   * An import block for an object that exists already; \`cdktf plan\` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ${model.name} to be
   * @param importFromId the id the provider imports by
   * @param provider the provider instance, where it has an alias
   */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: '${model.tfType}',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }
`;
}

function emitMember(field: Field, isProvider: boolean): string {
  const { name } = field;
  const doc = (more: string) =>
    emitDoc([`${field.description || `\`${field.tfName}\`.`} ${more}`], field.deprecated);
  const nested = field.type.form === 'nested';
  const members: string[] = [];
  if (isProvider) {
    members.push(`${doc('')}
  get ${name}(): ${stored(field)} { return this.#${name}; }`);
  } else if (!field.writeOnly) {
    const get = getter(field);
    members.push(`${doc(field.configurable ? `A reference: what was configured is \`${name}Input\`.` : '')}
  get ${name}(): ${get.type} { return ${get.value}; }`);
  }
  if (!field.configurable) return members.join('\n');
  const value = configType(field);
  if (isProvider) members.push(`set ${name}(value: ${stored(field)}) { this.#${name} = value; }`);
  else if (nested) {
    members.push(`/** Sets \`${field.tfName}\` anew. */
  put${pascalCase(field.name)}(value: ${value}): void { this.#${name} = value; }`);
  } else {
    members.push(`${field.writeOnly ? doc('Write-only: it cannot be referenced.') : ''}
  set ${name}(value: ${value}) { this.#${name} = value; }`);
  }
  members.push(`/** \`${field.tfName}\` as configured. */
  get ${name}Input(): ${stored(field)} { return this.#${name}; }`);
  if (!field.required) {
    members.push(`/** Leaves \`${field.tfName}\` out of the configuration. */
  reset${pascalCase(field.name)}(): void { this.#${name} = undefined; }`);
  }
  return members.join('\n\n');
}

function emitAlias(): string {
  return `
  /** Name of this configuration among those of the same provider; the default one has none. */
  override get alias(): string | undefined { return this.#alias; }
  override set alias(value: string | undefined) { this.#alias = value; }
`;
}

const configurable = (model: ClassModel): Field[] => model.fields.filter((field) => field.configurable);

const stored = (field: Field): string => `${configType(field)}${field.required ? '' : ' | undefined'}`;
