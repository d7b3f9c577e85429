// The reading actions (seed 000: DescribeImage, DescribeBaseImage, DescribeImageOSVersions).
import { type ActionContext, type ActionResult, isVisible } from './context.ts';
import { inventoryOf } from './inventory.ts';
import { osCatalogue } from './os-versions.ts';
import type { ImageRecord } from './records.ts';

/** Limit is the size of a page and Offset its start, whatever the descriptions of the two say. */
function pageOf<T>({ parameters }: ActionContext, all: readonly T[]): T[] {
  const limit = parameters.integer('Limit', { min: 1, max: 100 }) ?? 10;
  const offset = parameters.integer('Offset', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
  return all.slice(offset, offset + limit);
}

/** True when the list is empty or has the value. */
const allows = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);

/** DescribeImage: the newest first. */
export function describeImage(context: ActionContext): ActionResult {
  const { parameters, store, lifecycle, now } = context;
  const ids = parameters.list('ImageIDs');
  const projects = parameters.list('ProjectIDs');
  const statuses = parameters.list('Status');
  const keyword = parameters.text('Keyword')?.toLowerCase();
  const type = parameters.choice('ImageType', ['Base', 'Custom'] as const);
  const format = parameters.choice('ImageFormat', ['qcow2', 'iso'] as const);
  const found = store
    .images()
    .filter((image) => image.phase !== 'destroyed' && isVisible(image, context))
    .filter((image) => allows(ids, image.id) && allows(projects, image.projectId))
    .filter((image) => type === undefined || image.type === type)
    .filter((image) => format === undefined || image.format === format)
    .filter(
      ({ id, name, description }) =>
        keyword === undefined || [id, name, description].some((text) => text.toLowerCase().includes(keyword)),
    )
    .filter((image) => statuses.length === 0 || statuses.includes(lifecycle.progressOf(image, now).status))
    .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1));
  return {
    TotalCount: found.length,
    Infos: pageOf(context, found).map((image) => imageInfo(context, image)),
  };
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** The model ImageInfo. */
function imageInfo({ accounts, lifecycle, now }: ActionContext, image: ImageRecord): Record<string, unknown> {
  const owner = accounts.find((one) => one.ucloudstack.companyId === image.companyId)?.ucloudstack;
  const { status, percent } = lifecycle.progressOf(image, now);
  return {
    Name: image.name,
    Remark: image.description,
    Region: image.region,
    RegionAlias: image.region,
    CompanyID: image.companyId,
    CompanyName: owner?.companyName ?? '',
    Email: owner?.email ?? '',
    ProjectID: image.projectId,
    ProjectName: 'default',
    Reason: image.reason ?? '',
    CreateTime: seconds(image.createdAtMs),
    UpdateTime: seconds(image.updatedAtMs),
    Tags: image.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ImageName: image.name,
    ImageDescription: image.description,
    Remarkable: !image.system,
    ImageID: image.id,
    ImageType: image.type,
    ImageFormat: image.format,
    ImageStatus: status,
    ImageSize: image.sizeGiB,
    OSType: image.osType,
    OSName: `${image.osDistribution} ${image.osVersion} ${image.arch}`,
    OSDistribution: image.osDistribution,
    SetArch: image.arch,
    CanVGPU: false,
    SupportHotplug: image.osType === 'Linux',
    PreparePrecent: percent,
    SupportQGA: image.supportQga,
    SupportCloudInit: image.supportCloudInit,
    Encrypted: image.encrypted,
    ImportType: image.importType ?? '',
    BootloaderType: image.bootloader,
    BoundVMSetIDs: [],
    BoundVMIDs: image.type === 'Custom' ? usersOf(image) : [],
    ImageFrom: image.from,
  };
}

/** The servers of its tenant that use an image. */
export function usersOf(image: ImageRecord): string[] {
  return inventoryOf(image.companyId, image.region)
    .filter((vm) => vm.imageId === image.id)
    .map((vm) => vm.id);
}

/** DescribeBaseImage. It has no pages. */
export function describeBaseImage(context: ActionContext): ActionResult {
  const ids = context.parameters.list('ImageIDs');
  const found = context.store
    .images()
    .filter((image) => image.type === 'Base' && image.phase !== 'destroyed' && isVisible(image, context))
    .filter((image) => allows(ids, image.id));
  return {
    TotalCount: found.length,
    Infos: found.map((image) => ({
      Region: image.region,
      ImageID: image.id,
      Name: image.name,
      Description: image.description,
      CreateTime: seconds(image.createdAtMs),
      UpdateTime: seconds(image.updatedAtMs),
      Permission: 'all',
    })),
  };
}

/** DescribeImageOSVersions. */
export function describeOsVersions(context: ActionContext): ActionResult {
  const ids = context.parameters.list('ImageOSIDs');
  const found = osCatalogue.filter((entry) => allows(ids, entry.id));
  return {
    TotalCount: found.length,
    Infos: pageOf(context, found).map((entry) => ({
      ImageOSID: entry.id,
      OSType: entry.type,
      SetArch: entry.arch,
      OSDistribution: entry.distribution,
      OSVersion: entry.version,
      NetworkMode: entry.networkMode,
      Remark: '',
      Status: 'Ready',
    })),
  };
}
