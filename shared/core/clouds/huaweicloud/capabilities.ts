// What clouds of this family can do, as data. Imports types only.
import type { Capabilities } from '../../model/index.ts';

const GIB = 1024 ** 3;

/** Capabilities of the family (seed 001 §5.1, §9.1; limits of seeds 001 and 002). */
export const HUAWEICLOUD_CAPABILITIES: Omit<Capabilities, 'copyNeedsAgency'> = {
  stagedUpload: true,
  uploadStream: 'Upload through a staging bucket.',
  uploadParts: 'Upload through a staging bucket.',
  createFromObject: true,
  createFromUrl: 'Put the file into a bucket of the region, and create the image from the object.',
  createFromServer: true,
  createFromVolume: true,
  createFromBackup: true,
  createFromWholeServer: true,
  dataDiskImages: true,
  cancelCreate: 'Wait until the job ends, then delete the image.',
  rename: true,
  updateDescription: true,
  updateOs: true,
  updateMinimums: true,
  customProperties: true,
  protect: true,
  updateTags: true,
  updateVisibility: 'Share the image with the projects that are to see it.',
  deactivate: 'Delete the image, or end its shares.',
  share: true,
  shareAcceptance: true,
  copyInRegion: true,
  copyCrossRegion: true,
  copyToBaseImage: 'Copy the image inside the region.',
  copyToStore: 'Copy the image to another region.',
  exportImage: true,
  download: 'Export the image to a bucket, and read the object.',
  downloadUrl: 'Export the image to a bucket, and sign a URL of the object.',
  osCatalogue: true,
  quota: true,
  schemas: true,
  versions: true,
  description: {
    maxLength: 1024,
    forbidden: /[\r\n<>]/,
    rule: 'up to 1024 characters without line breaks, < and >',
  },
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
