// Planning an image that is to be made: whether this cloud will take it, and what follows from its content.
// Reads the local file; asks the cloud for what an import needs to be chosen.
import type { ImageCloud } from '@imagebridge/core';
import {
  type ConfigModel,
  type Diagnostics,
  isKnown,
  type PlanModel,
  path,
  UNKNOWN,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { at } from '../diagnose.ts';
import { known } from '../known.ts';
import { refuseWithout } from '../place.ts';
import { isThere, planFile } from './content.ts';
import { attributeOf, descriptionOf, makingOf } from './fields.ts';
import { formatOfName, originOf, originPath } from './origin.ts';
import { repacked } from './plan-source.ts';
import type { imageSchema } from './schema.ts';

type Config = ConfigModel<typeof imageSchema>;
type Plan = PlanModel<typeof imageSchema>;
type Source = Exclude<Config['source'], Unknown>;

/**
 * Completes the plan of a new image.
 * @param cloud undefined where the provider's configuration is not known yet: then only the file is looked at
 * @throws DiagnosticError at the attribute concerned
 */
export async function planMaking(
  config: Config,
  plan: Plan,
  cloud: ImageCloud | undefined,
  provider: Connections,
  diagnostics: Diagnostics,
  signal: AbortSignal,
): Promise<Plan> {
  const { source } = config;
  if (!isKnown(source)) return plan;
  const { kind } = originOf(source);
  if (cloud) await refuseMaking(cloud, config, source, diagnostics);
  if (kind === 'file') return planOfFile(config, source, plan, cloud, provider, signal);
  const isFetched = kind === 'object' || (kind === 'url' && cloud?.capabilities.createFromUrl === true);
  if (!isFetched) return plan;
  const format = config.disk_format ?? formatOfSource(source);
  if (format === undefined)
    diagnostics.error(
      'The format is not known',
      'The cloud fetches the content by itself, so nothing here can look into it, and the name does not end in a format. ' +
        'Set disk_format, e.g. "qcow2".',
      path('disk_format'),
    );
  return { ...plan, disk_format: format ?? UNKNOWN };
}

function formatOfSource({ url, url_wo, object }: Source): string | Unknown | undefined {
  const name = url ?? url_wo ?? (isKnown(object) ? (object?.key ?? null) : UNKNOWN);
  return name === null ? undefined : isKnown(name) ? formatOfName(name) : UNKNOWN;
}

/** What the cloud does not do with such a source at all, and what it wants to know. */
async function refuseMaking(
  cloud: ImageCloud,
  config: Config,
  source: Source,
  diagnostics: Diagnostics,
): Promise<void> {
  const { abilityFor, checkChecksums, missingFacts } = await core();
  const making = makingOf(source);
  if (making === undefined) return;
  const { kind } = making;
  const where = originPath(originOf(source).attribute);
  const { capabilities: can } = cloud;
  const ability = abilityFor(kind);
  const ways = [can.stagedUpload, can.uploadParts, can.uploadStream];
  // A URL that the cloud does not fetch is read here, and sent as a file.
  if (ability !== undefined && !(kind === 'url' && ways.includes(true)))
    refuseWithout(can[ability], `make an image from ${NAMES[kind]}`, cloud, diagnostics, where);
  else if (!ways.includes(true)) refuseWithout(can.uploadParts, 'upload a file', cloud, diagnostics, where);
  if (making.dataDisk === true)
    refuseWithout(can.dataDiskImages, 'make an image of a data disk', cloud, diagnostics, where);
  for (const field of missingFacts(cloud, making, descriptionOf({ ...config, tags_all: null })))
    if (config[attributeOf(field)] === null)
      diagnostics.error(
        `${attributeOf(field)} is missing`,
        `${cloud.family} "${cloud.name}" wants to know os_type, os_distribution, os_version and architecture of every ` +
          'image that is imported. The data source imagebridge_os_versions lists what it knows.',
        path(attributeOf(field)),
      );
  if (kind === 'file') return;
  const { sha256, sha512, md5 } = source;
  const checksums = { sha256: known(sha256), sha512: known(sha512), md5: known(md5) };
  const asked = Object.entries(checksums).filter(([, value]) => value !== undefined);
  // Bytes of another cloud's image may pass by here; then they are compared.
  if (kind === 'image' || (kind === 'url' && can.createFromUrl !== true)) return;
  try {
    checkChecksums(cloud, Object.fromEntries(asked), kind);
  } catch (error) {
    throw at(path('source').attribute(asked[0]?.[0] ?? 'sha256'), error);
  }
}

/** How a user calls the kinds. */
const NAMES = {
  file: 'a file',
  url: 'a URL',
  object: 'an object',
  server: 'a server',
  volume: 'a volume',
  backup: 'a backup',
  'whole-server': 'a whole server',
  image: "another cloud's image",
} as const;

async function planOfFile(
  config: Config,
  source: Source,
  plan: Plan,
  cloud: ImageCloud | undefined,
  provider: Connections,
  signal: AbortSignal,
): Promise<Plan> {
  const { file } = source;
  // What is inside a packed file, or becomes of a conversion, is known only when it is done.
  if (file === null || !isKnown(file) || repacked(source) || !(await isThere(file))) return plan;
  const found = await planFile(file, config, cloud, provider, signal);
  return {
    ...plan,
    disk_format: config.disk_format ?? found.diskFormat,
    min_disk_gib: config.min_disk_gib ?? found.minDiskGiB,
  };
}
