// All formats, in the order in which they win where a file looks like several: as qemu-img has it, marks at the start of the
// file before marks elsewhere.
import { wholeSectors } from '../bytes.ts';
import type { FormatReader } from '../format.ts';
import { ova, tar } from './archive.ts';
import { compressed } from './compressed.ts';
import { dmg } from './dmg.ts';
import { iso } from './iso.ts';
import { luks } from './luks.ts';
import { notADisk } from './not-a-disk.ts';
import { parallels } from './parallels.ts';
import { qcow } from './qcow.ts';
import { qcow2 } from './qcow2.ts';
import { qed } from './qed.ts';
import { vdi } from './vdi.ts';
import { vhd } from './vhd.ts';
import { vhdx } from './vhdx.ts';
import { vmdk } from './vmdk.ts';
import { zvhd, zvhd2 } from './zvhd.ts';

/** Formats that have a mark of their own. */
export const FORMATS: readonly FormatReader[] = [
  qcow2,
  qcow,
  qed,
  vmdk,
  vhdx,
  vdi,
  parallels,
  luks,
  zvhd2,
  zvhd,
  vhd,
  iso,
  ova,
  tar,
  compressed,
  dmg,
  notADisk,
];

/** What a file is that has no mark: the bytes of a disk, one after the other. */
export const raw: FormatReader = {
  format: 'raw',
  matches: () => true,
  read: async ({ file }) => ({ virtualSizeBytes: wholeSectors(file.sizeBytes), guest: file }),
};
