// Directly to the image service in one stream, which cannot resume (Glance).
import {
  ConflictError,
  ImageBridgeError,
  IntegrityError,
  type StreamRecord,
  type StreamTarget,
  UnavailableError,
} from '../../model/index.ts';
import {
  discardUpload,
  type JournalSummary,
  setFact,
  startStream,
  type Upload,
  type UploadResult,
} from '../../transfer/index.ts';
import { contentHash } from '../content-hash.ts';
import { claimInProcess, releaseInProcess, takeUnclaimed } from '../marker.ts';
import { waitForImage } from '../wait-for-job.ts';
import {
  adoptMadeImage,
  asResult,
  described,
  engineRequest,
  engineSource,
  finishJob,
  type Made,
  markerBeforeUpload,
  openRecords,
  PUBLISH_FACT,
  type RouteContext,
  storedRequest,
  unpublishedUploads,
  verifyContentFirst,
} from './route.ts';

/** See `Route`. */
export async function streamRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, engine, emit, plan } = context;
  await verifyContentFirst(context);
  const earlier = await earlierUpload(context);
  if (earlier === undefined) {
    const image = await adoptMadeImage(context, context.sha256 ?? (await context.source.fingerprint()));
    if (image !== undefined) {
      const sizeBytes = plan.inspection.fileSizeBytes;
      const sha256 = context.sha256 ?? (await contentHash(context.source, 'sha256', request));
      return {
        image,
        adopted: true,
        uploaded: { sizeBytes, sha256, partsTotal: 0, partsSkipped: 0, sentBytes: 0 },
      };
    }
  }
  const { uploaded, recordId } = earlier ?? (await send(context));
  emit({ type: 'uploaded', result: uploaded });
  await setFact(uploaded.uploadId, PUBLISH_FACT.record, recordId, engine);
  const what = `make image ${recordId} of ${request.path}`;
  const ref = { id: `image:${recordId}` };
  const imageId = await finishJob(context, uploaded.uploadId, ref, what).catch(async (error: unknown) => {
    // The next run sends the bytes again: what the service had of them is gone.
    if (error instanceof ImageBridgeError && ['job-failed', 'not-found'].includes(error.kind))
      await discardUpload(uploaded.uploadId, engine);
    throw error;
  });
  claimInProcess(cloud, imageId);
  emit({ type: 'image-id', imageId, adopted: earlier !== undefined });
  const { signal, importTimeoutMs: timeoutMs } = request;
  const image = await waitForImage(cloud, imageId, { signal, timeoutMs, clock: engine.clock });
  return { image, uploaded, adopted: earlier !== undefined };
}

interface KnownRecord {
  recordId?: string | undefined;
  upload?: Upload | undefined;
}

interface Sent {
  uploaded: UploadResult;
  recordId: string;
}

/** The stream of the same bytes to an image of the same name that an earlier run of this machine ended. */
async function earlierUpload(context: RouteContext): Promise<Sent | undefined> {
  const { cloud, request } = context;
  const isSame = ({ target, state }: JournalSummary) =>
    target.route === 'stream' &&
    target.cloud === cloud.name &&
    target.region === cloud.region &&
    target.key === request.image.name &&
    state === 'uploaded';
  for (const upload of (await unpublishedUploads(context)).filter(isSame).reverse()) {
    const recordId = upload.facts[PUBLISH_FACT.record];
    if (recordId === undefined || upload.sha256 === undefined) continue;
    const image = await cloud.getImage(recordId, { signal: request.signal });
    if (image === undefined || image.status === 'failed') continue;
    return { uploaded: asResult(upload, upload.sha256), recordId };
  }
  return undefined;
}

async function send(context: RouteContext): Promise<Sent> {
  const { cloud, request, engine, emit } = context;
  const marker = await markerBeforeUpload(context);
  const known: KnownRecord = { recordId: await emptyRecord(context, marker) };
  const target = imageStream(context, marker, known);
  const running = await startStream(
    { ...(await engineSource(context)), ...engineRequest(context), target },
    engine,
  );
  request.onUpload?.(running);
  known.upload = running;
  await running.setFact(PUBLISH_FACT.request, storedRequest(context));
  if (known.recordId !== undefined) await running.setFact(PUBLISH_FACT.record, known.recordId);
  try {
    const uploaded = await running.done;
    return { uploaded, recordId: known.recordId ?? '' };
  } catch (error) {
    if (known.recordId === undefined) throw error;
    releaseInProcess(cloud, known.recordId);
    if (error instanceof IntegrityError) {
      emit({
        type: 'note',
        text: `Removing image ${known.recordId}: what the service stored is not the file.`,
      });
      await cloud.deleteImage(known.recordId, { signal: request.signal });
    }
    throw error;
  }
}

/** A record that an earlier run made and never filled. */
async function emptyRecord(context: RouteContext, marker: string): Promise<string | undefined> {
  const { cloud, request } = context;
  for (const image of await openRecords(context, marker)) {
    if (!/^queued$/i.test(image.rawStatus)) continue;
    if (await takeUnclaimed(cloud, image, { signal: request.signal })) return image.id;
  }
  return undefined;
}

async function isFilled({ cloud, plan }: RouteContext, recordId: string | undefined): Promise<boolean> {
  const image = recordId === undefined ? undefined : await cloud.getImage(recordId);
  return image?.status === 'active' && image.sizeBytes === plan.inspection.fileSizeBytes;
}

/** The image service as the engine sees it. Notes in `known` which record is in use. */
function imageStream(context: RouteContext, marker: string, known: KnownRecord): StreamTarget {
  const { cloud, request, plan } = context;
  return {
    locator: {
      cloud: cloud.name,
      region: cloud.region,
      bucket: '',
      key: request.image.name,
      route: 'stream',
    },
    hashes: cloud.capabilities.storedChecksums,
    async send({ recordId, open, onRecord }, options) {
      const send = (imageId: string | undefined) =>
        cloud.uploadStream(
          {
            ...described(context, marker),
            method: plan.choice.method,
            open,
            imageId,
            onRecord: async (id) => {
              known.recordId = id;
              claimInProcess(cloud, id);
              await onRecord(id);
              await known.upload?.setFact(PUBLISH_FACT.record, id);
            },
          },
          options,
        );
      const record = recordId ?? known.recordId;
      try {
        const ref = await send(record);
        return { recordId: known.recordId ?? '', jobId: ref.id };
      } catch (error) {
        // Bytes of an attempt that was given up can arrive late: then the record has them, and a look at it ends this.
        if (error instanceof ConflictError && (await isFilled(context, known.recordId)))
          throw new UnavailableError({ ...error.details, retryable: true });
        const lost = error instanceof UnavailableError && known.recordId === undefined;
        if (!lost || options?.signal?.aborted) throw error;
        // No answer to the making of the record: it is there or it is not, and the marker tells.
        known.recordId = await emptyRecord(context, marker);
        throw new UnavailableError({ ...error.details, retryable: true });
      }
    },
    async look(recordId, options): Promise<StreamRecord> {
      known.recordId = recordId;
      const image = await cloud.getImage(recordId, options);
      const told = { sizeBytes: image?.sizeBytes, checksums: image?.checksums ?? {} };
      if (image === undefined || image.status === 'deleted') return { state: 'gone', checksums: {} };
      if (image.status === 'failed') return { state: 'failed', ...told };
      if (image.status === 'active' || image.status === 'deactivated') return { state: 'complete', ...told };
      // Bytes in the staging area are known by sending: the adapter then only starts the import.
      const staged = image.rawStatus === 'uploading' && image.sizeBytes === plan.inspection.fileSizeBytes;
      return { state: image.rawStatus === 'queued' || staged ? 'empty' : 'busy', ...told };
    },
    async remove(recordId, options) {
      await cloud.deleteImage(recordId, options);
      if (known.recordId === recordId) known.recordId = undefined;
    },
  };
}
