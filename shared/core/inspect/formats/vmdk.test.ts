import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { vmdkDescription, vmdkOf } from '../testing/containers.ts';
import { gptDisk } from '../testing/disks.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const codes = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code);
const disk = gptDisk();

describe('a sparse file', () => {
  it.each<[string, Parameters<typeof vmdkOf>[1]]>([
    [
      'vmdk-unsupported-subformat',
      { describe: (text) => text.replace('monolithicSparse', 'twoGbMaxExtentSparse') },
    ],
    ['vmdk-unsupported-subformat', { describe: (text) => `${text}RW 1 SPARSE "second.vmdk"\n` }],
    ['vmdk-extent-path', { describe: (text) => text.replace('"disk.vmdk"', '"/etc/passwd"') }],
    ['vmdk-extent-path', { describe: (text) => text.replace('"disk.vmdk"', '"..\\disk.vmdk"') }],
    ['vmdk-parent', { describe: (text) => text.replace('parentCID=ffffffff', 'parentCID=0badcafe') }],
    ['vmdk-no-descriptor', { change: (h) => h.writeBigUInt64LE(0n, 28) }],
    ['vmdk-bad-header', { change: (h) => h.writeUInt32LE(9, 4) }],
    ['vmdk-bad-header', { change: (h) => h.writeBigUInt64LE(3n, 20) }],
    ['vmdk-bad-header', { change: (h) => h.writeUInt32LE(0, 44) }],
    ['vmdk-truncated', { change: (h) => h.writeBigUInt64LE(1n << 40n, 56) }],
    ['vmdk-unclean', { change: (h) => h.writeUInt8(1, 72) }],
    ['vmdk-footer-disagrees', { stream: true, changeFooter: (h) => h.writeBigUInt64LE(7n, 12) }],
    ['vmdk-footer-disagrees', { stream: true, changeFooter: (h) => h.writeBigUInt64LE(100n, 28) }],
    ['vmdk-truncated', { stream: true, changeFooter: (h) => h.fill(0) }],
  ])('finds %s', async (code, making) => {
    expect(codes(await inspect(vmdkOf(disk, making)))).toEqual([code]);
  });

  it('tells its kind', async () => {
    expect(await inspect(vmdkOf(disk))).toMatchObject({ variant: 'monolithicSparse', features: [] });
    const stream = await inspect(vmdkOf(disk, { stream: true }));
    expect(stream).toMatchObject({ variant: 'streamOptimized', features: ['compressed-grains'] });
  });

  it('lacks its footer when it was cut', async () => {
    const whole = vmdkOf(disk, { stream: true });
    expect(codes(await inspect(whole.subarray(0, whole.length - 4096)))).toEqual(['vmdk-truncated']);
  });
});

describe('a description alone', () => {
  it('is refused, and its files are named and not opened', async () => {
    const text = vmdkDescription(
      'twoGbMaxExtentFlat',
      'RW 4192256 FLAT "a-f001.vmdk" 0\nRW 100 FLAT "a-f002.vmdk" 0',
    );
    const found = await inspect(Buffer.from(text));
    expect(codes(found)).toEqual(['vmdk-separate-extents']);
    expect(found).toMatchObject({
      format: 'vmdk',
      virtualSizeBytes: 4192356 * 512,
      variant: 'twoGbMaxExtentFlat',
      refersTo: ['a-f001.vmdk', 'a-f002.vmdk'],
    });
  });

  it('is refused for devices and for paths', async () => {
    const text = vmdkDescription('fullDevice', 'RW 1024 FLAT "/dev/sda" 0');
    expect(codes(await inspect(Buffer.from(text)))).toContain('vmdk-extent-path');
  });
});

it('reads a description that is made to take long as fast as any other', async () => {
  for (const line of [`a${' '.repeat(30_000)}=${' '.repeat(30_000)}"x`, `RW 1 FLAT${' '.repeat(60_000)}"x`]) {
    const text = `${vmdkDescription('monolithicSparse', 'RW 2048 SPARSE "disk.vmdk"')}${line}`;
    const start = performance.now();
    expect((await inspect(Buffer.from(text))).format).toBe('vmdk');
    expect(performance.now() - start).toBeLessThan(1000);
  }
});

it('knows the extents of ESX snapshots', async () => {
  const bytes = Buffer.alloc(4096);
  bytes.write('COWD', 'latin1');
  bytes.writeUInt32LE(2048, 12);
  const found = await inspect(bytes);
  expect([found.format, found.virtualSizeBytes, codes(found)]).toEqual([
    'vmdk',
    1024 * 1024,
    ['vmdk-unsupported-subformat'],
  ]);
});
