// MoveResourceState: a `moved` block that leads here from another resource type, perhaps of another provider.
import { Diagnostics, failure } from '../diagnostics.ts';
import { typeOf } from '../schema/shape.ts';
import { AttributePath } from '../values/path.ts';
import { isRecord } from '../values/record.ts';
import type { CallHandler } from './calls.ts';
import type { ServerContext } from './context.ts';
import { fromJson, parseJson } from './from-json.ts';
import { resourceOf } from './lookup.ts';
import { complete } from './objects.ts';
import { PrivateData } from './private.ts';
import { toDiagnostics, toDynamic } from './to-proto.ts';

/** Serves MoveResourceState. Runs without `configure`; Terraform reads the object right after it. */
export function moveResourceState(context: ServerContext): CallHandler<'MoveResourceState'> {
  return async (request, cancelled) => {
    const { sourceProviderAddress, sourceTypeName, sourceSchemaVersion, targetTypeName } = request;
    const { schema, moveState } = resourceOf(context, targetTypeName);
    const type = typeOf(schema);
    const diagnostics = new Diagnostics();
    const name = `Moving ${sourceTypeName} to ${targetTypeName}`;
    // What another provider kept for itself means nothing here.
    const ours = sourceProviderAddress === context.provider.address;
    const privateState = new PrivateData(ours ? request.sourcePrivate : new Uint8Array(0));
    const outcome = await context.run(name, diagnostics, cancelled, async (base) => {
      const sourceState = parseJson(request.sourceState?.json ?? new Uint8Array(0));
      if (!isRecord(sourceState)) {
        throw failure('The stored state is damaged', `The state of ${sourceTypeName} is no object.`);
      }
      const source = { sourceProviderAddress, sourceTypeName, sourceSchemaVersion, sourceState };
      const moved = await moveState?.({ ...base, ...source, privateState });
      if (moved === undefined) {
        throw failure(
          'The resource cannot be moved',
          `${targetTypeName} cannot take over a ${sourceTypeName} of ${sourceProviderAddress}. ` +
            'Remove the moved block; use a removed block for the old address and an import block for the new one.',
        );
      }
      const value = fromJson(type, moved, AttributePath.root);
      return toDynamic(type, isRecord(value) ? complete(schema, value) : null);
    });
    return {
      targetState: outcome.ok ? outcome.value : undefined,
      targetPrivate: privateState.bytes(),
      diagnostics: toDiagnostics(type, diagnostics.all),
    };
  };
}
