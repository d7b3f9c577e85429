// What `imagebridge push` does: reads files and targets, publishes each file to each target, and tells what became of it.
import path from 'node:path';
import {
  CancelledError,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  openBucket,
  type PublishEvent,
  type PublishItem,
  type PublishItemResult,
  type PublishManyRequest,
  publishItems,
  publishMany,
  publishToBucket,
  stateDir,
} from '@imagebridge/core';
import { openCloud } from '../cloud.ts';
import { formatBytes, table } from '../format.ts';
import type { ProgressOptions } from '../options.ts';
import {
  type CommonOptions,
  EXIT,
  errorData,
  exitCodeOf,
  printError,
  printResult,
  UsageError,
} from '../outcome.ts';
import { modeOf, progressView } from '../progress.ts';
import { interruptible } from '../signals.ts';
import { dryRun } from './dry-run.ts';
import { expandFiles } from './glob.ts';
import {
  isUnfinished,
  type Manifest,
  type ManifestResult,
  readManifest,
  storedImage,
  writeManifest,
} from './manifest.ts';
import { type ManyView, manyView } from './many-view.ts';
import { type BucketTarget, keyOf, readBucket, readTargets } from './targets.ts';

/** The options of the command. */
export interface PushOptions extends CommonOptions, ProgressOptions {
  to?: string[];
  region?: string;
  name?: string;
  description?: string;
  osVersion?: string;
  osType?: string;
  osDistribution?: string;
  architecture?: string;
  bootMode?: 'bios' | 'uefi';
  minDisk?: number;
  minRam?: number;
  visibility?: string;
  protect?: boolean;
  tag: Record<string, string>;
  property?: Record<string, string>;
  diskFormat?: string;
  sha256?: string;
  ifExists: 'skip' | 'fail' | 'new';
  route: 'auto' | 'direct' | 'staged';
  bucket?: string;
  via?: string;
  keepStaged?: boolean;
  endpointUrl?: string;
  pathStyle?: boolean;
  limitRate?: number;
  partSize?: number;
  parallel?: number;
  uploads?: number;
  wait?: boolean;
  importTimeout?: number;
  dryRun?: boolean;
  result?: string;
  retryFrom?: string;
}

/** One file on its way to one target. */
interface Task {
  item: PublishItem;
  /** Absent: the target is a cloud. */
  bucket?: BucketTarget | undefined;
}

/** How a task ended, with what only this process knows of it. */
interface Ended extends Omit<PublishItemResult, 'status' | 'image'> {
  status: ManifestResult['status'];
  jobId?: string | undefined;
  image?: Image | undefined;
  adopted?: boolean | undefined;
  url?: string | undefined;
}

/** Publishes what the command line asks for. Sets the exit code. */
export async function push(texts: readonly string[], options: PushOptions): Promise<void> {
  const earlier = options.retryFrom === undefined ? undefined : readManifest(options.retryFrom);
  if (earlier && (texts.length > 0 || options.to))
    throw new UsageError('--retry-from knows the files and the targets: leave both out.');
  if (!earlier && texts.length === 0) throw new UsageError('Name a file to push.');
  const closing: { close(): Promise<void> }[] = [];
  try {
    const plan = await planOf(texts, options, earlier, closing);
    if (earlier && plan.tasks.length === 0) {
      const text = `nothing to do: everything in ${options.retryFrom} succeeded`;
      return printResult(options, earlier, text);
    }
    if (options.dryRun) return await dryRun(plan.request, options);
    await run(plan, options, earlier, closing);
  } finally {
    await Promise.all(closing.map((one) => one.close()));
  }
}

interface Plan {
  tasks: Task[];
  request: Omit<PublishManyRequest, 'onEvent' | 'onResult' | 'signal'>;
}

async function planOf(
  texts: readonly string[],
  options: PushOptions,
  earlier: Manifest | undefined,
  closing: { close(): Promise<void> }[],
): Promise<Plan> {
  const again = earlier?.results.filter(isUnfinished);
  const files = expandFiles(texts);
  const targets = again ? [] : readTargets(options.to ?? [], options.region);
  const clouds: ImageCloud[] = [];
  const open = async (cloud: string | undefined, region: string | undefined) => {
    const opened = await openCloud({ cloud, region, config: options.config });
    closing.push(opened);
    clouds.push(opened);
  };
  const wanted = again ? cloudsOf(again) : targets.filter((target) => target.kind === 'cloud');
  for (const { cloud, region } of wanted) await open(cloud, region);
  const image = { ...earlier?.image, ...imageOf(options), name: options.name };
  const named = again
    ? [
        ...new Map(
          again.filter(isForCloud).map((one) => [one.path, { path: one.path, image: { name: one.name } }]),
        ).values(),
      ]
    : files.map((file) => ({ path: path.resolve(file) }));
  const request: Plan['request'] = {
    files: named,
    clouds,
    image,
    ifExists: options.ifExists,
    diskFormat: options.diskFormat,
    sha256: options.sha256,
    route: options.route,
    bucket: options.bucket,
    keepStaged: options.keepStaged,
    limitBytesPerSecond: options.limitRate,
    partSizeBytes: options.partSize,
    parallelParts: options.parallel,
    uploadsAtOnce: options.uploads,
    importTimeoutMs: options.importTimeout,
    ...(options.via === undefined ? {} : { staging: stagingOf(options.via, options, closing) }),
    ...(again ? { only: (item) => again.some((one) => isSame(one, item)) } : {}),
  };
  const tasks: Task[] = clouds.length === 0 ? [] : publishItems(request).map((item) => ({ item }));
  const buckets = again
    ? again
        .filter((one) => !isForCloud(one))
        .map((one) => ({ file: one.path, bucket: readBucket(one.name), place: one }))
    : targets
        .filter((target) => target.kind === 'bucket')
        .flatMap((bucket) => files.map((file) => ({ file: path.resolve(file), bucket, place: undefined })));
  for (const { file, bucket, place } of buckets) {
    const key = keyOf(bucket, path.basename(file));
    const item = {
      path: file,
      cloud: place?.cloud ?? `s3:${options.endpointUrl ?? ''}`,
      region: place?.region ?? options.region ?? '',
      name: `s3://${bucket.bucket}/${key}`,
    };
    if (tasks.some(({ item: { name } }) => name === item.name))
      throw new UsageError(`Several files would become ${item.name}: end the key with a slash.`);
    tasks.push({ item, bucket: { ...bucket, key } });
  }
  return { tasks, request };
}

const isForCloud = ({ cloud }: { cloud: string }): boolean => !cloud.startsWith('s3:');

const cloudsOf = (results: readonly ManifestResult[]) => [
  ...new Map(
    results
      .filter(isForCloud)
      .map(({ cloud, region }) => [JSON.stringify([cloud, region]), { cloud, region }]),
  ).values(),
];

const isSame = (a: PublishItem, b: PublishItem): boolean =>
  a.path === b.path && a.cloud === b.cloud && a.region === b.region && a.name === b.name;

/** What the options say of the image; what they do not say is absent. */
function imageOf(options: PushOptions): Omit<ImageDescription, 'name'> {
  const { description, osVersion, osType, osDistribution, architecture, bootMode, visibility } = options;
  const all: Omit<ImageDescription, 'name'> = {
    description,
    osVersion,
    osType,
    osDistribution,
    architecture,
    bootMode,
    visibility,
    minDiskGiB: options.minDisk,
    minRamMiB: options.minRam,
    tags: Object.keys(options.tag).length > 0 ? options.tag : undefined,
    properties: options.property,
    protected: options.protect,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const bucketPlace = (options: PushOptions) => ({
  endpoint: options.endpointUrl,
  region: options.region,
  pathStyle: options.pathStyle,
});

function stagingOf(url: string, options: PushOptions, closing: { close(): Promise<void> }[]) {
  const { bucket, key: prefix } = readBucket(url);
  const store = openBucket({ ...bucketPlace(options), region: undefined });
  closing.push(store);
  return { store, bucket, prefix };
}

async function run(
  { tasks, request }: Plan,
  options: PushOptions,
  earlier: Manifest | undefined,
  closing: { close(): Promise<void> }[],
): Promise<void> {
  const single = tasks.length === 1 && earlier === undefined;
  const view = single ? singleView(options) : severalView(tasks, options);
  const record = recorder(tasks, request.image, options, earlier);
  const jobs = new Map<string, string>();
  const adopted = new Set<string>();
  const uploads = new Map<string, boolean>();
  const imported = importWatch(tasks, options.wait === false);
  const onEvent = ({ item, event }: { item: PublishItem; event: PublishEvent }) => {
    if (event.type === 'import') jobs.set(keyOfItem(item), event.job.id);
    if (event.type === 'image-id' && event.adopted) adopted.add(keyOfItem(item));
    if (event.type === 'upload') {
      const { uploadId, resumable } = event.event.snapshot;
      uploads.set(uploadId, resumable !== false);
    }
    view.onEvent(item, event);
    if (event.type === 'import') imported.reached(item);
  };
  const ended: Ended[] = [];
  const onResult = (result: Ended) => {
    const jobId = jobs.get(keyOfItem(result));
    const waits = result.status === 'paused' && imported.signal.aborted && jobId !== undefined;
    const full: Ended = {
      ...result,
      status: waits ? 'importing' : result.status,
      adopted: adopted.has(keyOfItem(result)),
      ...(waits ? { jobId } : {}),
    };
    ended.push(full);
    view.onEnd(full, endText(full));
    imported.reached(full);
    record.add(full);
  };
  const resume = () => resumeHint(options, single, uploads);
  const finish = await interruptible(
    async (signal) => {
      const both = AbortSignal.any([signal, imported.signal]);
      const engine = { stateDir: stateDir(process.env) };
      const buckets = tasks.filter(({ bucket }) => bucket !== undefined);
      const [results] = await Promise.all([
        tasks.length > buckets.length
          ? publishMany({ ...request, signal: both, onEvent, onResult }, engine)
          : [],
        sendToBuckets(buckets, request, options, { signal: both, onEvent, onResult, closing }),
      ]);
      view.end();
      const paused = signal.aborted && ended.some(({ status }) => status === 'paused');
      if (paused && single)
        throw new CancelledError({ operation: `publish ${results[0]?.path ?? 'the file'}` });
      return () => {
        if (paused) process.stderr.write(`${resume()}\n`);
        record.end();
        const result = ended[0];
        if (single && result) printSingle(result, options);
        else printSeveral(record.manifest(), ended, options, paused);
      };
    },
    () => {
      view.end();
      process.stderr.write('pausing safely … (Ctrl-C again stops at once)\n');
    },
    () => {
      view.end();
      record.end();
      process.stderr.write(`${resume()}\n`);
    },
  );
  finish();
}

const keyOfItem = ({ path: file, cloud, region, name }: PublishItem) =>
  JSON.stringify([file, cloud, region, name]);

function resumeHint(options: PushOptions, single: boolean, uploads: ReadonlyMap<string, boolean>): string {
  const again = options.result ?? options.retryFrom;
  const [uploadId] = uploads.keys();
  const other =
    single && uploadId !== undefined
      ? `imagebridge uploads resume ${uploadId}`
      : again !== undefined
        ? `imagebridge push --retry-from ${again}`
        : undefined;
  const anew = [...uploads.values()].includes(false)
    ? ' What goes to an image service in one stream starts again from 0.'
    : '';
  return `paused. To go on, run the same command again${other === undefined ? '' : `, or: ${other}`}${anew}`;
}

/** Tells when everything that is still under way is only waited for, if that is not wanted. */
function importWatch(tasks: readonly Task[], active: boolean) {
  const left = new Set(tasks.map(({ item }) => keyOfItem(item)));
  const controller = new AbortController();
  return {
    signal: controller.signal,
    reached(item: PublishItem): void {
      left.delete(keyOfItem(item));
      if (active && left.size === 0) controller.abort();
    },
  };
}

/** Sends files to buckets, one after the other. */
async function sendToBuckets(
  tasks: readonly Task[],
  request: Plan['request'],
  options: PushOptions,
  how: {
    signal: AbortSignal;
    onEvent: (told: { item: PublishItem; event: PublishEvent }) => void;
    onResult: (result: Ended) => void;
    closing: { close(): Promise<void> }[];
  },
): Promise<void> {
  for (const { item, bucket } of tasks) {
    if (bucket === undefined) continue;
    try {
      const endpoint = options.endpointUrl ?? (item.cloud.slice('s3:'.length) || undefined);
      const store = openBucket({ ...bucketPlace(options), endpoint, region: item.region || undefined });
      how.closing.push(store);
      const sent = await publishToBucket(
        {
          path: item.path,
          to: { store, bucket: bucket.bucket, key: bucket.key },
          partSizeBytes: request.partSizeBytes,
          parallelParts: request.parallelParts,
          limitBytesPerSecond: request.limitBytesPerSecond,
          onEvent: (event) => how.onEvent({ item, event: { type: 'upload', event } }),
          signal: how.signal,
        },
        { stateDir: stateDir(process.env) },
      );
      const { sha256, sizeBytes, partsTotal, partsSkipped, sentBytes, url } = sent;
      how.onResult({
        ...item,
        status: 'published',
        sha256,
        sizeBytes,
        partsTotal,
        partsSkipped,
        sentBytes,
        url,
      });
    } catch (error) {
      if (!(error instanceof ImageBridgeError)) throw error;
      if (error.kind === 'cancelled' && how.signal.aborted) how.onResult({ ...item, status: 'paused' });
      else how.onResult({ ...item, status: 'failed', error });
    }
  }
}

function singleView(options: PushOptions): ManyView {
  const mode = modeOf(options);
  const intervalMs = options.progressInterval * 1000;
  const view = progressView(mode, process.stderr, { intervalMs });
  return {
    onEvent: (_, event) => view.onEvent(event),
    onEnd: () => view.end(),
    note: (text) => view.onEvent({ type: 'note', text }),
    end: view.end,
  };
}

const severalView = (tasks: readonly Task[], options: PushOptions): ManyView =>
  manyView(
    tasks.map(({ item }) => item),
    modeOf(options),
    process.stderr,
    { intervalMs: options.progressInterval * 1000 },
  );

function endText(result: Ended): string {
  switch (result.status) {
    case 'published':
      return result.url ?? `image ${result.imageId} is ${result.image?.status ?? 'ready'}`;
    case 'skipped':
      return `image ${result.imageId} has that name and the same content`;
    case 'importing':
      return `sent; the cloud is importing it (job ${result.jobId})`;
    case 'failed':
      return `failed: ${result.error?.message ?? ''}`;
    default:
      return result.status;
  }
}

/** Keeps the manifest, and writes it each time that something has ended: a run that is killed leaves it too. */
function recorder(
  tasks: readonly Task[],
  image: PublishManyRequest['image'],
  options: PushOptions,
  earlier: Manifest | undefined,
) {
  const file = options.result ?? options.retryFrom;
  const pending = tasks.map(({ item }): ManifestResult => ({ ...item, status: 'pending' }));
  // What succeeded before stays in it.
  const done = earlier?.results.filter((one) => !isUnfinished(one)) ?? [];
  const manifest: Manifest = {
    version: 1,
    startedAt: new Date().toISOString(),
    image: storedImage(image),
    results: [...done, ...pending],
  };
  const write = () => {
    if (file !== undefined) writeManifest(file, manifest);
  };
  write();
  return {
    add(result: Ended): void {
      const at = manifest.results.findIndex((one) => isSame(one, result));
      if (at >= 0) manifest.results[at] = manifestResult(result);
      write();
    },
    end(): void {
      manifest.endedAt = new Date().toISOString();
      write();
    },
    manifest: () => manifest,
  };
}

function manifestResult(result: Ended): ManifestResult {
  const { path: file, cloud, region, name, status, imageId, jobId, sha256, sizeBytes, error } = result;
  const data = error === undefined ? undefined : errorData(error);
  return {
    path: file,
    cloud,
    region,
    name,
    status,
    imageId,
    jobId,
    sha256,
    sizeBytes,
    error: data && { ...data, kind: String(data.kind), message: String(data.message) },
  };
}

function printSingle(result: Ended, options: PushOptions): void {
  if (result.error) throw result.error;
  const { path: file, cloud, region, name, status, image, error: _, ...figures } = result;
  const where = `${cloud}/${region}`;
  const size = result.sizeBytes === undefined ? '' : ` (${formatBytes(result.sizeBytes)})`;
  const text =
    status === 'published' && image
      ? `image ${image.id} ${JSON.stringify(image.name)} is ${image.status} in ${where}${size}`
      : status === 'published'
        ? `${result.url} has ${file}${size}`
        : status === 'skipped'
          ? `image ${image?.id} ${JSON.stringify(name)} of ${where} has the same content: nothing was sent`
          : `sent; ${where} is importing it. To wait: imagebridge job wait ${result.jobId} --cloud ${cloud}; run the same command again to clear up`;
  printResult(options, { ...figures, status, ...(image ? { image } : {}), cloud, region }, text);
}

function printSeveral(
  manifest: Manifest,
  ended: readonly Ended[],
  options: PushOptions,
  paused: boolean,
): void {
  const rows = manifest.results.map((result) => [
    result.path.split(path.sep).pop() ?? '',
    isForCloud(result) ? `${result.cloud}/${result.region}` : result.name,
    isForCloud(result) ? result.name : '',
    result.status,
    result.imageId ?? '',
  ]);
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  printResult(options, manifest, table([['FILE', 'TARGET', 'NAME', 'STATUS', 'IMAGE'], ...rows], columns));
  const errors = ended.flatMap(({ error }) => error ?? []);
  // A view for people has told them already, line by line; the others have not.
  if (['none', 'json'].includes(modeOf(options))) for (const error of errors) printError(error, false);
  if (paused) process.exitCode = EXIT.paused;
  else if (errors.length > 0)
    process.exitCode = errors.length < manifest.results.length ? EXIT.partial : exitCodeOf(errors[0]);
}
