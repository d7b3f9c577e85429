// The calls about the provider as a whole: its schema, its configuration, its functions, and stopping it.
import { ArgumentError } from '../definition/function.ts';
import { Diagnostics, failure } from '../diagnostics.ts';
import { type SchemaKind, schemaProblems } from '../schema/check-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { type Shape, typeOf } from '../schema/shape.ts';
import { decodeValue } from '../values/codec.ts';
import { AttributePath } from '../values/path.ts';
import { emptyRecord } from '../values/record.ts';
import { ValueError } from '../values/value-error.ts';
import type { CallHandler } from './calls.ts';
import { objectFrom, type ServerContext } from './context.ts';
import { unheardOf } from './lookup.ts';
import { toDiagnostics, toDynamic, toFunction, toSchema } from './to-proto.ts';

function mapped<A, B>(
  from: Readonly<Record<string, A>>,
  change: (one: A, name: string) => B,
): Record<string, B> {
  const result = emptyRecord<B>();
  for (const [name, one] of Object.entries(from)) result[name] = change(one, name);
  return result;
}

/** Serves GetProviderSchema. */
export function getProviderSchema({ provider }: ServerContext): CallHandler<'GetProviderSchema'> {
  return async () => {
    const diagnostics = new Diagnostics();
    const checked = (schema: Schema, kind: SchemaKind, of: string) => {
      for (const problem of schemaProblems(schema, kind)) {
        diagnostics.error(
          'The schema of the provider is wrong',
          `${of}: ${problem} This is a bug of the provider.`,
        );
      }
      return toSchema(schema);
    };
    const all = (kind: SchemaKind, from: Readonly<Record<string, { readonly schema: Schema }>> = {}) =>
      mapped(from, ({ schema }, name) => checked(schema, kind, `${kind} ${name}`));
    return {
      provider: checked(provider.schema, 'provider', provider.address),
      resourceSchemas: all('resource', provider.resources),
      dataSourceSchemas: all('data source', provider.dataSources),
      ephemeralResourceSchemas: all('ephemeral resource', provider.ephemeralResources),
      functions: mapped(provider.functions ?? {}, toFunction),
      serverCapabilities: {
        // Plans destroys as well, so that modifyPlan sees them.
        planDestroy: true,
        // Terraform may keep the schema in memory, and then asks for it once per command.
        getProviderSchemaOptional: true,
        moveResourceState: Object.values(provider.resources).some(({ moveState }) => moveState !== undefined),
      },
      diagnostics: toDiagnostics(typeOf(provider.schema), diagnostics.all),
    };
  };
}

/** Serves ConfigureProvider. */
export function configureProvider(context: ServerContext): CallHandler<'ConfigureProvider'> {
  const { provider } = context;
  const shape: Shape = provider.schema;
  const type = typeOf(shape);
  return async (request, cancelled) => {
    const diagnostics = new Diagnostics();
    const deferralAllowed = request.clientCapabilities?.deferralAllowed === true;
    let deferred = false;
    const outcome = await context.run('Configuring the provider', diagnostics, cancelled, async (base) => {
      const config = objectFrom(type, request.config);
      if (config === null) throw failure('The configuration is missing', 'Terraform sent none.');
      return provider.configure({
        ...base,
        config,
        terraformVersion: request.terraformVersion,
        defer() {
          deferred = true;
          return deferralAllowed;
        },
      });
    });
    if (outcome.ok && !diagnostics.hasErrors) context.setConfigured(outcome.value, deferred);
    return { diagnostics: toDiagnostics(type, diagnostics.all) };
  };
}

/** Serves StopProvider: running handlers are told to stop, and the answer does not wait for them. */
export function stopProvider(context: ServerContext): CallHandler<'StopProvider'> {
  return async () => {
    context.stop('Terraform was interrupted');
    return { error: '' };
  };
}

/** Serves CallFunction. Functions have no diagnostics: one text, and the argument it is about. */
export function callFunction(context: ServerContext): CallHandler<'CallFunction'> {
  return async ({ name, arguments: given }, cancelled) => {
    const functions = context.provider.functions ?? {};
    const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (definition === undefined) throw unheardOf(`function "${name}"`);
    const diagnostics = new Diagnostics();
    let blamed: number | undefined;
    const outcome = await context.run(`Function ${name}`, diagnostics, cancelled, async (base) => {
      try {
        const values = given.map(({ msgpack }, index) => {
          const type = (definition.parameters[index] ?? definition.variadic)?.type;
          if (type === undefined) throw new ArgumentError(index, 'there are too many arguments');
          try {
            return decodeValue({ ...type, nullable: true }, msgpack, AttributePath.root);
          } catch (error) {
            throw error instanceof ValueError ? new ArgumentError(index, error.message) : error;
          }
        });
        const count = definition.parameters.length;
        const result = await definition.call({
          signal: base.signal,
          log: base.log,
          args: values.slice(0, count),
          rest: values.slice(count),
        });
        return toDynamic(definition.returns, result);
      } catch (error) {
        if (error instanceof ArgumentError) blamed = error.argument;
        throw error;
      }
    });
    if (outcome.ok) return { result: outcome.value };
    const text = diagnostics.all
      .map(({ summary, detail }) =>
        blamed !== undefined && detail ? detail : [summary, detail].filter(Boolean).join(': '),
      )
      .join('\n');
    return { error: { text, functionArgument: blamed } };
  };
}
