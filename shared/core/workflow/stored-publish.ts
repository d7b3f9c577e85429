// What a journal knows of a publishing: what it was for, and how it is given up.
import { z } from 'zod';
import type { ImageCloud, MultipartTarget } from '../model/index.ts';
import {
  discardUpload,
  type EngineOptions,
  type JournalSummary,
  readUpload,
  transferredFact,
} from '../transfer/index.ts';
import { openBucket } from './open-bucket.ts';
import { PUBLISH_FACT } from './routes/route.ts';

const text = z.string();
const storedImage = z.object({
  name: text,
  description: text.optional(),
  osVersion: text.optional(),
  osType: text.optional(),
  osDistribution: text.optional(),
  architecture: text.optional(),
  bootMode: z.enum(['bios', 'uefi']).optional(),
  minDiskGiB: z.number().optional(),
  minRamMiB: z.number().optional(),
  tags: z.record(text, text).optional(),
  visibility: text.optional(),
  protected: z.boolean().optional(),
  properties: z.record(text, text).optional(),
});

/** What the journal keeps of a request. Holds no secret. */
const storedRequest = z.object({
  // Journals of older versions name the cloud by the upload's target only.
  cloud: text.optional(),
  region: text.optional(),
  image: storedImage,
  diskFormat: text.optional(),
  sha256: text.optional(),
  route: z.enum(['auto', 'direct', 'staged']).optional(),
  method: text.optional(),
  dataDisk: z.boolean().optional(),
  allowTakenName: z.boolean().optional(),
  bucket: text.optional(),
  keepStaged: z.boolean().optional(),
  staging: z
    .object({
      place: z.object({ endpoint: text, region: text, pathStyle: z.boolean() }),
      bucket: text,
      prefix: text.optional(),
    })
    .optional(),
});

/** A request as a journal keeps it. */
export type StoredRequest = z.infer<typeof storedRequest>;

/** The profile and region of the cloud that an upload is to become an image of. */
export function cloudOfUpload(upload: JournalSummary): { cloud: string; region: string } {
  const stored = readStored(upload);
  return { cloud: stored?.cloud ?? upload.target.cloud, region: stored?.region ?? upload.target.region };
}

/**
 * Gives a publishing up: removes its parts, its staged object, or the record that it was sent to, from the cloud, then
 * its journal. An image that is complete stays.
 * @throws BusyError while a process is working on it
 */
export async function discardPublish(
  cloud: ImageCloud,
  uploadId: string,
  options: EngineOptions,
): Promise<void> {
  const journal = await readUpload(uploadId, options);
  if (journal === undefined) return;
  const { target: place, facts, state } = journal;
  if (place.route === 'stream' || (place.route === 'parts' && facts[PUBLISH_FACT.partUpload] === undefined)) {
    const record = place.route === 'parts' ? place.key : facts[PUBLISH_FACT.record];
    await discardUpload(uploadId, options);
    const image = record === undefined ? undefined : await cloud.getImage(record);
    // Bytes that arrived without the upload knowing are not known to be good: only an image that is recorded stays.
    if (image !== undefined && facts[PUBLISH_FACT.image] === undefined) await cloud.deleteImage(image.id);
    return;
  }
  const opened = await openTarget(cloud, journal);
  try {
    await discardUpload(uploadId, options, opened.target);
    if (state === 'uploaded' || facts[transferredFact] !== undefined) await opened.target.remove();
  } finally {
    await opened.close();
  }
}

async function openTarget(
  cloud: ImageCloud,
  journal: JournalSummary,
): Promise<{ target: MultipartTarget; close: () => Promise<void> }> {
  const { target: place, facts, file } = journal;
  const close = async () => {};
  if (place.route === 'parts') {
    const upload = {
      uploadId: facts[PUBLISH_FACT.partUpload] ?? '',
      imageName: readStored(journal)?.image.name ?? place.key,
      sizeBytes: file.sizeBytes,
    };
    return { target: await cloud.resumeParts(place, upload), close };
  }
  const staging = readStored(journal)?.staging;
  if (staging !== undefined) {
    const store = openBucket(staging.place);
    return { target: store.target(place.bucket, place.key), close: () => store.close() };
  }
  return { target: await cloud.stage({ bucket: place.bucket, key: place.key }), close };
}

/** What an upload was for; undefined when its journal does not say. */
export function readStored(journal: JournalSummary): StoredRequest | undefined {
  const stored = journal.facts[PUBLISH_FACT.request];
  if (stored === undefined) return undefined;
  try {
    return storedRequest.safeParse(JSON.parse(stored)).data;
  } catch {
    return undefined;
  }
}
