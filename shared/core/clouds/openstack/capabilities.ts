// What clouds of this family can do, as data. Imports types only.
import type { Capabilities } from '../../model/index.ts';

const TIB = 1024 ** 4;
const UPLOAD = 'Download the file and upload it.';

/** Capabilities of an upstream Glance (seed 003 §4.3; Glance v2). */
export const OPENSTACK_CAPABILITIES: Capabilities = {
  stagedUpload: 'Upload the file directly to the image service.',
  uploadStream: true,
  uploadParts: 'Upload the file in one stream, or let the service fetch it from a URL.',
  createFromObject: 'Give the service a URL of the object.',
  createFromUrl: true,
  createFromServer: 'Make a snapshot of the server with the compute service.',
  createFromVolume: 'Upload the volume to an image with the block storage service.',
  createFromBackup:
    'Restore the backup to a volume, and upload that to an image with the block storage service.',
  createFromWholeServer: 'Make a snapshot of the server with the compute service.',
  dataDiskImages: true,
  cancelCreate: 'Delete the image: that ends its import too.',
  rename: true,
  updateDescription: true,
  updateOs: true,
  updateMinimums: true,
  customProperties: true,
  protect: true,
  updateTags: true,
  updateVisibility: true,
  deactivate: true,
  share: true,
  shareAcceptance: true,
  copyInRegion: 'Share the image, or download and upload it.',
  copyCrossRegion: 'Download the image here and upload it in the other region.',
  copyToBaseImage: 'Set the visibility of the image to community, or to public as an administrator.',
  copyToStore: true,
  copyNeedsAgency: false,
  exportImage: 'Download the image.',
  download: true,
  downloadUrl: 'Download the image with the credentials of the project.',
  osCatalogue: 'Give any text as os_distro and os_version.',
  quota: true,
  schemas: true,
  versions: true,
  imageName: { pattern: /^[^\0]{1,255}$/u, rule: '1 to 255 characters' },
  description: { maxLength: 65_535, rule: 'up to 65535 characters' },
  importFormats: ['qcow2', 'raw', 'iso', 'vmdk', 'vhd', 'vhdx', 'vdi', 'ploop', 'ami', 'ari', 'aki'],
  isoNeedsOsVersion: false,
  storedChecksums: ['sha512'],
  maxImportSizeBytes: TIB,
  minDiskGiB: { min: 0, max: 2_147_483_647 },
};

/** Capabilities of an EasyStack (seed 003): an older Glance without import, stores and quotas. */
export const EASYSTACK_CAPABILITIES: Capabilities = {
  ...OPENSTACK_CAPABILITIES,
  createFromUrl: UPLOAD,
  copyToStore: 'Download and upload the image.',
  quota: 'Read the quotas in the console.',
  importFormats: ['iso', 'qcow2', 'raw'],
  storedChecksums: ['md5'],
};
