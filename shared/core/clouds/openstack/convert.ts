// From Glance's words to the model's. Pure.
import type { Image, ImageStatus, Share } from '../../model/index.ts';
import type { WireImage, WireMember } from './glance/schemas.ts';
import { readTags } from './tags.ts';

const STATUS: ReadonlyMap<string, ImageStatus> = new Map([
  ['queued', 'pending'],
  ['saving', 'importing'],
  ['uploading', 'importing'],
  ['importing', 'importing'],
  ['active', 'active'],
  ['deactivated', 'deactivated'],
  ['killed', 'failed'],
  ['deleted', 'deleted'],
  ['pending_delete', 'deleted'],
]);

/** The service's word for a status, where exactly one stands for it. */
export function wireStatus(status: ImageStatus): string | undefined {
  const words = [...STATUS].filter(([, meaning]) => meaning === status).map(([word]) => word);
  return words.length === 1 ? words[0] : undefined;
}

/** Fields of the model by the property that holds them. */
export const PROPERTY = {
  description: 'description',
  osType: 'os_type',
  osDistribution: 'os_distro',
  osVersion: 'os_version',
  architecture: 'architecture',
  bootMode: 'hw_firmware_type',
} as const;

/** The newer name of `PROPERTY.architecture`, which the compute service prefers. */
export const HW_ARCHITECTURE = 'hw_architecture';

// What the model has fields for, and what is no property of the user's.
const KNOWN = new Set<string>([
  ...[
    'id',
    'name',
    'status',
    'visibility',
    'size',
    'checksum',
    'os_hash_algo',
    'os_hash_value',
    'disk_format',
  ],
  ...['min_disk', 'min_ram', 'owner', 'protected', 'tags', 'created_at', 'updated_at', 'update_at'],
  ...['self', 'file', 'schema'],
  ...Object.values(PROPERTY),
]);

/** An image as the model describes it (seed 003 §4.3; Glance v2). */
export function toImage(wire: WireImage): Image {
  const rawStatus = wire.status ?? '';
  const size = wire.size ?? undefined;
  return {
    id: wire.id,
    name: wire.name ?? '',
    status: STATUS.get(rawStatus.toLowerCase()) ?? 'unknown',
    rawStatus,
    failureReason: text(wire.os_glance_failed_import),
    description: text(wire[PROPERTY.description]),
    ownerId: text(wire.owner),
    visibility: text(wire.visibility),
    diskFormat: text(wire.disk_format)?.toLowerCase(),
    sizeBytes: size !== undefined && size > 0 ? size : undefined,
    minDiskGiB: wire.min_disk ?? undefined,
    minRamMiB: wire.min_ram ?? undefined,
    osType: text(wire[PROPERTY.osType]),
    osDistribution: text(wire[PROPERTY.osDistribution]),
    osVersion: text(wire[PROPERTY.osVersion]),
    architecture: text(wire[HW_ARCHITECTURE]) ?? text(wire[PROPERTY.architecture]),
    bootMode: text(wire[PROPERTY.bootMode]),
    tags: readTags(wire.tags ?? []),
    protected: wire.protected ?? undefined,
    checksums: checksumsOf(wire),
    createdAt: timeOf(wire.created_at),
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

/** Hashes that the service computed on what it got; undefined where it tells none. */
function checksumsOf(wire: WireImage): Record<string, string> | undefined {
  const { checksum, os_hash_algo: algorithm, os_hash_value: value } = wire;
  const checksums: Record<string, string> = {};
  if (checksum) checksums.md5 = checksum.toLowerCase();
  if (algorithm && value) checksums[algorithm.toLowerCase()] = value.toLowerCase();
  return checksum || (algorithm && value) ? checksums : undefined;
}

/** A share as the model describes it (Glance v2: a member). */
export function toShare(wire: WireMember, imageId: string): Share {
  return {
    imageId: wire.image_id ?? imageId,
    projectId: wire.member_id,
    status: wire.status?.toLowerCase() ?? 'pending',
    createdAt: timeOf(wire.created_at),
    updatedAt: timeOf(wire.updated_at) ?? timeOf(wire.update_at),
  };
}

/** Reads a time as UTC; what is none reads as absent. */
function timeOf(value: string | null | undefined): Date | undefined {
  if (!value) return undefined;
  const zoned = value.endsWith('Z') || /(?:z|[+-]\d{2}:?\d{2})$/.test(value);
  const time = Date.parse(zoned ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : new Date(time);
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
