// What clouds of this family can do, as data. Imports types only.
import type { Capabilities } from '../../model/index.ts';

const GIB = 1024 ** 3;

/** Capabilities of the family (seed 001 §5.1, §9.1; limits of seeds 001 and 002). */
export const HUAWEICLOUD_CAPABILITIES: Omit<Capabilities, 'copyNeedsAgency'> = {
  stagedUpload: true,
  share: true,
  shareAcceptance: true,
  copyInRegion: true,
  copyCrossRegion: true,
  imageName: {
    // Letters outside ASCII are in the service's own samples, though not in its rule.
    pattern: /^[\p{L}\p{N}._-](?:[\p{L}\p{N}._ -]{0,126}[\p{L}\p{N}._-])?$/u,
    rule: '1 to 128 letters, digits, hyphens, dots, underscores and spaces, without a space at either end',
  },
  importFormats: ['qcow2', 'vhd', 'zvhd', 'zvhd2', 'raw', 'vhdx', 'qed', 'vdi', 'qcow', 'vmdk', 'iso'],
  isoNeedsOsVersion: true,
  maxImportSizeBytes: 128 * GIB,
  minDiskGiB: { min: 40, max: 1024 },
};
