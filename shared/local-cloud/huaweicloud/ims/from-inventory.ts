// Images of servers, volumes and backups (seed 001 operations 16a, 16c and 19).
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { InventoryServer, InventoryVolume } from '../inventory.ts';
import { checkRoomFor, checkVault, type ImsContext, inventory, readBody, startJob } from './context.ts';
import { type CreateRequest, checkCommon, environments, type ImageDraft, newRecord } from './create.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkName, checkTags, commonFields } from './fields.ts';
import { goldImageOf } from './gold.ts';
import { findOsVersion } from './os-versions.ts';
import type { ImageRecord } from './records.ts';

/** Largest system disk that an image is made of, in GiB (IMG.0111). */
const maxSystemDiskGiB = 1024;
const contentBytes = 64 << 10;

/** What a disk holds: bytes that follow from its id, with the mark of a boot sector. */
function contentOf(diskId: string): Buffer {
  const block = createHash('sha512').update(diskId).digest();
  const content = Buffer.alloc(contentBytes, block);
  content.writeUInt16BE(0x55aa, 510);
  return content;
}

/** Stores what the disks hold and starts the job that makes their images. */
async function makeImages(
  context: ImsContext,
  type: string,
  parts: { draft: ImageDraft; diskId: string }[],
  subTypes?: string[],
): Promise<unknown> {
  const names = parts.map(({ draft }) => draft.name);
  const { blobs } = context.store;
  const received = await Promise.all(
    parts.map(({ diskId }) => blobs.receive(Readable.from([contentOf(diskId)]))),
  );
  try {
    // After the wait, so that two requests cannot take the same name or backup.
    checkRoomFor(context, names);
    for (const { draft } of parts) if (draft.backupId !== undefined) checkUnused(context, draft.backupId);
  } catch (error) {
    for (const { segment } of received) blobs.discard(segment);
    throw error;
  }
  const images = parts.map(
    ({ draft }, index): ImageRecord => ({
      ...draft,
      ...newRecord(context),
      diskFormat: 'zvhd2',
      status: 'saving',
      manifest: received.slice(index, index + 1).map(({ segment }) => segment),
      sizeBytes: contentBytes,
    }),
  );
  return startJob(context, type, { kind: 'make', images }, subTypes);
}

/** A server of the caller's that is not in the way of any image. @throws ImsError IMG.0012, 0005, 0164, 0063 or 0010 */
function findServer(context: ImsContext, id: string): InventoryServer {
  if (id === '') throw new ImsError('IMG.0012');
  const server = inventory(context).servers.find((candidate) => candidate.id === id);
  if (server === undefined) throw new ImsError('IMG.0005');
  if (server.obstacle === 'reclaimed') throw new ImsError('IMG.0164');
  if (server.obstacle === 'type') throw new ImsError('IMG.0063');
  if (server.obstacle === 'task') throw new ImsError('IMG.0010');
  return server;
}

/** The system disk of a server. @throws ImsError IMG.0119, 0153, 0006, 0110 or 0111 */
function systemDisk({ volumes }: InventoryServer): InventoryVolume {
  const disk = volumes.find(({ kind }) => kind === 'system');
  if (disk === undefined) throw new ImsError('IMG.0119');
  if (disk.dedicated) throw new ImsError('IMG.0153');
  if (disk.state === 'attaching') throw new ImsError('IMG.0006');
  if (disk.state === 'error') throw new ImsError('IMG.0110');
  if (disk.sizeGiB > maxSystemDiskGiB) throw new ImsError('IMG.0111');
  return disk;
}

/** A data disk and its server. @throws ImsError IMG.0120 or 0022 */
function dataDisk(context: ImsContext, id: string | undefined) {
  for (const server of inventory(context).servers) {
    const disk = server.volumes.find((volume) => volume.id === id && volume.kind === 'data');
    if (disk === undefined) continue;
    if (disk.state !== 'in-use') throw new ImsError('IMG.0022');
    return { server, disk };
  }
  throw new ImsError('IMG.0120');
}

/** What an image takes over from the server that it is made of. */
function inherited(context: ImsContext, server: InventoryServer) {
  const parent = goldImageOf(context.region, server.osVersion);
  return {
    osVersion: server.osVersion,
    rootPlatform: findOsVersion(server.osVersion)?.platform ?? 'Other',
    ...(parent === undefined ? {} : { sourceImageId: parent.id }),
    properties: parent?.properties ?? {},
  };
}

/** 16a: of the system disk of a stopped server, of data disks, or of both. */
export async function imagesOfServer(context: ImsContext, body: CreateRequest): Promise<unknown> {
  const server = body.instance_id === undefined ? undefined : findServer(context, body.instance_id);
  const parts: { draft: ImageDraft; diskId: string }[] = [];
  if (server !== undefined) {
    if (server.status !== 'SHUTOFF') throw new ImsError('IMG.0008');
    const disk = systemDisk(server);
    const draft: ImageDraft = {
      ...checkCommon(body),
      ...inherited(context, server),
      minDiskGiB: disk.sizeGiB,
      virtualEnvType: 'FusionCompute',
      origin: `instance,${server.id}`,
    };
    parts.push({ draft, diskId: disk.id });
  }
  const disks = (body.data_images ?? []).map((fields) => ({
    fields,
    ...dataDisk(context, fields.volume_id),
  }));
  const owners = [server?.id, ...disks.map((data) => data.server.id)].filter((id) => id !== undefined);
  if (new Set(owners).size > 1) throw new ImsError('IMG.0140');
  if (new Set(disks.map(({ disk }) => disk.id)).size < disks.length) throw new ImsError('IMG.0120');
  for (const { fields, server: owner, disk } of disks) {
    const draft: ImageDraft = {
      name: checkName(fields.name),
      description: checkDescription(fields.description),
      tags: checkTags(fields),
      minRamMiB: 0,
      osVersion: owner.osVersion,
      properties: {},
      minDiskGiB: disk.sizeGiB,
      virtualEnvType: 'DataImage',
      origin: `volume,${disk.id}`,
    };
    parts.push({ draft, diskId: disk.id });
  }
  if (disks.length === 0) return makeImages(context, 'imsCreateImageByInstance', parts);
  const types = parts.map(({ draft }) =>
    draft.virtualEnvType === 'DataImage' ? 'imsCopyVolumeToImageJob' : 'imsCreateImageByInstance',
  );
  return makeImages(context, 'imsVolumesToSysDataImagesJob', parts, types);
}

/** 16c: a system image of a data disk, such as the one that an ISO image was installed on. */
export async function imageOfVolume(context: ImsContext, body: CreateRequest): Promise<unknown> {
  const common = checkCommon(body);
  const virtualEnvType = environments[body.type ?? 'ECS'];
  if (virtualEnvType === undefined || virtualEnvType === 'IsoImage') throw new ImsError('IMG.0024');
  const os = findOsVersion(body.os_version?.trim() ?? '');
  if (os === undefined) throw new ImsError('IMG.0056');
  const { disk } = dataDisk(context, body.volume_id);
  const draft: ImageDraft = {
    ...common,
    osVersion: os.osVersion,
    properties: {},
    minDiskGiB: Math.max(disk.sizeGiB, 1),
    virtualEnvType,
    origin: `volume,${disk.id}`,
  };
  return makeImages(context, 'imsVolumeCreateImageJob', [{ draft, diskId: disk.id }]);
}

const wholeSchema = z.object({
  ...commonFields,
  instance_id: z.string().optional(),
  backup_id: z.string().optional(),
  vault_id: z.string().optional(),
  whole_image_type: z.string().optional(),
  max_ram: z.unknown().optional(),
  min_ram: z.unknown().optional(),
  enterprise_project_id: z.string().optional(),
});

/** `POST /v1/cloudimages/wholeimages/action`: of a server and all its disks, or of a backup of one. */
export async function createWholeImage(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, wholeSchema);
  if (body.instance_id !== undefined) return wholeOfServer(context, body, body.instance_id);
  if (body.backup_id !== undefined || body.whole_image_type !== undefined)
    return wholeOfBackup(context, body);
  throw new ImsError('IMG.0021');
}

async function wholeOfServer(context: ImsContext, body: z.infer<typeof wholeSchema>, id: string) {
  const common = checkCommon(body);
  const server = findServer(context, id);
  if (server.obstacle === 'backup') throw new ImsError('IMG.0136');
  if (!['ACTIVE', 'SHUTOFF'].includes(server.status)) throw new ImsError('IMG.0126');
  const disk = systemDisk(server);
  const vault = checkVault(body.vault_id, context);
  if (server.vaultId !== undefined && server.vaultId !== vault.id) throw new ImsError('IMG.0183');
  if (server.vaultId === undefined && vault.crowded) throw new ImsError('IMG.0185');
  const draft: ImageDraft = {
    ...common,
    ...inherited(context, server),
    minDiskGiB: disk.sizeGiB,
    virtualEnvType: 'FusionCompute',
    wholeImage: true,
    origin: `instance,${server.id}`,
  };
  const parts = [{ draft, diskId: disk.id }];
  return makeImages(context, 'imsCreateWholeImageByInstanceJob', parts);
}

async function wholeOfBackup(context: ImsContext, body: z.infer<typeof wholeSchema>) {
  const common = checkCommon(body);
  if (body.backup_id === undefined || body.backup_id === '') throw new ImsError('IMG.0019');
  // One sample of the document leaves the type out.
  if ((body.whole_image_type ?? 'CBR') !== 'CBR') throw new ImsError('IMG.0190');
  const backup = inventory(context).backups.find(({ id }) => id === body.backup_id);
  if (backup === undefined) throw new ImsError('IMG.0020');
  if (backup.status !== 'available') throw new ImsError('IMG.0032');
  if (backup.kind !== 'server') throw new ImsError('IMG.0198');
  if (backup.osVersion === undefined) throw new ImsError('IMG.0195');
  checkUnused(context, backup.id);
  const draft: ImageDraft = {
    ...common,
    osVersion: backup.osVersion,
    properties: {},
    minDiskGiB: backup.sizeGiB,
    virtualEnvType: 'FusionCompute',
    wholeImage: true,
    backupId: backup.id,
    origin: `server_backup,${backup.id}`,
    ...(backup.foreign ? { unshareable: true } : {}),
  };
  const parts = [{ draft, diskId: backup.id }];
  return makeImages(context, 'imsCreateWholeImageByBackupJob', parts);
}

/** One whole image per backup. @throws ImsError IMG.0029 */
function checkUnused({ store }: ImsContext, backupId: string): void {
  if (store.images().some((image) => image.backupId === backupId)) throw new ImsError('IMG.0029');
}
