// Going on with, or giving up, a publishing that this machine's journals know, without being told again what it was.
import { z } from 'zod';
import { type ImageCloud, InvalidInputError } from '../model/index.ts';
import { discardUpload, type EngineOptions, readUpload } from '../transfer/index.ts';
import { PUBLISH_FACT, type PublishRequest, type PublishResult, publishImage } from './publish.ts';

/** What the journal keeps of a request. Holds no secret. */
const storedRequest = z.object({
  image: z.object({
    name: z.string(),
    description: z.string().optional(),
    osVersion: z.string().optional(),
    osType: z.string().optional(),
    minDiskGiB: z.number().optional(),
    minRamMiB: z.number().optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
  diskFormat: z.string().optional(),
  sha256: z.string().optional(),
  bucket: z.string().optional(),
  keepStaged: z.boolean().optional(),
});

/** Which upload to go on with, and how. */
export type ResumeRequest = { uploadId: string } & Pick<
  PublishRequest,
  'limitBytesPerSecond' | 'parallelParts' | 'onEvent' | 'onUpload' | 'signal' | 'importTimeoutMs'
>;

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
  const { uploadId, ...how } = request;
  const journal = await readUpload(uploadId, options);
  const text = journal?.facts[PUBLISH_FACT.request];
  const stored = text === undefined ? undefined : storedRequest.safeParse(parseJson(text));
  if (journal === undefined || stored?.success !== true)
    throw new InvalidInputError({
      operation: `go on with upload ${uploadId}`,
      reason: journal ? 'its journal does not say what it was for' : 'this machine has no such upload',
      hint: 'Run the command that started it once more: it goes on by itself.',
    });
  return publishImage(cloud, { ...stored.data, ...how, path: journal.file.path }, options);
}

/**
 * Gives a publishing up: removes its parts, or its staged object, from the cloud, then its journal.
 * @throws BusyError while a process is working on it
 */
export async function discardPublish(
  cloud: ImageCloud,
  uploadId: string,
  options: EngineOptions,
): Promise<void> {
  const journal = await readUpload(uploadId, options);
  if (journal === undefined) return;
  const target = await cloud.stage({ bucket: journal.target.bucket, key: journal.target.key });
  await discardUpload(uploadId, options, target);
  if (journal.state === 'uploaded') await target.remove();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
