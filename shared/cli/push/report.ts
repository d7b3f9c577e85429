// How a push is told: to the manifest while it goes on, and to people and programs when it has ended.
import path from 'node:path';
import type { Image, PublishItem, PublishItemResult, PublishManyRequest } from '@imagebridge/core';
import { formatBytes, table } from '../format.ts';
import { EXIT, errorData, exitCodeOf, printError, printResult } from '../outcome.ts';
import { modeOf } from '../progress.ts';
import { isUnfinished, type Manifest, type ManifestResult, storedImage, writeManifest } from './manifest.ts';
import { isForCloud, isSame, type Task } from './plan.ts';
import type { PushOptions } from './request.ts';

/** How a task ended, with what only this process knows of it. */
export interface Ended extends Omit<PublishItemResult, 'status' | 'image'> {
  status: ManifestResult['status'];
  jobId?: string | undefined;
  image?: Image | undefined;
  adopted?: boolean | undefined;
  url?: string | undefined;
}

/** Names one file on one target. */
export const keyOfItem = ({ path: file, cloud, region, name }: PublishItem) =>
  JSON.stringify([file, cloud, region, name]);

/** What to say when it is paused. @param uploads ids of uploads, and whether they go on where they stopped */
export function resumeHint(
  options: PushOptions,
  single: boolean,
  uploads: ReadonlyMap<string, boolean>,
): string {
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

/** How a task ended, in a few words. */
export function endText(result: Ended): string {
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
export function recorder(
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
      try {
        write();
      } catch {
        // What is under way is not stopped by it: the end writes it again, and tells.
      }
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

/** Prints the result of one file on one target. @throws the error that it ended with */
export function printSingle(result: Ended, options: PushOptions): void {
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

/** Prints the results of several, and sets the exit code. */
export function printSeveral(
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
