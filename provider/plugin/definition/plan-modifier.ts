// What may change an attribute's planned value, and the modifiers most schemas need.
import type { Diagnostics } from '../diagnostics.ts';
import type { AttributePath } from '../values/path.ts';
import type { Unknown } from '../values/unknown.ts';
import type { PrivateState } from './private-state.ts';

/** What a plan modifier gets. `V` is the wholly known value; nested unknowns may be inside. */
export interface PlanModifierRequest<V> {
  readonly path: AttributePath;
  /** The configured value. */
  readonly config: V | null | Unknown;
  /** The value in the prior state; null on create, or where the element is new. */
  readonly state: V | null;
  /** The value planned so far. */
  readonly plan: V | null | Unknown;
  /** True where there is no prior object. */
  readonly isCreate: boolean;
  readonly privateState: PrivateState;
  readonly diagnostics: Diagnostics;
}

/** What a plan modifier decides. Leave a field out to leave the thing alone. */
export interface PlanModifierResult<V> {
  /** The new planned value. Allowed only where the configuration has null and the attribute is computed. */
  readonly plan?: V | null | Unknown;
  /**
   * True to plan a replacement because of this attribute. It counts, and a function is asked, only where there is a prior
   * object and the value changes.
   */
  readonly requiresReplace?: boolean | (() => boolean);
}

/** Changes how one attribute is planned. Runs on create and update, not on destroy. */
export interface PlanModifier<V> {
  readonly description: string;
  modify(request: PlanModifierRequest<V>): PlanModifierResult<V> | undefined;
}

/**
 * Keeps the prior value instead of "(known after apply)".
 *
 * Acts where: the plan is unknown, the configuration is null, and the prior state has a value. For computed
 * values that an update never changes, such as an id. Not for values that change with others.
 */
const useStateForUnknown: PlanModifier<never> = {
  description: 'Once set, the value does not change.',
  modify({ plan, config, state }) {
    if (typeof plan !== 'symbol' || config !== null || state === null) return undefined;
    return { plan: state };
  },
};

/**
 * Replaces the object where the value changes.
 *
 * Acts where: there is a prior object and the planned value differs from the prior one (an unknown planned value
 * counts as different). See `requiresReplaceIfConfigured` and `requiresReplaceIf` for less.
 */
const requiresReplace: PlanModifier<never> = {
  description: 'A change replaces the object.',
  modify: () => ({ requiresReplace: true }),
};

/** As {@link requiresReplace}, but only where the configuration has a value: removing it replaces nothing. */
const requiresReplaceIfConfigured: PlanModifier<never> = {
  description: 'A change to a configured value replaces the object.',
  modify: ({ config }) => (config === null ? undefined : { requiresReplace: true }),
};

/**
 * As {@link requiresReplace}, but only where `condition` holds. It is asked only where the value changes.
 * @param description when it holds, e.g. "Shrinking replaces the object."
 */
function requiresReplaceIf<V>(
  description: string,
  condition: (request: PlanModifierRequest<V>) => boolean,
): PlanModifier<V> {
  return {
    description,
    modify: (request) => ({ requiresReplace: () => condition(request) }),
  };
}

/** The usual plan modifiers. `requiresReplace` results count only where there is a prior object and the value changes. */
export const planModifiers = {
  useStateForUnknown,
  requiresReplace,
  requiresReplaceIfConfigured,
  requiresReplaceIf,
};
