// A small protobuf (proto3) codec directed by descriptors. Knows no message in particular.

/** Carries the TypeScript type of a field's value. */
declare const value: unique symbol;

type Scalar = 'string' | 'bytes' | 'bool' | 'int64';

/** A field: its number, its kind, and how often it occurs. */
export interface Field<V> {
  readonly no: number;
  readonly kind: Scalar | (() => Message<object>);
  readonly shape: 'one' | 'list' | 'map';
  /** True where the zero value is written too (oneof and `optional`); absent then decodes as undefined. */
  readonly presence: boolean;
  readonly [value]?: V;
}

/** A message type. `T` is the type of its decoded form. */
export interface Message<T extends object> {
  readonly fields: ReadonlyMap<number, readonly [string, Field<unknown>]>;
  readonly [value]?: T;
}

/** The decoded form of a message type. */
export type Decoded<M> = M extends Message<infer T> ? T : never;

/** Declares a message type by its fields. */
export function message<T extends object>(fields: { readonly [N in keyof T]: Field<T[N]> }): Message<T> {
  const byNumber = new Map<number, readonly [string, Field<unknown>]>();
  for (const [name, field] of Object.entries<Field<unknown>>(fields)) byNumber.set(field.no, [name, field]);
  return { fields: byNumber };
}

const field = <V>(
  no: number,
  kind: Field<V>['kind'],
  shape: Field<V>['shape'],
  presence = false,
): Field<V> => ({ no, kind, shape, presence });

/** Field builders. Absent scalars decode as their zero value, absent messages as undefined. */
export const f = {
  string: (no: number) => field<string>(no, 'string', 'one'),
  bytes: (no: number) => field<Uint8Array>(no, 'bytes', 'one'),
  bool: (no: number) => field<boolean>(no, 'bool', 'one'),
  /** Also for enums. Values beyond the safe integers are refused. */
  int64: (no: number) => field<number>(no, 'int64', 'one'),
  optionalString: (no: number) => field<string | undefined>(no, 'string', 'one', true),
  optionalInt64: (no: number) => field<number | undefined>(no, 'int64', 'one', true),
  message: <T extends object>(no: number, type: () => Message<T>) =>
    field<T | undefined>(no, type, 'one', true),
  list: <T extends object>(no: number, type: () => Message<T>) => field<readonly T[]>(no, type, 'list'),
  map: <T extends object>(no: number, type: () => Message<T>) =>
    field<Readonly<Record<string, T>>>(no, type, 'map'),
};

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Encodes a message; fields that are left out have their zero value. */
export function encode<T extends object>(type: Message<T>, content: Partial<T>): Buffer {
  const parts: Uint8Array[] = [];
  const values: Readonly<Record<string, unknown>> = { ...content };
  for (const [no, [name, one]] of type.fields) {
    const given = values[name];
    if (given === undefined) continue;
    if (one.shape === 'list') {
      if (Array.isArray(given)) for (const element of given) encodeField(parts, no, one, element, true);
    } else if (one.shape === 'map') {
      for (const [key, element] of Object.entries(given as object)) {
        const entry: Uint8Array[] = [];
        encodeField(entry, 1, { ...one, kind: 'string' }, key, true);
        encodeField(entry, 2, one, element, true);
        pushBytes(parts, no, Buffer.concat(entry));
      }
    } else encodeField(parts, no, one, given, one.presence);
  }
  return Buffer.concat(parts);
}

function encodeField(
  parts: Uint8Array[],
  no: number,
  { kind }: Field<unknown>,
  given: unknown,
  always: boolean,
): void {
  if (typeof kind === 'function') {
    if (typeof given === 'object' && given !== null) pushBytes(parts, no, encode(kind(), given));
  } else if (kind === 'string' || kind === 'bytes') {
    const bytes = typeof given === 'string' ? Buffer.from(given, 'utf8') : given;
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`protobuf field ${no} needs ${kind}`);
    if (always || bytes.length > 0) pushBytes(parts, no, bytes);
  } else {
    const number = Number(given);
    if (always || number !== 0) parts.push(varint(no * 8 + VARINT), varint(number));
  }
}

function pushBytes(parts: Uint8Array[], no: number, bytes: Uint8Array): void {
  parts.push(varint(no * 8 + BYTES), varint(bytes.length), bytes);
}

function varint(number: number): Uint8Array {
  if (!Number.isSafeInteger(number)) throw new RangeError('protobuf integer beyond the safe range');
  if (number >= 0 && number < 0x80) return Uint8Array.of(number);
  const bytes: number[] = [];
  // Negative numbers are written as their 64-bit two's complement.
  let rest = BigInt.asUintN(64, BigInt(number));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/**
 * Decodes a message. Unknown fields are skipped.
 * @throws RangeError where the bytes end early, TypeError where they are no protobuf
 */
export function decode<T extends object>(type: Message<T>, bytes: Uint8Array): T {
  const result: Record<string, unknown> = {};
  for (const [name, one] of type.fields.values()) result[name] = zero(one);
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = reader.integer();
    const wire = tag % 8;
    const known = type.fields.get((tag - wire) / 8);
    if (known === undefined) {
      reader.skip(wire);
      continue;
    }
    const [name, one] = known;
    const decoded = decodeField(reader, wire, one);
    const list = result[name];
    if (one.shape === 'list' && Array.isArray(list)) list.push(decoded);
    else if (one.shape === 'map' && Array.isArray(decoded)) {
      (list as Record<string, unknown>)[String(decoded[0])] = decoded[1];
    } else result[name] = decoded;
  }
  // The fields were built from T by message().
  return result as T;
}

function zero({ kind, shape, presence }: Field<unknown>): unknown {
  if (shape === 'list') return [];
  if (shape === 'map') return Object.create(null);
  if (presence) return undefined;
  if (kind === 'string') return '';
  if (kind === 'bytes') return new Uint8Array(0);
  return kind === 'bool' ? false : 0;
}

function decodeField(reader: Reader, wire: number, { kind, shape }: Field<unknown>): unknown {
  const scalar = kind === 'bool' || kind === 'int64';
  if (wire !== (scalar && shape !== 'map' ? VARINT : BYTES)) {
    throw new TypeError(`protobuf wire type ${wire} does not fit the field`);
  }
  if (wire === VARINT) {
    const number = reader.integer();
    return kind === 'bool' ? number !== 0 : number;
  }
  const bytes = reader.bytes();
  if (shape === 'map' && typeof kind === 'function') {
    const entry = decode(
      message<{ key: string; value: object | undefined }>({ key: f.string(1), value: f.message(2, kind) }),
      bytes,
    );
    return [entry.key, entry.value];
  }
  if (typeof kind === 'function') return decode(kind(), bytes);
  return kind === 'string' ? Buffer.from(bytes).toString('utf8') : bytes;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  integer(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#next();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let wide = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#next();
      wide |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const number = Number(BigInt.asIntN(64, wide));
        if (!Number.isSafeInteger(number)) throw new RangeError('protobuf integer beyond the safe range');
        return number;
      }
    }
    throw new TypeError('protobuf integer is too long');
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('protobuf message ends early');
    return byte;
  }

  bytes(): Uint8Array {
    return this.#take(this.integer());
  }

  #take(size: number): Uint8Array {
    const end = this.#at + size;
    if (size < 0 || end > this.#bytes.length) throw new RangeError('protobuf message ends early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  skip(wire: number): void {
    if (wire === VARINT) this.integer();
    else if (wire === BYTES) this.bytes();
    else if (wire === FIXED64) this.#take(8);
    else if (wire === FIXED32) this.#take(4);
    else throw new TypeError(`protobuf wire type ${wire} is not supported`);
  }
}
