// What a cloud declares absent it refuses, before anything is sent, naming the nearest thing that works. For all families.
import { type Ability, type ImageCloud, UnsupportedError } from '@imagebridge/core';
import { expect, it } from 'vitest';

/** A call of the port for each ability that has methods of its own. */
const CALLS: Partial<Record<Ability, (cloud: ImageCloud) => Promise<unknown>>> = {
  stagedUpload: (cloud) => cloud.stage({ key: 'absent.qcow2' }),
  uploadStream: (cloud) =>
    cloud.uploadStream({ name: 'absent', diskFormat: 'qcow2', sizeBytes: 1, open: nothing }),
  uploadParts: (cloud) => cloud.uploadParts({ name: 'absent', diskFormat: 'qcow2', sizeBytes: 1 }),
  createFromObject: (cloud) =>
    cloud.createFromObject({ name: 'absent', bucket: 'b', key: 'k', diskFormat: 'qcow2' }),
  createFromUrl: (cloud) =>
    cloud.createFromUrl({ name: 'absent', url: 'https://example.com/x', diskFormat: 'qcow2' }),
  createFromServer: (cloud) => cloud.createFromServer({ name: 'absent', serverId: 's' }),
  createFromVolume: (cloud) => cloud.createFromVolume({ name: 'absent', volumeId: 'v' }),
  createFromBackup: (cloud) => cloud.createFromBackup({ name: 'absent', backupId: 'b' }),
  createFromWholeServer: (cloud) => cloud.createFromWholeServer({ name: 'absent', serverId: 's' }),
  cancelCreate: (cloud) => cloud.cancelCreate('absent'),
  rename: (cloud) => cloud.updateImage('absent', { name: 'other' }),
  updateDescription: (cloud) => cloud.updateImage('absent', { description: 'other' }),
  updateOs: (cloud) => cloud.updateImage('absent', { osType: 'Linux' }),
  updateMinimums: (cloud) => cloud.updateImage('absent', { minRamMiB: 1024 }),
  customProperties: (cloud) => cloud.updateImage('absent', { properties: { own: 'value' } }),
  protect: (cloud) => cloud.updateImage('absent', { protected: true }),
  updateTags: (cloud) => cloud.updateImage('absent', { tags: { key: 'value' } }),
  updateVisibility: (cloud) => cloud.updateImage('absent', { visibility: 'community' }),
  deactivate: (cloud) => cloud.setActive('absent', false),
  share: (cloud) => cloud.addShare('absent', 'project'),
  shareAcceptance: (cloud) => cloud.answerShare('absent', 'accepted'),
  copyInRegion: (cloud) => cloud.copyImage({ sourceImageId: 'absent', name: 'copy' }),
  copyCrossRegion: (cloud) =>
    cloud.copyImage({ sourceImageId: 'absent', name: 'copy', region: 'elsewhere', agencyName: 'agency' }),
  copyToBaseImage: (cloud) => cloud.copyImage({ sourceImageId: 'absent', name: 'copy', toBaseImage: true }),
  copyToStore: (cloud) => cloud.copyImage({ sourceImageId: 'absent', name: 'copy', toStores: ['fast'] }),
  exportImage: (cloud) => cloud.exportImage({ imageId: 'absent', bucket: 'b', key: 'k' }),
  download: (cloud) => cloud.downloadImage('absent'),
  downloadUrl: (cloud) => cloud.getDownloadUrl('absent'),
  osCatalogue: (cloud) => cloud.listOsVersions(),
  quota: (cloud) => cloud.getQuotas(),
  schemas: (cloud) => cloud.getSchema('image'),
  versions: (cloud) => cloud.listVersions(),
};

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Adds a test that calls everything the cloud declares absent. `sent` counts the requests so far. */
export function absencesSuite(setting: () => { cloud: ImageCloud; sent?: () => number }): void {
  it('refuses what it declares absent, naming the nearest thing that works, and sends nothing', async () => {
    const { cloud, sent } = setting();
    const before = sent?.();
    const absent = (Object.keys(CALLS) as Ability[]).filter((name) => cloud.capabilities[name] !== true);
    expect(absent.length).toBeGreaterThan(0);
    for (const ability of absent) {
      const hint = cloud.capabilities[ability];
      expect(hint, ability).toMatch(/^[A-Z].{10,}\.$/);
      const error = await CALLS[ability]?.(cloud).then(
        () => new Error('it was not refused'),
        (thrown: unknown) => thrown,
      );
      expect(error, ability).toBeInstanceOf(UnsupportedError);
      expect(String(error), ability).toContain(hint);
      expect(String(error), ability).toContain(`${cloud.family} "${cloud.name}"`);
    }
    expect(sent?.()).toBe(before);
  });
}
