// Making images (seed 001 operation 16, seed 002 operation 52): which variant it is, and the one from files.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ObjectRecord } from '../../object-store/records.ts';
import { checkKey, checkRoomFor, type ImsContext, ownImage, readBody, startJob } from './context.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkDisk, checkName, checkRam, checkTags, commonFields } from './fields.ts';
import { imageOfVolume, imagesOfServer } from './from-inventory.ts';
import { defaultOsVersion, findOsVersion } from './os-versions.ts';
import type { ImageRecord, ImportItem } from './records.ts';
import { sniff } from './sniff.ts';

const requestSchema = z.object({
  ...commonFields,
  image_url: z.string().optional(),
  min_disk: z.unknown().optional(),
  min_ram: z.unknown().optional(),
  max_ram: z.unknown().optional(),
  os_version: z.string().optional(),
  os_type: z.string().optional(),
  type: z.string().optional(),
  architecture: z.string().optional(),
  is_quick_import: z.boolean().optional(),
  is_config: z.boolean().optional(),
  /** Of the older edition (seed 002), whose samples send it. */
  is_config_init: z.boolean().optional(),
  enterprise_project_id: z.string().optional(),
  cmk_id: z.string().optional(),
  instance_id: z.string().optional(),
  volume_id: z.string().optional(),
  data_images: z
    .array(
      z.object({
        ...commonFields,
        volume_id: z.string().optional(),
        image_url: z.string().optional(),
        min_disk: z.unknown().optional(),
        is_quick_import: z.boolean().optional(),
      }),
    )
    .optional(),
});
/** The body of a creation, of any variant. */
export type CreateRequest = z.infer<typeof requestSchema>;

/** `type` of a request and the environment it stands for. */
export const environments: Readonly<Record<string, string>> = {
  ECS: 'FusionCompute',
  FusionCompute: 'FusionCompute',
  BMS: 'Ironic',
  Ironic: 'Ironic',
  IsoImage: 'IsoImage',
};

const osTypes = ['Linux', 'Windows', 'Other'];
const maxQuickImportBytes = 2 ** 40;
/** Data disks that a file of a system disk may bring along, and their sizes (seed 001 table 5-6). */
const maxDataImages = 3;
const dataDiskGiB = { min: 1, max: 2048 };

/** `POST /v2/cloudimages/action`. Everything that can be refused at once is; the rest is up to the job. */
export async function createImage(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, requestSchema);
  const ofVolumes = body.data_images?.some((data) => data.volume_id !== undefined) ?? false;
  if (body.instance_id !== undefined || ofVolumes) return imagesOfServer(context, body);
  if (body.volume_id !== undefined) return imageOfVolume(context, body);
  return imageOfFile(context, body);
}

/** The variant for files: a system disk, and up to three data disks. */
async function imageOfFile(context: ImsContext, body: CreateRequest): Promise<unknown> {
  const data = body.data_images ?? [];
  if (data.length > maxDataImages) throw new ImsError('IMG.0194');
  const system = await importItem(context, checkDraft(context, body), {
    url: body.image_url,
    quick: body.is_quick_import === true,
    iso: body.type === 'IsoImage',
  });
  const items: ImportItem[] = [system];
  for (const [index, fields] of data.entries()) {
    const draft = {
      ...system.image,
      name: checkName(fields.name ?? `${system.image.name}-data${index + 1}`),
      description: checkDescription(fields.description),
      tags: checkTags(fields),
      minDiskGiB: checkDisk(fields.min_disk, dataDiskGiB),
      virtualEnvType: 'DataImage',
    };
    const quick = fields.is_quick_import === true;
    items.push(await importItem(context, draft, { url: fields.image_url, quick, iso: false }));
  }
  if (new Set(items.map(({ bucket, key }) => `${bucket}:${key}`)).size < items.length) {
    throw new ImsError('IMG.0123');
  }
  checkRoomFor(
    context,
    items.map(({ image }) => image.name),
  );
  if (data.length === 0) return startJob(context, 'imsImportImageJob', single(system));
  const types = items.map((_, index) => (index === 0 ? 'imsImportImageJob' : 'imsImportDataImageJob'));
  return startJob(context, 'imsImportOvaImageJob', { kind: 'import-all', items }, types);
}

/** The effect of a job that imports one new image. */
export const single = (item: ImportItem) => ({ kind: 'import' as const, ...item, intoRecord: false });

/** What a new image is before its file is looked at. */
export type ImageDraft = Omit<ImageRecord, keyof ReturnType<typeof newRecord> | 'diskFormat' | 'status'>;

/** A new image and the object that its bytes come from. @throws ImsError what is wrong with the object */
export async function importItem(
  context: ImsContext,
  draft: ImageDraft,
  file: { url: string | undefined; quick: boolean; iso: boolean },
): Promise<ImportItem> {
  const object = findObject(context, file.url);
  const format = await checkContent(context, file, object);
  const diskFormat = format === 'iso' ? 'iso' : 'zvhd2';
  return {
    image: {
      ...draft,
      ...newRecord(context),
      source: `${object.bucket}:${object.key}`,
      diskFormat,
      status: 'saving',
    },
    bucket: object.bucket,
    key: object.key,
    etag: object.etag,
    diskFormat,
  };
}

/** The fields of a new image that do not depend on the request. */
export function newRecord({ exchange, region, projectId }: ImsContext) {
  return {
    id: randomUUID(),
    region,
    projectId,
    protected: false,
    members: [],
    manifest: [],
    sizeBytes: 0,
    createdAtMs: exchange.now,
    updatedAtMs: exchange.now,
  };
}

const registerSchema = z.object({ image_url: z.string().optional() });

/** `PUT /v1/cloudimages/{id}/upload` (seed 001 operation 20): fills a record that was made before. */
export async function registerImage(context: ImsContext, id: string): Promise<unknown> {
  const body = await readBody(context, registerSchema);
  const image = ownImage(context, id);
  if (image.status !== 'queued') throw new ImsError('IMG.0031');
  const object = findObject(context, body.image_url);
  if (object.sizeBytes > context.maxImportSizeBytes) throw new ImsError('IMG.0059');
  const format = await sniff(context.objects.blobs, object.manifest);
  if (format === undefined) throw new ImsError('IMG.0057');
  const source = `${object.bucket}:${object.key}`;
  return startJob(context, 'imsNativeImportImageJob', {
    kind: 'import',
    image: { ...image, source, status: 'saving' },
    bucket: object.bucket,
    key: object.key,
    etag: object.etag,
    diskFormat: format === 'iso' ? 'iso' : image.diskFormat,
    intoRecord: true,
  });
}

/** Name, description, tags, memory and enterprise project of a new image. @throws ImsError what is wrong with them */
export function checkCommon(body: Omit<CreateRequest, 'data_images'>) {
  const maxRamMiB = checkRam(body.max_ram);
  return {
    name: checkName(body.name),
    description: checkDescription(body.description),
    tags: checkTags(body),
    minRamMiB: checkRam(body.min_ram),
    ...(maxRamMiB === 0 ? {} : { maxRamMiB }),
    ...(body.enterprise_project_id === undefined ? {} : { enterpriseProjectId: body.enterprise_project_id }),
  };
}

function checkDraft(context: ImsContext, body: CreateRequest): ImageDraft {
  const common = checkCommon(body);
  const minDiskGiB = checkDisk(body.min_disk);
  const virtualEnvType = environments[body.type ?? 'ECS'];
  if (virtualEnvType === undefined) throw new ImsError('IMG.0024');
  if (body.os_type !== undefined && !osTypes.includes(body.os_type)) throw new ImsError('IMG.0122');
  if (body.architecture !== undefined && !['x86', 'arm'].includes(body.architecture)) {
    throw new ImsError('IMG.0212');
  }
  const osVersion = body.os_version?.trim() ?? '';
  if (osVersion === '' && virtualEnvType === 'IsoImage') throw new ImsError('IMG.0166');
  if (osVersion === '' && body.is_quick_import === true) throw new ImsError('IMG.0159');
  const os = osVersion === '' ? findOsVersion(defaultOsVersion) : findOsVersion(osVersion);
  if (os === undefined) throw new ImsError('IMG.0056');
  const properties: Record<string, string> =
    body.architecture === 'arm' ? { __support_arm: 'true', hw_firmware_type: 'uefi' } : {};
  if (body.cmk_id && virtualEnvType === 'Ironic') throw new ImsError('IMG.0118');
  const cmkId = checkKey(body.cmk_id, context);
  return {
    ...common,
    minDiskGiB,
    ...(cmkId === undefined ? {} : { cmkId }),
    virtualEnvType,
    osVersion: os.osVersion,
    ...(body.os_type === undefined ? {} : { osType: body.os_type }),
    properties,
  };
}

/**
 * The object that an `image_url` names, if the caller may read it and it is in this region.
 * @throws ImsError IMG.0017, 0068, 0109, 0175, 0057 or 0058
 */
export function findObject(context: ImsContext, url: string | undefined): ObjectRecord {
  const colon = url?.indexOf(':') ?? -1;
  if (url === undefined || colon < 0 || url.includes('://')) throw new ImsError('IMG.0017');
  const bucketName = url.slice(0, colon);
  const key = url.slice(colon + 1);
  if (bucketName === '') throw new ImsError('IMG.0068');
  if (!/^[a-z0-9.-]+$/.test(bucketName)) throw new ImsError('IMG.0109');
  if (key === '') throw new ImsError('IMG.0017');
  if (key.includes(' ')) throw new ImsError('IMG.0175');
  const bucket = context.objects.buckets.get(bucketName);
  if (bucket === undefined || bucket.domainId !== context.account.domainId) throw new ImsError('IMG.0057');
  if (bucket.region !== context.region) throw new ImsError('IMG.0058');
  const object = context.objects.object(bucketName, key);
  const standard = bucket.storageClass === 'STANDARD' && object?.storageClass === 'STANDARD';
  if (object === undefined || object.sizeBytes === 0 || !standard) throw new ImsError('IMG.0057');
  return object;
}

/** What the object is. @throws ImsError IMG.0057, 0059, 0157 or 0158 */
async function checkContent(
  context: ImsContext,
  { quick, iso }: { quick: boolean; iso: boolean },
  object: ObjectRecord,
): Promise<string> {
  if (object.sizeBytes > (quick ? maxQuickImportBytes : context.maxImportSizeBytes)) {
    throw new ImsError('IMG.0059');
  }
  const format = await sniff(context.objects.blobs, object.manifest);
  if (format === undefined) throw new ImsError('IMG.0057');
  if (iso && format !== 'iso') throw new ImsError('IMG.0057');
  if (!iso && format === 'iso') throw new ImsError('IMG.0157');
  // A ZVHD2 file has no mark that is documented, so it passes for raw; nor has the bitmap's file a documented name.
  if (quick && format !== 'raw') throw new ImsError('IMG.0158');
  return format;
}
