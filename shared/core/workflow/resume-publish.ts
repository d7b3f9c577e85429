// Going on with a publishing that this machine's journals know, without being told again what it was.
import { type ImageCloud, InvalidInputError } from '../model/index.ts';
import { type EngineOptions, readUpload } from '../transfer/index.ts';
import { connect } from './connect.ts';
import { openBucket } from './open-bucket.ts';
import { packedFile, parsePackedFile } from './packed-file.ts';
import { localOrSpooled } from './prepare-source.ts';
import { type PublishRequest, type PublishResult, publishImage } from './publish.ts';
import { type CloudImage, cloudImage, parseImageSource } from './remote-source.ts';
import { readStored } from './stored-publish.ts';

/** Which upload to go on with, and how. */
export interface ResumeRequest
  extends Pick<
    PublishRequest,
    | 'limitBytesPerSecond'
    | 'budget'
    | 'priority'
    | 'parallelParts'
    | 'onEvent'
    | 'onUpload'
    | 'signal'
    | 'importTimeoutMs'
  > {
  uploadId: string;
  /** Opens the cloud that an image is copied from. Default: by the profiles of this machine. */
  connectTo?: ((place: { cloud: string; region: string }) => Promise<ImageCloud>) | undefined;
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
