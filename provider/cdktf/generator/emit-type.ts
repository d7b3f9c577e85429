// How a field's type is written: in a configuration, as a reference, and on its way to Terraform's JSON. Pure.
import type { Field, FieldType, Scalar, Struct } from './model.ts';

/** The type of a configured value. */
export function configType({ type }: Pick<Field, 'type'>): string {
  switch (type.form) {
    case 'scalar':
      return scalarType(type.of);
    case 'list':
    case 'set':
      return type.of === 'boolean'
        ? 'readonly (boolean | IResolvable)[] | IResolvable'
        : `readonly ${type.of}[]`;
    case 'map':
      return type.of === 'boolean'
        ? 'Readonly<Record<string, boolean | IResolvable>> | IResolvable'
        : `Readonly<Record<string, ${type.of}>>`;
    case 'nested':
      return {
        single: `${type.struct.name} | IResolvable`,
        list: `readonly ${type.struct.name}[] | IResolvable`,
        set: `readonly ${type.struct.name}[] | IResolvable`,
        map: `Readonly<Record<string, ${type.struct.name}>> | IResolvable`,
      }[type.nesting];
    case 'any':
      return 'unknown';
  }
}

/** Name of the function that turns a structure into Terraform's JSON. */
export function structMapper(struct: Struct): string {
  return `${struct.name.charAt(0).toLowerCase()}${struct.name.slice(1)}ToTerraform`;
}

/** The expression that turns a configured value into Terraform's JSON. */
export function mapped({ type }: Pick<Field, 'type'>, value: string): string {
  if (type.form !== 'nested') return value;
  const mapper = structMapper(type.struct);
  switch (type.nesting) {
    case 'single':
      return `${mapper}(${value})`;
    case 'list':
    case 'set':
      return `listMapper(${mapper}, ${type.block})(${value})`;
    case 'map':
      return `hashMapper(${mapper})(${value})`;
  }
}

/** The reference to a field of `this`: its type and its expression. */
export function getter(field: Pick<Field, 'type' | 'tfName' | 'computedOnly'>): {
  type: string;
  value: string;
} {
  const { type } = field;
  const name = `'${field.tfName}'`;
  switch (type.form) {
    case 'scalar':
      return {
        string: { type: 'string', value: `this.getStringAttribute(${name})` },
        number: { type: 'number', value: `this.getNumberAttribute(${name})` },
        boolean: { type: 'IResolvable', value: `this.getBooleanAttribute(${name})` },
      }[type.of];
    case 'list':
      return listGetter(type.of, `this.interpolationForAttribute(${name})`);
    case 'set':
      return listGetter(type.of, `Fn.tolist(this.interpolationForAttribute(${name}))`);
    case 'map':
      return mapGetter(type.of, name, field.computedOnly);
    case 'nested':
      return nestedGetter(type.struct, type.nesting, name);
    case 'any':
      return { type: 'IResolvable', value: `this.interpolationForAttribute(${name})` };
  }
}

/** The form that `hclAttributes` renders a field in. */
export function hclForm(type: FieldType): string {
  switch (type.form) {
    case 'scalar':
      return type.of;
    case 'list':
    case 'set':
      return `${type.of}List`;
    case 'map':
      return 'map';
    case 'nested':
      if (!type.block) return 'any';
      return type.nesting === 'single' || type.nesting === 'map' ? 'block' : 'blocks';
    case 'any':
      return 'any';
  }
}

const scalarType = (of: Scalar): string => (of === 'boolean' ? 'boolean | IResolvable' : of);

function listGetter(of: Scalar, reference: string): { type: string; value: string } {
  return {
    string: { type: 'string[]', value: `Token.asList(${reference})` },
    number: { type: 'number[]', value: `Token.asNumberList(${reference})` },
    boolean: { type: 'IResolvable', value: `Token.asAny(${reference})` },
  }[of];
}

/** Maps that only the provider sets offer `lookup(key)`; the others must accept what they return. */
function mapGetter(of: Scalar, name: string, computedOnly: boolean): { type: string; value: string } {
  const word = { string: 'String', number: 'Number', boolean: 'Boolean' }[of];
  return computedOnly
    ? { type: `${word}Map`, value: `new ${word}Map(this, ${name})` }
    : { type: `Record<string, ${of}>`, value: `this.get${word}MapAttribute(${name})` };
}

function nestedGetter(struct: Struct, nesting: string, name: string): { type: string; value: string } {
  switch (nesting) {
    case 'list':
      return { type: `${struct.name}List`, value: `new ${struct.name}List(this, ${name}, false)` };
    case 'set':
      return { type: `${struct.name}List`, value: `new ${struct.name}List(this, ${name}, true)` };
    case 'map':
      return { type: `${struct.name}Map`, value: `new ${struct.name}Map(this, ${name})` };
    default:
      return {
        type: `${struct.name}OutputReference`,
        value: `new ${struct.name}OutputReference(this, ${name})`,
      };
  }
}
