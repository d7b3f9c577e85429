// Small real headers of every format, for the fuzzer to change: made by code, the same ones that unit tests read.
import {
  luksDisk,
  parallelsOf,
  qcow2Of,
  qcowOf,
  qedOf,
  vdiOf,
  vhdOf,
  vhdxOf,
  vmdkDescription,
  vmdkOf,
  zvhdOf,
} from '../../shared/core/inspect/testing/containers.ts';
import { fat12, gptDisk, mbrDisk } from '../../shared/core/inspect/testing/disks.ts';
import { gzOf, isoOf, tarOf, xzOf, zstOf } from '../../shared/core/inspect/testing/media.ts';

/** One image to begin with. */
export interface Sample {
  name: string;
  bytes: Buffer;
}

/** Wraps a disk into a format; a disk that was changed before reaches what reads disks through every kind of tables. */
export const WRAPPINGS: readonly ((disk: Buffer) => Buffer)[] = [
  qcow2Of,
  (disk) => qcow2Of(disk, { compressed: true }),
  qcowOf,
  qedOf,
  vdiOf,
  parallelsOf,
  vmdkOf,
  (disk) => vmdkOf(disk, { stream: true }),
  vhdOf,
  vhdxOf,
  (disk) => vhdOf(disk, { kind: 'fixed' }),
];

/** At least one image of every format that inspection knows. */
export function corpus(): Sample[] {
  const gpt = gptDisk();
  const mbr = mbrDisk();
  const cluster = Buffer.concat([mbr], 64 * 1024);
  const zstd = qcow2Of(cluster, {
    compressed: true,
    change: (header) => {
      header.writeUInt32BE(8, 76);
      header.writeUInt32BE(112, 100);
      header[104] = 1;
    },
  });
  const samples: Record<string, Buffer> = {
    'raw-gpt': gpt,
    'raw-mbr': mbr,
    'raw-fat': fat12(),
    'qcow2-v2': qcow2Of(gpt, { version: 2 }),
    'qcow2-v3': qcow2Of(gpt),
    'qcow2-compressed': qcow2Of(gpt, { compressed: true }),
    'qcow2-extended-l2': qcow2Of(gpt, { extended: true }),
    'qcow2-zstd': Buffer.concat([zstd.subarray(0, 5 * 64 * 1024), zstOf(cluster), Buffer.alloc(512)]),
    'qcow2-backing': qcow2Of(mbr, {
      change: (header) => {
        header.writeBigUInt64BE(512n, 8);
        header.writeUInt32BE(9, 16);
        header.write('base.qcow', 512, 'latin1');
      },
    }),
    qcow: qcowOf(gpt),
    'qcow-compressed': qcowOf(gpt, true),
    qed: qedOf(gpt),
    vdi: vdiOf(gpt),
    parallels: parallelsOf(gpt),
    'vmdk-sparse': vmdkOf(gpt),
    'vmdk-stream': vmdkOf(gpt, { stream: true }),
    'vmdk-description': Buffer.from(vmdkDescription('monolithicFlat', 'RW 4192256 FLAT "disk-flat.vmdk" 0')),
    'vhd-fixed': vhdOf(mbr, { kind: 'fixed' }),
    'vhd-dynamic': vhdOf(gpt),
    'vhd-differencing': vhdOf(mbr, { kind: 'differencing' }),
    vhdx: vhdxOf(gpt),
    luks: luksDisk(1),
    zvhd: zvhdOf('stream', 2 ** 30),
    zvhd2: zvhdOf('z2strm', 2 ** 30),
    'iso-bios-uefi': isoOf({ boots: ['bios', 'uefi'], joliet: true, info: 'Debian GNU/Linux 12 amd64' }),
    'iso-udf': isoOf({ onlyUdf: true }),
    'iso-hybrid': isoOf({ boots: ['uefi'], udf: true, hybrid: 'gpt' }),
    ova: tarOf('machine.ovf', 'machine.mf', 'disk1.vmdk'),
    gz: gzOf(mbr),
    xz: xzOf(5_000_000_000),
    zst: zstOf(mbr),
    page: Buffer.from('<!DOCTYPE html><html><body>404</body></html>'),
  };
  return Object.entries(samples).map(([name, bytes]) => ({ name, bytes }));
}
