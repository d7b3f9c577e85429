// PlanResourceChange: what would change.
import type { ModifyPlanRequest } from '../definition/resource.ts';
import { Diagnostics } from '../diagnostics.ts';
import type { Schema } from '../schema/schema.ts';
import { typeOf } from '../schema/shape.ts';
import type { ValueType } from '../schema/type.ts';
import { equal } from '../values/equal.ts';
import { AttributePath } from '../values/path.ts';
import { own } from '../values/record.ts';
import type { CallHandler } from './calls.ts';
import { checkPlan } from './check.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { resourceOf } from './lookup.ts';
import { complete, type ObjectValue } from './objects.ts';
import { rebuild, settle, unsettle } from './plan-values.ts';
import { PrivateData } from './private.ts';
import { toDiagnostics, toDynamic, toPath } from './to-proto.ts';

/** Serves PlanResourceChange. The order of the steps is Terraform's contract: see the comments inside. */
export function planResourceChange(context: ServerContext): CallHandler<'PlanResourceChange'> {
  return async (request, cancelled) => {
    const resource = resourceOf(context, request.typeName);
    const type = typeOf(resource.schema);
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(request.priorPrivate);
    const replace: AttributePath[] = [];
    const name = `Planning ${request.typeName}`;
    const deferred = context.deferral(request.clientCapabilities);

    let planned: ObjectValue | null = null;
    const outcome = await context.runConfigured(name, diagnostics, cancelled, async (base) => {
      const prior = objectFrom(type, request.priorState);
      const proposed = objectFrom(type, request.proposedNewState);
      const config = objectFrom(type, request.config);
      if (proposed !== null && config !== null) {
        planned = planAttributes(
          resource.schema,
          { config, prior, proposed },
          { diagnostics, privateState, replace },
        );
        if (diagnostics.hasErrors) return;
        if (resource.update === undefined && prior !== null) {
          replace.push(...changedByUser(resource.schema, prior, planned));
        }
      }
      // The whole-resource hook comes last, and also sees destroys. It may want the service, which a deferral has not.
      if (resource.modifyPlan !== undefined && !deferred) {
        const hook: ModifyPlanRequest<Schema, unknown> = {
          ...base,
          config,
          state: prior,
          plan: planned,
          privateState,
          requiresReplace: (path) => replace.push(path),
        };
        const modified = await resource.modifyPlan(hook);
        if (modified && planned !== null) planned = complete(resource.schema, modified);
      }
      if (planned !== null && config !== null)
        checkPlan(resource.schema, config, planned, prior, diagnostics);
    });

    const answer = {
      diagnostics: toDiagnostics(type, diagnostics.all),
      plannedPrivate: privateState.bytes(),
    };
    if (!outcome.ok || diagnostics.hasErrors) return { ...answer, plannedState: request.proposedNewState };
    return {
      ...answer,
      deferred,
      plannedState: toDynamic(type, planned),
      requiresReplace: sortedPaths(replace).map((path) => toPath(type, path)),
    };
  };
}

interface Planning {
  readonly diagnostics: Diagnostics;
  readonly privateState: PrivateData;
  readonly replace: AttributePath[];
}

function planAttributes(
  schema: Schema,
  given: { readonly config: ObjectValue; readonly prior: ObjectValue | null; readonly proposed: ObjectValue },
  { diagnostics, privateState, replace }: Planning,
): ObjectValue {
  const { config, prior, proposed } = given;
  const type = typeOf(schema);
  // 1. Defaults where the configuration has null, prior spellings that mean the same; write-only values go.
  let plan = rebuild(schema, { config, plan: proposed, prior }, settle);
  // 2. Where anything changes at all, what the provider decides may change as well.
  if (prior === null || !equal(type, prior, plan)) {
    plan = rebuild(schema, { config, plan, prior }, unsettle);
  }
  // 3. The attributes' own modifiers, each seeing what the one before it decided.
  return rebuild(schema, { config, plan, prior }, (place) => {
    const { attribute, path } = place;
    if (attribute.writeOnly) return null;
    let value = place.plan;
    const wishes: (() => boolean)[] = [];
    for (const modifier of attribute.planModifiers) {
      const result = modifier.modify({
        path,
        config: place.config,
        state: place.prior,
        plan: value,
        isCreate: prior === null,
        privateState,
        diagnostics,
      });
      if (result !== undefined && 'plan' in result) value = result.plan;
      const wish = result?.requiresReplace;
      if (wish !== undefined) wishes.push(typeof wish === 'function' ? wish : () => wish);
    }
    // Nothing is replaced for a value that stays, nor where there is nothing to replace.
    const changes = prior !== null && wishes.length > 0 && !equal(attribute.type, place.prior, value);
    if (changes && wishes.some((wish) => wish())) replace.push(path);
    return value;
  });
}

/** The attributes and blocks that a user can set and that change: all of them replace where there is no update. */
function changedByUser(schema: Schema, prior: ObjectValue, plan: ObjectValue): AttributePath[] {
  const type = typeOf(schema);
  const types: Readonly<Record<string, ValueType>> = type.kind === 'object' ? type.attributes : {};
  return Object.entries(types)
    .filter(([name, one]) => {
      const attribute = schema.attributes[name];
      const settable = attribute === undefined || attribute.required || attribute.optional;
      return settable && !equal(one, own(prior, name), own(plan, name));
    })
    .map(([name]) => AttributePath.of(name));
}

/** Sorted and each once, so that the same plan always looks the same. */
function sortedPaths(paths: readonly AttributePath[]): readonly AttributePath[] {
  const byText = new Map(paths.map((path) => [path.toString(), path]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, path]) => path);
}
