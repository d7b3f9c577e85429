// `imagebridge api`: calls any operation of the services by its name, through the typed client.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  findOperation,
  LocalFileError,
  OPERATIONS,
  type OperationInfo,
  type OperationInput,
  type OperationReply,
  Secret,
  verifiedAgainst,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { type CloudOptions, openCloud } from '../cloud.ts';
import { table } from '../format.ts';
import { type CommonOptions, printResult, UsageError } from '../outcome.ts';
import { abortOnSignal } from '../signals.ts';

interface ApiOptions extends CommonOptions, CloudOptions {
  list?: boolean;
  describe?: boolean;
  param: string[];
  body?: string;
  output?: string;
  showSecrets?: boolean;
}

const collect = (text: string, texts: string[]) => [...texts, text];

/** Adds the command. */
export function addApi(program: Command): void {
  program
    .command('api')
    .description('call any operation of the services, by its name or number')
    .argument('[operation]', 'a number, or a call such as DescribeImage or "GET /v2/cloudimages"')
    .option('--list', 'list all operations')
    .option('--describe', 'print what the operation takes, and call nothing')
    .option('--param <name=value>', 'a parameter by its name on the wire; repeat it for lists', collect, [])
    .option('--body <json>', 'further parameters as JSON; @file reads a file, @- standard input')
    .option('--output <file>', 'where to write an answer that is bytes (default: standard output)')
    .option('--show-secrets', 'print tokens of the answer instead of ***')
    .option(
      '--cloud <name>',
      'profile of the cloud (default: IMAGEBRIDGE_CLOUD, or the default of the profiles)',
    )
    .option('--region <region>', "region (default: the profile's)")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  imagebridge api --list
  imagebridge api DescribeImage --param Limit=20 --cloud stack
  imagebridge api "GET /v2/cloudimages" --param __imagetype=private --param limit=10
  imagebridge api 32 --param image_id=ID --body '[{"op":"replace","path":"/name","value":"new"}]'
  imagebridge api "PUT /v2/images/{image_id}/file" --param image_id=ID --body @disk.qcow2`,
    )
    .action(async (text: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ApiOptions>();
      if (options.list) return list(options);
      if (text === undefined) throw new UsageError('Name an operation, or list them with --list.');
      if (options.describe) return describe(options, findOperation(text));
      await call(text, options);
    });
}

function list(options: ApiOptions): void {
  const rows = OPERATIONS.map((operation) => [
    String(operation.number),
    operation.family,
    operation.call,
    verifiedText(operation.number),
    `${operation.title}${operation.insteadUse === undefined ? '' : ` (older: use ${operation.insteadUse})`}`,
  ]);
  printResult(options, OPERATIONS.map(facts), table(rows));
}

function describe(options: ApiOptions, operation: OperationInfo): void {
  const { number, family, call: name, title, seed, parameters, starts, bytes, insteadUse } = operation;
  const lines = [
    `${name}: ${title} (operation ${number}, ${family}, document ${seed})`,
    ...(starts === undefined ? [] : [`Starts work that goes on after the answer (${starts}).`]),
    `Verified against: ${verifiedText(number)}.`,
    ...(insteadUse === undefined ? [] : [`An older edition: operation ${insteadUse} replaces it.`]),
    ...(bytes === 'request' ? ['Sends bytes: give them with --body @file.'] : []),
    ...(bytes === 'reply' ? ['Answers bytes: name a file with --output.'] : []),
    parameters.length === 0 ? 'It takes no parameters.' : 'Parameters:',
    table(
      parameters.map((parameter) => [
        `  ${parameter.name}`,
        parameter.type,
        parameter.required ? 'required' : '',
        parameter.values?.join(' | ') ?? '',
      ]),
    ),
  ];
  printResult(options, facts(operation), lines.join('\n'));
}

/** What stands behind an operation: a live cloud, or less. */
const verifiedText = (number: number): string => verifiedAgainst(number).join(', ') || 'nothing';

/** An operation as plain data; its parameters are worked out when they are read. */
const facts = (operation: OperationInfo) => {
  const { number, family, call: name, title, seed, starts, insteadUse, bytes, parameters } = operation;
  const verified = verifiedAgainst(number);
  return { number, family, call: name, title, seed, starts, insteadUse, bytes, verified, parameters };
};

async function call(text: string, options: ApiOptions): Promise<void> {
  const { signal, release } = abortOnSignal();
  const cloud = await openCloud(options);
  try {
    const operation = findOperation(text, cloud.family);
    if (operation.bytes === 'reply' && options.output === undefined && process.stdout.isTTY)
      throw new UsageError('The answer is bytes: name a file with --output, or redirect standard output.');
    const input = await readInput(operation, options);
    const reply = await cloud.callOperation(operation.number, input, { signal });
    if (reply.bytes !== undefined) await writeBytes(reply.bytes, options.output, signal);
    else printReply(operation, reply, options);
  } finally {
    release();
    await cloud.close();
  }
}

async function readInput(operation: OperationInfo, options: ApiOptions): Promise<OperationInput> {
  const parameters: Record<string, unknown> = {};
  let bytes: OperationInput['bytes'];
  if (options.body !== undefined && operation.bytes === 'request') bytes = await openBytes(options.body);
  else if (options.body !== undefined) addBody(parameters, await readBody(options.body), operation);
  for (const text of options.param) {
    const at = text.indexOf('=');
    if (at <= 0) throw new UsageError(`--param needs NAME=VALUE, not ${JSON.stringify(text)}.`);
    const name = text.slice(0, at);
    const value = text.slice(at + 1);
    const earlier = parameters[name];
    parameters[name] =
      earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value];
  }
  return { parameters, ...(bytes === undefined ? {} : { bytes }) };
}

async function openBytes(body: string): Promise<NonNullable<OperationInput['bytes']>> {
  if (!body.startsWith('@') || body === '@-')
    throw new UsageError('This operation sends bytes: give a file with --body @file.');
  const path = body.slice(1);
  const sizeBytes = await reading(path, async () => (await stat(path)).size);
  return { sizeBytes, open: () => createReadStream(path, { highWaterMark: 1 << 20 }) };
}

async function readBody(body: string): Promise<unknown> {
  const text =
    body === '@-'
      ? await readStandardInput()
      : body.startsWith('@')
        ? await reading(body.slice(1), () => readFile(body.slice(1), 'utf8'))
        : body;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--body is not JSON.');
  }
}

/** An object holds parameters by their names; a list is the one parameter that takes a list of objects. */
function addBody(parameters: Record<string, unknown>, body: unknown, operation: OperationInfo): void {
  if (Array.isArray(body)) {
    const [place, other] = operation.parameters.filter(({ type }) => type === 'object[]');
    if (place === undefined || other !== undefined)
      throw new UsageError(`${operation.call} takes no list as its body: give an object.`);
    parameters[place.name] = body;
  } else if (typeof body === 'object' && body !== null) Object.assign(parameters, body);
  else throw new UsageError('--body must be a JSON object or list.');
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new LocalFileError({
      operation: `read ${path}`,
      reason: cause instanceof Error && 'code' in cause ? String(cause.code) : 'the file cannot be read',
      hint: 'Check the path given with --body.',
      cause,
    });
  }
}

async function writeBytes(
  bytes: AsyncIterable<Uint8Array>,
  path: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (path !== undefined) await pipeline(bytes, createWriteStream(path), { signal });
  else await pipeline(bytes, process.stdout, { signal, end: false });
}

function printReply(operation: OperationInfo, reply: OperationReply, options: ApiOptions): void {
  const shown = options.showSecrets ? revealed : (value: unknown) => value;
  const data = shown(reply.data);
  const headers = shown(reply.headers);
  const lines = [data, headers].filter((part) => part !== undefined);
  printResult(
    options,
    { number: operation.number, call: operation.call, data, headers },
    lines.length === 0 ? 'done' : lines.map((part) => JSON.stringify(part, undefined, 2)).join('\n'),
  );
}

/** The same with its secrets readable. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revealed(member)]));
}
