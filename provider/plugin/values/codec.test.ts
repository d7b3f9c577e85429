// Round trips of the value codec, and the encodings that general MessagePack libraries get wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { t, type ValueType } from '../schema/type.ts';
import { record, typed, types } from './arbitrary.ts';
import { decodeValue, encodeValue } from './codec.ts';
import { equal } from './equal.ts';
import { UNKNOWN } from './unknown.ts';
import { ValueError } from './value-error.ts';

describe('the value codec', () => {
  it('gives back what it was given, unknown and null at every depth', () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        const back = decodeValue(type, encodeValue(type, value));
        expect(equal(type, value, back)).toBe(true);
        // Bytes are compared as well: equality alone might be too kind.
        expect(encodeValue(type, back)).toEqual(encodeValue(type, value));
      }),
      { numRuns: 300 },
    );
  });

  it('tells different values apart', () => {
    fc.assert(
      fc.property(types, (type) => {
        const list: ValueType = { kind: 'list', element: type };
        expect(equal(list, [null], [UNKNOWN])).toBe(false);
        expect(equal(list, [null], [null, null])).toBe(false);
      }),
      { numRuns: 50 },
    );
    expect(equal(t.map(t.string), { a: '1' }, { b: '1' })).toBe(false);
    expect(equal(t.set(t.string), ['a', 'b'], ['b', 'a'])).toBe(true);
    expect(equal(t.list(t.string), ['a', 'b'], ['b', 'a'])).toBe(false);
  });

  it('takes any extension code as unknown', () => {
    const refined = Buffer.from([0xc7, 3, 12, 0x81, 1, 0xc2]);
    expect(decodeValue(t.string, refined)).toBe(UNKNOWN);
    expect(decodeValue(t.string, Buffer.from([0xd4, 0, 0]))).toBe(UNKNOWN);
    expect(decodeValue(t.string, Buffer.from([0xd8, 99, ...new Array(16).fill(7)]))).toBe(UNKNOWN);
    expect(encodeValue(t.string, UNKNOWN)).toEqual(Buffer.from([0xd4, 0, 0]));
  });

  it('writes absent attributes as null, and leaves out what the type lacks', () => {
    const type = t.object({ a: t.nullable(t.string), b: t.nullable(t.string) });
    expect(decodeValue(type, encodeValue(type, { b: 'x', c: 'y' }))).toEqual(
      record([
        ['a', null],
        ['b', 'x'],
      ]),
    );
  });

  it('sends numbers as plain decimal text, so that Terraform reads them as it reads its state file', () => {
    const sent = (type: typeof t.number | typeof t.decimal, value: number | string) =>
      encodeValue(type, value).subarray(1).toString();
    expect(sent(t.number, 5)).toBe('5');
    expect(sent(t.number, -0)).toBe('0');
    expect(sent(t.number, 0.1)).toBe('0.1');
    expect(sent(t.number, -2.5e-7)).toBe('-0.00000025');
    expect(sent(t.decimal, '+1.50e3')).toBe('1500');
    expect(sent(t.decimal, '9007199254740993')).toBe('9007199254740993');
    expect(sent(t.decimal, '42')).toBe('42');
  });

  it('refuses numbers that a double cannot hold, at their path', () => {
    const type = t.object({ sizes: t.list(t.number) });
    const bytes = encodeValue(t.object({ sizes: t.list(t.decimal) }), { sizes: ['1', '9007199254740993'] });
    expect(() => decodeValue(type, bytes)).toThrow(ValueError);
    try {
      decodeValue(type, bytes);
    } catch (error) {
      expect(error instanceof ValueError && error.path.toString()).toBe('sizes[1]');
    }
  });

  it('reads 64-bit integers and floats', () => {
    const long = Buffer.alloc(9);
    long[0] = 0xcf;
    long.writeBigUInt64BE(2n ** 64n - 1n, 1);
    expect(decodeValue(t.decimal, long)).toBe('18446744073709551615');
    const float = Buffer.alloc(9);
    float[0] = 0xcb;
    float.writeDoubleBE(0.5, 1);
    expect(decodeValue(t.number, float)).toBe(0.5);
    expect(decodeValue(t.decimal, float)).toBe('0.5');
    float.writeDoubleBE(2 ** 70, 1);
    expect(decodeValue(t.decimal, float)).toBe('1180591620717411303424');
    expect(() => decodeValue(t.number, float)).toThrow(ValueError);
  });

  it('carries 10 MB values', () => {
    const text = 'ä1'.repeat(3_500_000);
    expect(decodeValue(t.string, encodeValue(t.string, text)) === text).toBe(true);
    const list = Array.from({ length: 200_000 }, (_one, index) => `element ${index} of a long list of texts`);
    expect(decodeValue(t.list(t.string), encodeValue(t.list(t.string), list))).toEqual(list);
  });

  it('says where a value does not fit, without the value', () => {
    const type = t.object({ tags: t.map(t.string) });
    expect(() => encodeValue(type, { tags: { a: 7 } })).toThrow(
      'text is needed here, but the value is a number',
    );
    expect(() => encodeValue(type, { tags: { a: null } })).toThrow('null is not allowed here');
    expect(() => encodeValue(t.number, Number.NaN)).toThrow(ValueError);
    expect(() => decodeValue(t.string, Buffer.from([0xd9, 200, 1]))).toThrow('ends early');
    expect(() => decodeValue(t.string, Buffer.from([0xa1, 97, 0]))).toThrow('left over');
  });
});
