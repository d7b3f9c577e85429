// Values from the JSON of a state file, directed by their type, without losing a digit.
import { isLosslessNumber, parse } from 'lossless-json';
import type { ValueType } from '../schema/type.ts';
import { typeFromJson } from '../schema/type-json.ts';
import { isDecimal, toDouble } from '../values/decimal.ts';
import type { AttributePath } from '../values/path.ts';
import { emptyRecord, entriesOf, isRecord, own } from '../values/record.ts';
import { ValueError } from '../values/value-error.ts';

/** Numbers of up to 15 digits survive a double; anything longer may not, nor may exponents. */
const MAY_LOSE_DIGITS = /[\d.]{16}|\d[eE]/;

/** Parses JSON; numbers that a double might not hold become `LosslessNumber`s. Throws SyntaxError. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  // The native parser is many times faster, and this runs for each object on each command.
  return MAY_LOSE_DIGITS.test(text) ? parse(text) : JSON.parse(text);
}

/**
 * A value of a type from JSON. Attributes that the type does not have are ignored; missing ones are null.
 * @throws ValueError where the JSON does not fit the type
 */
export function fromJson(type: ValueType, json: unknown, path: AttributePath): unknown {
  if (json === null || json === undefined) return null;
  switch (type.kind) {
    case 'string':
      if (typeof json === 'string') return json;
      break;
    case 'bool':
      if (typeof json === 'boolean') return json;
      break;
    case 'number':
      return numberFromJson(type.as, json, path);
    case 'list':
    case 'set':
      if (Array.isArray(json))
        return json.map((one, index) => fromJson(type.element, one, path.index(index)));
      break;
    case 'tuple':
      if (Array.isArray(json) && json.length === type.elements.length) {
        return type.elements.map((one, index) => fromJson(one, json[index], path.index(index)));
      }
      break;
    case 'map':
      if (isRecord(json)) {
        const record = emptyRecord<unknown>();
        for (const [key, one] of Object.entries(json))
          record[key] = fromJson(type.element, one, path.key(key));
        return record;
      }
      break;
    case 'object':
      if (isRecord(json)) {
        const object = emptyRecord<unknown>();
        for (const [name, one] of entriesOf(type.attributes)) {
          object[name] = fromJson(one, own(json, name), path.attribute(name));
        }
        return object;
      }
      break;
    case 'dynamic':
      if (isRecord(json)) {
        const inner = typeFromJson(json.type);
        return { type: inner, value: fromJson(inner, json.value, path) };
      }
      break;
  }
  throw new ValueError(path, `the stored value does not fit the type ${type.kind}`);
}

function numberFromJson(as: 'number' | 'decimal', json: unknown, path: AttributePath): number | string {
  // Also from text, which is what a decimal of an upgrade step is.
  const text = isLosslessNumber(json) ? json.value : String(json);
  if (!isDecimal(text)) throw new ValueError(path, 'the stored value is no number');
  if (as === 'decimal') return text;
  const value = toDouble(text);
  if (value === undefined)
    throw new ValueError(path, `the stored number ${text.slice(0, 40)} has too many digits`);
  return value;
}
