// Writes a nested structure: its interface, its way to Terraform's JSON, and the classes that refer to it. Pure.
import { emitDoc, note } from './emit-doc.ts';
import { configType, getter, mapped, structMapper } from './emit-type.ts';
import type { ClassModel, Field, Struct } from './model.ts';

/** The TypeScript of one structure. */
export function emitStruct(struct: Struct, owner: ClassModel): string {
  const uses = usesOf(struct, owner.fields);
  const configured = uses.some((field) => field.configurable);
  // A provider's configuration cannot be referred to.
  const referred = owner.kind !== 'provider';
  const parts: string[] = [];
  if (configured) parts.push(emitInterface(struct), emitMapper(struct));
  if (referred) {
    parts.push(emitReference(struct));
    const nestings = new Set(
      uses.map((field) => (field.type.form === 'nested' ? field.type.nesting : 'single')),
    );
    if (nestings.has('list') || nestings.has('set')) parts.push(emitList(struct));
    if (nestings.has('map')) parts.push(emitMap(struct));
  }
  return parts.join('\n\n');
}

function usesOf(struct: Struct, fields: readonly Field[]): Field[] {
  return fields.flatMap((field) =>
    field.type.form !== 'nested'
      ? []
      : [
          ...(field.type.struct.name === struct.name ? [field] : []),
          ...usesOf(struct, field.type.struct.fields),
        ],
  );
}

function emitInterface(struct: Struct): string {
  const fields = struct.fields
    .filter((field) => field.configurable)
    .map((field) => {
      const absent = field.required ? '' : ' | undefined';
      return `${emitDoc([`${field.description || `\`${field.tfName}\`.`} ${note(field)}`], field.deprecated)}
  readonly ${field.name}${field.required ? '' : '?'}: ${configType(field)}${absent};`;
    });
  const doc = emitDoc([struct.description || `One value of \`${struct.tfName}\`.`]);
  if (fields.length === 0) return `${doc}\nexport type ${struct.name} = Readonly<Record<string, never>>;`;
  return `${doc}
export interface ${struct.name} {
${fields.join('\n')}
}`;
}

function emitMapper(struct: Struct): string {
  const fields = struct.fields
    .filter((field) => field.configurable)
    .map((field) => `${field.tfName}: ${mapped(field, `value.${field.name}`)},`);
  return `/** Puts a {@link ${struct.name}} into Terraform's words; tokens pass through. */
function ${structMapper(struct)}(value: ${struct.name} | IResolvable | undefined): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    ${fields.join('\n')}
  });
}`;
}

function emitReference(struct: Struct): string {
  const getters = struct.fields
    .filter((field) => !field.writeOnly)
    .map((field) => {
      const { type, value } = getter(field);
      return `${emitDoc([field.description || `\`${field.tfName}\`.`], field.deprecated)}
  get ${field.name}(): ${type} { return ${value}; }`;
    });
  return `/** Refers to the values of a \`${struct.name}\`. */
export class ${struct.name}OutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  ${getters.join('\n\n')}
}`;
}

function emitList(struct: Struct): string {
  return `/** Refers to the elements of a list or set of \`${struct.name}\`. */
export class ${struct.name}List extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): ${struct.name}OutputReference {
    return new ${struct.name}OutputReference(this.terraformResource, this.terraformAttribute, this.wrapsSet, index);
  }
}`;
}

function emitMap(struct: Struct): string {
  return `/** Refers to the elements of a map of \`${struct.name}\`. */
export class ${struct.name}Map extends ComplexMap {
  /** The element under a key. */
  get(key: string): ${struct.name}OutputReference {
    return new ${struct.name}OutputReference(this.terraformResource, this.terraformAttribute, false, JSON.stringify(key));
  }
}`;
}
