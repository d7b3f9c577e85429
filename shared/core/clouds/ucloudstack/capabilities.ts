// What clouds of this family can do, as data. Imports types only.
import type { Capabilities, UcloudstackProfile } from '../../model/index.ts';

const GIB = 1024 ** 3;
const MAKE_NEW = 'Import the image again with the other values, and delete this one.';

/** Capabilities of a profile's cloud (seed 000; extended limits: the vendor's newer kits). */
export function capabilitiesOf(profile: UcloudstackProfile): Capabilities {
  const extended = profile.limits === 'extended';
  const longest = extended ? 128 : 50;
  return {
    stagedUpload: 'Put the file where the cloud can fetch it, and import it from that URL.',
    uploadStream: 'Put the file where the cloud can fetch it, and import it from that URL.',
    uploadParts:
      profile.partTransport === undefined
        ? 'Import the file from a URL, or set part_transport in the profile: how parts travel is not documented.'
        : true,
    createFromObject: 'Give the cloud a URL of the object.',
    createFromUrl: true,
    createFromServer: true,
    createFromVolume: 'Attach the volume to a server, and make the image from that disk of the server.',
    createFromBackup: 'Restore the backup to a server, and make the image from the server.',
    createFromWholeServer: 'Make one image for each disk of the server.',
    dataDiskImages: 'Make the image from the disk of a server.',
    cancelCreate: true,
    rename: MAKE_NEW,
    updateDescription: MAKE_NEW,
    updateOs: true,
    updateMinimums: 'The cloud works the minimums out by itself.',
    customProperties: 'Use tags when the image is made.',
    protect: 'Make a base image of it: only administrators can delete those.',
    updateTags: MAKE_NEW,
    updateVisibility: 'Copy it to a base image, which other tenants can use.',
    deactivate: 'Delete the image: it goes to the recycle bin first.',
    share: 'Copy it to a base image, which other tenants can use.',
    shareAcceptance: 'Base images need no acceptance.',
    copyInRegion: 'Copy it to a base image, or import it again from its download URL.',
    copyCrossRegion: 'Import it in the other region from its download URL.',
    copyToBaseImage: true,
    copyToStore: 'Import it again from its download URL.',
    copyNeedsAgency: false,
    exportImage: 'Download the image.',
    download: true,
    downloadUrl: true,
    osCatalogue: true,
    quota: 'Read the quotas in the console.',
    schemas: 'See the documents of the action API.',
    versions: 'See the documents of the action API.',
    imageName: {
      pattern: extended ? /^[\p{Script=Han}A-Za-z0-9._-]{1,128}$/u : /^[\p{Script=Han}A-Za-z0-9._-]{1,50}$/u,
      rule: `1 to ${longest} Chinese or English letters, digits, dots, underscores and hyphens`,
    },
    description: {
      maxLength: 100,
      forbidden: /https?:\/\/|<script>|javascript/i,
      rule: 'up to 100 characters without http:// and https://',
    },
    importFormats: extended ? ['qcow2', 'iso', 'vmdk', 'raw'] : ['qcow2', 'iso'],
    isoNeedsOsVersion: true,
    storedChecksums: [],
    maxImportSizeBytes: 2000 * GIB,
    minDiskGiB: { min: 1, max: 2000 },
  };
}
