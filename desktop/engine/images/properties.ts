// Properties of an image: which its user may change, and which are the service's or ours. Pure.
import {
  cloudLabel,
  type ImageChanges,
  type ImageCloud,
  InvalidInputError,
  whyFixed,
} from '@imagebridge/core';

/** Marks that the core keeps on images: who has recorded them, their hash, their channels. */
const OURS = /^imagebridge[-_]/;

/** What a service sets by itself, and refuses to change. Glance: what the core refuses; Huawei Cloud: seed 001 §5.1.2. */
const SERVICES: Readonly<Record<ImageCloud['family'], RegExp | undefined>> = {
  openstack:
    /^(os_(glance|hash_).*|container_format|disk_format|virtual_size|direct_url|locations?|stores|deleted(_at)?|first|next)$/,
  huaweicloud:
    /^(?!__(support_(kvm|xen|diskintensive|highperformance|(kvm|xen)_gpu_type)|is_config_init)$)(__.*|container_format|virtual_(size|env_type)|schema|self|file|size|checksum|deleted(_at)?|active_at|max_ram|enterprise_project_id|member_.*|root_origin)$/,
  // The core says which two can be changed.
  ucloudstack: undefined,
};

/** Properties that are no texts: the core would read every other word as false, or not at all. */
const TRUE_OR_FALSE = /^(os_hidden|Support(QGA|CloudInit))$/;

/** Names of those that cannot be changed here. */
export const fixedProperties = (cloud: ImageCloud, properties: Readonly<Record<string, string>>): string[] =>
  Object.keys(properties).filter((name) => isFixed(cloud, name));

const isFixed = (cloud: ImageCloud, name: string): boolean =>
  OURS.test(name) ||
  SERVICES[cloud.family]?.test(name) === true ||
  whyFixed(cloud, 'properties', [name]) !== undefined;

/**
 * Refuses what neither the core nor every service would: a mark of ours, and a word where only true or false is understood.
 * @throws InvalidInputError
 */
export function checkProperties(
  cloud: ImageCloud,
  imageId: string,
  properties: NonNullable<ImageChanges['properties']>,
): void {
  for (const [name, value] of Object.entries(properties)) {
    const reason = OURS.test(name)
      ? `the property ${name} is a mark that ImageBridge keeps itself`
      : TRUE_OR_FALSE.test(name) && value !== 'true' && value !== 'false'
        ? `the property ${name} is either true or false`
        : undefined;
    if (reason !== undefined)
      throw new InvalidInputError({
        operation: `update image ${imageId}`,
        cloud: cloudLabel(cloud),
        object: imageId,
        reason,
      });
  }
}
