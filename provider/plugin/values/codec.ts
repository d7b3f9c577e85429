// Values to and from MessagePack, directed by their Terraform type.
import type { ValueType } from '../schema/type.ts';
import { typeFromJson, typeToJson } from '../schema/type-json.ts';
import { exactDecimal, isDecimal, plainDecimal, toDouble } from './decimal.ts';
import { MsgpackReader, type Token } from './msgpack-reader.ts';
import { MsgpackWriter } from './msgpack-writer.ts';
import { AttributePath } from './path.ts';
import { emptyRecord, entriesOf, isRecord, own } from './record.ts';
import { UNKNOWN } from './unknown.ts';
import { kindOf, ValueError } from './value-error.ts';

/**
 * Encodes a value. Attributes an object lacks are written as null, those its type lacks are left out.
 * @throws ValueError where the value does not fit the type
 */
export function encodeValue(
  type: ValueType,
  value: unknown,
  path: AttributePath = AttributePath.root,
): Buffer {
  const out = new MsgpackWriter();
  write(out, type, value, path);
  return out.bytes();
}

/**
 * Decodes a value. Unknown values are {@link UNKNOWN} whatever their extension code; null may occur at any depth.
 * @throws ValueError where the bytes do not fit the type, or a number does not fit a double
 */
export function decodeValue(
  type: ValueType,
  bytes: Uint8Array,
  path: AttributePath = AttributePath.root,
): unknown {
  const reader = new MsgpackReader(bytes);
  let value: unknown;
  try {
    value = read(reader, type, path);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    throw new ValueError(path, `the value could not be decoded: ${reasonOf(error)}`);
  }
  if (!reader.done) throw new ValueError(path, 'the value could not be decoded: bytes are left over');
  return value;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Types nest as deep as the bytes say, and so do dynamic values.
  return /call stack/.test(error.message) ? 'it is nested too deeply' : error.message;
}

const misfit = (path: AttributePath, wanted: string, value: unknown) =>
  new ValueError(path, `${wanted} is needed here, but the value is ${kindOf(value)}`);

function write(out: MsgpackWriter, type: ValueType, value: unknown, path: AttributePath): void {
  if (value === UNKNOWN) {
    out.unknown();
    return;
  }
  if (value === null || value === undefined) {
    // The whole object of a resource may always be null: it does not exist.
    if (type.nullable !== true && path.steps.length > 0)
      throw new ValueError(path, 'null is not allowed here');
    out.nil();
    return;
  }
  switch (type.kind) {
    case 'string':
      if (typeof value !== 'string') throw misfit(path, 'text', value);
      out.string(value);
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw misfit(path, 'a boolean', value);
      out.bool(value);
      return;
    case 'number':
      writeNumber(out, type.as, value, path);
      return;
    case 'dynamic':
      writeDynamic(out, value, path);
      return;
    case 'list':
    case 'set': {
      if (!Array.isArray(value)) throw misfit(path, 'an array', value);
      out.array(value.length);
      for (const [index, element] of value.entries()) write(out, type.element, element, path.index(index));
      return;
    }
    case 'tuple': {
      if (!Array.isArray(value) || value.length !== type.elements.length) {
        throw misfit(path, `an array of ${type.elements.length} values`, value);
      }
      out.array(value.length);
      for (const [index, one] of type.elements.entries()) write(out, one, value[index], path.index(index));
      return;
    }
    case 'map': {
      if (!isRecord(value)) throw misfit(path, 'an object', value);
      const entries = Object.entries(value);
      out.map(entries.length);
      for (const [key, element] of entries) {
        out.string(key);
        write(out, type.element, element, path.key(key));
      }
      return;
    }
    case 'object': {
      if (!isRecord(value)) throw misfit(path, 'an object', value);
      const attributes = entriesOf(type.attributes);
      out.map(attributes.length);
      for (const [name, one] of attributes) {
        out.string(name);
        write(out, one, own(value, name), path.attribute(name));
      }
      return;
    }
  }
}

/**
 * Numbers go out as plain decimal text, integers too and without an exponent: Terraform then reads them as it reads its own
 * state file. Of any other form it keeps the same number in another precision, and a refresh-only plan reports changes where
 * there are none.
 */
function writeNumber(
  out: MsgpackWriter,
  as: 'number' | 'decimal',
  value: unknown,
  path: AttributePath,
): void {
  if (as === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw misfit(path, 'a finite number', value);
    out.string(plainDecimal(String(value)));
    return;
  }
  if (typeof value !== 'string' || !isDecimal(value)) throw misfit(path, 'a decimal number as text', value);
  out.string(plainDecimal(value));
}

function writeDynamic(out: MsgpackWriter, value: unknown, path: AttributePath): void {
  if (!isRecord(value) || !isRecord(value.type)) throw misfit(path, 'a dynamic value { type, value }', value);
  // Only `t` and the decoder make such types, and typeToJson fails on anything else.
  const type = value.type as ValueType;
  out.array(2);
  out.binary(Buffer.from(JSON.stringify(typeToJson(type))));
  write(out, { ...type, nullable: true }, value.value, path);
}

function read(reader: MsgpackReader, type: ValueType, path: AttributePath): unknown {
  const token = reader.next();
  if (token.kind === 'nil') return null;
  if (token.kind === 'unknown') return UNKNOWN;
  switch (type.kind) {
    case 'string':
      if (token.kind === 'string') return token.value;
      break;
    case 'bool':
      if (token.kind === 'bool') return token.value;
      break;
    case 'number':
      return readNumber(token, type.as, path);
    case 'dynamic':
      if (token.kind === 'array' && token.size === 2) return readDynamic(reader, path);
      break;
    case 'list':
    case 'set':
      if (token.kind === 'array') {
        const list: unknown[] = [];
        for (let index = 0; index < token.size; index++)
          list.push(read(reader, type.element, path.index(index)));
        return list;
      }
      break;
    case 'tuple':
      if (token.kind === 'array' && token.size === type.elements.length) {
        return type.elements.map((one, index) => read(reader, one, path.index(index)));
      }
      break;
    case 'map':
      if (token.kind === 'map') {
        const record = emptyRecord<unknown>();
        for (let left = token.size; left > 0; left--) {
          const key = readKey(reader, path);
          record[key] = read(reader, type.element, path.key(key));
        }
        return record;
      }
      break;
    case 'object':
      if (token.kind === 'map') return readObject(reader, type.attributes, token.size, path);
      break;
  }
  throw new ValueError(path, `a ${type.kind} is needed here, but the value is encoded as ${token.kind}`);
}

function readKey(reader: MsgpackReader, path: AttributePath): string {
  const token = reader.next();
  if (token.kind !== 'string') throw new ValueError(path, 'a key is not text');
  return token.value;
}

function readObject(
  reader: MsgpackReader,
  attributes: Readonly<Record<string, ValueType>>,
  size: number,
  path: AttributePath,
): unknown {
  const object = emptyRecord<unknown>();
  for (const [name] of entriesOf(attributes)) object[name] = null;
  for (let left = size; left > 0; left--) {
    const name = readKey(reader, path);
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type === undefined) throw new ValueError(path, `there is no attribute "${name}" here`);
    object[name] = read(reader, type, path.attribute(name));
  }
  return object;
}

function readNumber(token: Token, as: 'number' | 'decimal', path: AttributePath): unknown {
  let text: string;
  if (token.kind === 'integer') {
    if (typeof token.value === 'number' && as === 'number') return token.value;
    text = token.value.toString();
  } else if (token.kind === 'float' && Number.isFinite(token.value)) text = exactDecimal(token.value);
  else if (token.kind === 'string' && isDecimal(token.value)) text = token.value;
  else throw new ValueError(path, 'a finite number is needed here');
  if (as === 'decimal') return text;
  const value = toDouble(text);
  if (value === undefined) {
    throw new ValueError(
      path,
      `the number ${text.slice(0, 40)} has more digits than this attribute can hold`,
    );
  }
  return value;
}

function readDynamic(reader: MsgpackReader, path: AttributePath): unknown {
  const head = reader.next();
  if (head.kind !== 'binary') throw new ValueError(path, 'a dynamic value has no type');
  const type = typeFromJson(JSON.parse(head.value.toString('utf8')));
  return { type, value: read(reader, type, path) };
}
