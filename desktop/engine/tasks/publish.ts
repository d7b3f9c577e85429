// One run of a task: from its form to an image, or on from where an earlier run stopped. Calls the core's workflows only.

import { stat } from 'node:fs/promises';
import {
  claimImage,
  cloudLabel,
  type EngineOptions,
  FileChangedError,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageDescription,
  isPublished,
  NotFoundError,
  type PublishEvent,
  type PublishRequest,
  publishImage,
  readUpload,
  resumePublish,
  sameImage,
  splitDescription,
  type TransferBudget,
  UnsupportedError,
  type Upload,
} from '@imagebridge/core';
import type { TaskForm } from '@imagebridge/desktop-contract';
import type { Task } from './task.ts';

/** An import may take this long; whoever walked away is not asked before. In ms. */
const IMPORT_TIMEOUT_MS = 24 * 3_600_000;

/** What a run is given. */
export interface PublishTools {
  cloud: ImageCloud;
  engine: EngineOptions;
  budget: TransferBudget;
  signal: AbortSignal;
  onEvent(event: PublishEvent): void;
  onUpload(upload: Upload): void;
}

/** What a run made. */
export interface Published {
  image: Image;
  sha256?: string | undefined;
  sentBytes: number;
  partsSkipped: number;
  /** The cloud had the same image already: nothing was sent. */
  skipped: boolean;
}

/** The description in a form, without what is absent. */
export function descriptionOf(form: TaskForm): ImageDescription {
  const { name, description, osVersion, osType, osDistribution, architecture, bootMode } = form;
  const { minDiskGiB, minRamMiB, tags, visibility } = form;
  const all: ImageDescription = {
    ...{ name, description, osVersion, osType, osDistribution, architecture, bootMode },
    ...{ minDiskGiB, minRamMiB, tags, visibility, protected: form.protected },
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined && value !== '');
  return { name, ...Object.fromEntries(given) };
}

/**
 * What of a form goes along with the import, and what is set once the image is there.
 * @throws UnsupportedError for what the cloud does not take at all
 */
export function divided(
  cloud: ImageCloud,
  form: TaskForm,
): { now: ImageDescription; later: ImageChanges | undefined } {
  const { now, later, refused } = splitDescription(
    cloud,
    { kind: 'file', dataDisk: form.dataDisk },
    descriptionOf(form),
  );
  const [first] = refused;
  if (first === undefined) return { now, later };
  throw new UnsupportedError({
    operation: `set ${first.field} of an image that is made from a file`,
    cloud: cloudLabel(cloud),
    reason: 'this cloud does not take it',
    hint: first.reason,
  });
}

/** Makes the image of a task. @throws as `publishImage` */
export async function publishTask(task: Task, tools: PublishTools): Promise<Published> {
  const { cloud, engine, signal } = tools;
  const { form } = task;
  const isOurs = form !== undefined && task.origin === 'desktop';
  const later = isOurs ? divided(cloud, form).later : undefined;
  const finish = async (image: Image): Promise<Image> => {
    const whole = later === undefined ? image : await cloud.updateImage(image.id, later, { signal });
    await claimImage(cloud, whole, { signal, stateDir: engine.stateDir });
    return whole;
  };
  const made = await madeBefore(task, tools);
  if (made !== undefined) return { ...made, image: await finish(made.image) };
  // What another program has begun is gone on with as it was asked for there.
  if (form === undefined || (task.origin === 'other' && task.uploadId !== undefined)) {
    const result = await resumePublish(cloud, { uploadId: task.uploadId ?? '', ...common(tools) }, engine);
    return { ...result, skipped: false, image: await finish(result.image) };
  }
  await checkFile(task);
  if (form.ifExists === 'skip') {
    const same = await sameImage(cloud, { path: task.path, name: form.name }, { signal }, engine);
    if (same !== undefined) return { image: same, sentBytes: 0, partsSkipped: 0, skipped: true };
  }
  const result = await publishImage(
    cloud,
    { ...requestOf(task.path, cloud, form), ...common(tools) },
    engine,
  );
  return { ...result, skipped: false, image: await finish(result.image) };
}

const common = ({ budget, signal, onEvent, onUpload }: PublishTools) => ({
  ...{ budget, signal, onEvent, onUpload },
  importTimeoutMs: IMPORT_TIMEOUT_MS,
});

function requestOf(path: string, cloud: ImageCloud, form: TaskForm): PublishRequest {
  const { diskFormat, route, dataDisk, bucket, keepStaged, limitBytesPerSecond } = form;
  return {
    ...{ path, diskFormat, route, dataDisk, bucket, keepStaged, limitBytesPerSecond },
    image: divided(cloud, form).now,
    unpack: form.unpack !== false,
    convert: form.convert !== false,
    allowTakenName: form.ifExists === 'new',
  };
}

/** The image of an upload that was over before its task heard of it: a crash between two notes. */
async function madeBefore(
  task: Task,
  { cloud, engine, signal }: PublishTools,
): Promise<Published | undefined> {
  const journal = task.uploadId === undefined ? undefined : await readUpload(task.uploadId, engine);
  if (journal === undefined || !isPublished(journal) || journal.state !== 'uploaded') return undefined;
  const imageId = journal.facts['image-id'] ?? '';
  const image = await cloud.getImage(imageId, { signal, fresh: true });
  const sent = { sha256: journal.sha256, sentBytes: task.sentBytes ?? 0, partsSkipped: journal.partsTotal };
  if (image !== undefined) return { image, ...sent, skipped: false };
  throw new NotFoundError({
    operation: `find the image that ${task.path} became`,
    object: imageId,
    reason: 'it was made, and is not there any more',
    hint: 'Add the file again to make another one.',
  });
}

/** @throws FileChangedError when the file is not the one that was inspected */
async function checkFile({ path, mtimeMs, sizeBytes }: Task): Promise<void> {
  const now = await stat(path).catch(() => undefined);
  // What is wrong with one that is not there is said by whoever opens it.
  if (now === undefined || mtimeMs === undefined) return;
  const size = now.size === sizeBytes ? '' : `it had ${sizeBytes} bytes and has ${now.size}`;
  const time = now.mtimeMs === mtimeMs ? '' : `it was written on ${new Date(now.mtimeMs).toISOString()}`;
  if (size === '' && time === '') return;
  throw new FileChangedError({
    operation: `upload ${path}`,
    object: path,
    reason: `the file changed since it was added: ${[size, time].filter(Boolean).join('; ')}`,
    hint: 'Send it as it is now, from the start, or put the old file back and try again.',
  });
}
