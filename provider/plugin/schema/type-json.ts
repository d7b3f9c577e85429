// Terraform types as JSON, as schemas and dynamic values carry them.
import { emptyRecord, isRecord } from '../values/record.ts';
import type { ValueType } from './type.ts';

/** A type as JSON: `"string"`, `["list", "string"]`, `["object", {…}]`. */
export type TypeJson =
  | 'string'
  | 'bool'
  | 'number'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeJson]
  | readonly ['object', Readonly<Record<string, TypeJson>>]
  | readonly ['tuple', readonly TypeJson[]];

/** A type as JSON. */
export function typeToJson(type: ValueType): TypeJson {
  switch (type.kind) {
    case 'string':
    case 'bool':
    case 'number':
    case 'dynamic':
      return type.kind;
    case 'list':
    case 'set':
    case 'map':
      return [type.kind, typeToJson(type.element)];
    case 'tuple':
      return ['tuple', type.elements.map(typeToJson)];
    case 'object': {
      const attributes = emptyRecord<TypeJson>();
      for (const [name, one] of Object.entries(type.attributes)) attributes[name] = typeToJson(one);
      return ['object', attributes];
    }
  }
}

/**
 * A type from JSON, as dynamic values carry it. Its numbers are decimals, and null is allowed everywhere: nothing is
 * known about what the user put there.
 * @throws TypeError where it is no type
 */
export function typeFromJson(json: unknown): ValueType {
  if (json === 'string' || json === 'bool' || json === 'dynamic') return { kind: json, nullable: true };
  if (json === 'number') return { kind: 'number', as: 'decimal', nullable: true };
  if (Array.isArray(json)) {
    const [kind, argument]: unknown[] = json;
    if (kind === 'list' || kind === 'set' || kind === 'map') {
      return { kind, element: typeFromJson(argument), nullable: true };
    }
    if (kind === 'tuple' && Array.isArray(argument)) {
      return { kind, elements: argument.map(typeFromJson), nullable: true };
    }
    if (kind === 'object' && isRecord(argument)) {
      const attributes = emptyRecord<ValueType>();
      for (const [name, one] of Object.entries(argument)) attributes[name] = typeFromJson(one);
      return { kind, attributes, nullable: true };
    }
  }
  throw new TypeError('not a Terraform type');
}
