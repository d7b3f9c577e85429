// How a copy becomes Terraform state. Pure.
import type { Image } from '@imagebridge/core';
import type { PlannedModel, PrivateState, StateModel, StubModel } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { declaredProperties } from '../image/fields.ts';
import { kept } from '../known.ts';
import { noteRewritten, readRewritten } from '../rewritten.ts';
import { readTags, settledTags, withoutOwnTags } from '../tags.ts';
import type { copySchema } from './schema.ts';

/** A copy in a plan that apply gets. */
export type Planned = PlannedModel<typeof copySchema>;
/** A copy in the state. */
export type State = StateModel<typeof copySchema>;
/** A copy of which not all may be known: just imported, or failed half way. */
export type Stub = StubModel<typeof copySchema>;

/** What the cloud alone decides. */
const reported = (image: Image) => ({
  status: image.status,
  size_bytes: image.sizeBytes ?? null,
  min_disk_gib: image.minDiskGiB ?? null,
  stored_format: image.diskFormat ?? null,
  visibility: image.visibility ?? null,
  owner_id: image.ownerId ?? null,
  created_at: image.createdAt?.toISOString() ?? null,
});

/** What the user may decide, as the cloud tells it. */
const decided = (image: Image) => ({
  description: image.description || null,
  os_type: image.osType ?? null,
  os_distribution: image.osDistribution ?? null,
  os_version: image.osVersion ?? null,
  architecture: image.architecture ?? null,
  boot_mode: image.bootMode ?? null,
});

/** Notes what the cloud made of a copy's declared values. */
export const noteCopy = (privateState: PrivateState, state: State, image: Image): void =>
  noteRewritten(privateState, state, decided(image));

/** Where a copy is, and where it came from. */
export interface Places {
  readonly region: string;
  readonly targetRegion: string;
}

/** The state after a create or update: every planned value as it was planned, the others as the cloud has them. */
export function stateAfter(plan: Planned, image: Image, places: Places): State {
  const actual = { ...reported(image), ...decided(image) };
  return {
    ...plan,
    id: image.id,
    name: kept(plan.name, plan.to_stores === null ? image.name : null),
    region: kept(plan.region, places.region),
    target_region: kept(plan.target_region, places.targetRegion),
    tags_all: settledTags(plan.tags_all) ?? (plan.to_stores === null ? withoutOwnTags(image.tags) : {}),
    os_type: kept(plan.os_type, actual.os_type),
    os_distribution: kept(plan.os_distribution, actual.os_distribution),
    os_version: kept(plan.os_version, actual.os_version),
    architecture: kept(plan.architecture, actual.architecture),
    boot_mode: kept(plan.boot_mode, actual.boot_mode),
    status: kept(plan.status, actual.status),
    size_bytes: kept(plan.size_bytes, actual.size_bytes),
    min_disk_gib: kept(plan.min_disk_gib, actual.min_disk_gib),
    stored_format: kept(plan.stored_format, actual.stored_format),
    visibility: kept(plan.visibility, actual.visibility),
    owner_id: kept(plan.owner_id, actual.owner_id),
    created_at: kept(plan.created_at, actual.created_at),
  };
}

/** What is asked to tell a copy's state. */
export interface Reading {
  readonly provider: Connections;
  readonly privateState: PrivateState;
  readonly places: Places;
  /** True where the cloud never changes it: it cannot drift, and what a copy inherited stays. */
  readonly fixed: { readonly description: boolean; readonly tags: boolean };
}

/** The state as the cloud has the copy now. What is empty there and absent here is the same. */
export function stateNow(state: Stub, image: Image, reading: Reading): State {
  const { provider, privateState, places, fixed } = reading;
  const isImported = state.name === null;
  const actual = decided(image);
  const read = readRewritten(privateState);
  const now = (name: keyof typeof actual) => read(name, state[name], actual[name]);
  const own = {
    ...state,
    ...reported(image),
    id: image.id,
    source_image_id: state.source_image_id ?? image.sourceImageId ?? image.id,
    region: state.region ?? places.region,
    target_region: state.target_region ?? places.targetRegion,
    os_type: now('os_type'),
    os_distribution: now('os_distribution'),
    os_version: now('os_version'),
    architecture: now('architecture'),
    boot_mode: now('boot_mode'),
    to_stores: storesNow(state, image),
  };
  // The same image in further stores: what describes it is no part of this.
  if (state.to_stores !== null) return { ...own, ...UNDESCRIBED, on_destroy: state.on_destroy ?? 'retain' };
  // A base image is given its name only, and inherits the rest.
  const isBase = state.to_base_image === true;
  const takesTags = !fixed.tags || (isImported && !isBase && state.target_cloud !== null);
  return {
    ...own,
    name: image.name,
    description: isBase && fixed.description ? state.description : now('description'),
    ...(takesTags
      ? readTags(provider, state.tags, image.tags)
      : { tags: state.tags, tags_all: withoutOwnTags(image.tags) }),
    properties: declaredProperties(state.properties, image),
    protected: state.protected === null && image.protected !== true ? null : image.protected === true,
    on_destroy: state.on_destroy ?? 'delete',
  };
}

const UNDESCRIBED = {
  name: null,
  description: null,
  tags: null,
  tags_all: {},
  properties: null,
  protected: null,
};

/** The declared stores that the image still lies in. */
function storesNow({ to_stores: declared }: Stub, image: Image): readonly string[] | null {
  if (declared === null) return null;
  const there = (image.properties.stores ?? '').split(',');
  return declared.filter((store) => there.includes(store));
}
