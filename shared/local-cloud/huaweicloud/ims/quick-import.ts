// Fast import (seed 001 operation 17) and data images from files (operation 18).
import { z } from 'zod';
import { checkKey, checkRoomFor, type ImsContext, readBody, startJob } from './context.ts';
import { checkCommon, importItem, single } from './create.ts';
import { ImsError } from './errors.ts';
import { checkDisk, commonFields } from './fields.ts';
import { defaultOsVersion, findOsVersion } from './os-versions.ts';

const fields = {
  ...commonFields,
  image_url: z.string().optional(),
  min_disk: z.unknown().optional(),
  os_type: z.string().optional(),
  enterprise_project_id: z.string().optional(),
};

const quickSchema = z.object({
  ...fields,
  os_version: z.string().optional(),
  type: z.string().optional(),
  architecture: z.string().optional(),
});

const dataSchema = z.object({ ...fields, cmk_id: z.string().optional() });

const quickDiskGiB = { min: 1, max: 1024 };
const dataDiskGiB = { min: 40, max: 2048 };

/** @throws ImsError IMG.0122 */
function checkDataOsType(osType = 'Linux'): string {
  if (!['Linux', 'Windows'].includes(osType)) throw new ImsError('IMG.0122');
  return osType;
}

/** What a data image has instead of a system. */
const dataDisk = (osType: string) => ({
  osType,
  osVersion: defaultOsVersion,
  properties: {},
  virtualEnvType: 'DataImage',
});

/** The system of a system image. @throws ImsError IMG.0024, 0212, 0159 or 0056 */
function checkSystem({ type = 'ECS', architecture, os_version }: z.infer<typeof quickSchema>) {
  const virtualEnvType = { ECS: 'FusionCompute', BMS: 'Ironic' }[type];
  if (virtualEnvType === undefined) throw new ImsError('IMG.0024');
  if (architecture !== undefined && !['x86', 'arm'].includes(architecture)) throw new ImsError('IMG.0212');
  const name = os_version?.trim() ?? '';
  if (name === '') throw new ImsError('IMG.0159');
  const os = findOsVersion(name);
  if (os === undefined) throw new ImsError('IMG.0056');
  // Servers with arm processors start by UEFI only.
  const properties: Record<string, string> =
    architecture === 'arm' ? { __support_arm: 'true', hw_firmware_type: 'uefi' } : {};
  return { osVersion: os.osVersion, properties, virtualEnvType };
}

/** `POST /v2/cloudimages/quickimport/action`: RAW or ZVHD2, up to 1 TB. */
export async function quickImport(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, quickSchema);
  const common = checkCommon(body);
  const minDiskGiB = checkDisk(body.min_disk, quickDiskGiB);
  const isData = body.type === 'DataImage';
  const kind = isData ? dataDisk(checkDataOsType(body.os_type)) : checkSystem(body);
  const file = { url: body.image_url, quick: true, iso: false };
  const item = await importItem(context, { ...common, ...kind, minDiskGiB }, file);
  const sizeBytes = context.objects.object(item.bucket, item.key)?.sizeBytes ?? 0;
  if (!isData && minDiskGiB * 2 ** 30 <= sizeBytes) throw new ImsError('IMG.0055');
  checkRoomFor(context, [common.name]);
  return startJob(context, isData ? 'imsImportDataImageJob' : 'imsImportImageJob', single(item));
}

/** `POST /v1/cloudimages/dataimages/action`: an image of a data disk from a file. */
export async function createDataImage(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, dataSchema);
  const common = checkCommon(body);
  const minDiskGiB = checkDisk(body.min_disk, dataDiskGiB);
  const kind = dataDisk(checkDataOsType(body.os_type));
  const cmkId = checkKey(body.cmk_id, context);
  const draft = { ...common, ...kind, minDiskGiB, ...(cmkId === undefined ? {} : { cmkId }) };
  const item = await importItem(context, draft, { url: body.image_url, quick: false, iso: false });
  checkRoomFor(context, [common.name]);
  return startJob(context, 'imsImportDataImageJob', single(item));
}
