// When another process of this machine is sending the same file to the same place: its upload is watched, and its result is
// taken.
import {
  attachUpload,
  cloudOfUpload,
  type EngineOptions,
  type ImageCloud,
  isPublished,
  type JournalSummary,
  listUploads,
  type PublishEvent,
  type PublishItem,
  publishMany,
  readUpload,
  stateDir,
} from '@imagebridge/core';
import { z } from 'zod';
import { isSame, type Plan } from './plan.ts';
import type { Ended } from './report.ts';

const engine = () => ({ stateDir: stateDir(process.env) });
const requestSchema = z.object({ image: z.object({ name: z.string() }) });

/** True when an upload is of this file, to this place, under this name. */
function isOf(upload: JournalSummary, item: PublishItem): boolean {
  const { cloud, region } = cloudOfUpload(upload);
  const samePlace = cloud === item.cloud && region === item.region;
  return samePlace && upload.file.path === item.path && nameOf(upload) === item.name;
}

function nameOf(upload: JournalSummary): string | undefined {
  try {
    return requestSchema.safeParse(JSON.parse(upload.facts.request ?? '')).data?.image.name;
  } catch {
    return undefined;
  }
}

/** What a publishing tells while it goes on. */
interface Listeners {
  signal: AbortSignal;
  onEvent: (told: { item: PublishItem; event: PublishEvent }) => void;
  onResult: (result: Ended) => void;
}

/**
 * Publishes; what another process of this machine is sending already is watched instead, and gone on with if that process
 * gives it up.
 */
export async function publishOrFollow(
  request: Plan['request'],
  { signal, onEvent, onResult }: Listeners,
  options: EngineOptions,
): Promise<void> {
  const { clouds } = request;
  const busy: PublishItem[] = [];
  const first = (result: Ended) => {
    const { path, cloud, region, name } = result;
    if (result.error?.kind === 'busy') busy.push({ path, cloud, region, name });
    else onResult(result);
  };
  await publishMany({ ...request, signal, onEvent, onResult: first }, options);
  const left: PublishItem[] = [];
  for (const item of busy) {
    const there = await followOther(item, clouds, onEvent, signal);
    if (there) onResult(there);
    else left.push(item);
  }
  if (left.length === 0) return;
  const only = (item: PublishItem) => left.some((one) => isSame(one, item));
  await publishMany({ ...request, only, signal, onEvent, onResult }, options);
}

/**
 * Watches the upload of an item that another process is sending, until that process lets go of it.
 * @returns how it ended there; undefined when it is not an image yet: then it can be gone on with here
 */
async function followOther(
  item: PublishItem,
  clouds: readonly ImageCloud[],
  onEvent: (told: { item: PublishItem; event: PublishEvent }) => void,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  const upload = (await listUploads(engine())).find((one) => one.active && isOf(one, item));
  const attached = upload && (await attachUpload(upload.uploadId, engine()));
  if (upload === undefined || attached === undefined) return undefined;
  const text = `Another process of this machine is sending it (upload ${upload.uploadId}): it is watched from here.`;
  onEvent({ item, event: { type: 'note', text } });
  const leave = () => attached.leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    if (signal.aborted) leave();
    for await (const event of attached.events) onEvent({ item, event: { type: 'upload', event } });
  } finally {
    signal.removeEventListener('abort', leave);
  }
  const cloud = clouds.find(({ name, region }) => name === item.cloud && region === item.region);
  await attached.ended;
  return resultOf(upload.uploadId, item, cloud, signal);
}

/** What another process has made of an item; undefined when it is no image. */
async function resultOf(
  uploadId: string,
  item: PublishItem,
  cloud: ImageCloud | undefined,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  const journal = await readUpload(uploadId, engine());
  if (signal.aborted || journal === undefined || !isPublished(journal)) return undefined;
  const imageId = journal.facts['image-id'];
  const image = imageId === undefined ? undefined : await cloud?.getImage(imageId, { signal });
  if (image === undefined) return undefined;
  const { sha256, file, partsTotal } = journal;
  const figures = { sha256, sizeBytes: file.sizeBytes, partsTotal, partsSkipped: partsTotal, sentBytes: 0 };
  return { ...item, status: 'published', imageId: image.id, image, ...figures };
}
