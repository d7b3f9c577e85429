// When two values of a type are the same, as Terraform sees it.
import type { ValueType } from '../schema/type.ts';
import { typeToJson } from '../schema/type-json.ts';
import { decimalKey } from './decimal.ts';
import { entriesOf, isRecord, own } from './record.ts';
import { UNKNOWN } from './unknown.ts';

/** True where two values are the same: sets without order, texts after Unicode normalisation, numbers by value. */
export function equal(type: ValueType, left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const [l, r] = [left ?? null, right ?? null];
  if (l === null || r === null || l === UNKNOWN || r === UNKNOWN) return l === r;
  switch (type.kind) {
    case 'string':
      return typeof l === 'string' && typeof r === 'string' && l.normalize() === r.normalize();
    case 'bool':
      return false;
    case 'number':
      return decimalKey(String(l)) === decimalKey(String(r));
    case 'list':
    case 'tuple': {
      if (!Array.isArray(l) || !Array.isArray(r) || l.length !== r.length) return false;
      return l.every((one, index) => {
        const element = type.kind === 'tuple' ? type.elements[index] : type.element;
        return element !== undefined && equal(element, one, r[index]);
      });
    }
    case 'map': {
      if (!isRecord(l) || !isRecord(r)) return false;
      const keys = Object.keys(l);
      return (
        keys.length === Object.keys(r).length &&
        keys.every((key) => Object.hasOwn(r, key) && equal(type.element, l[key], r[key]))
      );
    }
    case 'object':
      if (!isRecord(l) || !isRecord(r)) return false;
      return entriesOf(type.attributes).every(([name, one]) => equal(one, own(l, name), own(r, name)));
    case 'set':
    case 'dynamic':
      return valueKey(type, l) === valueKey(type, r);
  }
}

/** A text that is the same for equal values of the type, and different for different ones. */
export function valueKey(type: ValueType, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value === UNKNOWN) return '?';
  switch (type.kind) {
    case 'string':
      return JSON.stringify(String(value).normalize());
    case 'bool':
      return String(value);
    case 'number':
      return decimalKey(String(value));
    case 'list':
      return Array.isArray(value) ? `[${value.map((one) => valueKey(type.element, one)).join()}]` : '!';
    case 'set':
      return `{${setKeys(type.element, value).sort().join()}}`;
    case 'tuple':
      return Array.isArray(value)
        ? `[${type.elements.map((one, index) => valueKey(one, value[index])).join()}]`
        : '!';
    case 'map':
      if (!isRecord(value)) return '!';
      return `{${Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${valueKey(type.element, value[key])}`)
        .join()}}`;
    case 'object':
      if (!isRecord(value)) return '!';
      return `{${entriesOf(type.attributes)
        .map(([name, one]) => valueKey(one, own(value, name)))
        .join()}}`;
    case 'dynamic':
      if (!isRecord(value) || !isRecord(value.type)) return '!';
      // Only `t` and the decoder make such types.
      return `${JSON.stringify(typeToJson(value.type as ValueType))}${valueKey(value.type as ValueType, value.value)}`;
  }
}

/** The keys of a set's elements, each once. */
function setKeys(element: ValueType, value: unknown): string[] {
  return Array.isArray(value) ? [...new Set(value.map((one) => valueKey(element, one)))] : ['!'];
}
