// How an image of the port becomes Terraform state. Pure.
import type { Image, ImageCloud } from '@imagebridge/core';
import type {
  PlannedModel,
  PrivateState,
  StateModel,
  StubModel,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { kept } from '../known.ts';
import { noteRewritten, readRewritten } from '../rewritten.ts';
import { readTags, settledTags } from '../tags.ts';
import { declaredProperties, FACT_NAMES, type Fact } from './fields.ts';
import type { imageSchema } from './schema.ts';

/** Tag by which an interrupted run finds its own image; never shown. Written by the core's workflow. */
export const MARKER_TAG = 'imagebridge-marker';
/** Property that holds the SHA-256 of the source file. Written by the core's workflow. */
export const SHA256_PROPERTY = 'imagebridge_sha256';

/** An image in a plan that apply gets. */
export type Planned = PlannedModel<typeof imageSchema>;
/** An image in the state. */
export type State = StateModel<typeof imageSchema>;
type Stub = StubModel<typeof imageSchema>;

/** What the cloud alone decides. */
const reported = (image: Image) => ({
  status: image.status,
  size_bytes: image.sizeBytes ?? null,
  stored_format: image.diskFormat ?? null,
  ...storedChecksum(image),
  owner_id: image.ownerId ?? null,
  created_at: image.createdAt?.toISOString() ?? null,
});

function storedChecksum({ checksums }: Image) {
  const algorithm = ['sha256', 'sha512', 'md5'].find((name) => checksums?.[name] !== undefined);
  return {
    stored_checksum: (algorithm && checksums?.[algorithm]) ?? null,
    stored_checksum_algorithm: algorithm ?? null,
  };
}

/** What the user may decide, as the cloud tells it. */
const decided = (image: Image, cloud: Place) => ({
  os_type: image.osType ?? null,
  os_distribution: image.osDistribution ?? null,
  os_version: image.osVersion ?? null,
  architecture: image.architecture ?? null,
  boot_mode: image.bootMode ?? null,
  min_disk_gib: image.minDiskGiB ?? null,
  min_ram_mib: image.minRamMiB || null,
  visibility: visibilityOf(image, cloud),
  description: image.description || null,
});

/** Where an image is, and what can be done with it there. */
type Place = Pick<ImageCloud, 'family' | 'region' | 'capabilities'>;

/** Where visibility cannot be chosen, `shared` only says that there are shares: those are objects of their own. */
const visibilityOf = ({ visibility }: Image, { capabilities }: Place): string | null =>
  visibility === 'shared' && capabilities.updateVisibility !== true ? 'private' : (visibility ?? null);

/** What clouds do rewrite. */
const PRONE: ReadonlySet<string> = new Set([...FACT_NAMES, 'min_disk_gib', 'visibility']);

/** Notes what the cloud made of an image's declared values. */
export const noteImage = (privateState: PrivateState, state: State, image: Image, cloud: Place): void =>
  noteRewritten(privateState, state, decided(image, cloud));

/** Key of the private state under which lies which facts of the system the user had declared at the last apply. */
const DECLARED = 'declared';

/** Notes which facts the user has declared. */
export function noteDeclared(privateState: PrivateState, config: Pick<State, Fact>): void {
  privateState.set(
    DECLARED,
    FACT_NAMES.filter((fact) => config[fact] !== null),
  );
}

/** Facts that were declared at the last apply and are no more. */
export function undeclared(
  privateState: PrivateState,
  config: Readonly<Record<Fact, string | null | typeof UNKNOWN>>,
): readonly Fact[] {
  const before = privateState.get(DECLARED, (json): unknown[] => {
    if (Array.isArray(json)) return json;
    throw new Error('the private state is damaged');
  });
  return FACT_NAMES.filter((fact) => before?.includes(fact) === true && config[fact] === null);
}

/** The state after a create or update: every planned value as it was planned, the others as the cloud has them. */
export function stateAfter(
  plan: Planned,
  image: Image,
  sha256: string | null,
  cloud: Place,
  provider: Connections,
): State {
  const actual = { ...reported(image), ...decided(image, cloud) };
  const tags = settledTags(plan.tags_all);
  return {
    ...plan,
    id: image.id,
    region: kept(plan.region, cloud.region),
    source: {
      ...plan.source,
      sha256: kept(plan.source.sha256, sha256),
      url_wo_version: kept(plan.source.url_wo_version, null),
    },
    tags_all: tags === undefined ? { ...provider.defaultTags, ...plan.tags } : tags,
    os_type: kept(plan.os_type, actual.os_type),
    os_distribution: kept(plan.os_distribution, actual.os_distribution),
    os_version: kept(plan.os_version, actual.os_version),
    architecture: kept(plan.architecture, actual.architecture),
    boot_mode: kept(plan.boot_mode, actual.boot_mode),
    min_disk_gib: kept(plan.min_disk_gib, actual.min_disk_gib),
    disk_format: kept(plan.disk_format, null),
    visibility: kept(plan.visibility, actual.visibility),
    status: kept(plan.status, actual.status),
    size_bytes: kept(plan.size_bytes, actual.size_bytes),
    stored_format: kept(plan.stored_format, actual.stored_format),
    stored_checksum: kept(plan.stored_checksum, actual.stored_checksum),
    stored_checksum_algorithm: kept(plan.stored_checksum_algorithm, actual.stored_checksum_algorithm),
    owner_id: kept(plan.owner_id, actual.owner_id),
    created_at: kept(plan.created_at, actual.created_at),
  };
}

/**
 * The state as the cloud has the image now. A value that the cloud rewrites stays as it was recorded; what is empty there
 * and absent here is the same.
 */
export function stateNow(
  state: Stub,
  image: Image,
  cloud: Place,
  provider: Connections,
  privateState: PrivateState,
): State {
  const isImported = state.name === null;
  const actual = decided(image, cloud);
  const read = readRewritten(privateState, PRONE);
  const now = <N extends keyof typeof actual>(name: N) =>
    read<Stub[N] | (typeof actual)[N]>(name, state[name], actual[name]);
  return {
    ...state,
    ...reported(image),
    ...readTags({ defaultTagsIfKnown: defaultsOf(state, provider) }, state.tags, image.tags),
    id: image.id,
    name: image.name,
    region: state.region ?? cloud.region,
    source: state.source ?? sourceOfImported(image),
    on_destroy: state.on_destroy ?? 'delete',
    description: now('description'),
    min_ram_mib: now('min_ram_mib'),
    os_type: now('os_type'),
    os_distribution: now('os_distribution'),
    os_version: now('os_version'),
    architecture: now('architecture'),
    boot_mode: now('boot_mode'),
    min_disk_gib: now('min_disk_gib'),
    visibility: now('visibility'),
    disk_format: isImported ? formatOfImported(image, cloud) : state.disk_format,
    properties: isImported ? propertiesOfImported(image, cloud) : declaredProperties(state.properties, image),
    protected: toggle(state.protected, image.protected === true, false),
    active: toggle(state.active, image.status !== 'deactivated', true),
  };
}

/** The default tags that the image was given: those of the provider may be others by now. */
function defaultsOf(
  { tags, tags_all: all }: Stub,
  provider: Connections,
): Readonly<Record<string, string>> | undefined {
  if (all === null) return provider.defaultTagsIfKnown;
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => tags === null || !Object.hasOwn(tags, key)),
  );
}

/** A truth that needs not be declared where it is as usual. */
const toggle = (declared: boolean | null, actual: boolean, usual: boolean): boolean | null =>
  declared === null && actual === usual ? null : actual;

/** Nothing tells where an imported image came from, unless we made it. */
const sourceOfImported = (image: Image): State['source'] => ({
  file: null,
  url: null,
  url_wo_version: null,
  object: null,
  server_id: null,
  disk_id: null,
  storage_set: null,
  volume_id: null,
  backup_id: null,
  whole_server_id: null,
  vault_id: null,
  image: null,
  data_disk: null,
  unpack: null,
  convert: null,
  sha256: image.properties[SHA256_PROPERTY] ?? null,
  sha512: null,
  md5: null,
});

/** Clouds that convert nothing store what they were given. */
const formatOfImported = ({ diskFormat }: Image, { family }: Place): string | null =>
  family === 'huaweicloud' ? null : (diskFormat ?? null);

/** Properties that somebody has set, and not the service: a declaration of the imported image would name them. */
function propertiesOfImported({ properties }: Image, { family }: Place): Record<string, string> | null {
  const own = Object.entries(properties).filter(([name]) => !SERVICE_PROPERTIES[family].test(name));
  return own.length === 0 ? null : Object.fromEntries(own);
}

/** What services add by themselves, and we. */
const SERVICE_PROPERTIES: Readonly<Record<ImageCloud['family'], RegExp>> = {
  openstack:
    /^(imagebridge[-_].*|os_(glance|hash).*|os_hidden|owner_specified\..*|container_format|virtual_size|direct_url|locations?|stores?|schema|self|file|size|checksum|deleted(_at)?|image_(location|type)|base_image_ref|instance_uuid|cinder_.*)$/,
  huaweicloud:
    /^(imagebridge[-_].*|_.*|hw_.*|container_format|virtual_(size|env_type)|schema|self|file|size|checksum|deleted(_at)?|active_at|max_ram|enterprise_project_id|member_.*|root_origin|architecture)$/,
  // Its words begin with capitals; there are no properties of one's own.
  ucloudstack: /^/,
};
