// Bytes that are cut, damaged or made to harm: a ValueError each, at once, without much memory.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { t, type ValueType } from '../schema/type.ts';
import { typed, types } from './arbitrary.ts';
import { decodeValue, encodeValue } from './codec.ts';
import { equal } from './equal.ts';
import { UNKNOWN } from './unknown.ts';
import { ValueError } from './value-error.ts';

/** The error of a decoding; undefined where there is none. Anything but a ValueError is thrown on. */
function refusal(type: ValueType, bytes: Uint8Array): ValueError | undefined {
  try {
    decodeValue(type, bytes);
    return undefined;
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
}

/** A dynamic value that holds a dynamic value, and so on. */
function nested(levels: number): Buffer {
  const level = Buffer.concat([Buffer.from([0x92, 0xc4, 9]), Buffer.from('"dynamic"')]);
  return Buffer.concat(new Array<Buffer>(levels).fill(level));
}

describe('bytes that are no value', () => {
  it('are refused where they end early, wherever that is', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ([type, value], at) => {
        const bytes = encodeValue(type, value);
        const error = refusal(type, bytes.subarray(0, at % bytes.length));
        expect(error?.message).toMatch(/ends early|could not be decoded/);
      }),
      { numRuns: 300 },
    );
  });

  it('are refused in words where one byte is wrong, or are another value', () => {
    fc.assert(
      fc.property(typed, fc.nat(), fc.nat({ max: 255 }), ([type, value], at, byte) => {
        const bytes = Buffer.from(encodeValue(type, value));
        bytes[at % bytes.length] = byte;
        expect(refusal(type, bytes)?.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('are refused or read where they are random', () => {
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
        refusal(type, bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, ValueType, number[]]>([
    ['an array of 4 billion elements', t.list(t.string), [0xdd, 255, 255, 255, 255]],
    ['a map of 4 billion entries', t.map(t.string), [0xdf, 255, 255, 255, 255, 0xa1, 97, 0xa1]],
    ['a text of 4 GB', t.string, [0xdb, 255, 255, 255, 255, 97]],
    ['bytes of 4 GB as a type', t.dynamic, [0x92, 0xc6, 255, 255, 255, 255, 97]],
    ['an extension of 4 GB', t.string, [0xc9, 255, 255, 255, 255, 12, 0]],
    ['a number of 8 bytes', t.number, [0xcf, 1, 2, 3]],
    ['nothing at all', t.string, []],
  ])('are refused where they promise %s and end', (_what, type, bytes) => {
    const before = process.memoryUsage().rss;
    expect(refusal(type, Buffer.from(bytes))?.message).toContain('ends early');
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it.each<[string, ValueType, Buffer]>([
    ['a type that is no JSON', t.dynamic, Buffer.from([0x92, 0xc4, 1, 123, 0xc0])],
    ['a type that Terraform does not have', t.dynamic, Buffer.from([0x92, 0xc4, 3, 34, 120, 34, 0xc0])],
    ['a value nested 100,000 levels deep', t.dynamic, nested(100_000)],
    [
      'a type nested 100,000 levels deep',
      t.dynamic,
      Buffer.concat([
        Buffer.from([0x92, 0xc6, 0, 16, 0xc8, 0xe8]),
        Buffer.from(`${'["list",'.repeat(100_000)}"string"${']'.repeat(100_000)}`.padEnd(0x10c8e8, ' ')),
        Buffer.from([0xc0]),
      ]),
    ],
    ['NaN', t.number, Buffer.from([0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0])],
    ['infinity', t.decimal, Buffer.from([0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0])],
    ['a number in words', t.decimal, Buffer.from([0xa3, 116, 101, 110])],
    ['a number as a key', t.map(t.string), Buffer.from([0x81, 1, 0xa1, 97])],
    ['an attribute that the type lacks', t.object({ a: t.string }), Buffer.from([0x81, 0xa1, 98, 0xa1, 97])],
    ['a code that MessagePack does not have', t.string, Buffer.from([0xc1])],
    ['a tuple that is too long', { kind: 'tuple', elements: [t.string] }, Buffer.from([0x92, 0xc0, 0xc0])],
  ])('are refused where they hold %s', (_what, type, bytes) => {
    const error = refusal(type, bytes);
    expect(error).toBeInstanceOf(ValueError);
    expect(error?.message).not.toMatch(/call stack|offset|undefined/);
  });
});

describe('large and odd numbers', () => {
  it('are compared in a time that grows with their length alone', () => {
    // With a pattern that looks back from each zero this would take hours.
    const long = `1${'0'.repeat(2_000_000)}1`;
    expect(equal(t.decimal, `${long}.0`, long)).toBe(true);
    expect(equal(t.decimal, long, `${long}0`)).toBe(false);
    expect(decodeValue(t.decimal, encodeValue(t.decimal, long))).toBe(long);
    expect(refusal(t.number, encodeValue(t.decimal, long))).toBeInstanceOf(ValueError);
  });

  it('keep their value, whatever double it is', () => {
    const doubles = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(doubles, (value) => {
        expect(decodeValue(t.number, encodeValue(t.number, value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('refined unknown values', () => {
  it('are unknown whatever their code and payload, and nothing after them is lost', () => {
    const payload = fc.uint8Array({ maxLength: 70_000, size: 'max' });
    fc.assert(
      fc.property(fc.nat({ max: 255 }), payload, (code, bytes) => {
        const size = Buffer.alloc(5);
        size[0] = 0xc9;
        size.writeUInt32BE(bytes.length, 1);
        const refined = Buffer.concat([size, Buffer.of(code), bytes]);
        const list = Buffer.concat([Buffer.of(0x93), refined, Buffer.from([0xa1, 97]), refined]);
        expect(decodeValue(t.list(t.string), list)).toEqual([UNKNOWN, 'a', UNKNOWN]);
      }),
      { numRuns: 50 },
    );
  });
});
