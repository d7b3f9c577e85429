// How a family puts one of its operations into the table of all operations: a checked request, and the typed client
// function that is called with it. Imports the model and zod.
import { z } from 'zod';
import {
  type CallOptions,
  InvalidInputError,
  type OperationInfo,
  type OperationInput,
  type OperationParameter,
  type OperationReply,
} from '../model/index.ts';

/** An operation that can be called. `Session` is what the family's client functions take. */
export interface Operation<Session> extends OperationInfo {
  /** @throws InvalidInputError for parameters that do not fit, before anything is sent; what the client function throws */
  run(session: Session, input: OperationInput, options?: CallOptions): Promise<OperationReply>;
}

/** What an operation is made of. */
export interface OperationDefinition<Session, Request> extends Omit<OperationInfo, 'parameters'> {
  /** Every parameter by its wire name. */
  request: z.ZodType<Request>;
  /** Calls the typed client function. `bytes` is there for operations that take bytes. */
  run(
    session: Session,
    request: Request,
    options: CallOptions | undefined,
    bytes: OperationInput['bytes'],
  ): Promise<OperationReply>;
}

/** Makes an operation. */
export function defineOperation<Session, Request>(
  definition: OperationDefinition<Session, Request>,
): Operation<Session> {
  const { request, run, ...info } = definition;
  let parameters: readonly OperationParameter[] | undefined;
  const operation: Operation<Session> = {
    ...info,
    // Asked for by help and tables only: it costs time, and the operations are loaded with every cloud.
    get parameters() {
      parameters ??= parametersOf(request);
      return parameters;
    },
    async run(session, input, options) {
      const values = readTexts(input.parameters, operation.parameters);
      const result = request.safeParse(values);
      if (!result.success) throw wrongParameter(info.call, result.error.issues[0], values);
      if (info.bytes === 'request' && input.bytes === undefined) {
        throw new InvalidInputError({
          operation: `call ${info.call}`,
          reason: 'it sends bytes, and none were given',
          hint: 'Give the file that is to be sent.',
        });
      }
      return run(session, result.data, options, input.bytes);
    },
  };
  return operation;
}

interface JsonSchema {
  type?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  items?: JsonSchema | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  anyOf?: JsonSchema[] | undefined;
  allOf?: JsonSchema[] | undefined;
}

function parametersOf(request: z.ZodType): OperationParameter[] {
  const schema: JsonSchema = z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const found = new Map<string, OperationParameter>();
  collect(schema, true, found);
  return [...found.values()];
}

function collect(schema: JsonSchema, all: boolean, found: Map<string, OperationParameter>): void {
  for (const part of schema.allOf ?? []) collect(part, all, found);
  // A parameter is required only where every variant requires it.
  for (const part of schema.anyOf ?? []) collect(part, false, found);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const values = (member.const === undefined ? member.enum : [member.const])?.map(String);
    const required = all && (schema.required?.includes(name) ?? false);
    found.set(name, { name, type: typeOf(member), required, ...(values ? { values } : {}) });
  }
}

function typeOf(schema: JsonSchema): string {
  if (schema.type === 'array') return `${schema.items ? typeOf(schema.items) : 'object'}[]`;
  if (schema.type !== undefined) return schema.type;
  const variant = schema.anyOf?.find((part) => part.type !== undefined && part.type !== 'null');
  return variant ? typeOf(variant) : typeof (schema.const ?? schema.enum?.[0] ?? {});
}

/** Values that came as text (from a command line) in the type that the parameter has. What does not fit stays as it is. */
function readTexts(
  values: Readonly<Record<string, unknown>>,
  parameters: readonly OperationParameter[],
): Record<string, unknown> {
  const types = new Map(parameters.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, readText(value, types.get(name) ?? 'string')]),
  );
}

function readText(value: unknown, type: string): unknown {
  if (type.endsWith('[]')) {
    const item = type.slice(0, -2);
    if (Array.isArray(value)) return value.map((member) => readText(member, item));
    if (typeof value !== 'string') return value;
    const parsed = value.trim().startsWith('[') ? parseJson(value) : undefined;
    return Array.isArray(parsed) ? parsed : [readText(value, item)];
  }
  if (typeof value !== 'string') return value;
  switch (type) {
    case 'integer':
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'object':
      return parseJson(value) ?? value;
    default:
      return value;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongParameter(
  call: string,
  issue: z.core.$ZodIssue | undefined,
  values: Record<string, unknown>,
): InvalidInputError {
  const operation = `call ${call}`;
  if (issue === undefined) return new InvalidInputError({ operation, reason: 'its parameters are wrong' });
  if (issue.code === 'unrecognized_keys') {
    return new InvalidInputError({ operation, reason: `it has no parameter ${issue.keys.join(', ')}` });
  }
  const name = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>(
    (place, key) =>
      typeof place === 'object' && place !== null ? (place as Record<PropertyKey, unknown>)[key] : undefined,
    values,
  );
  if (value === undefined && name !== '') {
    return new InvalidInputError({ operation, reason: `the parameter ${name} is missing` });
  }
  // Values of parameters named like secrets are not repeated.
  const secret = /secret|password|private|token|key$/i.test(name);
  const shown = secret || value === undefined ? '' : ` (given: ${JSON.stringify(value)?.slice(0, 200)})`;
  return new InvalidInputError({
    operation,
    reason: name === '' ? issue.message : `the parameter ${name}: ${issue.message}${shown}`,
  });
}
