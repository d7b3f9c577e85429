import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { fat12, gptDisk, mbrDisk } from '../testing/disks.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const codes = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code);
const changed = (change: (disk: Buffer) => void, disk = gptDisk()) => {
  change(disk);
  return disk;
};

describe('MBR', () => {
  it('starts by BIOS where it has code', async () => {
    expect(await inspect(mbrDisk())).toMatchObject({
      format: 'raw',
      boot: 'bios',
      partitionTable: 'mbr',
      partitions: [{ number: 1, type: 'Linux file system', startBytes: 32768, sizeBytes: 32768 }],
      findings: [],
    });
    expect((await inspect(mbrDisk((b) => b.fill(0, 0, 440)))).boot).toBe('none');
  });

  it('does not start where its code has nothing to go on with, unless it is that of GRUB', async () => {
    expect((await inspect(mbrDisk((b) => b.writeUInt8(0, 446)))).boot).toBe('none');
    const grub = mbrDisk((b) => {
      b.writeUInt8(0, 446);
      b.write('GRUB', 0x180);
    });
    expect((await inspect(grub)).boot).toBe('bios');
  });

  it('starts by UEFI where it has an EFI system partition', async () => {
    const found = await inspect(
      mbrDisk((b) => {
        b[446 + 4] = 0xef;
        fat12().copy(b, 32768, 0, 32768);
      }),
    );
    expect(found).toMatchObject({ boot: 'bios+uefi', architecture: 'x86_64' });
  });

  it('is none, where its entries make no sense', async () => {
    const found = await inspect(mbrDisk((b) => b.fill(0x5a, 446, 510)));
    expect([found.partitionTable, found.boot, codes(found)]).toEqual([
      'none',
      'bios',
      ['no-partition-table'],
    ]);
  });

  it('tells of a partition that ends behind the disk', async () => {
    const found = await inspect(mbrDisk((b) => b.writeUInt32LE(65, 446 + 12)));
    expect(codes(found)).toEqual(['disk-truncated']);
    expect(found.findings[0]?.message).toContain('512 bytes behind');
  });
});

describe('GPT', () => {
  it.each<[string, (disk: Buffer) => void]>([
    ['gpt-damaged', (b) => b.writeUInt8(1, 512 + 60)],
    ['gpt-damaged', (b) => b.writeUInt8(1, 1024 + 60)],
    ['gpt-no-copy', (b) => b.fill(0, b.length - 512)],
    ['gpt-unprotected', (b) => b.fill(0, 446, 512)],
    ['uefi-no-loader', (b) => b.fill(0, 64 * 512 + 4 * 512, 64 * 512 + 5 * 512)],
  ])('finds %s', async (code, change) => {
    const { findings } = await inspect(changed(change));
    expect(findings.map((f) => [f.code, f.severity])).toEqual([[code, 'warning']]);
  });

  it.each([
    ['4861682149646f6e744e656564454649', 'BIOS boot', 'bios+uefi'],
    ['9d6bbd83417fdc11be0b001560b84f0f', 'FreeBSD boot', 'bios+uefi'],
    ['af3dc60f838472478e793d69d8477de4', 'Linux file system', 'uefi'],
  ])('starts by BIOS too where there is a partition for it: %s', async (guid, type, boot) => {
    const disk = gptDisk('BOOTX64 EFI', guid);
    Buffer.from([0xfa, 0xf4]).copy(disk);
    const found = await inspect(disk);
    expect([found.boot, found.partitions?.[1]?.type]).toEqual([boot, type]);
  });

  it('tells of a disk that lacks its end, and of one that was made larger', async () => {
    expect(codes(await inspect(gptDisk().subarray(0, 700_000)))).toEqual(['disk-truncated']);
    expect(codes(await inspect(Buffer.concat([gptDisk(), Buffer.alloc(4096)])))).toEqual([
      'gpt-copy-not-at-end',
    ]);
  });

  it.each([
    ['BOOTAA64EFI', 'aarch64'],
    ['BOOTRI~1EFI', 'riscv64'],
    ['OTHER   EFI', undefined],
  ])('a loader %s is for %s', async (loader, architecture) => {
    expect((await inspect(gptDisk(loader))).architecture).toBe(architecture);
  });
});

/** A superblock of ext2 and its successors, which differ in their features. */
const ext = (featuresAt: number, features: number, label: string) => (disk: Buffer) => {
  disk.writeUInt16LE(0xef53, 0x438);
  disk.writeUInt32LE(features, featuresAt);
  disk.write(label, 0x478);
};

describe('a disk without partitions', () => {
  it.each<[string, string | undefined, (disk: Buffer) => void]>([
    ['ext4', 'root', ext(0x460, 0x40, 'root')],
    ['ext3', undefined, ext(0x45c, 4, '')],
    ['xfs', undefined, (b) => b.write('XFSB')],
    ['btrfs', undefined, (b) => b.write('_BHRfS_M', 0x10040)],
    ['ntfs', undefined, (b) => b.write('NTFS    ', 3)],
    ['lvm', undefined, (b) => b.write('LABELONE', 512)],
    ['swap', undefined, (b) => b.write('SWAPSPACE2', 4086)],
  ])('%s', async (fileSystem, volumeLabel, change) => {
    const found = await inspect(changed(change, Buffer.alloc(128 * 1024)));
    expect([found.fileSystem, found.volumeLabel, codes(found)]).toEqual([
      fileSystem,
      volumeLabel,
      ['no-partition-table'],
    ]);
    expect(found.findings[0]?.severity).toBe('info');
  });

  it('FAT is not taken for an MBR', async () => {
    expect(await inspect(fat12())).toMatchObject({
      partitionTable: 'none',
      fileSystem: 'vfat',
      boot: 'unknown',
    });
  });

  it('warns of zeros and of bytes that mean nothing', async () => {
    expect(codes(await inspect(Buffer.alloc(8192)))).toEqual(['empty-disk']);
    expect(codes(await inspect(Buffer.alloc(8192, 0x5a)))).toEqual(['no-partition-table']);
  });

  it('rounds its size up to sectors, as a server sees it', async () => {
    expect((await inspect(Buffer.alloc(1000))).virtualSizeBytes).toBe(1024);
  });
});

it('says that a partition is encrypted', async () => {
  const found = await inspect(mbrDisk((b) => b.write('LUKS\xba\xbe', 32768, 'latin1')));
  expect([found.partitions?.[0]?.fileSystem, codes(found)]).toEqual(['luks', ['encrypted-partition']]);
});
