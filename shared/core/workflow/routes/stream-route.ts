// Directly to the image service in one stream, which cannot resume (Glance).
import {
  ConflictError,
  type Image,
  IntegrityError,
  type StreamRecord,
  type StreamTarget,
  systemClock,
  UnavailableError,
} from '../../model/index.ts';
import { discardUpload, type FollowUp, setFact, startStream, type Upload } from '../../transfer/index.ts';
import { contentHash } from '../content-hash.ts';
import { claimInProcess, releaseInProcess, takeUnclaimed } from '../marker.ts';
import { cloudLabel } from '../wait-for-job.ts';
import { finishRecord } from './import-job.ts';
import { openRecords, waitsForBytes } from './records.ts';
import {
  adoptMadeImage,
  described,
  engineRequest,
  engineSource,
  type Made,
  MadeElsewhereError,
  markerBeforeUpload,
  PUBLISH_FACT,
  type RouteContext,
  unpublishedUploads,
  uploadThen,
  verifyContentFirst,
} from './route.ts';

/** See `Route`. */
export async function streamRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, engine, emit, plan } = context;
  await verifyContentFirst(context);
  const begun = await isBegun(context);
  if (!begun) {
    const image = await adoptMadeImage(context, context.sha256 ?? (await context.source.fingerprint()));
    if (image !== undefined) {
      const sizeBytes = plan.inspection.fileSizeBytes;
      const sha256 = context.sha256 ?? (await contentHash(context.source, 'sha256', request));
      const nothingSent = { partsTotal: 0, partsSkipped: 0, sentBytes: 0 };
      return { image, adopted: true, uploaded: { sizeBytes, sha256, ...nothingSent } };
    }
  }
  const marker = await markerBeforeUpload(context);
  const known: KnownRecord = {
    recordId: begun ? await emptyRecord(context, marker) : await abandonedRecord(context, marker),
  };
  const target = imageStream(context, marker, known);
  const source = await engineSource(context);
  const start = async (followUp: FollowUp) => {
    const running = await startStream({ ...source, ...engineRequest(context), target, followUp }, engine);
    known.upload = running;
    if (known.recordId !== undefined) await running.setFact(PUBLISH_FACT.record, known.recordId);
    return running;
  };
  try {
    return await uploadThen(context, start, async (inner, uploaded) => {
      const recordId = uploaded.recordId ?? known.recordId ?? '';
      await setFact(uploaded.uploadId, PUBLISH_FACT.record, recordId, engine);
      const { image } = await finishRecord(inner, uploaded, recordId);
      return { image, adopted: false };
    });
  } catch (error) {
    const { recordId, upload } = known;
    if (error instanceof MadeElsewhereError && upload !== undefined) await discardUpload(upload.id, engine);
    if (recordId === undefined) throw error;
    releaseInProcess(cloud, recordId);
    if (error instanceof IntegrityError) {
      emit({ type: 'note', text: `Removing image ${recordId}: what the service stored is not the file.` });
      await cloud.deleteImage(recordId, { signal: request.signal });
    }
    throw error;
  }
}

interface KnownRecord {
  recordId?: string | undefined;
  upload?: Upload | undefined;
}

/** True when a journal of this machine knows an unfinished stream of the same bytes to an image of the same name. */
async function isBegun(context: RouteContext): Promise<boolean> {
  const { cloud, request } = context;
  return (await unpublishedUploads(context)).some(
    ({ target }) =>
      target.route === 'stream' &&
      target.cloud === cloud.name &&
      target.region === cloud.region &&
      target.key === request.image.name,
  );
}

/** Whoever makes a record sends at once: one that was seen to wait for so long is abandoned. In ms. */
const QUIET_MS = 10_000;
/** One that was last changed so long ago is abandoned without a look. In ms. */
const LONG_AGO_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/**
 * A record that another machine, or one whose disk is lost, made and never filled.
 * @throws ConflictError when another machine is at work on it
 */
async function abandonedRecord(context: RouteContext, marker: string): Promise<string | undefined> {
  const { cloud, request, engine } = context;
  const clock = engine.clock ?? systemClock;
  const call = { signal: request.signal };
  const startedMs = clock.now();
  for (;;) {
    const open = (await openRecords(context, marker)).filter(({ status }) => status !== 'failed');
    const sending = open.find(({ rawStatus }) => /^saving$/i.test(rawStatus));
    if (sending !== undefined) throw atWork(context, sending);
    const image = open.find(({ rawStatus }) => isQueued(rawStatus));
    if (image === undefined) return undefined;
    const lastMs = (image.updatedAt ?? image.createdAt)?.getTime() ?? clock.now();
    const isQuiet = clock.now() - lastMs > LONG_AGO_MS || clock.now() - startedMs >= QUIET_MS;
    if (isQuiet) return (await takeUnclaimed(cloud, image, call)) ? image.id : undefined;
    await clock.sleep(LOOK_EVERY_MS, request.signal);
  }
}

const isQueued = (rawStatus: string) => /^queued$/i.test(rawStatus);

const atWork = ({ cloud, request }: RouteContext, image: Image) =>
  new ConflictError({
    operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
    cloud: cloudLabel(cloud),
    object: image.id,
    reason: `another machine began to make image ${image.id} of the same file, and is sending it`,
    hint: 'Wait for it, or delete that image.',
  });

/** A record that an earlier run of this machine made and never filled. */
async function emptyRecord(context: RouteContext, marker: string): Promise<string | undefined> {
  const { cloud, request } = context;
  for (const image of await openRecords(context, marker)) {
    if (!isQueued(image.rawStatus)) continue;
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
      // Looked for under the upload's lock: the service takes equal names, so a second image would be made.
      if (record === undefined && request.allowTakenName !== true) await refuseMade(context);
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

/** @throws MadeElsewhereError when an image of that name has its bytes */
async function refuseMade({ cloud, request }: RouteContext): Promise<void> {
  const { name } = request.image;
  for await (const image of cloud.listImages({ scope: 'own', name }, { signal: request.signal })) {
    const isImage = !['deleted', 'failed'].includes(image.status) && !waitsForBytes(image);
    if (image.name === name && isImage) throw new MadeElsewhereError(cloud, request, image);
  }
}
