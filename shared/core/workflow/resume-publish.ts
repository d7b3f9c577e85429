// Going on with, or giving up, a publishing that this machine's journals know, without being told again what it was.
import { z } from 'zod';
import { type ImageCloud, InvalidInputError, type MultipartTarget } from '../model/index.ts';
import { discardUpload, type EngineOptions, type JournalSummary, readUpload } from '../transfer/index.ts';
import { connect } from './connect.ts';
import { openBucket } from './open-bucket.ts';
import { packedFile, parsePackedFile } from './packed-file.ts';
import { localOrSpooled } from './prepare-source.ts';
import { type PublishRequest, type PublishResult, publishImage } from './publish.ts';
import { type CloudImage, cloudImage, parseImageSource } from './remote-source.ts';
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

/** Which upload to go on with, and how. */
export interface ResumeRequest
  extends Pick<
    PublishRequest,
    'limitBytesPerSecond' | 'parallelParts' | 'onEvent' | 'onUpload' | 'signal' | 'importTimeoutMs'
  > {
  uploadId: string;
  /** Opens the cloud that an image is copied from. Default: by the profiles of this machine. */
  connectTo?: ((place: { cloud: string; region: string }) => Promise<ImageCloud>) | undefined;
}

/** The profile and region of the cloud that an upload is to become an image of. */
export function cloudOfUpload(upload: JournalSummary): { cloud: string; region: string } {
  const stored = readStored(upload);
  return { cloud: stored?.cloud ?? upload.target.cloud, region: stored?.region ?? upload.target.region };
}

/**
 * Goes on with a publishing by the id of its upload.
 * @throws InvalidInputError when this machine has no such upload, or another face started it without a request; else as
 *   `publishImage`
 */
export async function resumePublish(
  cloud: ImageCloud,
  request: ResumeRequest,
  options: EngineOptions,
): Promise<PublishResult> {
  const { uploadId, connectTo = connect, ...how } = request;
  const journal = await readUpload(uploadId, options);
  const stored = journal && readStored(journal);
  if (journal === undefined || stored === undefined)
    throw new InvalidInputError({
      operation: `go on with upload ${uploadId}`,
      reason: journal ? 'its journal does not say what it was for' : 'this machine has no such upload',
      hint: 'Run the command that started it once more: it goes on by itself.',
    });
  const { cloud: _cloud, region: _region, staging, ...what } = stored;
  const { path } = journal.file;
  const store = staging && openBucket(staging.place);
  const image = parseImageSource(path);
  const from = image && (await connectTo(image));
  try {
    const packed = parsePackedFile(path);
    const source =
      from && image
        ? await sourceImage(from, image.imageId, cloud, request, options)
        : packed
          ? packedFile(packed, { stateDir: options.stateDir })
          : localOrSpooled(path, options);
    return await publishImage(
      cloud,
      {
        ...what,
        ...how,
        staging: staging && store && { ...staging, store },
        path,
        source: source || undefined,
      },
      options,
    );
  } finally {
    await store?.close();
    await from?.close();
  }
}

function sourceImage(
  from: ImageCloud,
  imageId: string,
  to: ImageCloud,
  { onEvent, signal, importTimeoutMs: timeoutMs }: ResumeRequest,
  { clock }: EngineOptions,
): Promise<CloudImage> {
  const note = (text: string) => onEvent?.({ type: 'note', text });
  return cloudImage(from, imageId, { to, note, wait: { signal, timeoutMs, clock } });
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
    if (image !== undefined && image.status !== 'active') await cloud.deleteImage(image.id);
    return;
  }
  const opened = await openTarget(cloud, journal);
  try {
    await discardUpload(uploadId, options, opened.target);
    if (state === 'uploaded') await opened.target.remove();
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

function readStored(journal: JournalSummary): z.infer<typeof storedRequest> | undefined {
  const stored = journal.facts[PUBLISH_FACT.request];
  if (stored === undefined) return undefined;
  try {
    return storedRequest.safeParse(JSON.parse(stored)).data;
  } catch {
    return undefined;
  }
}
