// UpgradeResourceState: runs for every object on every command, also where the version is the current one.
import { Diagnostics, failure } from '../diagnostics.ts';
import { typeOf } from '../schema/shape.ts';
import { AttributePath } from '../values/path.ts';
import { isRecord } from '../values/record.ts';
import type { CallHandler } from './calls.ts';
import type { ServerContext } from './context.ts';
import { fromJson, parseJson } from './from-json.ts';
import { resourceOf } from './lookup.ts';
import { complete } from './objects.ts';
import { toDiagnostics, toDynamic } from './to-proto.ts';

/** Serves UpgradeResourceState. */
export function upgradeResourceState(context: ServerContext): CallHandler<'UpgradeResourceState'> {
  return async ({ typeName, version, rawState }, cancelled) => {
    const { schema, upgradeState } = resourceOf(context, typeName);
    const type = typeOf(schema);
    const diagnostics = new Diagnostics();
    const outcome = await context.run(
      `Upgrading the state of ${typeName}`,
      diagnostics,
      cancelled,
      async (base) => {
        if (rawState === undefined || rawState.json.length === 0) {
          throw failure(
            'The stored state is too old',
            `The state of ${typeName} is in the form of Terraform 0.11.`,
          );
        }
        const stored = parseJson(rawState.json);
        if (stored === null) return toDynamic(type, null);
        if (!isRecord(stored))
          throw failure('The stored state is damaged', `The state of ${typeName} is no object.`);
        let current: unknown = stored;
        if (version > schema.version) {
          throw failure(
            'The stored state is from a newer provider',
            `${typeName} was stored with schema version ${version}; this provider knows up to ${schema.version}. Use a newer provider.`,
          );
        }
        if (version < schema.version) {
          const step = upgradeState?.[version];
          if (step === undefined) {
            throw failure(
              'The stored state cannot be upgraded',
              `${typeName} was stored with schema version ${version}, and this provider has no step from there to ${schema.version}.`,
            );
          }
          current = await step({ ...base, rawState: stored });
        }
        const value = fromJson(type, current, AttributePath.root);
        return toDynamic(type, isRecord(value) ? complete(schema, value) : null);
      },
    );
    return {
      upgradedState: outcome.ok ? outcome.value : undefined,
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}
