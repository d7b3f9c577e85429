// From the action API's words to the model's. Pure.
import type { Image, ImageStatus, Job, OsVersion } from '../../model/index.ts';
import type { ActionReply, WireImage } from './schemas.ts';

const STATUS: Readonly<Record<string, ImageStatus>> = {
  used: 'active',
  available: 'active',
  making: 'importing',
  uploading: 'importing',
  waitmaking: 'pending',
  waituploading: 'pending',
  initializing: 'pending',
  failed: 'failed',
  unavailable: 'failed',
  deleting: 'deleted',
  deleted: 'deleted',
  terminating: 'deleted',
  terminated: 'deleted',
};
const GIB = 1024 ** 3;

// What the model has fields for.
const KNOWN = new Set([
  ...[
    'ImageID',
    'Name',
    'ImageName',
    'Remark',
    'ImageDescription',
    'Reason',
    'CreateTime',
    'UpdateTime',
    'Tags',
  ],
  ...['ImageFormat', 'ImageStatus', 'ImageSize', 'OSType', 'OSDistribution', 'OSVersion', 'SetArch'],
  ...['PreparePrecent', 'PreparePercent', 'BootloaderType'],
]);

/** An image as the model describes it (ImageInfo of seed 000). */
export function toImage(wire: WireImage, permission?: string): Image {
  const rawStatus = wire.ImageStatus ?? '';
  const status = STATUS[rawStatus.toLowerCase()] ?? 'unknown';
  const percent = wire.PreparePrecent ?? wire.PreparePercent ?? undefined;
  const size = wire.ImageSize ?? undefined;
  return {
    id: wire.ImageID,
    name: wire.Name || wire.ImageName || '',
    status,
    rawStatus,
    failureReason: wire.Reason || undefined,
    description: wire.Remark || wire.ImageDescription || undefined,
    ownerId: wire.CompanyID === undefined || wire.CompanyID === null ? undefined : String(wire.CompanyID),
    visibility: wire.ImageType === 'Base' ? 'public' : 'private',
    diskFormat: wire.ImageFormat?.toLowerCase() || undefined,
    // Whole GiB: the service tells no bytes.
    sizeBytes: size !== undefined && size > 0 ? size * GIB : undefined,
    osType: wire.OSType || undefined,
    osDistribution: wire.OSDistribution || undefined,
    osVersion: wire.OSVersion || versionIn(wire) || undefined,
    architecture: wire.SetArch || undefined,
    bootMode: wire.BootloaderType?.toLowerCase() || undefined,
    ...(percent !== undefined && status !== 'active'
      ? { progress: Math.min(1, Math.max(0, percent / 100)) }
      : {}),
    tags: Object.fromEntries(
      (wire.Tags ?? []).flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? '']] : [])),
    ),
    sourceImageId: /^image-\S+$/.test(wire.ImageFrom ?? '') ? (wire.ImageFrom ?? undefined) : undefined,
    createdAt: timeOf(wire.CreateTime),
    updatedAt: timeOf(wire.UpdateTime),
    properties: Object.fromEntries([
      ...Object.entries(wire).flatMap(([name, value]): [string, string][] => {
        if (KNOWN.has(name) || value === null || value === undefined || value === '') return [];
        return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
      }),
      ...(permission === undefined ? [] : [['Permission', permission] as const]),
    ]),
  };
}

/** The version in a name like `OpenEuler 22.03_SP4 x86_64`; the whole name where it has another form. */
function versionIn({
  OSName: name,
  OSDistribution: distribution,
  SetArch: arch,
}: WireImage): string | undefined {
  if (!name) return undefined;
  const [start, end] = [`${distribution ?? ''} `, ` ${arch ?? ''}`];
  const isUsual = name.startsWith(start) && name.endsWith(end) && name.length > start.length + end.length;
  return isUsual ? name.slice(start.length, -end.length) : name;
}

/** The making of an image as a job; the image itself tells how far it is. */
export function toJob(id: string, image: Image): Job {
  const job = {
    id,
    imageIds: [image.id],
    type: 'import',
    progress: image.progress,
    startedAt: image.createdAt,
  };
  switch (image.status) {
    case 'active':
      return { ...job, status: 'succeeded', progress: 1, endedAt: image.updatedAt };
    case 'failed':
    case 'deleted':
      return {
        ...job,
        status: 'failed',
        failureReason: image.failureReason ?? `the image is ${image.rawStatus}`,
      };
    case 'pending':
      return { ...job, status: 'queued' };
    default:
      return { ...job, status: 'running' };
  }
}

/** The catalogue of systems as the model describes it (ImageOSInfo of seed 000). */
export function toOsVersions(infos: ActionReply<'DescribeImageOSVersions'>['Infos']): OsVersion[] {
  return (infos ?? []).flatMap((info) => {
    if (!info.OSVersion) return [];
    const osDistribution = info.OSDistribution || undefined;
    return [
      {
        platform: osDistribution ?? 'Other',
        osVersion: info.OSVersion,
        osType: info.OSType || 'Other',
        osDistribution,
        architecture: info.SetArch || undefined,
      },
    ];
  });
}

/** Unix seconds; milliseconds where the number cannot be seconds. */
export function timeOf(value: number | null | undefined): Date | undefined {
  if (!value || value <= 0) return undefined;
  return new Date(value > 1e12 ? value : value * 1000);
}
