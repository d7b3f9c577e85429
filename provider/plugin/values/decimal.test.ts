// Decimal text against the exact arithmetic of BigInt.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalKey, exactDecimal, isDecimal, plainDecimal, toDouble } from './decimal.ts';

describe('decimal numbers', () => {
  it('have one key per number', () => {
    for (const [left, right] of [
      ['1.50', '15e-1'],
      ['0', '-0.000'],
      ['1000', '1e3'],
      ['-12.5', '-1.25e1'],
    ] as const) {
      expect(decimalKey(left)).toBe(decimalKey(right));
    }
    expect(decimalKey('9007199254740993')).not.toBe(decimalKey('9007199254740992'));
    expect(decimalKey('1e300')).toBe(decimalKey(`1${'0'.repeat(300)}`));
  });

  it('write doubles exactly', () => {
    expect(exactDecimal(0.5)).toBe('0.5');
    expect(exactDecimal(0.1)).toBe('0.1000000000000000055511151231257827021181583404541015625');
    expect(exactDecimal(-5e-324).startsWith('-0.000')).toBe(true);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(exactDecimal(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('are written plainly, without changing their value', () => {
    for (const [text, plain] of [
      ['0', '0'],
      ['-0.000', '0'],
      ['-7', '-7'],
      ['007', '7'],
      ['1.50', '1.5'],
      ['1500e-2', '15'],
      ['-5e-3', '-0.005'],
      ['12345e-3', '12.345'],
      ['1e21', `1${'0'.repeat(21)}`],
      ['1e999999', '1e999999'],
    ] as const) {
      expect(plainDecimal(text)).toBe(plain);
    }
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const plain = plainDecimal(String(value));
        expect(plain).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(Number(plain)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('become doubles only where nothing is lost', () => {
    expect(toDouble('0.1')).toBe(0.1);
    expect(toDouble('9007199254740993')).toBeUndefined();
    expect(toDouble('1e999')).toBeUndefined();
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(toDouble(String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  it('are told from other text', () => {
    for (const text of ['', 'x', '1.', '.5', '1e', '0x10', 'Infinity', '1 '])
      expect(isDecimal(text)).toBe(false);
  });
});
