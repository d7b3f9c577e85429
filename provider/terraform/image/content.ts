// Planning by content: which bytes an image is to be made from, and whether they differ from those it has.
// Reads the local file; sends nothing.
import { stat } from 'node:fs/promises';
import type { ImageCloud, PublishRoute, StagingBucket } from '@imagebridge/core';
import { type AttributePath, failure, path, UNKNOWN, type Unknown } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core, isCoreError } from '../core.ts';
import { at } from '../diagnose.ts';
import { known } from '../known.ts';
import { bootMode } from './fields.ts';

/** Path of `source.file` in diagnostics. */
export const SOURCE_FILE: AttributePath = path('source').attribute('file');
/** Path of `source.sha256` in diagnostics. */
export const SOURCE_SHA256: AttributePath = path('source').attribute('sha256');

/** What is known of the content while planning. */
export interface ContentRequest {
  /** The configured path; unknown where another resource decides it. */
  readonly path: string | Unknown;
  /** The configured hash. */
  readonly given: string | null | Unknown;
  /** The hash in the state; undefined on create, null where it was never known. */
  readonly recorded: string | null | undefined;
}

/** What planning decided about the content. */
export interface PlannedContent {
  readonly sha256: string | null | Unknown;
  /** True where the image's content is certain to differ from the recorded one. */
  readonly changed: boolean;
}

/**
 * Finds the planned hash. A file that is absent is no error where the state or the user knows its hash: only making the
 * image needs the bytes.
 * @throws DiagnosticError at `source.file` when the hash is needed and the file is absent or unreadable
 */
export async function planContent(
  request: ContentRequest,
  provider: Connections,
  signal: AbortSignal,
): Promise<PlannedContent> {
  const { given, recorded } = request;
  const differs = (sha256: string) => recorded !== undefined && recorded !== null && recorded !== sha256;
  if (typeof given === 'string') return { sha256: given, changed: differs(given) };
  if (given === UNKNOWN || request.path === UNKNOWN) return { sha256: UNKNOWN, changed: false };
  if (!(await isThere(request.path))) {
    if (recorded !== undefined) return { sha256: recorded, changed: false };
    throw failure(
      'The file is missing',
      `There is no file ${JSON.stringify(request.path)}, and its content is not known otherwise. ` +
        'Correct the path, or give source.sha256: then the file is needed only when the image is made.',
      SOURCE_FILE,
    );
  }
  const sha256 = await hashOf(request.path, provider, signal);
  return { sha256, changed: differs(sha256) };
}

/** The SHA-256 of a file in hex, remembered in the state directory. */
async function hashOf(filePath: string, provider: Connections, signal: AbortSignal): Promise<string> {
  const { fileSha256 } = await core();
  try {
    return await fileSha256(filePath, { ...(await provider.engine()), signal });
  } catch (error) {
    throw at(SOURCE_FILE, error);
  }
}

/** What an inspection of the file tells about the image that will be made from it. */
export interface FilePlan {
  readonly diskFormat: string | Unknown;
  readonly minDiskGiB: number | Unknown;
}

type Maybe<V> = V | null | Unknown;

/** What the user demands of the image; unknown values demand nothing yet. */
export interface Demands {
  readonly os_version: Maybe<string>;
  readonly architecture: Maybe<string>;
  readonly boot_mode: Maybe<string>;
  readonly description: Maybe<string>;
  readonly disk_format: Maybe<string>;
  readonly min_disk_gib: Maybe<number>;
  readonly route: Maybe<string>;
  readonly staging_bucket: Maybe<string>;
  readonly source: Maybe<{ readonly data_disk: Maybe<boolean> }>;
}

/**
 * Inspects the file and refuses what the cloud would refuse.
 * @param cloud undefined where the provider's configuration is not known yet: then only the file is looked at
 * @throws DiagnosticError at the attribute concerned
 */
export async function planFile(
  filePath: string,
  demands: Demands,
  cloud: ImageCloud | undefined,
  provider: Connections,
  signal: AbortSignal,
): Promise<FilePlan> {
  const { inspectFile, preflight } = await core();
  let staging: StagingBucket | undefined;
  try {
    if (cloud === undefined) {
      const { format } = await inspectFile(filePath, { signal });
      return { diskFormat: format, minDiskGiB: UNKNOWN };
    }
    // The name is checked on its own, so that the message points at it; any legal one does here.
    // An OS version that is known only after apply is believed to be there.
    const image = {
      name: 'image',
      description: known(demands.description),
      minDiskGiB: known(demands.min_disk_gib),
      osVersion: demands.os_version === UNKNOWN ? 'unknown' : known(demands.os_version),
      architecture: known(demands.architecture),
      bootMode: bootMode(known(demands.boot_mode)),
    };
    const source = known(demands.source);
    const dataDisk = source === undefined ? undefined : known(source.data_disk);
    staging = await stagingFor(cloud, known(demands.staging_bucket), provider);
    const wishes = { signal, route: routeOf(known(demands.route)), staging, dataDisk };
    const found = await preflight(cloud, filePath, image, known(demands.disk_format), wishes);
    // A cloud that has no such minimum reports none.
    const minDiskGiB = cloud.capabilities.updateMinimums === true ? found.minDiskGiB : UNKNOWN;
    return { diskFormat: found.diskFormat, minDiskGiB };
  } catch (error) {
    throw at(culpritOf(error), error);
  } finally {
    await staging?.store.close();
  }
}

/** The attribute that a finding of the inspection is about. */
function culpritOf(error: unknown): AttributePath {
  const [, code = ''] = (isCoreError(error) && /\[([a-z-]+)\]$/.exec(error.details.reason ?? '')) || [];
  return Object.hasOwn(CULPRITS, code) ? path(CULPRITS[code] ?? '') : SOURCE_FILE;
}

const CULPRITS: Readonly<Record<string, string>> = {
  'min-disk': 'min_disk_gib',
  'format-mismatch': 'disk_format',
  'iso-needs-os-version': 'os_version',
  'huaweicloud-quick-import-os-version': 'os_version',
  description: 'description',
};

/**
 * The bucket that a cloud without an object store of its own is to fetch a file from; its keys come from the environment.
 * Close its store at the end.
 * @returns undefined where none is named, or the cloud has its own
 * @throws DiagnosticError at `staging_bucket` when there are no keys
 */
export async function stagingFor(
  cloud: ImageCloud,
  bucket: string | undefined,
  { environment }: Connections,
): Promise<StagingBucket | undefined> {
  if (bucket === undefined || cloud.capabilities.stagedUpload === true) return undefined;
  const { openBucket } = await core();
  try {
    return { store: openBucket({}, environment), bucket };
  } catch (error) {
    throw at(path('staging_bucket'), error);
  }
}

/** The route that was asked for. */
export const routeOf = (text: string | undefined): PublishRoute | undefined =>
  text === 'direct' || text === 'staged' ? text : undefined;

/** True where there is something at that path. */
export async function isThere(filePath: string): Promise<boolean> {
  try {
    await stat(filePath);
    return true;
  } catch (error) {
    // Anything but absence (no permission, a loop of links) is shown when the file is opened.
    return !(
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    );
  }
}
