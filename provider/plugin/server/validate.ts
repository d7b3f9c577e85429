// The Validate calls: attribute validators, then the object's own check. Values may still be unknown.
import type { ValidateConfigRequest } from '../definition/resource.ts';
import { Diagnostics } from '../diagnostics.ts';
import type { Schema } from '../schema/schema.ts';
import { nestedOf, type Shape, typeOf } from '../schema/shape.ts';
import { AttributePath } from '../values/path.ts';
import { entriesOf, isRecord, own } from '../values/record.ts';
import { isWhollyKnown, UNKNOWN } from '../values/unknown.ts';
import type { Decoded } from '../wire/protobuf.ts';
import type { DiagnosticMessage, DynamicValue } from '../wire/tfplugin6.ts';
import type { CallHandler } from './calls.ts';
import { refuseNullElements } from './check.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { dataSourceOf, ephemeralResourceOf, resourceOf } from './lookup.ts';
import { mapNested, type ObjectValue } from './objects.ts';
import { toDiagnostics } from './to-proto.ts';

interface Checked {
  readonly schema: Schema;
  validateConfig?(request: ValidateConfigRequest<Schema>): Promise<void>;
}

/** Serves ValidateProviderConfig. */
export function validateProviderConfig(context: ServerContext): CallHandler<'ValidateProviderConfig'> {
  return async ({ config }, cancelled) => ({
    diagnostics: await validate(
      context,
      'The provider configuration',
      context.provider,
      config,
      true,
      cancelled,
    ),
  });
}

/** Serves ValidateResourceConfig. */
export function validateResourceConfig(context: ServerContext): CallHandler<'ValidateResourceConfig'> {
  return async ({ typeName, config, clientCapabilities }, cancelled) => {
    const writeOnly = clientCapabilities?.writeOnlyAttributesAllowed === true;
    const resource = resourceOf(context, typeName);
    return {
      diagnostics: await validate(context, `Validating ${typeName}`, resource, config, writeOnly, cancelled),
    };
  };
}

/** Serves ValidateDataResourceConfig. */
export function validateDataResourceConfig(
  context: ServerContext,
): CallHandler<'ValidateDataResourceConfig'> {
  return async ({ typeName, config }, cancelled) => ({
    diagnostics: await validate(
      context,
      `Validating data ${typeName}`,
      dataSourceOf(context, typeName),
      config,
      true,
      cancelled,
    ),
  });
}

/** Serves ValidateEphemeralResourceConfig. */
export function validateEphemeralResourceConfig(
  context: ServerContext,
): CallHandler<'ValidateEphemeralResourceConfig'> {
  return async ({ typeName, config }, cancelled) => ({
    diagnostics: await validate(
      context,
      `Validating ephemeral ${typeName}`,
      ephemeralResourceOf(context, typeName),
      config,
      true,
      cancelled,
    ),
  });
}

async function validate(
  context: ServerContext,
  name: string,
  checked: Checked,
  dynamic: Decoded<typeof DynamicValue> | undefined,
  writeOnlyAllowed: boolean,
  cancelled: AbortSignal,
): Promise<Decoded<typeof DiagnosticMessage>[]> {
  const type = typeOf(checked.schema);
  const diagnostics = new Diagnostics();
  await context.run(name, diagnostics, cancelled, async (base) => {
    const config = objectFrom(type, dynamic);
    if (config === null) return;
    const { deprecated } = checked.schema;
    if (deprecated !== undefined) diagnostics.warning('Deprecated', deprecated);
    refuseNullElements(type, config, diagnostics);
    validateValues(checked.schema, config, writeOnlyAllowed, diagnostics, AttributePath.root);
    // Models promise what was checked above, so the object's own check needs it to hold.
    if (!diagnostics.hasErrors) await checked.validateConfig?.({ ...base, config });
  });
  return toDiagnostics(type, diagnostics.all);
}

function validateValues(
  shape: Shape,
  config: ObjectValue,
  writeOnlyAllowed: boolean,
  diagnostics: Diagnostics,
  at: AttributePath,
): void {
  for (const [name, attribute] of entriesOf(shape.attributes)) {
    const value = own(config, name) ?? null;
    const path = at.attribute(name);
    if (value === null) continue;
    if (attribute.writeOnly && !writeOnlyAllowed) {
      diagnostics.error(
        'Terraform is too old for this attribute',
        `${path} is write-only, which needs Terraform 1.11 or newer: an older one would store the value.`,
        path,
      );
    }
    if (attribute.deprecated !== undefined && value !== UNKNOWN) {
      diagnostics.warning('Deprecated attribute', `${path} is deprecated. ${attribute.deprecated}`, path);
    }
    if (!isWhollyKnown(value)) continue;
    for (const validator of attribute.validators) validator.validate({ value, path, diagnostics });
  }
  for (const [name, nested] of nestedOf(shape)) {
    const path = at.attribute(name);
    const deprecated = shape.blocks[name]?.deprecated;
    if (deprecated !== undefined && isPresent(own(config, name))) {
      diagnostics.warning('Deprecated block', `${path} is deprecated. ${deprecated}`, path);
    }
    mapNested(nested, own(config, name), path, (element, path) => {
      validateValues(nested.shape, element, writeOnlyAllowed, diagnostics, path);
      return element;
    });
  }
}

/** True where a block is written at least once. */
function isPresent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) && Object.keys(value).length > 0;
}
