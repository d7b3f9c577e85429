// Copying images inside a region and across regions (seed 001 §5.3). A copy refers to the same bytes.
import { z } from 'zod';
import {
  checkKey,
  checkRoom,
  checkVault,
  type ImsContext,
  ownImage,
  readBody,
  startJob,
  visibleImage,
} from './context.ts';
import { newRecord } from './create.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkName } from './fields.ts';
import type { ImageRecord } from './records.ts';

const copySchema = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  cmk_id: z.string().optional(),
});

const crossRegionSchema = copySchema.extend({
  region: z.string().min(1),
  project_name: z.string().min(1),
  agency_name: z.string().optional(),
  vault_id: z.string().optional(),
});

/** Copies across regions that one tenant may have under way (seed 001 §5.3.2). */
const maxConcurrentCopies = 5;
const crossRegionType = 'imsCopyImageCrossUserJob';

const ownFields = ['activeAtMs', 'sha256', 'source', 'origin', 'cmkId', 'backupId'] as const;

/** @throws ImsError IMG.0046 or IMG.0167 */
function checkSource(source: ImageRecord): void {
  if (source.status !== 'active') throw new ImsError('IMG.0046');
  if (source.virtualEnvType === 'IsoImage') throw new ImsError('IMG.0167');
}

function draftOf(
  context: ImsContext,
  source: ImageRecord,
  target: { region: string; projectId: string },
  body: z.infer<typeof copySchema>,
): ImageRecord {
  const name = checkName(body.name);
  const description = checkDescription(body.description);
  const cmkId = checkKey(body.cmk_id, target);
  if (cmkId !== undefined && cmkId === source.cmkId) throw new ImsError('IMG.0096');
  checkRoom(context, { ...target, name });
  // What tells of the source's own making is not handed on.
  const inherited = { ...source };
  for (const name of ownFields) delete inherited[name];
  return {
    ...inherited,
    ...newRecord(context),
    ...target,
    name,
    description,
    status: 'saving',
    tags: {},
    sourceImageId: source.id,
    origin: `image,${source.region},${source.id}`,
    ...(cmkId === undefined ? {} : { cmkId }),
  };
}

/** `POST /v1/cloudimages/{id}/copy`: an own image, or a shared one that was accepted. */
export async function copyInRegion(context: ImsContext, id: string): Promise<unknown> {
  const body = await readBody(context, copySchema);
  const source = visibleImage(context, id);
  if (source.gold) throw new ImsError('IMG.0047');
  const member = source.members.find((candidate) => candidate.projectId === context.projectId);
  if (source.projectId !== context.projectId && member?.status !== 'accepted') throw new ImsError('IMG.0196');
  checkSource(source);
  if (source.wholeImage) throw new ImsError('IMG.0130');
  if (member !== undefined && source.cmkId !== undefined) throw new ImsError('IMG.0197');
  const { region, projectId } = context;
  const image = draftOf(context, source, { region, projectId }, body);
  return startJob(context, 'imsCopyImageInRegionJob', { kind: 'copy', image, sourceImageId: id });
}

/** A whole image needs a vault there that takes copies, and comes once. @throws ImsError IMG.0184 …, 0189 or 0150 */
function checkWholeTarget(
  { store }: ImsContext,
  source: ImageRecord,
  target: { region: string; projectId: string },
  vaultId: string | undefined,
): void {
  if (!checkVault(vaultId, target).replication) throw new ImsError('IMG.0189');
  const copied = store.images().some((i) => i.region === target.region && i.sourceImageId === source.id);
  if (copied) throw new ImsError('IMG.0150');
}

/** `POST /v1/cloudimages/{id}/cross_region_copy`: an own image, to a project of the same account elsewhere. */
export async function copyCrossRegion(context: ImsContext, id: string): Promise<unknown> {
  const body = await readBody(context, crossRegionSchema);
  const source = ownImage(context, id);
  if (!context.regions.includes(body.region)) throw new ImsError('IMG.0147');
  if (body.region === context.region) throw new ImsError('IMG.0142');
  const projectId = body.project_name === body.region ? context.account.projects[body.region] : undefined;
  if (projectId === undefined) throw new ImsError('IMG.0145');
  if (body.agency_name === undefined || body.agency_name.trim() === '') throw new ImsError('IMG.0151');
  checkSource(source);
  if (source.cmkId !== undefined) throw new ImsError('IMG.0143');
  if (source.wholeImage) checkWholeTarget(context, source, { region: body.region, projectId }, body.vault_id);
  // The limit is that of imports, 128 GB.
  if (source.sizeBytes > context.maxImportSizeBytes) throw new ImsError('IMG.0146');
  if (context.jobs.underway(context.projectId, crossRegionType) >= maxConcurrentCopies) {
    throw new ImsError('IMG.0149');
  }
  const image = draftOf(context, source, { region: body.region, projectId }, body);
  return startJob(context, crossRegionType, { kind: 'copy', image, sourceImageId: id });
}
