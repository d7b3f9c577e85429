// Making images: from files in the object store, servers, volumes and backups.
import {
  type CallOptions,
  type CreateFromBackupRequest,
  type CreateFromObjectRequest,
  type CreateFromServerRequest,
  type CreateFromVolumeRequest,
  type CreateFromWholeServerRequest,
  type DiskFormat,
  ImageBridgeError,
  type ImageDescription,
  InvalidInputError,
  type JobRef,
} from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import { chooseImport, type ImportMethod } from './import-choice.ts';
import * as api from './ims/api.ts';
import { checkDescribed, unsupported } from './refusals.ts';
import type { Session } from './session.ts';
import { writeTags } from './tags.ts';

const GIB = 1024 ** 3;

/**
 * Starts the import of a file from the object store, by the method that fits it or that the request names.
 * @throws InvalidInputError, RefusedError, UnsupportedError before anything is sent
 */
export async function createFromObject(
  session: Session,
  request: CreateFromObjectRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from ${request.bucket}/${request.key}`;
  checkDescribed(session, operation, request, KEPT_BY_ALL);
  checkFile(session, operation, request);
  const { method } = chooseImport(request, session.label, operation);
  checkDescribed(session, operation, request, KEPT[method]);
  const common = { ...describedBy(request), image_url: `${request.bucket}:${request.key}` };
  const { ims } = session;
  switch (method) {
    case 'ordinary':
    case 'iso':
      return started(
        api.importFile(
          ims,
          {
            ...common,
            os_type: osTypeOf(session, operation, request.osType),
            os_version: request.osVersion,
            min_disk: request.minDiskGiB ?? HUAWEICLOUD_CAPABILITIES.minDiskGiB.min,
            min_ram: request.minRamMiB,
            cmk_id: request.kmsKeyId,
            type: method === 'iso' ? 'IsoImage' : undefined,
            architecture: architectureOf(session, operation, request),
          },
          options,
        ),
      );
    case 'quick':
      return started(
        api.quickImport(
          ims,
          {
            ...common,
            os_version: request.osVersion ?? '',
            min_disk: quickDisk(session, operation, request),
            architecture: architectureOf(session, operation, request),
          },
          options,
        ),
      );
    case 'data-disk': {
      const os_type = dataOsTypeOf(session, operation, request.osType);
      const min_disk = request.minDiskGiB ?? HUAWEICLOUD_CAPABILITIES.minDiskGiB.min;
      const body = { ...common, os_type, min_disk, cmk_id: request.kmsKeyId };
      return started(api.importDataFile(ims, body, options));
    }
    case 'quick-data-disk': {
      const os_type = dataOsTypeOf(session, operation, request.osType);
      const min_disk = quickDisk(session, operation, request);
      return started(api.quickImport(ims, { ...common, os_type, min_disk, type: 'DataImage' }, options));
    }
    case 'register':
      return register(session, request, operation, options);
  }
}

const KEPT_BY_IMPORT = [
  ...['osVersion', 'osType', 'minDiskGiB', 'minRamMiB', 'kmsKeyId', 'architecture', 'bootMode'],
] as Kept;
type Kept = Parameters<typeof checkDescribed>[3];
/** What each method keeps of a description. */
const KEPT: Readonly<Record<ImportMethod, Kept>> = {
  ordinary: KEPT_BY_IMPORT,
  iso: KEPT_BY_IMPORT,
  quick: ['osVersion', 'osType', 'minDiskGiB', 'architecture', 'bootMode'],
  'data-disk': ['osType', 'minDiskGiB', 'kmsKeyId'],
  'quick-data-disk': ['osType', 'minDiskGiB'],
  register: ['osVersion', 'minDiskGiB', 'minRamMiB', 'protected'],
};
/** What at least one method keeps: looked at first, so that a name is refused before a format. */
const KEPT_BY_ALL: Kept = [...KEPT_BY_IMPORT, 'protected'];

/** What is wrong with the request whatever the method. @throws InvalidInputError */
function checkFile(session: Session, operation: string, request: CreateFromObjectRequest): void {
  const { importFormats } = HUAWEICLOUD_CAPABILITIES;
  const reason = !importFormats.includes(request.diskFormat)
    ? `files of format ${request.diskFormat} cannot be imported (only ${importFormats.join(', ')})`
    : request.diskFormat === 'iso' && !request.osVersion?.trim()
      ? 'an import of an ISO file needs an os_version'
      : undefined;
  if (reason !== undefined) throw new InvalidInputError({ operation, cloud: session.label, reason });
}

/** Makes a record and fills it (operations 35 and 20). A record that cannot be filled is deleted. */
async function register(
  session: Session,
  request: CreateFromObjectRequest,
  operation: string,
  options?: CallOptions,
): Promise<JobRef> {
  if (request.description) {
    const hint = 'Leave it out, and set it by an update once the image is active.';
    throw unsupported(session, operation, 'a registration does not take a description', hint);
  }
  const tags = Object.entries(request.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  const record = await api.createRecord(
    session.ims,
    {
      name: request.name,
      __os_version: request.osVersion,
      disk_format: recordFormat(request.diskFormat),
      protected: request.protected,
      tags: tags.length > 0 ? tags : undefined,
      min_ram: request.minRamMiB,
      min_disk: request.minDiskGiB ?? HUAWEICLOUD_CAPABILITIES.minDiskGiB.min,
    },
    options,
  );
  try {
    const image_url = `${request.bucket}:${request.key}`;
    return await started(api.registerImage(session.ims, { image_id: record.id, image_url }, options));
  } catch (error) {
    // The service refuses the deletion of a record that it has begun to fill: then it stays, and is named by the error.
    await api.deleteImage(session.ims, { image_id: record.id }).catch((failure: unknown) => {
      if (!(failure instanceof ImageBridgeError)) throw failure;
    });
    throw error;
  }
}

const RECORD_FORMATS = ['zvhd2', 'zvhd', 'vhd', 'raw', 'qcow2', 'iso'] as const;

/** A record's format: the file's own, or what the service makes of it. */
const recordFormat = (format: DiskFormat) => RECORD_FORMATS.find((known) => known === format) ?? 'zvhd2';

/** Starts an image of a server's system disk. */
export async function createFromServer(
  session: Session,
  request: CreateFromServerRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from server ${request.serverId}`;
  checkDescribed(session, operation, request, ['minRamMiB']);
  const body = { ...describedBy(request), instance_id: request.serverId, min_ram: request.minRamMiB };
  return started(api.createFromServer(session.ims, body, options));
}

/** Starts an image of a volume: a system image, or one of a data disk. */
export async function createFromVolume(
  session: Session,
  request: CreateFromVolumeRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const { name, volumeId } = request;
  const operation = `create image ${name} from volume ${volumeId}`;
  if (request.dataDisk) {
    checkDescribed(session, operation, request, []);
    const tags = Object.entries(request.tags ?? {}).map(([key, value]) => `${key}.${value}`);
    const disk = {
      name,
      volume_id: volumeId,
      description: request.description || undefined,
      tags: tags.length > 0 ? tags : undefined,
    };
    return started(api.createFromDataDisks(session.ims, { data_images: [disk] }, options));
  }
  checkDescribed(session, operation, request, ['osVersion', 'minRamMiB']);
  if (!request.osVersion?.trim()) {
    throw new InvalidInputError({
      operation,
      cloud: session.label,
      reason: 'a system image of a volume needs an os_version',
      hint: 'Give the version as the catalogue of the cloud spells it, or say that it is a data disk.',
    });
  }
  const { osVersion: os_version, minRamMiB: min_ram } = request;
  const body = { ...describedBy(request), volume_id: volumeId, os_version, min_ram };
  return started(api.createFromVolume(session.ims, body, options));
}

/** Starts a whole-server image of a backup. */
export async function createFromBackup(
  session: Session,
  request: CreateFromBackupRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from backup ${request.backupId}`;
  checkDescribed(session, operation, request, ['minRamMiB']);
  const { backupId: backup_id, vaultId: vault_id, minRamMiB: min_ram } = request;
  return started(
    api.createWholeImage(session.ims, { ...describedBy(request), backup_id, vault_id, min_ram }, options),
  );
}

/** Starts a whole-server image of a server. */
export async function createFromWholeServer(
  session: Session,
  request: CreateFromWholeServerRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const operation = `create image ${request.name} from the whole server ${request.serverId}`;
  checkDescribed(session, operation, request, ['minRamMiB']);
  const { serverId: instance_id, vaultId: vault_id, minRamMiB: min_ram } = request;
  if (vault_id === undefined) {
    throw new InvalidInputError({
      operation,
      cloud: session.label,
      reason: 'a whole-server image needs the vault that the server is in, or shall be put into',
      hint: 'Give its id as vault_id; the console of the backup service (CBR) shows it.',
    });
  }
  return started(
    api.createWholeImage(session.ims, { ...describedBy(request), instance_id, vault_id, min_ram }, options),
  );
}

/** The fields that all calls have. */
function describedBy({ name, description, tags = {} }: ImageDescription) {
  return {
    name,
    description: description || undefined,
    image_tags: Object.keys(tags).length > 0 ? writeTags(tags) : undefined,
  };
}

async function started(work: Promise<api.JobStarted>): Promise<JobRef> {
  return { id: (await work).job_id };
}

const OS_TYPES = ['Linux', 'Windows', 'Other'] as const;

function osTypeOf(
  session: Session,
  operation: string,
  osType: string | undefined,
): (typeof OS_TYPES)[number] | undefined {
  if (osType === undefined || osType === '') return undefined;
  const found = OS_TYPES.find((known) => known.toLowerCase() === osType.toLowerCase());
  if (found) return found;
  const reason = `the os_type ${JSON.stringify(osType)} is not one of ${OS_TYPES.join(', ')}`;
  throw new InvalidInputError({ operation, cloud: session.label, reason });
}

function dataOsTypeOf(session: Session, operation: string, osType: string | undefined) {
  const found = osTypeOf(session, operation, osType);
  if (found !== 'Other') return found;
  const reason = 'the os_type of a data disk is Linux or Windows';
  throw new InvalidInputError({ operation, cloud: session.label, reason });
}

/** The service's word for an architecture; UEFI is a matter of the architecture when an image is made. */
function architectureOf(
  session: Session,
  operation: string,
  { architecture, bootMode }: ImageDescription,
): 'x86' | 'arm' | undefined {
  const isArm = architecture !== undefined && /^(arm|arm64|aarch64)$/i.test(architecture);
  const isX86 = architecture !== undefined && /^(x86|x86_64|amd64)$/i.test(architecture);
  if (architecture && !isArm && !isX86) {
    const reason = `the architecture ${JSON.stringify(architecture)} is neither x86 nor arm`;
    throw new InvalidInputError({ operation, cloud: session.label, reason });
  }
  if (bootMode !== undefined && (bootMode === 'uefi') !== isArm) {
    const hint = isArm
      ? 'Leave the boot mode out: ARM images boot by UEFI.'
      : 'Leave the boot mode out, and set it by an update once the image is active.';
    if (isArm || bootMode === 'uefi') {
      const reason = `an import of an ${isArm ? 'arm' : 'x86'} disk boots by ${isArm ? 'UEFI' : 'BIOS'}`;
      throw unsupported(session, operation, reason, hint);
    }
  }
  return isArm ? 'arm' : isX86 ? 'x86' : undefined;
}

/** The disk of a quick import must be larger than the file. */
function quickDisk(
  session: Session,
  operation: string,
  { minDiskGiB, sizeBytes = 0 }: CreateFromObjectRequest,
): number {
  const least = Math.floor(sizeBytes / GIB) + 1;
  if (minDiskGiB === undefined) return Math.max(HUAWEICLOUD_CAPABILITIES.minDiskGiB.min, least);
  if (minDiskGiB >= least) return minDiskGiB;
  throw new InvalidInputError({
    operation,
    cloud: session.label,
    reason: `min_disk is ${minDiskGiB} GiB, and a quick import needs a disk larger than its file`,
    hint: `Give at least ${least} GiB, or leave it out.`,
  });
}
