// The steps that turn Terraform's proposed state into a plan. Pure functions over values; the order is in plan.ts.
import type { Attribute } from '../schema/attribute.ts';
import { nestedOf, type Shape } from '../schema/shape.ts';
import { AttributePath } from '../values/path.ts';
import { emptyRecord, entriesOf, own } from '../values/record.ts';
import { UNKNOWN } from '../values/unknown.ts';
import { counterpart, mapNested, type ObjectValue } from './objects.ts';

/** An attribute at one place, with its values in the three objects. */
export interface Place {
  readonly attribute: Attribute;
  readonly path: AttributePath;
  readonly config: unknown;
  readonly plan: unknown;
  /** Null where there is no prior object or element. */
  readonly prior: unknown;
}

/**
 * Rebuilds a plan, attribute by attribute, outer ones first. Nested attributes are visited where the configuration
 * has an element for them: what the provider invents as a whole is not planned in parts.
 */
export function rebuild(
  shape: Shape,
  values: { readonly config: ObjectValue; readonly plan: ObjectValue; readonly prior: ObjectValue | null },
  change: (place: Place) => unknown,
  at: AttributePath = AttributePath.root,
): Record<string, unknown> {
  const { config, plan, prior } = values;
  const result: Record<string, unknown> = emptyRecord();
  Object.assign(result, plan);
  for (const [name, attribute] of entriesOf(shape.attributes)) {
    result[name] = change({
      attribute,
      path: at.attribute(name),
      config: own(config, name) ?? null,
      plan: own(plan, name) ?? null,
      prior: own(prior ?? {}, name) ?? null,
    });
  }
  for (const [name, nested] of nestedOf(shape)) {
    const configured = own(config, name);
    result[name] = mapNested(nested, result[name], at.attribute(name), (element, path, key) => {
      const wanted = counterpart(nested, configured, element, key);
      if (wanted === null) return element;
      const before = counterpart(nested, own(prior ?? {}, name), element, key);
      return rebuild(nested.shape, { config: wanted, plan: element, prior: before }, change, path);
    });
  }
  return result;
}

/** Defaults where the configuration has null, the prior spelling where it means the same, no write-only values. */
export function settle({ attribute, config, plan, prior }: Place): unknown {
  if (attribute.writeOnly) return null;
  if (config === null) return attribute.default === undefined ? plan : attribute.default();
  const comparable = prior !== null && config !== UNKNOWN && prior !== UNKNOWN;
  return comparable && attribute.semanticEquals?.(prior, config) === true ? prior : plan;
}

/** What a read or an open may decide: unknown where the attribute is computed and not configured, else as configured. */
export function undecided(shape: Shape, config: ObjectValue): ObjectValue {
  const decide = ({ attribute, config: given }: Place) =>
    given === null && attribute.computed ? UNKNOWN : given;
  return rebuild(shape, { config, plan: config, prior: null }, decide);
}

/** Unknown where the provider decides: computed, not configured, without a default. */
export function unsettle({ attribute, config, plan }: Place): unknown {
  const decided = config !== null || !attribute.computed || attribute.default !== undefined;
  return decided || attribute.writeOnly ? plan : UNKNOWN;
}
