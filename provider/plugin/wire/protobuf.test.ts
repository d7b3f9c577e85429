// The protobuf codec: known bytes, round trips, and what proto3 leaves out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, f, message } from './protobuf.ts';
import { calls, PathStepMessage } from './tfplugin6.ts';

const Inner = message({ name: f.string(1), index: f.optionalInt64(2) });
const Outer = message({
  text: f.string(1),
  data: f.bytes(2),
  flag: f.bool(3),
  count: f.int64(4),
  inner: f.message(5, () => Inner),
  list: f.list(6, () => Inner),
  map: f.map(17, () => Inner),
});

const inner = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  index: fc.option(fc.maxSafeInteger(), { nil: undefined }),
});
const outer = fc.record({
  text: fc.string({ unit: 'grapheme' }),
  data: fc.uint8Array({ maxLength: 300 }),
  flag: fc.boolean(),
  count: fc.maxSafeInteger(),
  inner: fc.option(inner, { nil: undefined }),
  list: fc.array(inner),
  map: fc.dictionary(fc.string(), inner),
});

describe('the protobuf codec', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(outer, (value) => {
        const back = decode(Outer, encode(Outer, value));
        expect({ ...back, data: [...back.data], map: { ...back.map } }).toEqual({
          ...value,
          data: [...value.data],
          map: { ...value.map },
        });
      }),
    );
  });

  it('writes the bytes that protobuf documents', () => {
    expect(encode(message({ a: f.int64(1) }), { a: 150 }).toString('hex')).toBe('089601');
    expect(encode(message({ b: f.string(2) }), { b: 'testing' }).toString('hex')).toBe('120774657374696e67');
    expect(encode(message({ a: f.int64(1) }), { a: -1 }).toString('hex')).toBe('08ffffffffffffffffff01');
  });

  it('leaves out zero values, but not where presence counts', () => {
    expect(encode(Outer, { text: '', count: 0, flag: false, list: [] }).length).toBe(0);
    // The first element of a list: without presence the step would vanish.
    const step = encode(PathStepMessage, { elementKeyInt: 0 });
    expect(decode(PathStepMessage, step).elementKeyInt).toBe(0);
    expect(decode(PathStepMessage, step).attributeName).toBeUndefined();
  });

  it('skips fields it does not know', () => {
    const Wider = message({ text: f.string(1), later: f.message(99, () => Inner), number: f.int64(98) });
    const bytes = encode(Wider, { text: 'x', later: { name: 'n', index: 1 }, number: 7 });
    // Field 12 as fixed64 and field 13 as fixed32, which no message here has.
    const fixed = Buffer.from([12 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 13 * 8 + 5, 1, 2, 3, 4]);
    expect(decode(Outer, Buffer.concat([fixed, bytes])).text).toBe('x');
  });

  it('refuses bytes that end early', () => {
    const bytes = encode(Outer, { text: 'hello' });
    expect(() => decode(Outer, bytes.subarray(0, -1))).toThrow(RangeError);
    expect(() => decode(Outer, Buffer.of(0x20, 0x80))).toThrow(RangeError);
    expect(() => decode(Outer, Buffer.of(12 * 8 + 1, 1, 2))).toThrow(RangeError);
  });

  it('refuses a field in another form than its own', () => {
    // The text as a number, the number as a text, the message as a number.
    for (const bytes of [Buffer.of(0x08, 1), Buffer.of(0x22, 1, 65), Buffer.of(0x28, 1)]) {
      expect(() => decode(Outer, bytes)).toThrow(TypeError);
    }
  });

  it('reads or refuses whatever it is given, and never anything else', () => {
    const names = Object.keys(calls) as (keyof typeof calls)[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 100 }), (name, bytes) => {
        try {
          decode<object>(calls[name].request, bytes);
        } catch (error) {
          expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps map keys such as __proto__', () => {
    const { response } = calls.GetProviderSchema;
    const schemas = JSON.parse('{"__proto__":{"version":3}}') as Record<string, never>;
    const back = decode(response, encode(response, { resourceSchemas: schemas }));
    expect(Object.keys(back.resourceSchemas)).toEqual(['__proto__']);
  });
});
