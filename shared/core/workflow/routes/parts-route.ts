// Directly to the image service in parts of its own, which resume (UCloudStack).
import type { MultipartTarget } from '../../model/index.ts';
import { type JournalSummary, setFact, startUpload, type UploadResult } from '../../transfer/index.ts';
import { claimInProcess } from '../marker.ts';
import { ORIGIN_TAG, originOf } from '../origin.ts';
import { waitForImage } from '../wait-for-job.ts';
import {
  asResult,
  described,
  engineRequest,
  engineSource,
  finishJob,
  type Made,
  markerBeforeUpload,
  PUBLISH_FACT,
  type RouteContext,
  removeAbandoned,
  storedRequest,
  takenName,
  unpublishedUploads,
  verifyContentFirst,
} from './route.ts';

/** See `Route`. */
export async function partsRoute(context: RouteContext): Promise<Made> {
  const { cloud, request, engine, emit } = context;
  await verifyContentFirst(context);
  const earlier = await earlierUpload(context);
  const uploaded =
    earlier?.state === 'uploaded' && earlier.sha256 !== undefined
      ? asResult(earlier, earlier.sha256)
      : await send(context, earlier);
  emit({ type: 'uploaded', result: uploaded });
  const recordId = uploaded.target.key;
  const what = `make image ${recordId} of ${request.path}`;
  const ref = { id: `image:${recordId}` };
  await setFact(uploaded.uploadId, PUBLISH_FACT.job, ref.id, engine);
  const imageId = await finishJob(context, uploaded.uploadId, ref, what);
  claimInProcess(cloud, imageId);
  emit({ type: 'image-id', imageId, adopted: false });
  const { signal, importTimeoutMs: timeoutMs } = request;
  const image = await waitForImage(cloud, imageId, { signal, timeoutMs, clock: engine.clock });
  return { image, uploaded, adopted: earlier?.state === 'uploaded' };
}

/** The upload of the same bytes to an image of the same name that an earlier run of this machine began. */
async function earlierUpload(context: RouteContext): Promise<JournalSummary | undefined> {
  const { cloud, request } = context;
  for (const upload of (await unpublishedUploads(context)).reverse()) {
    const { target, facts, state } = upload;
    const same = target.route === 'parts' && target.cloud === cloud.name && target.region === cloud.region;
    if (!same || state === 'aborted' || facts[PUBLISH_FACT.partUpload] === undefined) continue;
    const image = await cloud.getImage(target.key, { signal: request.signal });
    if (image?.name === request.image.name && image.status !== 'failed') return upload;
  }
  return undefined;
}

async function send(context: RouteContext, earlier: JournalSummary | undefined): Promise<UploadResult> {
  const { request, engine } = context;
  const target = await (earlier === undefined ? begin(context) : goOn(context, earlier));
  const { partSizeBytes, parallelParts } = request;
  const running = await startUpload(
    { ...(await engineSource(context)), ...engineRequest(context), target, partSizeBytes, parallelParts },
    engine,
  );
  request.onUpload?.(running);
  await running.setFact(PUBLISH_FACT.partUpload, await target.initiate());
  await running.setFact(PUBLISH_FACT.request, storedRequest(context));
  return running.done;
}

function goOn({ cloud, request }: RouteContext, earlier: JournalSummary): Promise<MultipartTarget> {
  return cloud.resumeParts(earlier.target, {
    uploadId: earlier.facts[PUBLISH_FACT.partUpload] ?? '',
    imageName: request.image.name,
    sizeBytes: earlier.file.sizeBytes,
  });
}

async function begin(context: RouteContext): Promise<MultipartTarget> {
  const { cloud, request, engine } = context;
  const marker = await markerBeforeUpload(context);
  const origin = await originOf(engine.stateDir);
  await removeAbandoned(context, marker, origin);
  if (request.allowTakenName !== true) await refuseMade(context);
  const record = described(context, marker);
  const session = await cloud.uploadParts(
    { ...record, tags: { ...record.tags, [ORIGIN_TAG]: origin } },
    { signal: request.signal },
  );
  return session.target;
}

/**
 * An image of that name that is made, or in the making, without a journal or a checksum that would tell that it is ours:
 * the service takes equal names, so a second one would be made.
 * @throws ConflictError
 */
async function refuseMade({ cloud, request }: RouteContext): Promise<void> {
  const { name } = request.image;
  for await (const image of cloud.listImages({ scope: 'own', name }, { signal: request.signal })) {
    if (image.name === name && image.status !== 'deleted') throw takenName(cloud, request, image);
  }
}
