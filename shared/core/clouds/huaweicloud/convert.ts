// From the image service's words to the model's. Pure.
import type { Image, ImageStatus, Job, OsVersion, Share } from '../../model/index.ts';
import type { WireImage, WireJob, WireMember } from './ims/schemas.ts';
import { readTags } from './tags.ts';

const STATUS: Readonly<Record<string, ImageStatus>> = {
  queued: 'pending',
  saving: 'importing',
  active: 'active',
  killed: 'failed',
  deleted: 'deleted',
  pending_delete: 'deleted',
  deactivated: 'deactivated',
};

/** The service's word for a status, where it has one. */
export function wireStatus(status: ImageStatus): string | undefined {
  return Object.keys(STATUS).find((word) => STATUS[word] === status);
}

// Properties that the model has fields for; everything else is kept under the service's own name.
const KNOWN = new Set([
  'id',
  'name',
  'status',
  '__description',
  'owner',
  'visibility',
  'disk_format',
  '__image_size',
  'min_disk',
  'min_ram',
  '__os_type',
  '__os_version',
  '__platform',
  'hw_firmware_type',
  'tags',
  '__originalimagename',
  'protected',
  'created_at',
  'updated_at',
  'create_at',
  'update_at',
]);

/** An image as the model describes it (seed 001 §5.1, §6.1, §9.1). */
export function toImage(wire: WireImage): Image {
  const rawStatus = text(wire.status) ?? '';
  const size = numberOf(wire.__image_size);
  return {
    id: wire.id,
    name: text(wire.name) ?? '',
    status: STATUS[rawStatus.toLowerCase()] ?? 'unknown',
    rawStatus,
    description: text(wire.__description),
    ownerId: text(wire.owner),
    // `visibility` stays private on images that are shared; __imagetype tells.
    visibility: wire.__imagetype === 'shared' ? 'shared' : text(wire.visibility),
    diskFormat: text(wire.disk_format)?.toLowerCase(),
    // "0" until the service has measured the file; `size` and `checksum` are not used by the service.
    sizeBytes: size !== undefined && size > 0 ? size : undefined,
    minDiskGiB: numberOf(wire.min_disk),
    minRamMiB: numberOf(wire.min_ram),
    osType: text(wire.__os_type),
    osVersion: text(wire.__os_version)?.trim(),
    osDistribution: text(wire.__platform),
    architecture: text(wire.architecture) ?? (booleanOf(wire.__support_arm) ? 'arm' : undefined),
    // Absent: BIOS, which is not said of images that do not boot.
    bootMode: text(wire.hw_firmware_type)?.toLowerCase(),
    tags: readTags(wire.tags),
    sourceImageId: text(wire.__originalimagename),
    protected: booleanOf(wire.protected),
    createdAt: timeOf(wire.created_at) ?? timeOf(wire.create_at),
    updatedAt: timeOf(wire.updated_at) ?? timeOf(wire.update_at),
    properties: propertiesOf(wire),
  };
}

/** Everything else, as texts. A plain loop: listings of thousands of images pass here. */
function propertiesOf(wire: WireImage): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const name of Object.keys(wire)) {
    const value = wire[name];
    if (value === null || value === undefined || KNOWN.has(name)) continue;
    properties[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return properties;
}

/** A share as the model describes it (seed 001 §6.3). */
export function toShare(wire: WireMember, imageId: string): Share {
  return {
    imageId: wire.image_id ?? imageId,
    projectId: wire.member_id,
    status: wire.status?.toLowerCase() ?? 'pending',
    createdAt: timeOf(wire.created_at) ?? timeOf(wire.create_at),
    updatedAt: timeOf(wire.updated_at) ?? timeOf(wire.update_at),
  };
}

/** A job as the model describes it (operation 29). A status that is not known counts as running. */
export function toJob(wire: WireJob, id: string): Job {
  const { entities } = wire;
  const subJobs = entities.sub_jobs_result ?? [];
  const results = entities.results ?? [];
  const refused = results.filter(
    ({ status }) => status !== undefined && !/^(success|succeeded|active)$/i.test(status),
  );
  let status = jobStatus(wire.status);
  // A sharing job can succeed as a whole although the one share that was asked for did not.
  if (status === 'succeeded' && refused.length > 0) status = 'failed';
  const ids = [
    entities.image_id ? [entities.image_id] : [],
    subJobs.flatMap((job) => job.entities.image_id ?? []),
    results.flatMap((result) => result.image_id ?? []),
  ].find((found) => found.length > 0);
  const reasons =
    status === 'failed'
      ? [
          wire.fail_reason ?? entities.fail_reason,
          ...subJobs.filter((job) => jobStatus(job.status) === 'failed').map(reasonOfSubJob),
          ...refused.map(
            (result) =>
              `image ${result.image_id ?? '?'} with project ${result.project_id ?? '?'}: ${result.status}`,
          ),
        ].filter((reason) => reason !== undefined)
      : [];
  return {
    id: wire.job_id ?? id,
    status,
    progress: status === 'succeeded' ? 1 : fraction(entities.process_percent),
    type: wire.job_type,
    imageIds: [...new Set(ids)],
    errorCode:
      status === 'failed'
        ? (wire.error_code ?? entities.error_code ?? subJobs.find((job) => job.error_code)?.error_code)
        : undefined,
    failureReason: reasons.length > 0 ? [...new Set(reasons)].join('; ') : undefined,
    startedAt: timeOf(wire.begin_time),
    endedAt: timeOf(wire.end_time),
  };
}

/** The operating systems of operation 22 as one flat list. */
export function toOsVersions(
  platforms: readonly {
    platform: string;
    version_list: readonly {
      os_version?: string | undefined;
      os_version_key?: string | undefined;
      os_type?: string | undefined;
      os_bit?: number | undefined;
    }[];
  }[],
): OsVersion[] {
  return platforms.flatMap(({ platform, version_list }) =>
    version_list.flatMap((version) => {
      const osVersion = version.os_version ?? version.os_version_key;
      if (osVersion === undefined) return [];
      return [{ platform, osVersion, osType: version.os_type ?? 'Other', bits: version.os_bit }];
    }),
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads a time in each form that the service writes, always as UTC: ISO 8601 with or without zone, and
 * `04-Jun-2015 18:11:06:586`. What is none, or empty, reads as absent.
 */
export function timeOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const old = /^(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2})(?:[:.](\d{1,3}))?$/.exec(
    value.trim(),
  );
  if (old) {
    const [, day, month, year, hours, minutes, seconds, ms] = old;
    const at = MONTHS.findIndex((name) => name.toLowerCase() === month?.toLowerCase());
    if (at < 0) return undefined;
    return new Date(
      Date.UTC(
        Number(year),
        at,
        Number(day),
        Number(hours),
        Number(minutes),
        Number(seconds),
        Number(ms ?? 0),
      ),
    );
  }
  const iso = value.trim().replace(' ', 'T');
  const time = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : new Date(time);
}

function jobStatus(status: string | undefined): Job['status'] {
  switch (status?.toUpperCase()) {
    case 'INIT':
    case 'QUEUED':
      return 'queued';
    case 'SUCCESS':
    case 'SUCCEEDED':
      return 'succeeded';
    case 'FAIL':
    case 'FAILED':
      return 'failed';
    default:
      return 'running';
  }
}

function reasonOfSubJob(job: {
  job_id?: string | undefined;
  error_code?: string | undefined;
  fail_reason?: string | undefined;
}): string {
  const why = [job.error_code, job.fail_reason].filter(Boolean).join(' ');
  return `sub-job ${job.job_id ?? '?'} failed${why ? `: ${why}` : ''}`;
}

function fraction(value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  return Math.min(1, Math.max(0, value > 1 ? value / 100 : value));
}

/** A non-empty text. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return value.toLowerCase() === 'true' ? true : value.toLowerCase() === 'false' ? false : undefined;
}
