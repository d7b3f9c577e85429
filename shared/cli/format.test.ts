import { describe, expect, it } from 'vitest';
import { fit, fitTable, formatBytes, formatDuration, parseBytes, table, width } from './format.ts';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [201_326_592, '192.0 MiB'],
    [64 * 1024 ** 3, '64.0 GiB'],
  ])('prints %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    ['60M', 62_914_560],
    ['1.5GiB', 1_610_612_736],
    ['500k', 512_000],
    ['1048576', 1_048_576],
    ['10MB/s', 10_485_760],
  ])('reads %s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', 'fast', '-5M', '0', '5X', '1e9'])('refuses %j', (text) =>
    expect(parseBytes(text)).toBeUndefined(),
  );
});

it('prints durations', () => {
  expect([0, 8_400, 200_000, 7_500_000].map(formatDuration)).toEqual([
    '0 s',
    '8 s',
    '3 min 20 s',
    '2 h 5 min',
  ]);
});

describe('terminal columns', () => {
  it('counts Chinese characters as two', () => expect(width('镜像 1.iso')).toBe(10));
  it('cuts in the middle and keeps the extension', () => {
    const cut = fit('ubuntu-22.04-服务器-amd64.qcow2', 20);
    expect(width(cut)).toBeLessThanOrEqual(20);
    expect(cut).toMatch(/^ubuntu.*…/);
    expect(cut.endsWith('.qcow2')).toBe(true);
  });
  it('aligns wide cells', () => {
    expect(
      table([
        ['NAME', 'ID'],
        ['镜像', '1'],
        ['a', '2'],
      ]),
    ).toBe('NAME  ID\n镜像  1\na     2');
  });

  it('leaves columns out, and makes them narrower, where a table does not fit', () => {
    const widths = [36, 40, 6, 8, 20];
    expect(fitTable(widths, undefined)).toEqual(widths);
    expect(fitTable(widths, 118)).toEqual(widths);
    const total = (fitted: number[] | undefined) =>
      fitted?.reduce((sum, one) => sum + (one > 0 ? one + 2 : 0), -2);
    expect(total(fitTable(widths, 100, [4]))).toBe(100);
    expect(fitTable(widths, 80, [4, 3])).toEqual([36, 24, 6, 8, 0]);
    expect(fitTable(widths, 60, [4, 3])).toEqual([36, 14, 6, 0, 0]);
    expect(fitTable(widths, 40, [4, 3])).toBeUndefined();
  });

  it('writes blocks where not even that fits', () => {
    const rows = [
      ['ID', 'NAME', 'OS'],
      ['a-very-long-identifier', 'one', ''],
    ];
    expect(table(rows, 20)).toBe('id: a-very-long-identifier\nname: one');
    expect(table(rows, 200)).toBe(table(rows));
  });
});
