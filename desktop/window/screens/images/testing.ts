// For the tests of this screen: images and clouds with plausible values.
import type { CloudView, ImageView, ProfileView } from '@imagebridge/desktop-contract';

/** An image. */
export const someImage = (over: Partial<ImageView> = {}): ImageView => ({
  id: 'img-1',
  name: 'debian-12',
  status: 'active',
  rawStatus: 'active',
  diskFormat: 'qcow2',
  osType: 'Linux',
  checksums: {},
  tags: {},
  ...over,
});

/** A cloud that has all abilities, unless they are given otherwise. */
export const someCloud = (
  abilities: CloudView['abilities'] = {},
  over: Partial<CloudView> = {},
): CloudView => ({
  name: 'lab',
  family: 'openstack',
  region: 'one',
  regions: ['one'],
  abilities: {
    rename: true,
    updateDescription: true,
    updateMinimums: true,
    protect: true,
    updateVisibility: true,
    updateTags: true,
    customProperties: true,
    deactivate: true,
    share: true,
    shareAcceptance: true,
    copyInRegion: true,
    copyCrossRegion: true,
    copyToBaseImage: true,
    exportImage: true,
    download: true,
    ...abilities,
  },
  imageName: { pattern: '^[a-z0-9.-]{1,20}$', flags: 'u', rule: '1 to 20 small letters' },
  description: { maxLength: 10, rule: 'up to 10 characters' },
  importFormats: ['qcow2'],
  isoNeedsOsVersion: false,
  maxImportSizeBytes: 1,
  minDiskGiB: { min: 0, max: 100 },
  ...over,
});

/** A profile. */
export const someProfile = (over: Partial<ProfileView> = {}): ProfileView => ({
  name: 'lab',
  family: 'openstack',
  region: 'one',
  source: 'file',
  place: 'profiles.yaml',
  isDefault: true,
  editable: true,
  isLocal: false,
  ...over,
});
