// Planning a copy: where it will be, what changes in place, what needs a new copy, what is refused. Asks no cloud for
// anything.
import type { ImageCloud } from '@imagebridge/core';
import {
  isKnown,
  type ModifyPlanRequest,
  type PlanModel,
  path,
  UNKNOWN,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { at } from '../diagnose.ts';
import { ATTRIBUTES, changesBetween, descriptionOf, type Fields } from '../image/fields.ts';
import { known } from '../known.ts';
import { planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { refuseProtected } from '../protection.ts';
import { sameEntries, sameValue } from '../same.ts';
import { planTagsAll } from '../tags.ts';
import { type CopyKind, kindOf } from './kind.ts';
import type { copySchema } from './schema.ts';

type Request = ModifyPlanRequest<typeof copySchema, Connections>;
type Plan = PlanModel<typeof copySchema>;
type State = Exclude<Request['state'], null>;
type Config = Exclude<Request['config'], null>;

/** What is replaced for by the schema alone. */
const REPLACING = ['source_image_id', 'region', 'target_region', 'target_project', 'kms_key_id'] as const;
const OS_FACTS = ['os_type', 'os_distribution', 'os_version', 'architecture', 'boot_mode'] as const;

/** The fields of an image that a copy can be described by. */
export const fieldsOf = (copy: Omit<Fields, 'min_disk_gib' | 'min_ram_mib' | 'visibility'>): Fields => ({
  ...copy,
  min_disk_gib: null,
  min_ram_mib: null,
  visibility: null,
});

/** See `Resource.modifyPlan`. */
export async function planCopy(request: Request): Promise<Plan | undefined> {
  const { config, state, plan, provider, diagnostics } = request;
  if (plan === null || config === null) {
    if (state !== null) refuseProtected(state, diagnostics, 'destroyed');
    return undefined;
  }
  let replaced = state !== null && REPLACING.some((name) => plan[name] !== state[name]);
  const requiresReplace: Request['requiresReplace'] = (where) => {
    replaced = true;
    request.requiresReplace(where);
  };
  const { cloud: home, region } = await planPlace(provider, plan);
  replaceOnOtherCloud(provider, state, plan, requiresReplace);
  const kind = kindOf(provider, plan);
  if (kind === undefined) return { ...plan, region, tags_all: UNKNOWN };
  const isElsewhere = state !== null && movesAway(provider, state, plan);
  if (isElsewhere) requiresReplace(path('target_cloud'));
  if (state !== null && (state.to_stores === null) !== (plan.to_stores === null))
    requiresReplace(path('to_stores'));
  // The region of the state is that of the former cloud.
  const wanted: Plan = isElsewhere ? { ...plan, target_region: config.target_region ?? UNKNOWN } : plan;
  const target = await planTarget(provider, kind, wanted, home);
  const placed: Plan = {
    ...plan,
    region,
    target_region: target.region,
    tags_all: await tagsAll(kind, plan, state, provider, target.cloud),
  };
  if (target.cloud && isKnown(plan.name) && plan.name !== null && plan.name !== state?.name)
    await refuseName(target.cloud, plan.name);
  if (state === null) refuseMisplaced(kind, config, diagnostics);
  if (state === null && home) await refuseKind(kind, placed, home, target.cloud);
  if (target.cloud && kind !== 'stores') {
    await refuseDescription(kind, { config, plan: placed, state }, target.cloud, request);
    if (state !== null)
      await replaceWhereFixed(target.cloud, state, placed, config, { diagnostics, requiresReplace });
  }
  if (state !== null && kind === 'stores') warnOfForgottenStores(state, plan, request);
  if (state !== null && replaced) refuseProtected(state, diagnostics, 'replaced');
  return placed;
}

/** True where the copy would be in another cloud than it is. */
function movesAway(provider: Connections, state: State, plan: Plan): boolean {
  if (!isKnown(plan.target_cloud) || !isKnown(plan.cloud)) return true;
  const nameOf = (one: { readonly cloud: string | null; readonly target_cloud: string | null }) =>
    provider.nameOf(one.target_cloud ?? one.cloud);
  return nameOf(state) !== nameOf({ cloud: plan.cloud, target_cloud: plan.target_cloud });
}

/** The cloud that the copy is made in, and its region. */
async function planTarget(
  provider: Connections,
  kind: CopyKind,
  plan: Plan,
  home: ImageCloud | undefined,
): Promise<{ cloud: ImageCloud | undefined; region: string | null | Unknown }> {
  const { target_cloud: other, target_region: region } = plan;
  if (kind === 'stores' || kind === 'base' || (!isKnown(region) && other === null))
    return { cloud: home, region: home?.region ?? UNKNOWN };
  if (!isKnown(other) || !isKnown(plan.cloud)) return { cloud: undefined, region };
  try {
    const wanted = isKnown(region) ? region : null;
    const cloud = await provider.cloudIfKnown({ cloud: other ?? plan.cloud, region: wanted });
    return { cloud, region: wanted ?? cloud?.region ?? UNKNOWN };
  } catch (error) {
    throw at(path(other === null ? 'target_region' : 'target_cloud'), error);
  }
}

/**
 * Where a cloud cannot change tags, a change of the provider's `default_tags` is no reason to replace a copy; and copies that
 * take no tags go without.
 */
async function tagsAll(
  kind: CopyKind,
  plan: Plan,
  state: State | null,
  provider: Connections,
  target: ImageCloud | undefined,
): Promise<Plan['tags_all']> {
  const changeable = target?.capabilities.updateTags === true;
  if (kind !== 'stores' && (changeable || (kind === 'across' && state === null)))
    return planTagsAll(provider, plan.tags);
  if (state === null) return UNKNOWN;
  return sameEntries(plan.tags, state.tags) ? state.tags_all : planTagsAll(provider, plan.tags);
}

/** Arguments that say nothing of a kind of copy. What contradicts `to_stores` and `to_base_image` is refused before. */
const MISPLACED: Readonly<Record<CopyKind, readonly (keyof Config & string)[]>> = {
  stores: [],
  base: ['vault_id', 'kms_key_id'],
  across: ['target_project', 'agency_name', 'vault_id', 'kms_key_id'],
  region: ['staging_bucket'],
};

function refuseMisplaced(kind: CopyKind, config: Config, diagnostics: Request['diagnostics']): void {
  for (const name of MISPLACED[kind])
    if (config[name] !== null)
      diagnostics.error(
        `${name} does not go with this kind of copy`,
        kind === 'across'
          ? 'The image is brought over by a fetch or through this machine, and not copied by its cloud. Leave it out.'
          : 'The cloud makes the copy by itself. Leave it out.',
        path(name),
      );
}

async function refuseName(target: ImageCloud, name: string): Promise<void> {
  const { checkImageName } = await core();
  try {
    checkImageName(target, name);
  } catch (error) {
    throw at(path('name'), error);
  }
}

/** Refuses a copy that its clouds cannot make. */
async function refuseKind(
  kind: CopyKind,
  plan: Plan,
  home: ImageCloud,
  target: ImageCloud | undefined,
): Promise<void> {
  const { checkCopy, checkCopyAcross } = await core();
  try {
    if (kind === 'across') {
      if (target) checkCopyAcross(home, target, { via: viaOf(plan.via) });
      return;
    }
    checkCopy(home, {
      // That of the source is legal.
      name: known(plan.name) ?? 'copy',
      region: known(plan.target_region),
      // An agency that is not known yet is believed to be there.
      agencyName: isKnown(plan.agency_name) ? known(plan.agency_name) : 'unknown',
      toBaseImage: kind === 'base',
      toStores: kind === 'stores' ? [] : undefined,
    });
  } catch (error) {
    throw at(path(WISHES[kind]), error);
  }
}

const WISHES = {
  stores: 'to_stores',
  base: 'to_base_image',
  across: 'target_cloud',
  region: 'target_region',
} as const satisfies Record<CopyKind, string>;

/** How the bytes get to another cloud. */
export const viaOf = (text: string | null | Unknown): 'auto' | 'pull' | 'stream' | undefined =>
  text === 'auto' || text === 'pull' || text === 'stream' ? text : undefined;

/** Refuses a description that the copy's cloud does not take. What a copy has already is no wish. */
async function refuseDescription(
  kind: CopyKind,
  { config, plan, state }: { config: Config; plan: Plan; state: State | null },
  target: ImageCloud,
  { diagnostics }: Request,
): Promise<void> {
  const { capabilities: can, family, name } = target;
  if (plan.on_destroy === 'deactivate' && state?.on_destroy !== 'deactivate')
    refuseWithout(can.deactivate, 'deactivate an image', target, diagnostics);
  const refuse = (attribute: keyof Config & string, reason: string) => {
    if (state !== null && sameValue(config[attribute], state[attribute as keyof State])) return;
    diagnostics.error(
      `${attribute} cannot be set on ${family} "${name}"`,
      `This cloud does not take it for such a copy. ${reason}`,
      path(attribute),
    );
  };
  if (kind === 'across') {
    const { splitDescription } = await core();
    const { refused } = splitDescription(
      target,
      { kind: 'image' },
      descriptionOf(fieldsOf({ ...config, tags_all: null })),
    );
    for (const { field, reason } of refused) refuse(ATTRIBUTES[field] as keyof Config & string, reason);
    return;
  }
  for (const fact of OS_FACTS)
    if (config[fact] !== null) refuse(fact, 'Leave it out: the copy is what its source is.');
  const wishes = {
    // A base image is given its name only.
    description: kind === 'base' ? can.updateDescription : true,
    tags: can.updateTags,
    properties: can.customProperties,
    protected: can.protect,
  } as const;
  for (const [attribute, ability] of Object.entries(wishes)) {
    const wished = config[attribute as keyof typeof wishes];
    const nothing = wished === null || wished === false || wished === '' || isEmpty(wished);
    if (!nothing && ability !== true) refuse(attribute as keyof typeof wishes, ability);
  }
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Plans a replacement for what this cloud does not change, and says why. */
async function replaceWhereFixed(
  target: ImageCloud,
  state: State,
  plan: Plan,
  config: Config,
  { diagnostics, requiresReplace }: Pick<Request, 'diagnostics' | 'requiresReplace'>,
): Promise<void> {
  const { whyFixed } = await core();
  const changes = changesBetween(fieldsOf(state), fieldsOf(plan));
  for (const field of Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[]) {
    const named = ATTRIBUTES[field];
    if (named === 'min_disk_gib' || named === 'min_ram_mib' || named === 'visibility') continue;
    const attribute = named === 'tags_all' ? 'tags' : named;
    // What is known only after apply may be another value.
    if (!Object.hasOwn(changes, field) && config[attribute] !== UNKNOWN) continue;
    const reason = whyFixed(target, field, Object.keys(changes.properties ?? {}));
    if (reason === undefined) continue;
    requiresReplace(path(attribute));
    diagnostics.warning(
      `A change of ${attribute} makes a new copy`,
      `${target.family} "${target.name}" does not change it in place: copy ${state.id} is replaced. ${reason}`,
      path(attribute),
    );
  }
}

function warnOfForgottenStores(state: State, plan: Plan, { diagnostics }: Request): void {
  const planned = plan.to_stores;
  if (planned === null || !isKnown(planned) || planned.includes(UNKNOWN)) return;
  const forgotten = state.to_stores?.filter((store) => !planned.includes(store)) ?? [];
  if (forgotten.length > 0)
    diagnostics.warning(
      `The data stay in store ${forgotten.join(', ')}`,
      `The service has no call that takes the data of image ${state.id} out of a store: it is only forgotten here.`,
      path('to_stores'),
    );
}
