// The attributes of imagebridge_image by the names that the port has for them. Pure.
import type { DescriptionField, Image, ImageChanges, ImageDescription, Making } from '@imagebridge/core';
import { isKnown, UNKNOWN, type Unknown } from '@imagebridge/terraform-plugin';
import { known } from '../known.ts';
import { tagChanges } from '../tags.ts';
import { originOf, type SourceFields } from './origin.ts';

type Maybe<V> = V | null | Unknown;
type Texts = Maybe<Readonly<Record<string, string | Unknown>>>;

/** What the user decides of an image, in a configuration, a plan or a state. */
export interface Fields {
  readonly name: Maybe<string>;
  readonly description: Maybe<string>;
  readonly tags_all: Texts;
  readonly properties: Texts;
  readonly os_type: Maybe<string>;
  readonly os_distribution: Maybe<string>;
  readonly os_version: Maybe<string>;
  readonly architecture: Maybe<string>;
  readonly boot_mode: Maybe<string>;
  readonly min_disk_gib: Maybe<number>;
  readonly min_ram_mib: Maybe<number>;
  readonly visibility: Maybe<string>;
  readonly protected: Maybe<boolean>;
}

/** Attributes by the field of the port that they become. */
export const ATTRIBUTES = {
  name: 'name',
  description: 'description',
  tags: 'tags_all',
  properties: 'properties',
  osType: 'os_type',
  osDistribution: 'os_distribution',
  osVersion: 'os_version',
  architecture: 'architecture',
  bootMode: 'boot_mode',
  minDiskGiB: 'min_disk_gib',
  minRamMiB: 'min_ram_mib',
  visibility: 'visibility',
  protected: 'protected',
} as const satisfies Record<keyof ImageChanges, keyof Fields>;

/** How a user calls a field of a description. */
export const attributeOf = (field: DescriptionField) => ATTRIBUTES[field];

/** How an image is described to a cloud; what is not known yet is left out. */
export function descriptionOf(fields: Fields): ImageDescription {
  return {
    name: known(fields.name) ?? '',
    description: known(fields.description) || undefined,
    tags: texts(fields.tags_all),
    properties: texts(fields.properties),
    osType: known(fields.os_type),
    osDistribution: known(fields.os_distribution),
    osVersion: known(fields.os_version),
    architecture: known(fields.architecture),
    bootMode: bootMode(known(fields.boot_mode)),
    minDiskGiB: known(fields.min_disk_gib),
    minRamMiB: known(fields.min_ram_mib),
    visibility: known(fields.visibility),
    protected: known(fields.protected),
  };
}

/** How an image is to be made. */
export function makingOf(source: SourceFields): Making | undefined {
  const { kind } = originOf(source);
  return kind === 'unknown' ? undefined : { kind, dataDisk: known(source.data_disk) };
}

/** The boot mode; undefined for what is none. */
export const bootMode = (text: string | undefined): 'bios' | 'uefi' | undefined =>
  text === 'bios' || text === 'uefi' ? text : undefined;

function texts(value: Texts): Record<string, string> | undefined {
  if (value === null || !isKnown(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => isKnown(entry[1]));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Facts of the system, which the cloud decides where the user does not. */
export const FACTS = {
  os_type: 'osType',
  os_distribution: 'osDistribution',
  os_version: 'osVersion',
  architecture: 'architecture',
  boot_mode: 'bootMode',
} as const;

/** One of {@link FACTS}. */
export type Fact = keyof typeof FACTS;
/** All of {@link FACTS}. */
export const FACT_NAMES = Object.keys(FACTS) as readonly Fact[];

/**
 * The changes that lead from the state to the plan, as the port takes them: null removes. Values that the cloud decides
 * (unknown in the plan) are no changes.
 * @param forgotten facts that were declared and are no more, and that the cloud can forget
 */
export function changesBetween(state: Fields, plan: Fields, forgotten: readonly Fact[] = []): ImageChanges {
  const changes: ImageChanges = {};
  const change = <F extends keyof ImageChanges>(field: F, value: ImageChanges[F]) => {
    changes[field] = value;
  };
  if (differs(state, plan, 'name')) change('name', known(plan.name));
  if (differs(state, plan, 'description')) change('description', known(plan.description) || null);
  if (differs(state, plan, 'min_ram_mib')) change('minRamMiB', known(plan.min_ram_mib) ?? 0);
  if (differs(state, plan, 'protected')) change('protected', known(plan.protected) ?? false);
  // What the cloud decides where the user does not is never taken away again.
  if (sets(state, plan, 'os_type')) change('osType', known(plan.os_type));
  if (sets(state, plan, 'os_distribution')) change('osDistribution', known(plan.os_distribution));
  if (sets(state, plan, 'os_version')) change('osVersion', known(plan.os_version));
  if (sets(state, plan, 'architecture')) change('architecture', known(plan.architecture));
  if (sets(state, plan, 'boot_mode')) change('bootMode', bootMode(known(plan.boot_mode)));
  if (sets(state, plan, 'min_disk_gib')) change('minDiskGiB', known(plan.min_disk_gib));
  if (sets(state, plan, 'visibility')) change('visibility', known(plan.visibility));
  for (const fact of forgotten) if (plan[fact] === UNKNOWN) change(FACTS[fact], null);
  if (plan.tags_all !== UNKNOWN) {
    const tags = tagChanges(texts(state.tags_all) ?? null, texts(plan.tags_all) ?? null);
    if (tags !== undefined) change('tags', tags);
  }
  if (plan.properties !== UNKNOWN) {
    const properties = tagChanges(texts(state.properties) ?? null, texts(plan.properties) ?? null);
    if (properties !== undefined) change('properties', properties);
  }
  return changes;
}

/**
 * The changes without what the cloud neither tells nor changes: a declaration of it is recorded, and can be no more.
 * @param isFixed whether the cloud never changes a field
 */
export function withoutUntold(
  changes: ImageChanges,
  state: Fields,
  isFixed: (field: keyof ImageChanges) => boolean,
): ImageChanges {
  const { ...kept } = changes;
  for (const fact of FACT_NAMES) if (state[fact] === null && isFixed(FACTS[fact])) delete kept[FACTS[fact]];
  if (state.min_disk_gib === null && isFixed('minDiskGiB')) delete kept.minDiskGiB;
  return kept;
}

/** True where a value changes; nothing, zero, false and the empty text are the same. */
const differs = (state: Fields, plan: Fields, name: keyof Fields): boolean =>
  plan[name] !== UNKNOWN && (plan[name] || null) !== (state[name] || null);

const sets = (state: Fields, plan: Fields, name: keyof Fields): boolean =>
  plan[name] !== null && differs(state, plan, name);

/** The properties that the user declares, as they are now. */
export function declaredProperties(
  declared: Readonly<Record<string, string>> | null,
  { properties }: Pick<Image, 'properties'>,
): Record<string, string> | null {
  if (declared === null) return null;
  return Object.fromEntries(
    Object.keys(declared).flatMap((name) => {
      const value = properties[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
