// ApplyResourceChange: create, update, delete. Whatever happens, what is known to exist is returned.
import type { AnyResource } from '../definition/resource.ts';
import { Diagnostics, failure } from '../diagnostics.ts';
import { typeOf } from '../schema/shape.ts';
import { isRecord } from '../values/record.ts';
import type { CallHandler } from './calls.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { resourceOf } from './lookup.ts';
import { complete, type ObjectValue } from './objects.ts';
import { PrivateData } from './private.ts';
import { storable, withoutUnknown } from './result.ts';
import { toDiagnostics, toDynamic } from './to-proto.ts';

/** Serves ApplyResourceChange. */
export function applyResourceChange(context: ServerContext): CallHandler<'ApplyResourceChange'> {
  return async (request, cancelled) => {
    const resource = resourceOf(context, request.typeName);
    const type = typeOf(resource.schema);
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(request.plannedPrivate);
    const change: Change = {
      context,
      resource,
      diagnostics,
      cancelled,
      privateState,
      typeName: request.typeName,
    };

    let state: ObjectValue | null;
    try {
      const prior = objectFrom(type, request.priorState);
      const planned = objectFrom(type, request.plannedState);
      const config = objectFrom(type, request.config);
      if (planned === null) state = prior === null ? null : await remove(change, prior);
      else if (config === null)
        throw failure('The configuration is missing', 'Terraform sent a plan without it.');
      else if (prior === null) state = await create(change, planned, config);
      else state = await update(change, prior, planned, config);
    } catch (error) {
      // Nothing was called yet: what was there before still is.
      diagnostics.add(...context.explain(error, `Applying ${request.typeName}`));
      return {
        newState: request.priorState,
        private: request.plannedPrivate,
        diagnostics: toDiagnostics(type, diagnostics.all),
      };
    }
    return {
      newState: toDynamic(type, state),
      private: privateState.bytes(),
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}

interface Change {
  readonly context: ServerContext;
  readonly resource: AnyResource<unknown>;
  readonly typeName: string;
  readonly diagnostics: Diagnostics;
  readonly cancelled: AbortSignal;
  readonly privateState: PrivateData;
}

async function create(change: Change, plan: ObjectValue, config: ObjectValue): Promise<ObjectValue | null> {
  const { context, resource, typeName, diagnostics, cancelled, privateState } = change;
  let partial: ObjectValue | undefined;
  const outcome = await context.runConfigured(`Creating ${typeName}`, diagnostics, cancelled, (base) =>
    resource.create({
      ...base,
      plan,
      config,
      privateState,
      setState: (state) => {
        partial = { ...state };
      },
    }),
  );
  if (outcome.ok && isRecord(outcome.value)) {
    return storable(resource.schema, outcome.value, plan, plan, diagnostics);
  }
  if (outcome.ok)
    diagnostics.error('The provider returned no state', `Creating ${typeName} ended without one.`);
  if (partial === undefined) return null;
  // Terraform keeps the object as tainted: it is deleted and made anew by the next apply.
  const known = withoutUnknown(complete(resource.schema, plan));
  return storable(resource.schema, { ...known, ...partial }, plan, null, diagnostics);
}

async function update(
  change: Change,
  prior: ObjectValue,
  plan: ObjectValue,
  config: ObjectValue,
): Promise<ObjectValue> {
  const { context, resource, typeName, diagnostics, cancelled, privateState } = change;
  let partial: ObjectValue | undefined;
  const outcome = await context.runConfigured(
    `Updating ${typeName}`,
    diagnostics,
    cancelled,
    async (base) => {
      if (resource.update === undefined) {
        throw failure(
          'The object cannot be changed in place',
          `${typeName} has no update; a change replaces it.`,
        );
      }
      return resource.update({
        ...base,
        state: prior,
        plan,
        config,
        privateState,
        setState: (state) => {
          partial = { ...state };
        },
      });
    },
  );
  if (outcome.ok && isRecord(outcome.value)) {
    return storable(resource.schema, outcome.value, plan, plan, diagnostics);
  }
  if (outcome.ok)
    diagnostics.error('The provider returned no state', `Updating ${typeName} ended without one.`);
  return storable(resource.schema, { ...prior, ...partial }, prior, null, diagnostics);
}

async function remove(change: Change, prior: ObjectValue): Promise<ObjectValue | null> {
  const { context, resource, typeName, diagnostics, cancelled, privateState } = change;
  const outcome = await context.runConfigured(`Deleting ${typeName}`, diagnostics, cancelled, (base) =>
    resource.delete({ ...base, state: prior, privateState }),
  );
  return outcome.ok && !diagnostics.hasErrors ? null : prior;
}
