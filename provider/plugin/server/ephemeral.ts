// OpenEphemeralResource, RenewEphemeralResource and CloseEphemeralResource: values that live while Terraform runs.
import type { AnyEphemeralResource, Renewal } from '../definition/ephemeral-resource.ts';
import { Diagnostics, failure } from '../diagnostics.ts';
import { typeOf } from '../schema/shape.ts';
import { isRecord } from '../values/record.ts';
import { UNKNOWN } from '../values/unknown.ts';
import type { Decoded } from '../wire/protobuf.ts';
import type { Timestamp } from '../wire/tfplugin6.ts';
import type { CallHandler } from './calls.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { ephemeralResourceOf } from './lookup.ts';
import { undecided } from './plan-values.ts';
import { PrivateData } from './private.ts';
import { storable } from './result.ts';
import { toDiagnostics, toDynamic } from './to-proto.ts';

/** Serves OpenEphemeralResource. */
export function openEphemeralResource(context: ServerContext): CallHandler<'OpenEphemeralResource'> {
  return async (request, cancelled) => {
    const ephemeral = ephemeralResourceOf(context, request.typeName);
    const type = typeOf(ephemeral.schema);
    const deferred = context.deferral(request.clientCapabilities);
    if (deferred) return { result: toDynamic(type, UNKNOWN), deferred };
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(new Uint8Array(0));
    const name = `Opening ${request.typeName}`;
    let opened = false;
    const outcome = await context.runConfigured(name, diagnostics, cancelled, async (base) => {
      const config = objectFrom(type, request.config);
      if (config === null) throw failure('The configuration is missing', 'Terraform sent none.');
      const { result, renewAt } = await ephemeral.open({ ...base, config, privateState });
      opened = true;
      if (!isRecord(result)) throw failure('The provider returned no result', `${name} ended without one.`);
      const state = storable(
        ephemeral.schema,
        result,
        config,
        undecided(ephemeral.schema, config),
        diagnostics,
      );
      return { result: toDynamic(type, state), renewAt: toTimestamp(renewAt, name) };
    });
    if (outcome.ok && !diagnostics.hasErrors) {
      return {
        ...outcome.value,
        private: privateState.bytes(),
        diagnostics: toDiagnostics(type, diagnostics.all),
      };
    }
    // Terraform does not close what it could not take.
    if (opened) await close(context, ephemeral, request.typeName, privateState, diagnostics, cancelled);
    return { diagnostics: toDiagnostics(type, diagnostics.all) };
  };
}

/** Serves RenewEphemeralResource. */
export function renewEphemeralResource(context: ServerContext): CallHandler<'RenewEphemeralResource'> {
  return async (request, cancelled) => {
    const ephemeral = ephemeralResourceOf(context, request.typeName);
    const diagnostics = new Diagnostics();
    const privateState = new PrivateData(request.private);
    const name = `Renewing ${request.typeName}`;
    const outcome = await context.runConfigured(name, diagnostics, cancelled, async (base) => {
      if (ephemeral.renew === undefined) {
        throw failure('The value cannot be renewed', `${request.typeName} has no renew.`);
      }
      const renewal: Renewal | undefined = await ephemeral.renew({ ...base, privateState });
      return toTimestamp(renewal?.renewAt, name);
    });
    return {
      renewAt: outcome.ok ? outcome.value : undefined,
      private: privateState.bytes(),
      diagnostics: toDiagnostics(typeOf(ephemeral.schema), diagnostics.all),
    };
  };
}

/** Serves CloseEphemeralResource. */
export function closeEphemeralResource(context: ServerContext): CallHandler<'CloseEphemeralResource'> {
  return async ({ typeName, private: kept }, cancelled) => {
    const ephemeral = ephemeralResourceOf(context, typeName);
    const diagnostics = new Diagnostics();
    await close(context, ephemeral, typeName, new PrivateData(kept), diagnostics, cancelled);
    return { diagnostics: toDiagnostics(typeOf(ephemeral.schema), diagnostics.all) };
  };
}

async function close(
  context: ServerContext,
  ephemeral: AnyEphemeralResource<unknown>,
  typeName: string,
  privateState: PrivateData,
  diagnostics: Diagnostics,
  cancelled: AbortSignal,
): Promise<void> {
  if (ephemeral.close === undefined) return;
  await context.runConfigured(`Closing ${typeName}`, diagnostics, cancelled, async (base) =>
    ephemeral.close?.({ ...base, privateState }),
  );
}

/** A moment as the protocol carries it. Throws DiagnosticError where it is none: Terraform would renew without a pause. */
function toTimestamp(at: Date | undefined, name: string): Decoded<typeof Timestamp> | undefined {
  if (at === undefined) return undefined;
  const ms = at.getTime();
  if (!Number.isFinite(ms)) {
    throw failure('The provider returned no moment', `${name} ended with a renewAt that is no valid date.`);
  }
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}
