// Planning an image: where it will be, what it is made from, what changes in place, what needs a new image, what is refused.
// Reads the local file; asks the cloud for nothing but what an import needs to be chosen.
import type { ImageCloud } from '@imagebridge/core';
import {
  type ConfigModel,
  type Diagnostics,
  isKnown,
  type ModifyPlanRequest,
  type PlanModel,
  path,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { at } from '../diagnose.ts';
import { planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { refuseProtected } from '../protection.ts';
import { sameEntries, sameValue } from '../same.ts';
import { planTagsAll } from '../tags.ts';
import {
  ATTRIBUTES,
  attributeOf,
  changesBetween,
  descriptionOf,
  FACTS,
  type Fact,
  makingOf,
  withoutUntold,
} from './fields.ts';
import { planMaking } from './plan-making.ts';
import { planSource } from './plan-source.ts';
import type { imageSchema } from './schema.ts';
import { type State, undeclared } from './state.ts';

type Config = ConfigModel<typeof imageSchema>;
type Plan = PlanModel<typeof imageSchema>;
/** What planning is asked. */
export type PlanRequest = ModifyPlanRequest<typeof imageSchema, Connections>;

/** See `Resource.modifyPlan`. */
export async function planImage(request: PlanRequest): Promise<Plan | undefined> {
  const { config, state, provider, diagnostics, signal } = request;
  if (request.plan === null || config === null) {
    if (state !== null) refuseProtected(state, diagnostics, 'destroyed');
    return undefined;
  }
  const { cloud, region } = await planPlace(provider, request.plan);
  let replaced = false;
  const requiresReplace: PlanRequest['requiresReplace'] = (where) => {
    replaced = true;
    request.requiresReplace(where);
  };
  replaceOnOtherCloud(provider, state, request.plan, requiresReplace);
  const placed: Plan = {
    ...request.plan,
    region,
    tags_all: await tagsAll(request.plan, state, provider, cloud),
  };
  if (cloud && isKnown(placed.name) && placed.name !== state?.name) await checkName(cloud, placed.name);
  if (!isKnown(config.source)) {
    // Terraform keeps to its plan: what turns out to be another source could not be replaced any more.
    if (state !== null) requiresReplace(path('source'));
    return placed;
  }

  const sourced = await planSource({ ...request, requiresReplace }, config.source, placed);
  if (state !== null && cloud && !replaced)
    await replaceWhereFixed(cloud, state, sourced, config, { diagnostics, requiresReplace });
  if (cloud) await refuse(cloud, config, sourced, state, diagnostics);
  // Of a replacement Terraform asks again, as of something new.
  if (state === null) return planMaking(config, sourced, cloud, provider, diagnostics, signal);
  if (replaced) refuseProtected(state, diagnostics, 'replaced');
  const forgotten = await forgottenFacts(cloud, config, request);
  const settled = withoutSurprises({ ...sourced, ...forgotten }, state, config);
  return (settled.active ?? true) === (state.active ?? true) ? settled : { ...settled, status: UNKNOWN };
}

/** What the cloud decides, and has left open so far. It stays so when an image is changed. */
const OPEN: readonly (keyof State)[] = [
  'os_type',
  'os_distribution',
  'os_version',
  'architecture',
  'boot_mode',
  'min_disk_gib',
  'disk_format',
  'visibility',
  'size_bytes',
  'stored_format',
  'stored_checksum',
  'stored_checksum_algorithm',
  'owner_id',
  'created_at',
];

function withoutSurprises(plan: Plan, state: State, config: Config): Plan {
  const stays = OPEN.filter(
    (name) => plan[name] === UNKNOWN && state[name] === null && config[name] === null,
  );
  return { ...plan, ...Object.fromEntries(stays.map((name) => [name, null])) };
}

/** What was declared and is no more is forgotten where the cloud can: the plan cannot tell what it will be then. */
async function forgottenFacts(
  cloud: ImageCloud | undefined,
  config: Config,
  { state, privateState }: PlanRequest,
): Promise<Partial<Record<Fact, typeof UNKNOWN>>> {
  const facts = undeclared(privateState, config).filter((fact) => state?.[fact] !== null);
  if (cloud === undefined || facts.length === 0) return {};
  const { canForget } = await core();
  const forgotten = facts.filter((fact) => canForget(cloud, FACTS[fact]));
  return Object.fromEntries(forgotten.map((fact) => [fact, UNKNOWN]));
}

async function checkName(cloud: ImageCloud, name: string): Promise<void> {
  const { checkImageName } = await core();
  try {
    checkImageName(cloud, name);
  } catch (error) {
    throw at(path('name'), error);
  }
}

/**
 * Where a cloud cannot change tags, a change of the provider's `default_tags` is no reason to replace every image: they are
 * given when an image is made.
 */
async function tagsAll(
  plan: Plan,
  state: State | null,
  provider: Connections,
  cloud: ImageCloud | undefined,
): Promise<Plan['tags_all']> {
  const wanted = planTagsAll(provider, plan.tags);
  if (state === null || cloud === undefined || cloud.capabilities.updateTags === true) return wanted;
  return sameEntries(plan.tags, state.tags) ? state.tags_all : wanted;
}

/** Plans a replacement for what this cloud does not change, and says why. */
async function replaceWhereFixed(
  cloud: ImageCloud,
  state: State,
  plan: Plan,
  config: Config,
  { diagnostics, requiresReplace }: Pick<PlanRequest, 'diagnostics' | 'requiresReplace'>,
): Promise<void> {
  const { whyFixed } = await core();
  const changes = withoutUntold(
    changesBetween(state, plan),
    state,
    (field) => whyFixed(cloud, field) !== undefined,
  );
  for (const field of Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[]) {
    const attribute = ATTRIBUTES[field] === 'tags_all' ? 'tags' : ATTRIBUTES[field];
    // What is known only after apply may be another value.
    const undecided = config[attribute] === UNKNOWN && state[attribute] !== null;
    if (!Object.hasOwn(changes, field) && !undecided) continue;
    const reason = whyFixed(cloud, field, Object.keys(changes.properties ?? {}));
    if (reason === undefined) continue;
    requiresReplace(path(attribute));
    diagnostics.warning(
      `A change of ${attribute} makes a new image`,
      `${cloud.family} "${cloud.name}" does not change it in place: image ${state.id} is replaced. ${reason}`,
      path(attribute),
    );
  }
  const { disk_format: format } = plan;
  if (config.disk_format !== null && state.disk_format !== null && format !== state.disk_format)
    requiresReplace(path('disk_format'));
}

/** Refuses what this cloud cannot do. What an image has already is no wish. */
async function refuse(
  cloud: ImageCloud,
  config: Config,
  plan: Plan,
  state: State | null,
  diagnostics: Diagnostics,
): Promise<void> {
  const { deactivate } = cloud.capabilities;
  if (plan.on_destroy === 'deactivate' && state?.on_destroy !== 'deactivate')
    refuseWithout(deactivate, 'deactivate an image', cloud, diagnostics, path('on_destroy'));
  if (plan.active === false && state?.active !== false)
    refuseWithout(deactivate, 'deactivate an image', cloud, diagnostics, path('active'));
  const making = isKnown(config.source) ? (makingOf(config.source) ?? { kind: 'file' as const }) : undefined;
  if (making === undefined) return;
  const { splitDescription } = await core();
  const fields = { ...config, tags_all: null };
  for (const { field, reason } of splitDescription(cloud, making, descriptionOf(fields)).refused) {
    const attribute = ATTRIBUTES[field];
    if (state !== null && sameValue(config[attribute], state[attribute])) continue;
    diagnostics.error(
      `${attributeOf(field)} cannot be set on ${cloud.family} "${cloud.name}"`,
      `This cloud does not take it for an image made from ${making.kind.replace('-', ' ')}. ${reason}`,
      path(attributeOf(field)),
    );
  }
}
