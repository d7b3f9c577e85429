// Making an image from a file in the object store (seed 001 operation 16b).
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ObjectRecord } from '../../object-store/records.ts';
import { checkRoom, type ImsContext, ownImage, readBody, startJob } from './context.ts';
import { ImsError } from './errors.ts';
import { checkDescription, checkDisk, checkName, checkRam, checkTags, commonFields } from './fields.ts';
import { defaultOsVersion, findOsVersion } from './os-versions.ts';
import type { ImageRecord } from './records.ts';
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
  cmk_id: z.string().optional(),
  instance_id: z.string().optional(),
  volume_id: z.string().optional(),
  data_images: z.array(z.unknown()).optional(),
});
type CreateRequest = z.infer<typeof requestSchema>;

/** `type` of a request and the environment it stands for. */
const environments: Record<string, string> = {
  ECS: 'FusionCompute',
  FusionCompute: 'FusionCompute',
  BMS: 'Ironic',
  Ironic: 'Ironic',
  IsoImage: 'IsoImage',
};

const osTypes = ['Linux', 'Windows', 'Other'];
const maxQuickImportBytes = 2 ** 40;

/** `POST /v2/cloudimages/action`. Everything that can be refused at once is; the rest is up to the job. */
export async function createImage(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, requestSchema);
  // There are no servers, volumes or keys here, so naming one is naming one that does not exist.
  if (body.instance_id !== undefined) throw new ImsError('IMG.0005');
  if (body.volume_id !== undefined) throw new ImsError('IMG.0120');
  if (body.data_images !== undefined) throw new ImsError('IMG.0105');
  const draft = checkDraft(body);
  if (body.cmk_id !== undefined && body.cmk_id !== '') throw new ImsError('IMG.0095');
  const object = findObject(context, body.image_url);
  const format = await checkContent(context, body, object);
  checkRoom(context, { region: context.region, projectId: context.projectId, name: draft.name });
  const image: ImageRecord = {
    ...draft,
    ...newRecord(context),
    source: `${object.bucket}:${object.key}`,
    diskFormat: format === 'iso' ? 'iso' : 'zvhd2',
    status: 'saving',
  };
  return startJob(context, 'imsImportImageJob', {
    kind: 'import',
    image,
    bucket: object.bucket,
    key: object.key,
    etag: object.etag,
    diskFormat: image.diskFormat,
    intoRecord: false,
  });
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

function checkDraft(body: CreateRequest) {
  const name = checkName(body.name);
  const description = checkDescription(body.description);
  const tags = checkTags(body);
  const minDiskGiB = checkDisk(body.min_disk);
  const minRamMiB = checkRam(body.min_ram);
  const maxRamMiB = checkRam(body.max_ram);
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
  return {
    name,
    description,
    tags,
    minDiskGiB,
    minRamMiB,
    ...(maxRamMiB === 0 ? {} : { maxRamMiB }),
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
async function checkContent(context: ImsContext, body: CreateRequest, object: ObjectRecord): Promise<string> {
  const limit = body.is_quick_import === true ? maxQuickImportBytes : context.maxImportSizeBytes;
  if (object.sizeBytes > limit) throw new ImsError('IMG.0059');
  const format = await sniff(context.objects.blobs, object.manifest);
  if (format === undefined) throw new ImsError('IMG.0057');
  const saysIso = body.type === 'IsoImage';
  if (saysIso && format !== 'iso') throw new ImsError('IMG.0057');
  if (!saysIso && format === 'iso') throw new ImsError('IMG.0157');
  if (body.is_quick_import === true && format !== 'raw') throw new ImsError('IMG.0158');
  return format;
}
