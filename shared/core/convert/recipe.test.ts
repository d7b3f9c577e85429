// Which conversion is advised, and which is refused.
import { describe, expect, it } from 'vitest';
import { conversionFor, convertArguments, convertCommand } from './recipe.ts';
import type { ConversionFacts, TargetWishes } from './types.ts';

const GIB = 1024 ** 3;
const disk = (facts: Partial<ConversionFacts> = {}): ConversionFacts => ({
  path: '/images/disk.qcow2',
  format: 'qcow2',
  fileSizeBytes: 2 * GIB,
  virtualSizeBytes: 20 * GIB,
  backingFile: false,
  dataFile: false,
  encrypted: false,
  damaged: false,
  ...facts,
});
const ucloudstack: TargetWishes = { formats: ['qcow2', 'iso'] };
const huawei: TargetWishes = {
  formats: ['qcow2', 'zvhd2', 'vhd', 'raw'],
  maxFileSizeBytes: 128 * GIB,
  largeFileFormats: ['zvhd2', 'raw'],
  rawNeedsBitmap: true,
};

describe('conversionFor', () => {
  it('leaves alone what the target takes, whatever is in it', () => {
    expect(conversionFor(disk(), ucloudstack).kind).toBe('none');
    expect(conversionFor(disk({ format: 'iso' }), ucloudstack).kind).toBe('none');
    expect(conversionFor(disk({ format: 'zvhd2', fileSizeBytes: 500 * GIB }), huawei).kind).toBe('none');
  });

  it.each([
    ['vmdk', 'monolithicSparse'],
    ['vmdk', 'streamOptimized'],
    ['vhd', undefined],
    ['vhdx', undefined],
    ['vdi', undefined],
    ['qed', undefined],
    ['raw', undefined],
  ])('converts %s %s to the dearest format that can be written', (format, subformat) => {
    const path = `/images/disk.${format}`;
    const advice = conversionFor(disk({ format, subformat, path }), { formats: ['zvhd2', 'qcow2'] });
    expect(advice).toMatchObject({
      kind: 'convert',
      recipe: { from: format, to: 'qcow2', compress: false },
      command: `qemu-img convert -p -f ${format === 'vhd' ? 'vpc' : format} -O qcow2 /images/disk.${format} /images/disk.qcow2`,
      warnings: [],
    });
  });

  it.each([
    [{ backingFile: true }, 'backing file', true],
    [{ dataFile: true }, 'another file', true],
    [{ encrypted: true }, 'encrypted', false],
    [{ damaged: true }, 'damaged', true],
    [{ format: 'vmdk' }, 'unknown', false],
    [{ format: 'vmdk', subformat: 'twoGbMaxExtentSparse' }, 'twoGbMaxExtentSparse', false],
    [{ format: 'iso' }, 'ISO', false],
    [{ format: 'zvhd2' }, 'zvhd2', false],
    [{ format: 'constructor' }, 'constructor', false],
  ] satisfies [Partial<ConversionFacts>, string, boolean][])(
    'never converts %o',
    (facts, word, hasCommand) => {
      const advice = conversionFor(disk(facts), { formats: ['raw'] });
      expect(advice.kind).toBe('refuse');
      if (advice.kind !== 'refuse') return;
      expect(advice.reason).toContain(word);
      expect(advice.command !== undefined).toBe(hasCommand);
    },
  );

  it('compresses what is too large, and says that it may stay so', () => {
    const advice = conversionFor(disk({ fileSizeBytes: 200 * GIB, virtualSizeBytes: 300 * GIB }), huawei);
    expect(advice).toMatchObject({ kind: 'convert', recipe: { from: 'qcow2', to: 'qcow2', compress: true } });
    if (advice.kind !== 'convert') return;
    expect(advice.command).toContain(' -c ');
    expect(advice.command).toContain('/images/disk.converted.qcow2');
    expect(advice.warnings.join()).toContain('128 GiB');
  });

  it('makes RAW of what is too large where it is taken by itself', () => {
    const wishes: TargetWishes = { ...huawei, formats: ['zvhd2'], rawNeedsBitmap: false };
    const advice = conversionFor(disk({ fileSizeBytes: 200 * GIB, virtualSizeBytes: 300 * GIB }), wishes);
    expect(advice).toMatchObject({ kind: 'convert', recipe: { to: 'raw', compress: false } });
  });

  it('says what is needed where RAW needs a bitmap, which cannot be made', () => {
    const wishes: TargetWishes = { ...huawei, formats: ['raw', 'zvhd2'] };
    const advice = conversionFor(disk({ fileSizeBytes: 200 * GIB, virtualSizeBytes: 300 * GIB }), wishes);
    expect(advice.kind).toBe('refuse');
    if (advice.kind === 'refuse') expect(advice.hint).toContain('bitmap');
  });

  it('does not make RAW that is larger than the target takes', () => {
    const small: TargetWishes = { formats: ['raw'], maxFileSizeBytes: 10 * GIB };
    expect(conversionFor(disk(), small).kind).toBe('refuse');
    expect(conversionFor(disk({ virtualSizeBytes: 10 * GIB }), small).kind).toBe('convert');
  });

  it('says that snapshots are lost', () => {
    const advice = conversionFor(disk({ snapshots: 2 }), { formats: ['raw'] });
    expect(advice).toMatchObject({ kind: 'convert', warnings: [expect.stringContaining('snapshots (2)')] });
  });
});

describe('commands', () => {
  it('quote what a shell would take apart', () => {
    const command = convertCommand({ from: 'vhd', to: 'qcow2', compress: true }, "/a b/it's $(x).vhd");
    expect(command).toBe(
      `qemu-img convert -p -f vpc -O qcow2 -c '/a b/it'\\''s $(x).vhd' '/a b/it'\\''s $(x).qcow2'`,
    );
  });

  it('name formats as qemu-img has them', () => {
    const args = (from: string, to: string, compress = false) =>
      convertArguments({ from, to, compress }, 'in', 'out').slice(2, -2).join(' ');
    expect(args('raw', 'vhd')).toBe('-f raw -O vpc -o force_size=on');
    expect(args('qcow2', 'vmdk')).toBe('-f qcow2 -O vmdk -o subformat=monolithicSparse');
    expect(args('qcow2', 'vmdk', true)).toBe('-f qcow2 -O vmdk -o subformat=streamOptimized');
    expect(args('qed', 'vdi', true)).toBe('-f qed -O vdi');
  });
});
