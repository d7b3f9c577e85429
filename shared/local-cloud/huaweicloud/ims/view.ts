// An image as the service shows it (seed 001 §5.1.1 and §6.1.2): many names with two underscores, most values strings.
import { defaultOsVersion, findOsVersion } from './os-versions.ts';
import type { ImageRecord, MemberRecord } from './records.ts';

/** Seconds and Z, as the service prints times of images. */
export const imageTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** MD5 of nothing: `checksum` is not used by the service, and must not be believed. */
export const checksum = 'd41d8cd98f00b204e9800998ecf8427e';

/** The image object. */
export function describeImage(image: ImageRecord): Record<string, unknown> {
  const os = findOsVersion(image.osVersion) ?? findOsVersion(defaultOsVersion);
  const kind = image.gold ? 'gold' : image.members.length > 0 ? 'shared' : 'private';
  const origin = image.origin ?? (image.source === undefined ? undefined : `file,${image.source}`);
  const path = `/v2/images/${image.id}`;
  return {
    schema: '/v2/schemas/image',
    self: path,
    file: `${path}/file`,
    id: image.id,
    name: image.name,
    owner: image.projectId,
    status: image.status,
    visibility: kind === 'gold' ? 'public' : kind,
    protected: image.protected,
    container_format: 'bare',
    disk_format: image.diskFormat,
    size: 0,
    virtual_size: null,
    checksum,
    min_disk: image.minDiskGiB,
    min_ram: image.minRamMiB,
    ...(image.maxRamMiB === undefined ? {} : { max_ram: String(image.maxRamMiB) }),
    created_at: imageTime(image.createdAtMs),
    updated_at: imageTime(image.updatedAtMs),
    ...(image.activeAtMs === undefined ? {} : { active_at: imageTime(image.activeAtMs) }),
    tags: Object.entries(image.tags).map(([key, value]) => `${key}=${value}`),
    __description: image.description,
    __os_version: image.osVersion,
    __os_type: image.osType ?? os?.osType ?? 'Other',
    __os_bit: String(os?.bits ?? 64),
    __platform: os?.platform ?? 'Other',
    __imagetype: kind,
    __isregistered: 'true',
    __image_source_type: 'uds',
    __image_size: String(image.status === 'active' ? image.sizeBytes : 0),
    __originalimagename: image.sourceImageId ?? '',
    __backup_id: image.backupId ?? '',
    ...(image.origin === undefined ? { __root_origin: 'file' } : {}),
    ...(origin === undefined ? {} : { __data_origin: origin }),
    ...(image.wholeImage ? { __whole_image: true } : {}),
    ...(image.cmkId === undefined ? {} : { __system__cmkid: image.cmkId }),
    ...(image.enterpriseProjectId === undefined ? {} : { enterprise_project_id: image.enterpriseProjectId }),
    __lazyloading: 'true',
    __support_kvm: 'true',
    virtual_env_type: image.virtualEnvType,
    hw_firmware_type: 'bios',
    ...image.properties,
  };
}

/** A member object (seed 001 §6.3). */
export function describeMember(imageId: string, member: MemberRecord): Record<string, unknown> {
  return {
    image_id: imageId,
    member_id: member.projectId,
    status: member.status,
    created_at: imageTime(member.createdAtMs),
    updated_at: imageTime(member.updatedAtMs),
    schema: '/v2/schemas/member',
  };
}
