// VHD, VHDX, VDI, QED, Parallels, LUKS, ZVHD, packed files, archives and what is no disk at all.
import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { luksDisk, parallelsOf, qedOf, vdiOf, vhdOf, vhdxOf, zvhdOf } from '../testing/containers.ts';
import { gptDisk, MIB, mbrDisk } from '../testing/disks.ts';
import { gzOf, tarOf, xzOf, zstOf } from '../testing/media.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const codes = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code);
const disk = gptDisk();
const changed = (bytes: Buffer, change: (bytes: Buffer) => void) => {
  change(bytes);
  return bytes;
};

describe('VHD', () => {
  it('tells its kind', async () => {
    for (const kind of ['fixed', 'dynamic'] as const)
      expect(await inspect(vhdOf(disk, { kind }))).toMatchObject({ format: 'vhd', variant: kind });
  });

  it.each<[string, Buffer]>([
    ['vhd-differencing', vhdOf(disk, { kind: 'differencing' })],
    [
      'vhd-bad-checksum',
      changed(vhdOf(disk, { kind: 'fixed' }), (b) => b.writeUInt8(7, b.length - 512 + 70)),
    ],
    ['vhd-bad-header', vhdOf(disk, { change: (footer) => footer.writeUInt32BE(9, 60) })],
    ['vhd-bad-header', changed(vhdOf(disk), (b) => b.writeUInt32BE(3, 512 + 32))],
    ['vhd-truncated', vhdOf(disk, { kind: 'fixed' }).subarray(4096)],
    ['vhd-truncated', changed(vhdOf(disk), (b) => b.writeUInt32BE(0x7fff_ffff, 1536))],
  ])('finds %s', async (code, bytes) => {
    expect((await inspect(bytes)).findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code }),
    ]);
  });

  it('has the size of its geometry where qemu believes that, and warns when it is the smaller', async () => {
    const geometry = 30 * 4 * 17 * 512;
    const change = (footer: Buffer) => void footer.writeUInt16BE(30, 56);
    const virtualBox = await inspect(vhdOf(disk, { creator: 'vbox', change }));
    expect(virtualBox.virtualSizeBytes).toBe(geometry);
    expect(codes(virtualBox)).toContain('vhd-geometry');
    expect((await inspect(vhdOf(disk, { creator: 'win ', change }))).virtualSizeBytes).toBe(MIB);
  });
});

describe('VHDX', () => {
  it.each<[string, Buffer]>([
    ['vhdx-differencing', vhdxOf(disk, { hasParent: true })],
    ['vhdx-log', vhdxOf(disk, { hasLog: true })],
    ['vhdx-bad-header', vhdxOf(disk).fill(0, 64 * 1024, 192 * 1024)],
    ['vhdx-truncated', vhdxOf(disk).subarray(0, 100 * 1024)],
    ['vhdx-truncated', vhdxOf(disk).subarray(0, 1100 * 1024)],
  ])('finds %s', async (code, bytes) => {
    expect(codes(await inspect(bytes))).toEqual([code]);
  });

  it('is content with one intact header and one intact table', async () => {
    const bytes = vhdxOf(disk)
      .fill(0, 64 * 1024, 128 * 1024)
      .fill(0, 192 * 1024, 256 * 1024);
    expect(await inspect(bytes)).toMatchObject({ virtualSizeBytes: MIB, boot: 'uefi', findings: [] });
  });
});

it.each<[string, Buffer]>([
  ['vdi-differencing', vdiOf(disk, (h) => h.writeUInt32LE(4, 0x4c))],
  ['vdi-differencing', vdiOf(disk, (h) => h.fill(1, 0x1a8, 0x1b8))],
  ['vdi-bad-header', vdiOf(disk, (h) => h.writeUInt32LE(3, 0x178))],
  ['vdi-bad-header', vdiOf(disk, (h) => h.writeUInt32LE(77, 0x4c))],
  ['vdi-truncated', vdiOf(disk, (h) => h.writeUInt32LE(999_999, 0x184))],
  ['qed-backing-file', qedOf(disk, (h) => h.writeUInt32LE(1, 16))],
  ['qed-dirty', qedOf(disk, (h) => h.writeUInt32LE(2, 16))],
  ['qed-unknown-features', qedOf(disk, (h) => h.writeUInt32LE(8, 16))],
  ['qed-bad-header', qedOf(disk, (h) => h.writeUInt32LE(5, 4))],
  ['qed-truncated', qedOf(disk, (h) => h.writeBigUInt64LE(1n << 50n, 40))],
  ['parallels-in-use', changed(parallelsOf(disk), (b) => b.writeUInt32LE(0x746f_6e59, 44))],
  ['parallels-bad-header', changed(parallelsOf(disk), (b) => b.writeUInt32LE(0, 28))],
])('finds %s', async (code, bytes) => {
  expect(codes(await inspect(bytes))).toEqual([code]);
});

describe('LUKS', () => {
  it.each([
    [1, 64 * 1024 - 64 * 512],
    [2, 64 * 1024],
  ] as const)('version %i is an encrypted disk of %i bytes', async (version, virtualSizeBytes) => {
    const found = await inspect(luksDisk(version));
    expect(found).toMatchObject({
      format: 'luks',
      variant: `v${version}`,
      encrypted: true,
      virtualSizeBytes,
    });
    expect(codes(found)).toEqual(['luks-encrypted']);
  });
});

describe('ZVHD', () => {
  it('is known by its header, and tells its size', async () => {
    for (const [mark, format] of [
      ['stream', 'zvhd'],
      ['z2strm', 'zvhd2'],
    ] as const)
      expect(await inspect(zvhdOf(mark, 40 * MIB))).toMatchObject({
        format,
        virtualSizeBytes: 40 * MIB,
        boot: 'unknown',
        findings: [],
      });
  });

  it('is not guessed from a common word', async () => {
    expect((await inspect(Buffer.from('stream of words'.padEnd(9000)))).format).toBe('raw');
  });

  it('finds fault with a header that was changed, and with a missing index', async () => {
    expect(codes(await inspect(changed(zvhdOf('z2strm', MIB), (b) => b.writeUInt8(1, 80))))).toEqual([
      'zvhd2-bad-checksum',
    ]);
    expect(codes(await inspect(zvhdOf('z2strm', MIB).subarray(0, 9000)))).toEqual(['zvhd2-truncated']);
  });
});

describe('packed files', () => {
  it.each<[string, Buffer, number | undefined]>([
    ['gz', gzOf(disk), undefined],
    ['zst', zstOf(mbrDisk()), 64 * 1024],
    ['xz', xzOf(5_000_000_000), 5_000_000_000],
    ['bz2', Buffer.from('BZh91AY&SYrest of it'.padEnd(600)), undefined],
    ['lz4', Buffer.from('04224d1864', 'hex'), undefined],
  ])('%s', async (compression, bytes, unpackedSizeBytes) => {
    const found = await inspect(bytes);
    expect(found).toMatchObject({ format: 'raw', compression, boot: 'unknown' });
    expect(found.unpackedSizeBytes).toBe(unpackedSizeBytes);
    expect(found.findings.map((f) => [f.code, f.severity])).toEqual([['compressed', 'warning']]);
  });

  it('an xz file of several streams does not tell its size', async () => {
    const both = Buffer.concat([xzOf(1000), xzOf(2000)]);
    expect((await inspect(both)).unpackedSizeBytes).toBeUndefined();
  });
});

describe('what is no disk', () => {
  it.each<[string, string, Buffer]>([
    ['ova', 'ova', tarOf('machine.ovf', 'machine.mf', 'disk1.vmdk')],
    ['raw', 'archive', tarOf('disk.raw', 'machine.ovf')],
    ['raw', 'archive', Buffer.from('PK\x03\x04 and so on')],
    ['raw', 'web-page', Buffer.from('\n<!DOCTYPE HTML><html>404')],
    ['raw', 'lfs-pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00')],
    ['raw', 'not-a-disk', Buffer.from('\x7fELF\x02\x01', 'latin1')],
    ['raw', 'kernel', mbrDisk((b) => b.write('HdrS', 514, 'latin1'))],
    ['dmg', 'dmg', changed(Buffer.alloc(4096), (b) => b.write('koly\0\0\0\x04', 4096 - 512, 'latin1'))],
  ])('%s: %s', async (format, code, bytes) => {
    const found = await inspect(bytes);
    expect([found.format, codes(found)[0]]).toEqual([format, code]);
  });

  it('the remedy for an OVA names its disk', async () => {
    const { findings } = await inspect(tarOf('machine.ovf', 'machine.mf', 'disk1.vmdk'));
    expect(findings[0]?.remedy).toContain('"disk1.vmdk"');
  });
});
