// ReadResource, ImportResourceState and ReadDataSource: what is there.
import { Diagnostics, failure } from '../diagnostics.ts';
import { typeOf } from '../schema/shape.ts';
import { isRecord } from '../values/record.ts';
import { UNKNOWN } from '../values/unknown.ts';
import type { CallHandler } from './calls.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { dataSourceOf, resourceOf } from './lookup.ts';
import { undecided } from './plan-values.ts';
import { PrivateData } from './private.ts';
import { storable } from './result.ts';
import { toDiagnostics, toDynamic } from './to-proto.ts';

/** Serves ReadResource. Null means gone: Terraform then plans to make it anew. */
export function readResource(context: ServerContext): CallHandler<'ReadResource'> {
  return async (request, cancelled) => {
    const resource = resourceOf(context, request.typeName);
    const deferred = context.deferral(request.clientCapabilities);
    if (deferred) return { newState: request.currentState, private: request.private, deferred };
    const type = typeOf(resource.schema);
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(request.private);
    const name = `Reading ${request.typeName}`;
    const outcome = await context.runConfigured(name, diagnostics, cancelled, async (base) => {
      const state = objectFrom(type, request.currentState);
      if (state === null) return null;
      const found = await resource.read({ ...base, state, privateState });
      return found === null ? null : storable(resource.schema, found, state, null, diagnostics);
    });
    return {
      // After an error Terraform keeps what it had.
      newState: outcome.ok ? toDynamic(type, outcome.value) : request.currentState,
      private: outcome.ok ? privateState.bytes() : request.private,
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}

/** Serves ImportResourceState. Terraform reads the object right after it. */
export function importResourceState(context: ServerContext): CallHandler<'ImportResourceState'> {
  return async ({ typeName, id, clientCapabilities }, cancelled) => {
    const resource = resourceOf(context, typeName);
    const type = typeOf(resource.schema);
    const deferred = context.deferral(clientCapabilities);
    if (deferred) {
      const unknown = { typeName, state: toDynamic(type, UNKNOWN), private: new Uint8Array(0) };
      return { importedResources: [unknown], deferred };
    }
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(new Uint8Array(0));
    const outcome = await context.runConfigured(
      `Importing ${typeName}`,
      diagnostics,
      cancelled,
      async (base) => {
        if (resource.importState === undefined) {
          throw failure(
            'The resource cannot be imported',
            `${typeName} has no import. Declare it, and let apply make it.`,
          );
        }
        const stub = await resource.importState({ ...base, id, privateState });
        if (!isRecord(stub)) throw failure('Nothing to import', `No ${typeName} was found for "${id}".`);
        return storable(resource.schema, stub, null, null, diagnostics);
      },
    );
    const imported = outcome.ok && !diagnostics.hasErrors;
    return {
      importedResources: imported
        ? [{ typeName, state: toDynamic(type, outcome.value), private: privateState.bytes() }]
        : [],
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}

/** Serves ReadDataSource. */
export function readDataSource(context: ServerContext): CallHandler<'ReadDataSource'> {
  return async (request, cancelled) => {
    const source = dataSourceOf(context, request.typeName);
    const type = typeOf(source.schema);
    const deferred = context.deferral(request.clientCapabilities);
    if (deferred) return { state: toDynamic(type, UNKNOWN), deferred };
    const diagnostics = new Diagnostics();
    const name = `Reading data ${request.typeName}`;
    const outcome = await context.runConfigured(name, diagnostics, cancelled, async (base) => {
      const config = objectFrom(type, request.config);
      if (config === null) throw failure('The configuration is missing', 'Terraform sent none.');
      const found = await source.read({ ...base, config });
      return storable(source.schema, found, config, undecided(source.schema, config), diagnostics);
    });
    return {
      state: outcome.ok ? toDynamic(type, outcome.value) : undefined,
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}
