// How an image of the port becomes Terraform state. Pure.
import type { Image } from '@imagebridge/core';
import {
  isKnown,
  type PlannedModel,
  type StateModel,
  type StubModel,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import type { imageSchema } from './schema.ts';

/** Tag by which an interrupted run finds its own image; never shown. Written by the core's workflow. */
export const MARKER_TAG = 'imagebridge-marker';
/** Property that holds the SHA-256 of the source file. Written by the core's workflow. */
export const SHA256_PROPERTY = 'imagebridge_sha256';

type Planned = PlannedModel<typeof imageSchema>;
type State = StateModel<typeof imageSchema>;
type Stub = StubModel<typeof imageSchema>;

/** The image's tags without our own marker. */
export function userTags(image: Pick<Image, 'tags'>): Record<string, string> {
  return Object.fromEntries(Object.entries(image.tags).filter(([key]) => key !== MARKER_TAG));
}

/** What the cloud alone decides. */
const reported = (image: Image) => ({
  status: image.status,
  size_bytes: image.sizeBytes ?? null,
  stored_format: image.diskFormat ?? null,
  owner_id: image.ownerId ?? null,
  visibility: image.visibility ?? null,
  os_type: image.osType ?? null,
  created_at: image.createdAt?.toISOString() ?? null,
});

/** The state after a create or update: every planned value as it was planned, the others as the cloud has them. */
export function stateAfter(plan: Planned, image: Image, sha256: string | null, region: string): State {
  const actual = reported(image);
  const kept = <V>(planned: V, otherwise: Exclude<V, typeof UNKNOWN>): Exclude<V, typeof UNKNOWN> =>
    planned === UNKNOWN ? otherwise : (planned as Exclude<V, typeof UNKNOWN>);
  return {
    ...plan,
    id: image.id,
    region: kept(plan.region, region),
    source: { ...plan.source, sha256: kept(plan.source.sha256, sha256) },
    os_version: kept(plan.os_version, image.osVersion ?? null),
    min_disk_gib: kept(plan.min_disk_gib, image.minDiskGiB ?? null),
    disk_format: kept(plan.disk_format, null),
    status: kept(plan.status, actual.status),
    size_bytes: kept(plan.size_bytes, actual.size_bytes),
    stored_format: kept(plan.stored_format, actual.stored_format),
    owner_id: kept(plan.owner_id, actual.owner_id),
    visibility: kept(plan.visibility, actual.visibility),
    os_type: kept(plan.os_type, actual.os_type),
    created_at: kept(plan.created_at, actual.created_at),
  };
}

/**
 * The state as the cloud has the image now. Values that a cloud rewrites (min_disk, the format, the system's name) stay as
 * they were recorded; what is empty there and absent here is the same.
 */
export function stateNow(state: Stub, image: Image, region: string): State {
  const tags = userTags(image);
  return {
    ...state,
    ...reported(image),
    id: image.id,
    name: image.name,
    region: state.region ?? region,
    source: state.source ?? { file: null, sha256: image.properties[SHA256_PROPERTY] ?? null },
    description: image.description || (state.description === '' ? '' : null),
    min_ram_mib: image.minRamMiB || (state.min_ram_mib === 0 ? 0 : null),
    tags: Object.keys(tags).length === 0 && state.tags === null ? null : tags,
    os_version: state.os_version ?? image.osVersion ?? null,
    min_disk_gib: state.min_disk_gib ?? image.minDiskGiB ?? null,
    disk_format: state.disk_format,
  };
}

/** The value, or undefined where it is null or not known. */
export function given<V>(value: V): Exclude<V, null | typeof UNKNOWN> | undefined {
  return value === null || !isKnown(value) ? undefined : (value as Exclude<V, null | typeof UNKNOWN>);
}
