// For tests: random types, and random values of them, unknown and null at every depth.
import fc from 'fast-check';
import type { ValueType } from '../schema/type.ts';
import { typeFromJson, typeToJson } from '../schema/type-json.ts';
import { emptyRecord } from './record.ts';
import { UNKNOWN } from './unknown.ts';

const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '', 'ä'));
const names = fc.constantFrom('a', 'b', 'constructor', 'hasOwnProperty', 'x_1');

/** Types of every kind, nested to a depth; all of them nullable, so that null is tried at each. */
export const types = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<ValueType>(
      { kind: 'string', nullable: true },
      { kind: 'bool', nullable: true },
      { kind: 'number', as: 'number', nullable: true },
      { kind: 'number', as: 'decimal', nullable: true },
      { kind: 'dynamic', nullable: true },
    ),
    fc.record({
      kind: fc.constantFrom('list' as const, 'set' as const, 'map' as const),
      element: tie('type'),
      nullable: fc.constant(true),
    }),
    fc.record({
      kind: fc.constant('object' as const),
      attributes: fc.dictionary(names, tie('type'), { maxKeys: 4 }),
      nullable: fc.constant(true),
    }),
    fc.record({
      kind: fc.constant('tuple' as const),
      elements: fc.array(tie('type'), { maxLength: 3 }),
      nullable: fc.constant(true),
    }),
  ),
})).type;

/** An object without prototype. */
export const record = (entries: readonly (readonly [string, unknown])[]) => {
  const result = emptyRecord<unknown>();
  for (const [key, value] of entries) result[key] = value;
  return result;
};

const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.option(fc.nat({ max: 999_999 })))
  .map(
    ([negative, whole, fraction]) =>
      `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.5${fraction}`}`,
  );

/** Values of a type, unknown and null at every depth. */
function values(type: ValueType, dynamics: number): fc.Arbitrary<unknown> {
  const special = fc.constantFrom(null, UNKNOWN);
  return fc.oneof({ arbitrary: special, weight: 1 }, { arbitrary: known(type, dynamics), weight: 5 });
}

/** @param dynamics how deep dynamic values may hold values of any type */
function known(type: ValueType, dynamics: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 400, minLength: 200 }));
    case 'bool':
      return fc.boolean();
    case 'number':
      return type.as === 'decimal'
        ? decimals
        : fc.oneof(
            fc.maxSafeInteger(),
            fc.integer(),
            fc.double({ noDefaultInfinity: true, noNaN: true }),
            fc.constantFrom(0.1, 1e300, -2.5, 1e-7, 255, 256, -33, -129),
          );
    case 'list':
    case 'set':
      return fc.array(values(type.element, dynamics), { maxLength: 20 });
    case 'map':
      return fc.array(fc.tuple(keys, values(type.element, dynamics)), { maxLength: 20 }).map(record);
    case 'tuple':
      return fc.tuple(...type.elements.map((one) => values(one, dynamics)));
    case 'object': {
      const attributes = Object.entries(type.attributes);
      return fc
        .tuple(...attributes.map(([, one]) => values(one, dynamics)))
        .map((all) => record(attributes.map(([name], index) => [name, all[index]])));
    }
    case 'dynamic': {
      // The type travels as JSON, and with it everything that JSON can say of it.
      const inner = dynamics > 0 ? types : fc.constant<ValueType>({ kind: 'string' });
      return inner.chain((one) => {
        const seen = typeFromJson(typeToJson(one));
        return values(seen, dynamics - 1).map((value) => ({ type: seen, value }));
      });
    }
  }
}

/** A type and a value of it that is neither null nor unknown itself. */
export const typed = types.chain((type) => fc.tuple(fc.constant(type), known(type, 1)));
