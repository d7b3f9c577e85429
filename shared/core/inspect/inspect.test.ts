// What holds for all formats: the disk inside is found through every kind of tables, and limits are kept.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../model/index.ts';
import { type ByteReader, limitedReader, memoryReader } from './byte-reader.ts';
import { inspectSource, MAX_INSPECT_BYTES } from './inspect.ts';
import {
  luksDisk,
  parallelsOf,
  qcow2Of,
  qcowOf,
  qedOf,
  vdiOf,
  vhdOf,
  vhdxOf,
  vmdkOf,
  zvhdOf,
} from './testing/containers.ts';
import { gptDisk, MIB, mbrDisk } from './testing/disks.ts';
import { gzOf, isoOf } from './testing/media.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const codes = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code);
const disk = gptDisk();

describe('the same disk in every format', () => {
  it.each([
    ['raw', disk],
    ['qcow2', qcow2Of(disk)],
    ['qcow2', qcow2Of(disk, { version: 2 })],
    ['qcow2', qcow2Of(disk, { compressed: true })],
    ['qcow2', qcow2Of(disk, { extended: true })],
    ['qcow', qcowOf(disk)],
    ['qcow', qcowOf(disk, true)],
    ['qed', qedOf(disk)],
    ['vdi', vdiOf(disk)],
    ['parallels', parallelsOf(disk)],
    ['vmdk', vmdkOf(disk)],
    ['vmdk', vmdkOf(disk, { stream: true })],
    ['vhd', vhdOf(disk, { kind: 'fixed' })],
    ['vhd', vhdOf(disk)],
    ['vhdx', vhdxOf(disk)],
  ])('%s', async (format, bytes) => {
    expect(await inspect(bytes)).toMatchObject({
      format,
      virtualSizeBytes: 1 * MIB,
      boot: 'uefi',
      partitionTable: 'gpt',
      architecture: 'x86_64',
      osType: 'linux',
      encrypted: false,
      findings: [],
      partitions: [
        { number: 1, type: 'EFI system', fileSystem: 'vfat', startBytes: 64 * 512, sizeBytes: 128 * 512 },
        { number: 2, type: 'Linux file system', fileSystem: 'ext4' },
      ],
    });
  });
});

describe('a file that looks like several formats', () => {
  it('is warned of, and the mark at its start counts', async () => {
    const both = qcow2Of(disk);
    isoOf().copy(both, 16 * 2048, 16 * 2048, 20 * 2048);
    const found = await inspect(both);
    expect([found.format, codes(found)]).toEqual(['qcow2', ['several-formats']]);
  });

  it('is a fixed VHD with an ISO in it too', async () => {
    expect(codes(await inspect(vhdOf(isoOf(), { kind: 'fixed' })))).toContain('several-formats');
  });

  it('is not an ISO for both kinds of media', async () => {
    for (const hybrid of ['mbr', 'gpt'] as const)
      expect(codes(await inspect(isoOf({ boots: ['bios'], hybrid })))).toEqual([]);
  });
});

describe('limits', () => {
  const limits = { maxBytes: 80 * 1024 };

  it('keeps to the most it may read, and says when that was not enough', async () => {
    let bytesRead = 0;
    const bytes = qcow2Of(disk);
    const counting: ByteReader = {
      sizeBytes: bytes.length,
      read: async (offset, length) => {
        bytesRead += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    const found = await inspectSource(counting, limits);
    expect([found.format, found.boot, codes(found)]).toEqual(['qcow2', 'unknown', ['inspection-limit']]);
    expect(bytesRead).toBeLessThanOrEqual(limits.maxBytes);
  });

  it('cannot be told to read more than the limit', async () => {
    const file: ByteReader = { sizeBytes: 2 ** 50, read: async (_, length) => Buffer.alloc(length, 0x51) };
    const limited = limitedReader(file, MAX_INSPECT_BYTES, 5);
    expect((await limited.read(0, 2 ** 40)).length).toBe(MIB);
    for (let i = 0; i < 5; i++) await limited.read(2 ** 49 + i, 10);
    expect([limited.reads, limited.bytesRead, limited.exhausted]).toEqual([5, MIB + 40, true]);
  });

  it('never throws and never makes up a number, whatever the bytes are', async () => {
    const magic = fc.constantFrom(
      'QFI\xfb',
      'KDMV',
      'vhdxfile',
      'QED\0',
      'conectix',
      'LUKS\xba\xbe\0\x01',
      'stream',
      '',
    );
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 600 }), async (start, rest) => {
        const found = await inspect(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        expect(found.format).toBeTypeOf('string');
        expect(Number.isFinite(found.virtualSizeBytes)).toBe(true);
      }),
    );
  });

  it('takes any beginning of an image for what it is: cut', async () => {
    for (const whole of [qcow2Of(disk), vmdkOf(disk), vdiOf(disk), vhdxOf(disk), vhdOf(disk), disk]) {
      for (const share of [0.3, 0.6]) {
        const cut = await inspect(whole.subarray(0, Math.floor(whole.length * share)));
        expect([cut.format, share, codes(cut)]).toEqual([
          cut.format,
          share,
          [expect.stringMatching(/-truncated$/)],
        ]);
      }
    }
  });
});

it('knows what it cannot look into', async () => {
  const unknown = [zvhdOf('z2strm', 10 * MIB), luksDisk(1), gzOf(mbrDisk())];
  for (const bytes of unknown) expect((await inspect(bytes)).boot).toBe('unknown');
});

describe('a source that can be read in part only', () => {
  /** What an archive gives: the beginning and the end. */
  const partial = (bytes: Buffer, reach: number): ByteReader => ({
    sizeBytes: bytes.length,
    read: async (offset, length) => {
      if (offset + length <= reach || offset >= bytes.length - 4096)
        return bytes.subarray(offset, offset + length);
      throw new UnsupportedError({ operation: 'read the middle' });
    },
  });

  it('is judged by what was seen', async () => {
    const found = await inspectSource(partial(qcow2Of(disk), 100 * 1024));
    expect(found).toMatchObject({ format: 'qcow2', virtualSizeBytes: MIB, boot: 'unknown' });
    expect(codes(found)).toEqual(['inspected-in-part']);
  });

  it('is told as a whole where it was seen as a whole', async () => {
    const bytes = isoOf({ boots: ['uefi'] });
    const found = await inspectSource(partial(bytes, 200 * 1024));
    expect([found.format, found.boot, codes(found)]).toEqual(['iso', 'uefi', []]);
  });
});
