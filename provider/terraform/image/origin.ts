// Where an image comes from, read out of `source`: which kind it is, and whether it is still the same. Pure.
import type { SourceKind } from '@imagebridge/core';
import { path, UNKNOWN, type Unknown } from '@imagebridge/terraform-plugin';

type Maybe<V> = V | null | Unknown;

/** `source`, of a configuration, a plan or a state. */
export interface SourceFields {
  readonly file: Maybe<string>;
  readonly url: Maybe<string>;
  /** Only a configuration has it. */
  readonly url_wo?: Maybe<string>;
  readonly url_wo_version: Maybe<number>;
  readonly object: Maybe<{ readonly bucket: string | Unknown; readonly key: string | Unknown }>;
  readonly server_id: Maybe<string>;
  readonly disk_id: Maybe<string>;
  readonly storage_set: Maybe<string>;
  readonly volume_id: Maybe<string>;
  readonly backup_id: Maybe<string>;
  readonly whole_server_id: Maybe<string>;
  readonly image: Maybe<{
    readonly id: string | Unknown;
    readonly cloud: Maybe<string>;
    readonly region: Maybe<string>;
  }>;
  readonly data_disk: Maybe<boolean>;
  readonly sha256: Maybe<string>;
}

/** The attributes of `source` that name an origin; one of them at most may be set. */
export const ORIGINS = [
  'file',
  'url',
  'url_wo',
  'object',
  'server_id',
  'volume_id',
  'backup_id',
  'whole_server_id',
  'image',
] as const;

/** One of {@link ORIGINS}. */
export type OriginAttribute = (typeof ORIGINS)[number];

const KINDS: Readonly<Record<OriginAttribute, SourceKind>> = {
  file: 'file',
  url: 'url',
  url_wo: 'url',
  object: 'object',
  server_id: 'server',
  volume_id: 'volume',
  backup_id: 'backup',
  whole_server_id: 'whole-server',
  image: 'image',
};

/** An origin. */
export interface Origin {
  /** `unknown`: none is named, as after an import. */
  readonly kind: SourceKind | 'unknown';
  readonly attribute: OriginAttribute | undefined;
  /** Tells one origin from another; UNKNOWN while a part of it is. A file's is its content, and not in here. */
  readonly key: string | Unknown;
}

/** The origin that a source names. */
export function originOf(source: SourceFields): Origin {
  const attribute = ORIGINS.find((name) => (source[name] ?? null) !== null) ?? storedOrigin(source);
  if (attribute === undefined) return { kind: 'unknown', attribute, key: '' };
  return { kind: KINDS[attribute], attribute, key: keyOf(source, attribute) };
}

/** A URL that is not stored leaves its version only. */
const storedOrigin = (source: SourceFields) => (source.url_wo_version === null ? undefined : 'url_wo');

function keyOf(source: SourceFields, attribute: OriginAttribute): string | Unknown {
  const parts: unknown[] = [attribute];
  if (attribute === 'url_wo') parts.push(source.url_wo_version ?? FIRST_VERSION);
  else if (attribute === 'object') parts.push(...parted(source.object, ['bucket', 'key']));
  else if (attribute === 'image') parts.push(...parted(source.image, ['id', 'cloud', 'region']));
  else if (attribute !== 'file') parts.push(source[attribute]);
  if (attribute === 'server_id') parts.push(source.disk_id, source.storage_set);
  // "Not a data disk" may be said, or not.
  parts.push(source.data_disk === UNKNOWN ? UNKNOWN : source.data_disk === true);
  return parts.includes(UNKNOWN) ? UNKNOWN : JSON.stringify(parts);
}

const parted = (value: unknown, names: readonly string[]): unknown[] =>
  typeof value === 'object' && value !== null
    ? names.map((name) => Object.entries(value).find(([key]) => key === name)?.[1] ?? null)
    : [UNKNOWN];

/** Where diagnostics point for an origin. */
export const originPath = (attribute: OriginAttribute | undefined) =>
  attribute === undefined ? path('source') : path('source').attribute(attribute);

/** Version of a `url_wo` that names none. */
export const FIRST_VERSION = 1;

/** Names of query parameters that grant access, in the spellings of signed URLs. */
const GRANTING =
  /^(x-(amz|obs|goog|oss)-(signature|credential|security-token|algorithm)|signature|awsaccesskeyid|ossaccesskeyid|accesskeyid|googleaccessid|sig|token|access_token|auth|apikey|api_key|key|password|secret|temp_url_sig|downloadquery)$/i;

/** True where a URL grants access to who has it. */
export function grantsAccess(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password, searchParams } = new URL(url);
  return username !== '' || password !== '' || [...searchParams.keys()].some((name) => GRANTING.test(name));
}

const FORMATS: Readonly<Record<string, string>> = {
  qcow2: 'qcow2',
  raw: 'raw',
  iso: 'iso',
  vmdk: 'vmdk',
  vhd: 'vhd',
  vhdx: 'vhdx',
  vdi: 'vdi',
  zvhd: 'zvhd',
  zvhd2: 'zvhd2',
};

/** The disk format that the end of a key, or of a URL's path, tells; undefined where it tells none. */
export function formatOfName(name: string): string | undefined {
  const bare = URL.canParse(name) ? new URL(name).pathname : name;
  const [, extension = ''] = /\.([A-Za-z0-9]+)$/.exec(bare) ?? [];
  const found = extension.toLowerCase();
  return Object.hasOwn(FORMATS, found) ? FORMATS[found] : undefined;
}
