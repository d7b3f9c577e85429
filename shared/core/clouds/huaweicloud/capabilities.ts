// What clouds of this family can do, as data. Imports types only.
import type { Capabilities } from '../../model/index.ts';

const GIB = 1024 ** 3;

/** Largest file of an ordinary import, in bytes; above it only a quick import takes it (seed 001 §5.1.4). */
export const MAX_ORDINARY_IMPORT_BYTES = 128 * GIB;
/** Largest file of a quick import, and largest image of an export, in bytes (seed 001 §5.1.4, §5.1.8). */
export const MAX_QUICK_BYTES = 1024 * GIB;

/** Capabilities of the family (seed 001 §5.1, §9.1; limits of seeds 001 and 002). */
export const HUAWEICLOUD_CAPABILITIES: Omit<Capabilities, 'copyNeedsAgency'> = {
  stagedUpload: true,
  // Operation 33 takes files under 2 GB only and is given up by the service.
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
  // The boot mode; type, version and architecture are refused when they are asked for.
  updateOs: true,
  // The memory; the disk is refused when it is asked for.
  updateMinimums: true,
  customProperties: true,
  protect:
    'Only a record can be made protected: create the image from an object with the method register and protected true.',
  updateTags: 'Give the tags when the image is made, or keep such facts in properties, which can be changed.',
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
  storedChecksums: [],
  maxImportSizeBytes: MAX_QUICK_BYTES,
  minDiskGiB: { min: 40, max: 1024 },
};
