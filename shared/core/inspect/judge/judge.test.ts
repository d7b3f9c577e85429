import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { luksDisk, qcow2Of, vhdOf } from '../testing/containers.ts';
import { gptDisk, mbrDisk } from '../testing/disks.ts';
import { gzOf, isoOf } from '../testing/media.ts';
import type { Inspection } from '../types.ts';
import type { JudgeTarget } from './case.ts';
import { judgeFor } from './judge.ts';

const GIB = 1024 ** 3;

/** What clouds of the families can do, as far as it is judged by. */
const huaweicloud: JudgeTarget = {
  family: 'huaweicloud',
  capabilities: {
    imageName: { pattern: /^[\w .-]{1,128}$/, rule: '1 to 128 letters' },
    description: { maxLength: 1024, forbidden: /[\r\n<>]/, rule: 'up to 1024 characters' },
    importFormats: ['qcow2', 'vhd', 'zvhd', 'zvhd2', 'raw', 'vhdx', 'qed', 'vdi', 'qcow', 'vmdk', 'iso'],
    isoNeedsOsVersion: true,
    maxImportSizeBytes: 1024 * GIB,
    minDiskGiB: { min: 40, max: 1024 },
  },
};
const ucloudstack: JudgeTarget = {
  family: 'ucloudstack',
  capabilities: {
    ...huaweicloud.capabilities,
    imageName: { pattern: /^[\w.-]{1,50}$/, rule: '1 to 50 letters' },
    importFormats: ['qcow2', 'iso'],
    maxImportSizeBytes: 2000 * GIB,
    minDiskGiB: { min: 1, max: 2000 },
  },
};
const openstack: JudgeTarget = {
  family: 'openstack',
  capabilities: {
    ...huaweicloud.capabilities,
    imageName: { pattern: /^.{1,255}$/, rule: '1 to 255 characters' },
    importFormats: ['qcow2', 'raw', 'iso', 'vmdk', 'vhd', 'vhdx', 'vdi', 'aki', 'ari'],
    isoNeedsOsVersion: false,
    minDiskGiB: { min: 0, max: 2 ** 31 - 1 },
  },
};
const all = [huaweicloud, ucloudstack, openstack];

async function inspected(bytes: Buffer, change: Partial<Inspection> = {}): Promise<Inspection> {
  const facts = await inspectSource(memoryReader(bytes));
  return { path: '/images/disk', fileSizeBytes: bytes.length, ...facts, ...change };
}
const bios = qcow2Of(mbrDisk());
const uefi = qcow2Of(gptDisk());
const judged = (inspection: Inspection, target: JudgeTarget) =>
  judgeFor(inspection, target).map(({ severity, code }) => `${severity} ${code}`);

it('has nothing against a sound image on any cloud', async () => {
  const inspection = await inspected(bios);
  for (const target of all) expect(judged(inspection, { ...target, image: { name: 'base' } })).toEqual([]);
});

it('gives what inspection found first', async () => {
  const inspection = await inspected(qcow2Of(mbrDisk(), { change: (h) => h.writeUInt32BE(2, 76) }));
  for (const target of all) expect(judged(inspection, target)[0]).toBe('error qcow2-corrupt');
});

describe('formats', () => {
  it('refuses what a cloud does not take, and says how to convert it', async () => {
    const findings = judgeFor(await inspected(vhdOf(mbrDisk())), ucloudstack);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        code: 'format',
        message: 'It is vhd, and the cloud takes qcow2, iso.',
        remedy: 'Convert it: qemu-img convert -O qcow2 /images/disk /images/disk.new.qcow2.',
      },
    ]);
  });

  it('refuses a format that the content is not', async () => {
    const inspection = await inspected(bios);
    expect(judged(inspection, { ...openstack, diskFormat: 'raw' })).toEqual(['error format-mismatch']);
    expect(judged(await inspected(mbrDisk()), { ...openstack, diskFormat: 'qcow2' })).toEqual([
      'error format-mismatch',
    ]);
  });

  it('takes the word of the user for what content does not tell', async () => {
    for (const diskFormat of ['aki', 'ari'])
      expect(judged(await inspected(mbrDisk()), { ...openstack, diskFormat })).toEqual([]);
  });

  it('refuses packed files, unless the user says that they are meant', async () => {
    const inspection = await inspected(gzOf(mbrDisk()));
    for (const target of [huaweicloud, openstack])
      expect(judged(inspection, target)).toEqual(['error compressed']);
    expect(judged(inspection, { ...openstack, diskFormat: 'ari' })).toEqual(['warning compressed']);
  });

  it('wants to know what an ISO installs, where the cloud does', async () => {
    const inspection = await inspected(isoOf({ boots: ['bios', 'uefi'] }));
    expect(judged(inspection, huaweicloud)).toEqual(['error iso-needs-os-version']);
    expect(judged(inspection, ucloudstack)).toEqual(['error iso-needs-os-version']);
    expect(judged(inspection, openstack)).toEqual([]);
    expect(judged(inspection, { ...huaweicloud, image: { osVersion: 'Ubuntu' } })).toEqual([]);
  });
});

describe('names and sizes', () => {
  it('refuses illegal names', async () => {
    const inspection = await inspected(bios);
    const image = { name: 'x'.repeat(60) };
    expect(judged(inspection, { ...ucloudstack, image })).toEqual(['error name']);
    expect(judged(inspection, { ...huaweicloud, image })).toEqual([]);
  });

  it('refuses illegal descriptions', async () => {
    const inspection = await inspected(bios);
    for (const description of ['x'.repeat(1025), '<b>'])
      expect(judged(inspection, { ...huaweicloud, image: { description } })).toEqual(['error description']);
    expect(judged(inspection, { ...huaweicloud, image: { description: 'x'.repeat(1024) } })).toEqual([]);
  });

  it('warns of a min_disk that the documents do not allow', async () => {
    const image = { minDiskGiB: 30 };
    expect(judged(await inspected(bios), { ...huaweicloud, image })).toEqual(['warning min-disk-range']);
  });

  it('refuses a min_disk that is smaller than the disk inside', async () => {
    const inspection = await inspected(bios, { virtualSizeBytes: 50 * GIB + 1 });
    expect(judged(inspection, { ...openstack, image: { minDiskGiB: 50 } })).toEqual(['error min-disk']);
    expect(judged(inspection, { ...openstack, image: { minDiskGiB: 51 } })).toEqual([]);
  });

  it('refuses files that are too large, and warns of disks that are', async () => {
    const inspection = await inspected(bios, { fileSizeBytes: 2001 * GIB, virtualSizeBytes: 3000 * GIB });
    expect(judged(inspection, ucloudstack)).toEqual(['error file-too-large', 'warning disk-too-large']);
  });
});

describe('what starts it', () => {
  it('warns of what starts nothing, unless it is for data', async () => {
    const inspection = await inspected(mbrDisk((b) => b.fill(0, 0, 440)));
    expect(judged(inspection, openstack)).toEqual(['warning not-bootable']);
    expect(judged(inspection, { ...openstack, dataDisk: true })).toEqual([]);
    expect(judged(inspection, { ...openstack, diskFormat: 'aki' })).toEqual([]);
  });

  it('warns of UEFI alone, in the words of each cloud', async () => {
    const inspection = await inspected(uefi);
    for (const target of all) expect(judged(inspection, target)).toEqual([`warning ${target.family}-uefi`]);
    for (const target of [ucloudstack, openstack])
      expect(judged(inspection, { ...target, image: { bootMode: 'uefi' } })).toEqual([]);
  });

  it('does not warn of UEFI on ARM at Huawei Cloud, where all start by it', async () => {
    expect(judged(await inspected(qcow2Of(gptDisk('BOOTAA64EFI'))), huaweicloud)).toEqual([]);
  });

  it('warns of a boot mode and an architecture that the content contradicts', async () => {
    const image = { bootMode: 'uefi', architecture: 'aarch64' } as const;
    expect(judged(await inspected(bios), { ...openstack, image })).toEqual(['warning boot-mode']);
    const arm = { bootMode: 'uefi', architecture: 'arm' } as const;
    expect(judged(await inspected(uefi), { ...openstack, image: arm })).toEqual(['warning architecture']);
  });
});

describe('Huawei Cloud', () => {
  const large = { fileSizeBytes: 129 * GIB };

  it('takes large files by quick import only: RAW with a bitmap, or ZVHD2', async () => {
    const image = { osVersion: 'Ubuntu' };
    const target = { ...huaweicloud, image };
    expect(judged(await inspected(bios, large), target)).toEqual(['error huaweicloud-quick-import-format']);
    expect(judged(await inspected(mbrDisk(), large), target)).toEqual([
      'warning huaweicloud-quick-import-bitmap',
    ]);
    expect(judged(await inspected(bios, { ...large, format: 'zvhd2' }), target)).toEqual([]);
    expect(judged(await inspected(bios, { ...large, format: 'zvhd2' }), huaweicloud)).toEqual([
      'error huaweicloud-quick-import-os-version',
    ]);
    expect(judged(await inspected(isoOf({ boots: ['bios'] }), large), target)).toEqual([
      'error huaweicloud-iso-too-large',
    ]);
  });

  it('takes nothing that is encrypted', async () => {
    const qcow2 = await inspected(qcow2Of(mbrDisk(), { change: (h) => h.writeUInt32BE(2, 32) }));
    expect(judged(qcow2, huaweicloud)).toEqual(['error qcow2-encrypted']);
    const luks = await inspected(luksDisk(1));
    const raw = { diskFormat: 'raw', dataDisk: true };
    expect(judged(luks, { ...huaweicloud, ...raw })).toEqual([
      'warning luks-encrypted',
      'error huaweicloud-encrypted',
    ]);
    expect(judged(luks, { ...openstack, ...raw })).toEqual(['warning luks-encrypted']);
    expect(judged(luks, openstack)).toEqual(['error luks-encrypted', 'error format']);
  });
});

it('warns of abilities of qcow2 that older clouds do not read', async () => {
  const inspection = await inspected(qcow2Of(mbrDisk(), { extended: true }));
  for (const target of [huaweicloud, ucloudstack])
    expect(judged(inspection, target)).toEqual(['warning qcow2-new-features']);
});

it('tells which findings newer image services refuse', async () => {
  const disk = gptDisk();
  disk.fill(0, 446, 512);
  expect(judged(await inspected(disk), { ...openstack, image: { bootMode: 'uefi' } })).toEqual([
    'warning gpt-unprotected',
    'warning openstack-content-check',
  ]);
});
