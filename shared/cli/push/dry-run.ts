// `imagebridge push --dry-run`: inspects, asks whether the clouds would take it, and sends nothing.
import {
  ConflictError,
  ImageBridgeError,
  type ImageCloud,
  inspectFile,
  type Preflight,
  type PublishItem,
  preflight,
} from '@imagebridge/core';
import { formatBytes, table } from '../format.ts';
import { type CommonOptions, errorData, exitCodeOf, printError, printResult } from '../outcome.ts';
import { abortOnSignal } from '../signals.ts';
import { isForCloud, type Plan } from './plan.ts';

interface Verdict {
  item: PublishItem;
  plan?: Preflight;
  /** What would be done instead: what a cloud says to a file that is changed first is not known before. */
  first?: string;
  error?: ImageBridgeError;
}

/** Tells what would happen. Sets the exit code to that of the first refusal. */
export async function dryRun({ tasks, request }: Plan, options: CommonOptions): Promise<void> {
  const { signal, release } = abortOnSignal();
  const verdicts: Verdict[] = [];
  try {
    for (const { item } of tasks) verdicts.push(await judge(item, request, signal));
  } finally {
    release();
  }
  for (const { plan, item } of verdicts)
    for (const { severity, message, remedy } of plan?.inspection.findings ?? [])
      process.stderr.write(`${item.path}: ${severity}: ${message} ${remedy}\n`);
  const errors = verdicts.flatMap(({ error }) => error ?? []);
  for (const error of errors) printError(error, false);
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  printResult(
    options,
    { dryRun: true, results: verdicts.map(dataOf) },
    table([['FILE', 'TARGET', 'NAME', 'FORMAT', 'SIZE', 'VERDICT'], ...verdicts.map(rowOf)], columns),
  );
  if (errors.length > 0) process.exitCode = exitCodeOf(errors[0]);
}

async function judge(item: PublishItem, request: Plan['request'], signal: AbortSignal): Promise<Verdict> {
  const cloud = request.clouds.find(({ name, region }) => name === item.cloud && region === item.region);
  try {
    // A bucket takes any file.
    if (cloud === undefined) {
      await inspectFile(item.path, { signal });
      return { item, first: 'would go: as it is' };
    }
    const image = { ...request.image, name: item.name };
    const { route, staging, method, diskFormat } = request;
    const first = await preparation(cloud, item, request, signal);
    if (request.ifExists === 'fail') await refuseTakenName(cloud, item, signal);
    if (first !== undefined) return { item, first };
    const plan = await preflight(cloud, item.path, image, diskFormat, { route, staging, method, signal });
    return { item, plan };
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
    return { item, error };
  }
}

/** What would be done to a file before it is sent. */
async function preparation(
  cloud: ImageCloud,
  item: PublishItem,
  request: Pick<Plan['request'], 'unpack' | 'convert' | 'diskFormat'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { compression, format, findings, encrypted } = await inspectFile(item.path, { signal });
  if (compression !== undefined)
    return request.unpack && compression !== 'lz4' ? 'would be unpacked' : undefined;
  const unsafe = encrypted || findings.some(({ severity }) => severity === 'error');
  const taken = cloud.capabilities.importFormats.includes(format);
  const converts = request.convert && request.diskFormat === undefined && !unsafe && !taken;
  return converts ? `would be converted from ${format}` : undefined;
}

async function refuseTakenName(cloud: ImageCloud, item: PublishItem, signal: AbortSignal): Promise<void> {
  for await (const image of cloud.listImages({ scope: 'own', name: item.name }, { signal })) {
    if (image.name !== item.name || ['failed', 'deleted'].includes(image.status)) continue;
    throw new ConflictError({
      operation: `publish ${item.path} as ${JSON.stringify(item.name)}`,
      cloud: `${cloud.family} "${cloud.name}" (${cloud.region})`,
      object: image.id,
      reason: `image ${image.id} has that name already`,
      hint: 'Choose another name, or --if-exists skip or new.',
    });
  }
}

const rowOf = ({ item, plan, first, error }: Verdict) => [
  item.path.split(/[\\/]/).pop() ?? '',
  isForCloud(item) ? `${item.cloud}/${item.region}` : item.name,
  isForCloud(item) ? item.name : '',
  plan?.diskFormat ?? '',
  plan ? formatBytes(plan.inspection.fileSizeBytes) : '',
  error ? `refused: ${error.kind}` : (first ?? `would go: ${plan?.choice.route}, ${plan?.choice.method}`),
];

const dataOf = ({ item, plan, first, error }: Verdict) => ({
  ...item,
  verdict: error ? 'refused' : 'ok',
  ...(first === undefined ? {} : { first }),
  ...(plan
    ? {
        diskFormat: plan.diskFormat,
        sizeBytes: plan.inspection.fileSizeBytes,
        minDiskGiB: plan.minDiskGiB,
        choice: plan.choice,
        findings: plan.inspection.findings,
      }
    : {}),
  ...(error ? { error: errorData(error) } : {}),
});
