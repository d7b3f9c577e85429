// Directly to the image service in parts of its own, which resume (UCloudStack).
import { ConflictError, type MultipartTarget } from '../../model/index.ts';
import type { JournalSummary } from '../../transfer/index.ts';
import { ORIGIN_TAG, originOf } from '../origin.ts';
import { cloudLabel } from '../wait-for-job.ts';
import { finishRecord } from './import-job.ts';
import { removeAbandoned } from './records.ts';
import {
  described,
  type Made,
  markerBeforeUpload,
  PUBLISH_FACT,
  type Rest,
  type RouteContext,
  sendParts,
  takenName,
  unpublishedUploads,
  verifyContentFirst,
} from './route.ts';

/** What this process is making: a second one would take the record of the first for an earlier run's, and remove it. */
const underWay = new Set<string>();

/** See `Route`. */
export async function partsRoute(context: RouteContext): Promise<Made> {
  const { cloud } = context;
  const what = `${cloud.name}/${cloud.region}/${await markerBeforeUpload(context)}`;
  const isSecond = underWay.has(what);
  underWay.add(what);
  try {
    return await sendOrGoOn(context, isSecond);
  } finally {
    if (!isSecond) underWay.delete(what);
  }
}

async function sendOrGoOn(context: RouteContext, isSecond: boolean): Promise<Made> {
  await verifyContentFirst(context);
  const earlier = await earlierUpload(context);
  // Where there is an upload already, its lock refuses the second.
  if (earlier === undefined && isSecond) throw secondOf(context);
  const target = await (earlier === undefined ? begin(context) : goOn(context, earlier));
  const uploadId = await target.initiate();
  return sendParts(context, target, makeImage, { [PUBLISH_FACT.partUpload]: uploadId });
}

const secondOf = ({ cloud, request }: RouteContext) =>
  new ConflictError({
    operation: `publish ${request.path} as ${JSON.stringify(request.image.name)}`,
    cloud: cloudLabel(cloud),
    reason: 'this very process is making an image of that name from the same content',
    hint: 'Give one of the two another name, or wait until the other one is made.',
  });

/** What the service makes of the parts by itself. */
const makeImage: Rest = async (context, uploaded) => {
  const { image } = await finishRecord(context, uploaded, uploaded.target.key);
  return { image, adopted: false };
};

/** The upload of the same bytes to an image of the same name that an earlier run of this machine began. */
async function earlierUpload(context: RouteContext): Promise<JournalSummary | undefined> {
  const { cloud, request } = context;
  for (const upload of (await unpublishedUploads(context)).reverse()) {
    const { target, facts } = upload;
    const same = target.route === 'parts' && target.cloud === cloud.name && target.region === cloud.region;
    if (!same || facts[PUBLISH_FACT.partUpload] === undefined) continue;
    const image = await cloud.getImage(target.key, { signal: request.signal });
    if (image?.name === request.image.name && image.status !== 'failed') return upload;
  }
  return undefined;
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
  const origin = await originOf(engine);
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
