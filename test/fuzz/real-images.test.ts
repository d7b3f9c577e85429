// Images that Debian's qemu-img and xorriso make, unmodified: inspection tells the same of them as those programs do. And
// what they made is damaged, to see that inspection tells what they do not.
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Inspection, inspectFile } from '@imagebridge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fat12, gptDisk, MIB, mbrDisk } from '../../shared/core/inspect/testing/disks.ts';
import { canUnpackZstd } from '../../shared/core/inspect/zstd.ts';
import { must, run } from '../peers/command.ts';
import { install } from '../peers/debian.ts';

const noQemu = install('qemu-img', 'qemu-utils');
const noXorriso = install('xorriso', 'xorriso');
const named = (what: string, reason: string | undefined) =>
  reason === undefined ? what : `${what} (${reason})`;

let dir: string;
const file = (name: string) => join(dir, name);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-real-'));
  // 16 MiB, so that tables have more than one entry; noise behind the partitions, so that blocks are of all kinds.
  const disk = Buffer.alloc(16 * MIB);
  gptDisk().copy(disk);
  for (let at = 8 * MIB; at < 12 * MIB; at += 4) disk.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
  writeFileSync(file('gpt.raw'), disk);
  writeFileSync(file('bios.raw'), mbrDisk());
  writeFileSync(file('passphrase'), 'swordfish');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What qemu-img tells, as far as it is compared. */
const infoSchema = z.object({
  format: z.string(),
  'virtual-size': z.number(),
  encrypted: z.boolean().optional(),
  'backing-filename': z.string().optional(),
  'format-specific': z
    .object({ data: z.object({ 'create-type': z.string().optional(), 'data-file': z.string().optional() }) })
    .optional(),
});

async function qemuInfo(path: string, format?: string) {
  const args = ['info', '--output=json', ...(format === undefined ? [] : ['-f', format]), path];
  return infoSchema.parse(JSON.parse(await must('qemu-img', args)));
}

const codes = ({ findings }: Inspection) => findings.map(({ code }) => code);
const secret = () => ['--object', `secret,id=s,file=${file('passphrase')}`];

/** Packed clusters of zstd are read where Node has zstd. */
const isReadable = (name: string) => canUnpackZstd || name !== 'zstd.qcow2';

describe.skipIf(noQemu !== undefined)(named('qemu-img', noQemu), () => {
  const convert = (name: string, ...args: string[]) =>
    must('qemu-img', ['convert', '-f', 'raw', ...args, file('gpt.raw'), file(name)]);

  it.each<[string, string, string[]]>([
    ['v2.qcow2', 'qcow2', ['-o', 'compat=0.10']],
    ['v3.qcow2', 'qcow2', ['-o', 'compat=1.1']],
    ['zlib.qcow2', 'qcow2', ['-c']],
    ['zstd.qcow2', 'qcow2', ['-c', '-o', 'compression_type=zstd']],
    ['small.qcow2', 'qcow2', ['-o', 'cluster_size=512']],
    ['large.qcow2', 'qcow2', ['-c', '-o', 'cluster_size=2M']],
    ['extended.qcow2', 'qcow2', ['-o', 'extended_l2=on,cluster_size=128k']],
    ['refcount-1.qcow2', 'qcow2', ['-o', 'refcount_bits=1']],
    ['refcount-64.qcow2', 'qcow2', ['-o', 'refcount_bits=64']],
    ['metadata.qcow2', 'qcow2', ['-o', 'preallocation=metadata']],
    ['plain.qcow', 'qcow', []],
    ['plain.qed', 'qed', []],
    ['dynamic.vdi', 'vdi', []],
    ['static.vdi', 'vdi', ['-o', 'static=on']],
    ['dynamic.vhdx', 'vhdx', ['-o', 'subformat=dynamic']],
    ['fixed.vhdx', 'vhdx', ['-o', 'subformat=fixed']],
    ['sparse.vmdk', 'vmdk', ['-o', 'subformat=monolithicSparse']],
    ['stream.vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
    ['plain.hdd', 'parallels', []],
    ['force-size.vhd', 'vpc', ['-o', 'subformat=dynamic,force_size=on']],
    ['fixed-force-size.vhd', 'vpc', ['-o', 'subformat=fixed,force_size=on']],
  ])('%s: the same format and size, and the disk inside', async (name, format, args) => {
    await convert(name, '-O', format, ...args);
    const info = await qemuInfo(file(name), format === 'vpc' ? 'vpc' : undefined);
    const found = await inspectFile(file(name));
    expect(found).toMatchObject({
      format: info.format === 'vpc' ? 'vhd' : info.format,
      virtualSizeBytes: info['virtual-size'],
      encrypted: info.encrypted ?? false,
      ...(isReadable(name) ? { boot: 'uefi', partitionTable: 'gpt', architecture: 'x86_64' } : {}),
    });
    if (format === 'vmdk') expect(found.variant).toBe(info['format-specific']?.data['create-type']);
    // The disk was partitioned when it had 1 MiB.
    expect(codes(found)).toEqual(isReadable(name) ? ['gpt-copy-not-at-end'] : []);
  });

  it.each(['dynamic', 'fixed'])('a %s VHD with the size of its geometry', async (kind) => {
    await convert(`${kind}.vhd`, '-O', 'vpc', '-o', `subformat=${kind}`);
    const info = await qemuInfo(file(`${kind}.vhd`), 'vpc');
    expect(await inspectFile(file(`${kind}.vhd`))).toMatchObject({
      format: 'vhd',
      variant: kind,
      virtualSizeBytes: info['virtual-size'],
    });
  });

  it('other files that an image depends on, by their names', async () => {
    await convert('base.qcow2', '-O', 'qcow2');
    await must('qemu-img', [
      'create',
      '-f',
      'qcow2',
      '-b',
      file('base.qcow2'),
      '-F',
      'qcow2',
      file('top.qcow2'),
    ]);
    const made = `data_file=${file('data.raw')},data_file_raw=on`;
    await must('qemu-img', ['create', '-f', 'qcow2', '-o', made, file('external.qcow2'), '16M']);
    const top = await inspectFile(file('top.qcow2'));
    expect(top.refersTo).toEqual([(await qemuInfo(file('top.qcow2')))['backing-filename']]);
    expect(codes(top)).toEqual(['qcow2-backing-file']);
    const external = await inspectFile(file('external.qcow2'));
    const told = await qemuInfo(file('external.qcow2'));
    expect(external.refersTo).toEqual([told['format-specific']?.data['data-file']]);
    expect(codes(external)).toEqual(['qcow2-data-file']);
  });

  /** On a busy machine qemu-img may fail to measure how long its key derivation takes, and gives up. */
  async function createEncrypted(...args: string[]): Promise<void> {
    for (let triesLeft = 9; ; triesLeft--) {
      const ran = await run('qemu-img', ['create', ...secret(), ...args]);
      if (ran.code === 0) return;
      if (triesLeft === 0 || !ran.stderr.includes('CPU usage')) throw new Error(ran.stderr);
    }
  }

  it('encryption', async () => {
    const luks = 'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=100';
    await createEncrypted('-f', 'qcow2', '-o', luks, file('luks.qcow2'), '16M');
    await createEncrypted('-f', 'luks', '-o', 'key-secret=s,iter-time=100', file('luks.img'), '16M');
    for (const name of ['luks.qcow2', 'luks.img']) {
      const info = await qemuInfo(file(name));
      expect(info.encrypted).toBe(true);
      expect(await inspectFile(file(name))).toMatchObject({
        format: info.format,
        virtualSizeBytes: info['virtual-size'],
        encrypted: true,
        boot: 'unknown',
      });
    }
  });

  it.each(['monolithicFlat', 'twoGbMaxExtentSparse'])(
    'a VMDK of the kind %s, which is refused',
    async (kind) => {
      await convert(`${kind}.vmdk`, '-O', 'vmdk', '-o', `subformat=${kind}`);
      const found = await inspectFile(file(`${kind}.vmdk`));
      expect(found).toMatchObject({ format: 'vmdk', variant: kind, virtualSizeBytes: 16 * MIB });
      expect(codes(found)).toContain('vmdk-separate-extents');
    },
  );

  it('snapshots and bitmaps', async () => {
    await convert('more.qcow2', '-O', 'qcow2');
    await must('qemu-img', ['snapshot', '-c', 'first', file('more.qcow2')]);
    await must('qemu-img', ['bitmap', '--add', file('more.qcow2'), 'b0']);
    const found = await inspectFile(file('more.qcow2'));
    expect(found).toMatchObject({ boot: 'uefi', features: ['snapshots', 'bitmaps'] });
    expect(codes(found)).toEqual(['qcow2-snapshots', 'qcow2-bitmaps', 'gpt-copy-not-at-end']);
  });

  it('damage that qemu-img does not tell', async () => {
    for (const [name, format, args] of [
      ['cut.qcow2', 'qcow2', []],
      ['cut-packed.qcow2', 'qcow2', ['-c']],
      ['cut.vmdk', 'vmdk', []],
      ['cut.vdi', 'vdi', []],
      ['cut.vhdx', 'vhdx', []],
    ] as const) {
      await convert(name, '-O', format, ...args);
      truncateSync(file(name), Math.floor(readFileSync(file(name)).length * 0.7));
      expect([name, codes(await inspectFile(file(name)))[0]]).toEqual([
        name,
        expect.stringMatching(/-truncated$/),
      ]);
    }
    await convert('corrupt.qcow2', '-O', 'qcow2');
    const handle = openSync(file('corrupt.qcow2'), 'r+');
    writeSync(handle, Buffer.from([2]), 0, 1, 79);
    closeSync(handle);
    expect(codes(await inspectFile(file('corrupt.qcow2')))[0]).toBe('qcow2-corrupt');
  });
});

describe.skipIf(noXorriso !== undefined)(named('xorriso', noXorriso), () => {
  const BIOS = ['-b', 'bios.img', '-no-emul-boot', '-boot-load-size', '4'];
  const UEFI = ['-e', 'efi.img', '-no-emul-boot'];
  beforeAll(async () => {
    await must('mkdir', ['-p', file('tree/.disk')]);
    writeFileSync(file('tree/bios.img'), mbrDisk());
    writeFileSync(file('tree/efi.img'), fat12());
    writeFileSync(file('tree/.disk/info'), 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64');
    writeFileSync(file('system-area'), mbrDisk().subarray(0, 440));
  });

  it.each<[string, string[]]>([
    ['bios', ['-J', '-R', ...BIOS]],
    ['uefi', ['-R', ...UEFI]],
    ['both', ['-J', '-R', ...BIOS, '-eltorito-alt-boot', ...UEFI]],
    ['reversed', ['-R', ...UEFI, '-eltorito-alt-boot', ...BIOS]],
    ['hybrid', ['-R', ...BIOS, '-eltorito-alt-boot', ...UEFI, '-isohybrid-gpt-basdat', '-isohybrid-mbr']],
    ['data', ['-J', '-R']],
    ['plain', []],
  ])('%s: what El Torito offers, and the label', async (name, args) => {
    const path = file(`${name}.iso`);
    // Code of an isohybrid that means nothing here: only the tables matter.
    const options = args.flatMap((arg) => (arg === '-isohybrid-mbr' ? [arg, file('system-area')] : [arg]));
    await must('xorriso', [
      '-as',
      'mkisofs',
      '-quiet',
      '-V',
      'MY_LABEL',
      '-o',
      path,
      ...options,
      file('tree'),
    ]);
    const report = await must('xorriso', [
      '-indev',
      path,
      '-report_el_torito',
      'plain',
      '-report_system_area',
      'plain',
    ]);
    const platforms = [...report.matchAll(/^El Torito boot img :\s+\d+\s+(\S+)\s+y/gm)].map(
      ([, platform]) => platform,
    );
    const boot = ['BIOS', 'UEFI']
      .filter((platform) => platforms.includes(platform))
      .join('+')
      .toLowerCase();
    const found = await inspectFile(path);
    expect(found).toMatchObject({ format: 'iso', boot: boot || 'none', volumeLabel: 'MY_LABEL' });
    expect(found.features.includes('joliet')).toBe(args.includes('-J'));
    expect(found.features.includes('isohybrid')).toBe(/^System area summary:.*\b(MBR|GPT)\b/m.test(report));
    if (args.includes('-R')) expect(found.osHint).toContain('Bookworm');
    if (boot.includes('uefi')) expect(found.architecture).toBe('x86_64');
    expect(codes(found)).toEqual([]);
  });
});
