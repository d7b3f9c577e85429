// The servers that every tenant has, so that images can be made from something. They never change.
import { fixedId } from './os-versions.ts';

/** A disk of a server. */
export interface InventoryDisk {
  id: string;
  kind: 'Boot' | 'Data';
  sizeGiB: number;
}

/** A server. Only a stopped one can be made into an image. */
export interface InventoryVm {
  id: string;
  name: string;
  /** `Running`, `Stopped`; `Restarting` stands for a passing state, `Failed` for a broken server. */
  status: 'Running' | 'Stopped' | 'Restarting' | 'Failed';
  companyId: number;
  region: string;
  osType: string;
  osDistribution: string;
  osVersion: string;
  arch: string;
  bootloader: 'bios' | 'uefi';
  /** The image that it was made from, or that is attached to it. */
  imageId: string;
  /** The boot disk first. */
  disks: readonly InventoryDisk[];
}

/** Storage sets of every region; the last one has no room left. */
export const storageSets = { usual: ['StorageSetNPVK', 'StorageSetSSD'], full: 'StorageSetFull' } as const;

/** The base image that the cloud came with, by its place in the region's list. */
export const baseImageId = (region: string, name: string) => fixedId('image', `base ${region} ${name}`);

/** The custom image that is attached to a server of a tenant. */
export const attachedImageId = (companyId: number, region: string) =>
  fixedId('image', `attached ${companyId} ${region}`);

const linux = {
  osType: 'Linux',
  osDistribution: 'CentOS',
  osVersion: '7.9',
  arch: 'x86_64',
  bootloader: 'bios',
} as const;
const arm = {
  osType: 'Linux',
  osDistribution: 'OpenEuler',
  osVersion: '22.03_SP4',
  arch: 'aarch64',
  bootloader: 'uefi',
} as const;

/**
 * The servers of a tenant in a region, with ids that are the same in every run: `web` (running), `build` (stopped, two
 * disks), `edge` (stopped, aarch64), `batch` (restarting), `broken` (failed).
 */
export function inventoryOf(companyId: number, region: string): InventoryVm[] {
  const vm = (
    name: string,
    status: InventoryVm['status'],
    os: typeof linux | typeof arm,
    imageId: string,
    sizesGiB: number[],
  ): InventoryVm => ({
    id: fixedId('vm', `${companyId} ${region} ${name}`),
    name,
    status,
    companyId,
    region,
    ...os,
    imageId,
    disks: sizesGiB.map((sizeGiB, index) => ({
      id: fixedId('disk', `${companyId} ${region} ${name} ${index}`),
      kind: index === 0 ? 'Boot' : 'Data',
      sizeGiB,
    })),
  });
  const centos = baseImageId(region, 'CentOS-7.9-x86_64');
  const euler = baseImageId(region, 'OpenEuler-22.03_SP4-aarch64');
  return [
    vm('web', 'Running', linux, centos, [40]),
    vm('build', 'Stopped', linux, centos, [40, 100]),
    vm('edge', 'Stopped', arm, euler, [60]),
    vm('batch', 'Restarting', linux, attachedImageId(companyId, region), [40]),
    vm('broken', 'Failed', linux, centos, [40]),
  ];
}
