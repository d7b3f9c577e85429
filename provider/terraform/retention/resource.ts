// imagebridge_image_retention: keeps the newest images of a kind, and retires the others. `read` looks what is due, a plan
// lists it, its apply does that or less. The core decides and does.
import type { ImageCloud, PruneOutcome } from '@imagebridge/core';
import {
  type Diagnostics,
  failure,
  isKnown,
  isWhollyKnown,
  type PlanModel,
  type PlannedModel,
  type PrivateState,
  path,
  type StateModel,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { parseImportId, placeOf, planPlace, replaceOnOtherCloud } from '../place.ts';
import { type Due, dueOf, noteDue, notedDue } from './due.ts';
import { completeRules, parseRules, pruneRules, type Rules, rulesText } from './rules.ts';
import { retentionSchema } from './schema.ts';

type Plan = PlanModel<typeof retentionSchema>;
type Planned = PlannedModel<typeof retentionSchema>;
type State = StateModel<typeof retentionSchema>;

const SELECTORS = ['name_prefix', 'name_regex', 'with_tags', 'channel'] as const;
/** How many images a message lists. */
const SHOWN = 10;

export const retentionResource = defineResource({
  schema: retentionSchema,

  async validateConfig({ config, diagnostics }) {
    if (SELECTORS.some((name) => config[name] !== null)) return;
    diagnostics.error(
      'Nothing says which images are meant',
      `Give at least one of ${SELECTORS.join(', ')}: a retention never looks at every image of a project.`,
    );
  },

  async modifyPlan({ state, plan, provider, signal, diagnostics, privateState, requiresReplace }) {
    if (plan === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    const rules = decisiveRules(plan);
    const planned: Plan = { ...plan, region, id: idOf(plan) };
    if (cloud && rules) await checkAction(cloud, rules);
    const recorded =
      state !== null &&
      rules !== undefined &&
      decisiveText(rules) === decisiveText(state) &&
      region === state.region;
    if (!recorded) {
      if (cloud && rules) await tellOfDue(cloud, rules, diagnostics, signal);
      return { ...planned, ...NOTHING_RETIRED };
    }
    const due = notedDue(privateState);
    const going = due.retiring.filter(({ image_id }) => !rules.exclude_image_ids?.includes(image_id));
    const { retiring, keeping, outcomes, retired_at } = state;
    if (going.length === 0) return { ...planned, retiring, keeping, outcomes, retired_at };
    const lists: Plan = { ...planned, ...due, retiring: going, outcomes: UNKNOWN, retired_at: UNKNOWN };
    return lists;
  },

  async create({ plan, provider, signal, privateState }) {
    const limitMs = timeoutMs(plan.timeouts, 'create');
    return within(limitMs, 'timeouts.create', 'look for images to retire', signal, async (until) => {
      const cloud = await provider.cloud(placeOf(plan));
      await look(cloud, completeRules(plan), privateState, until);
      return recordedState(plan, cloud.region);
    });
  },

  async read({ state, provider, signal, privateState }) {
    const limitMs = timeoutMs(state.timeouts, 'read');
    return within(limitMs, 'timeouts.read', 'look for images to retire', signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const rules = completeRules(state);
      await look(cloud, rules, privateState, until);
      return {
        ...state,
        ...rules,
        region: state.region ?? cloud.region,
        retiring: state.retiring ?? [],
        keeping: state.keeping ?? [],
        outcomes: state.outcomes ?? [],
      };
    });
  },

  async update({ state, plan, provider, signal, privateState }) {
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', 'retire images', signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const recorded = recordedState(plan, cloud.region);
      const done = isKnown(plan.outcomes) ? undefined : await retire(cloud, plan, until);
      await look(cloud, completeRules(plan), privateState, until);
      if (done === undefined) return recorded;
      const outcomes = done.map(({ image, outcome, reason }) => ({
        image_id: image.id,
        name: image.name,
        outcome,
        reason: reason ?? null,
      }));
      return { ...recorded, outcomes, retired_at: new Date().toISOString() };
    });
  },

  /** Nothing is retired, and nothing is brought back. */
  async delete() {},

  async importState({ id, provider }) {
    const { cloud, region, parts } = parseImportId(id, ['RULES']);
    const rules = parseRules(parts[0] ?? '');
    const place = await provider.cloud({ cloud, region });
    return { ...rules, id: rulesText(rules), cloud, region: place.region };
  },
});

/** Nothing was retired by these rules yet. */
const NOTHING_RETIRED = { retiring: [], keeping: [], outcomes: [], retired_at: null };

/**
 * The rules in a plan that decide what is due; undefined where one of them is known only after apply. The reason, and ids of
 * images that are still being made, decide nothing: a plan may leave them open.
 */
function decisiveRules(plan: Plan): Rules | undefined {
  const { name_prefix, name_regex, with_tags, channel, keep, min_age_days, action, include_shared } = plan;
  const { exclude_image_ids: ids } = plan;
  const selection = {
    name_prefix,
    name_regex,
    with_tags,
    channel,
    keep,
    min_age_days,
    action,
    include_shared,
  };
  const exclude_image_ids = isKnown(ids) && ids !== null ? ids.filter(isKnown) : null;
  return decided<Rules | undefined>({ ...selection, exclude_image_ids, reason: null }, undefined);
}

const decisiveText = (rules: Rules) => rulesText({ ...rules, reason: null, exclude_image_ids: null });

/** All rules as text; unknown as long as one of them is. */
function idOf(plan: Plan): string | typeof UNKNOWN {
  const { reason, exclude_image_ids } = plan;
  const rules = decisiveRules(plan);
  const all = decided<Rules | undefined>({ ...rules, reason, exclude_image_ids }, undefined);
  return rules === undefined || all === undefined ? UNKNOWN : rulesText(all);
}

/** A planned value, typed as what it is once nothing in it is unknown; else the other value. */
const decided = <V>(planned: unknown, otherwise: V): V =>
  isWhollyKnown(planned) ? (planned as V) : otherwise;

async function checkAction(cloud: ImageCloud, { action }: Rules): Promise<void> {
  if (action === 'delete') return;
  const { requireRetiring } = await core();
  try {
    const how = { hide: action === 'hide', deactivate: action === 'deactivate' };
    requireRetiring(cloud, 'retire old images', how);
  } catch (error) {
    throw at(path('action'), error);
  }
}

/**
 * Looks what is due, and notes it for the plan. An apply does so too, so that the refresh after it finds nothing new.
 * @throws errors of the core
 */
async function look(
  cloud: ImageCloud,
  rules: Rules,
  privateState: PrivateState,
  signal: AbortSignal,
): Promise<void> {
  const { findPrunable } = await core();
  noteDue(privateState, dueOf(await findPrunable(cloud, pruneRules(rules), { signal })));
}

/** New rules are only recorded: says what they will come to. */
async function tellOfDue(
  cloud: ImageCloud,
  rules: Rules,
  diagnostics: Diagnostics,
  signal: AbortSignal,
): Promise<void> {
  const { findPrunable } = await core();
  const { retiring } = dueOf(await findPrunable(cloud, pruneRules(rules), { signal }));
  if (retiring.length === 0) return;
  diagnostics.warning(
    `By these rules ${counted(retiring.length)} due already`,
    'This apply only records the rules. The plan after it lists what is due, and its apply does it. As of now:\n' +
      linesOf(retiring),
  );
}

const counted = (count: number) => (count === 1 ? '1 image is' : `${count} images are`);

function linesOf(retiring: Due['retiring']): string {
  const lines = retiring
    .slice(0, SHOWN)
    .map(
      ({ image_id, name, action, reason }) => `  ${action} ${image_id} ${JSON.stringify(name)}: ${reason}`,
    );
  const more = retiring.length > SHOWN ? [`  … and ${retiring.length - SHOWN} more`] : [];
  return [...lines, ...more].join('\n');
}

/** @throws DiagnosticError when one of them failed; the others are done all the same */
async function retire(cloud: ImageCloud, plan: Planned, signal: AbortSignal): Promise<PruneOutcome[]> {
  const { executePrune } = await core();
  const rules = pruneRules(completeRules(plan));
  const retiring = decided<Due['retiring']>(plan.retiring, []);
  const listed = retiring.map(({ image_id, name }) => ({
    image: { id: image_id, name },
    action: rules.action,
  }));
  const outcomes: PruneOutcome[] = [];
  for await (const outcome of executePrune(cloud, listed, rules, { signal })) outcomes.push(outcome);
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return outcomes;
  throw failure(
    `Could not retire ${failed.length} of ${outcomes.length} images on ${cloud.family} "${cloud.name}" (${cloud.region})`,
    `${failed.map(({ image, error }) => `${image.id} ${JSON.stringify(image.name)}: ${error?.message ?? ''}`).join('\n')}\n\n` +
      'The others are done. The next plan lists again what is due.',
  );
}

/** The state after an apply that retired nothing. */
function recordedState(plan: Planned, region: string): State {
  return {
    ...plan,
    id: rulesText(completeRules(plan)),
    region: decided<string | null>(plan.region, region),
    retiring: decided<State['retiring']>(plan.retiring, []),
    keeping: decided<State['keeping']>(plan.keeping, []),
    outcomes: decided<State['outcomes']>(plan.outcomes, []),
    retired_at: decided<string | null>(plan.retired_at, null),
  };
}
