// Writes the provider's functions as static methods, and classes for the objects that they return. Pure.
import { emitDoc } from './emit-doc.ts';
import { type FieldType, type FunctionModel, pascalCase } from './model.ts';

/** The TypeScript of all functions of a provider, without imports. */
export function emitFunctions(providerName: string, functions: readonly FunctionModel[]): string {
  const results = functions.map(emitResult).filter((text) => text !== '');
  const methods = functions.map((one) => emitMethod(providerName, one));
  return `${results.join('\n\n')}

/**
 * The functions of the provider, for use in any expression of a stack that has the provider. Terraform evaluates them, on
 * the machine that it runs on. They need Terraform 1.8.
 */
export class ${functionsClass(providerName)} {
  private constructor() {}

  ${methods.join('\n\n')}
}`;
}

/** Name of the class with the functions. */
export const functionsClass = (providerName: string): string => `${pascalCase(providerName)}Functions`;

function emitMethod(providerName: string, one: FunctionModel): string {
  const { parameters, variadic } = one;
  const doc = emitDoc([
    one.description || one.summary || `\`${one.tfName}\`.`,
    ...[...parameters, ...(variadic ? [variadic] : [])].map(
      ({ name, description, tfName }) => `@param ${name} ${description || `\`${tfName}\`.`}`,
    ),
  ]);
  const nullOr = (nullable: boolean) => (nullable ? ' | null' : '');
  const list = [
    ...parameters.map(({ name, type, nullable }) => `${name}: ${parameterType(type)}${nullOr(nullable)}`),
    ...(variadic
      ? [`...${variadic.name}: readonly (${parameterType(variadic.type)}${nullOr(variadic.nullable)})[]`]
      : []),
  ];
  const args = [...parameters.map(({ name }) => name), ...(variadic ? [`...${variadic.name}`] : [])];
  const { type, value } = typedValue(
    one.returns,
    `callProviderFunction('${providerName}', '${one.tfName}', [${args.join(', ')}])`,
    one.resultName,
  );
  return `${doc}\n  static ${one.name}(${list.join(', ')}): ${type} {\n    return ${value};\n  }`;
}

function emitResult({ returns, resultName, tfName }: FunctionModel): string {
  if (returns.form !== 'nested' || returns.nesting !== 'single') return '';
  const getters = returns.struct.fields.map((field) => {
    const { type, value } = typedValue(field.type, `propertyAccess(this.value, ['${field.tfName}'])`);
    return `/** \`${field.tfName}\` of the result. */\n  get ${field.name === 'value' ? 'valueAttribute' : field.name}(): ${type} { return ${value}; }`;
  });
  return `/** What the function \`${tfName}\` returns. */
export class ${resultName} {
  /** The whole object, for use in an expression. */
  readonly value: IResolvable;

  /** @param value the call */
  constructor(value: IResolvable) {
    this.value = value;
  }

  ${getters.join('\n\n  ')}
}`;
}

function parameterType(type: FieldType): string {
  switch (type.form) {
    case 'scalar':
      return type.of === 'boolean' ? 'boolean | IResolvable' : type.of;
    case 'list':
    case 'set':
      return type.of === 'boolean' ? 'readonly boolean[] | IResolvable' : `readonly ${type.of}[]`;
    case 'map':
      return `Readonly<Record<string, ${type.of}>> | IResolvable`;
    default:
      return 'unknown';
  }
}

/** The type of a value, and an expression that makes it of an `IResolvable`. */
function typedValue(type: FieldType, source: string, resultName?: string): { type: string; value: string } {
  const word = { string: 'String', number: 'Number', boolean: 'Boolean' } as const;
  switch (type.form) {
    case 'scalar':
      if (type.of === 'boolean') return { type: 'IResolvable', value: source };
      return { type: type.of, value: `Token.as${word[type.of]}(${source})` };
    case 'list':
    case 'set':
      if (type.of === 'string') return { type: 'string[]', value: `Token.asList(${source})` };
      if (type.of === 'number') return { type: 'number[]', value: `Token.asNumberList(${source})` };
      return { type: 'IResolvable', value: source };
    case 'map':
      return { type: `Record<string, ${type.of}>`, value: `Token.as${word[type.of]}Map(${source})` };
    case 'nested':
      if (type.nesting === 'single' && resultName !== undefined)
        return { type: resultName, value: `new ${resultName}(${source})` };
      return { type: 'IResolvable', value: source };
    case 'any':
      return { type: 'IResolvable', value: source };
  }
}
