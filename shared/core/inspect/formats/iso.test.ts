import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { isoOf } from '../testing/media.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const codes = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code);

describe('El Torito', () => {
  it.each([
    [[], 'none'],
    [['bios'], 'bios'],
    [['uefi'], 'uefi'],
    [['bios', 'uefi'], 'bios+uefi'],
    [['uefi', 'bios'], 'bios+uefi'],
    [['bios', 'bios', 'uefi'], 'bios+uefi'],
  ] as const)('%j: %s', async (boots, boot) => {
    const found = await inspect(isoOf({ boots: [...boots] }));
    expect(found).toMatchObject({ format: 'iso', boot, volumeLabel: 'TEST', findings: [] });
  });

  it('tells the processor that the loader is for', async () => {
    expect(await inspect(isoOf({ boots: ['uefi'] }))).toMatchObject({ architecture: 'x86_64' });
  });

  it('is damaged, where its checksum or its place is wrong', async () => {
    for (const change of [
      (file: Buffer) => void file.writeUInt8(9, 50 * 2048 + 4),
      (file: Buffer) => void file.writeUInt32LE(0xffff_ffff, 17 * 2048 + 71),
    ]) {
      const found = await inspect(isoOf({ boots: ['bios'], change }));
      expect([found.boot, codes(found)]).toEqual(['none', ['el-torito-damaged']]);
    }
  });

  it('does not count entries that are not bootable', async () => {
    const change = (file: Buffer) => void file.writeUInt8(0, 50 * 2048 + 32);
    expect((await inspect(isoOf({ boots: ['bios', 'uefi'], change }))).boot).toBe('uefi');
  });
});

describe('relatives', () => {
  it.each([
    [{ joliet: true }, ['iso9660', 'joliet']],
    [{ udf: true }, ['iso9660', 'udf']],
    [{ onlyUdf: true }, ['udf']],
    [{ hybrid: 'mbr' }, ['iso9660', 'isohybrid']],
    [{ hybrid: 'gpt' }, ['iso9660', 'isohybrid']],
  ] as const)('%j', async (making, features) => {
    const found = await inspect(isoOf({ ...making, label: 'LABEL' }));
    expect(found).toMatchObject({ format: 'iso', features, volumeLabel: 'LABEL', findings: [] });
  });

  it('tells which partition table a hybrid has', async () => {
    for (const hybrid of ['mbr', 'gpt'] as const)
      expect((await inspect(isoOf({ hybrid }))).partitionTable).toBe(hybrid);
  });
});

describe('what the medium says of itself', () => {
  const info = 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64';

  it.each([true, false])('with Joliet names: %s', async (joliet) => {
    const found = await inspect(isoOf({ info: `${info}\nsecond line`, joliet }));
    expect(found).toMatchObject({ osHint: info, osType: 'linux' });
  });

  it('knows the labels of Windows', async () => {
    const found = await inspect(isoOf({ label: 'CCCOMA_X64FRE_EN-US_DV9' }));
    expect(found).toMatchObject({ osType: 'windows', architecture: 'x86_64' });
  });
});

describe('a file that is too short', () => {
  it('is an error when much is missing', async () => {
    expect(codes(await inspect(isoOf({ claimedSectors: 5000 })))).toEqual(['iso-truncated']);
  });

  it('is a warning when as much is missing as burning programs leave off', async () => {
    expect(codes(await inspect(isoOf({ claimedSectors: 512 + 20 })))).toEqual(['iso-short']);
  });

  it('is an error when what should be started is missing', async () => {
    const whole = isoOf({ boots: ['bios'] });
    expect(codes(await inspect(whole.subarray(0, 55 * 2048)))).toEqual(['iso-truncated']);
  });
});

it('ends its search in directories that lead nowhere', async () => {
  const change = (file: Buffer) => void file.fill(1, 40 * 2048, 48 * 2048);
  expect((await inspect(isoOf({ info: 'x', change }))).format).toBe('iso');
});
