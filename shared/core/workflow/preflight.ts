// What would be refused later is refused now, before a byte is sent. Imports the model and inspect.
import { type Inspection, judgeFor } from '../inspect/index.ts';
import {
  type DiskFormat,
  type ImageCloud,
  type ImageDescription,
  type ImportChoice,
  InvalidInputError,
  RefusedError,
  UnsupportedError,
} from '../model/index.ts';
import { localFile, type PublishSource } from './publish-source.ts';
import { chooseRoute, type RouteWishes } from './routes/choose-route.ts';
import { cloudLabel } from './wait-for-job.ts';

const GIB = 1024 ** 3;

/** What pre-flight found out and decided. */
export interface Preflight {
  /** With the findings for this cloud. */
  inspection: Inspection;
  diskFormat: DiskFormat;
  minDiskGiB: number;
  /** How the cloud will import it. */
  choice: ImportChoice;
}

/** @throws InvalidInputError when the name is not legal on that cloud */
export function checkImageName(cloud: ImageCloud, name: string): void {
  const { pattern, rule } = cloud.capabilities.imageName;
  if (pattern.test(name)) return;
  throw new InvalidInputError({
    operation: `use ${JSON.stringify(name)} as an image name`,
    cloud: cloudLabel(cloud),
    reason: 'the name is not legal there',
    hint: `A name there is ${rule}. For example: ${JSON.stringify(legalName(name))}.`,
  });
}

/**
 * The nearest name that every family takes.
 * @param maxLength in characters; a longer one is cut. Default: what every family takes
 */
export function legalName(text: string, maxLength = 50): string {
  const kept = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, maxLength);
  return kept === '' ? 'image' : kept;
}

/** @throws UnsupportedError naming the nearest thing that works, when the cloud lacks the capability */
export function requireCapability(cloud: ImageCloud, capability: true | string, operation: string): void {
  if (capability === true) return;
  throw new UnsupportedError({
    operation,
    cloud: cloudLabel(cloud),
    reason: 'this cloud does not offer it',
    hint: capability,
  });
}

/**
 * Inspects a file (or another source) and compares it, and the description, with what the cloud takes.
 * @throws RefusedError when the file would be refused; InvalidInputError for a bad name; LocalFileError; UnsupportedError
 */
export async function preflight(
  cloud: ImageCloud,
  content: string | PublishSource,
  image: ImageDescription,
  diskFormat: DiskFormat | undefined,
  options: RouteWishes & { dataDisk?: boolean | undefined } = {},
): Promise<Preflight> {
  checkImageName(cloud, image.name);
  const source = typeof content === 'string' ? localFile(content) : content;
  const inspected = await source.inspect(options);
  const { family, capabilities } = cloud;
  const findings = judgeFor(inspected, {
    family,
    capabilities,
    image,
    diskFormat,
    dataDisk: options.dataDisk,
  });
  const inspection = { ...inspected, findings };
  const error = findings.find((finding) => finding.severity === 'error');
  if (error) {
    throw new RefusedError({
      operation: `publish ${source.path}`,
      cloud: cloudLabel(cloud),
      object: inspection.path,
      reason: `${error.message} [${error.code}]`,
      hint: error.remedy,
    });
  }
  const format = diskFormat ?? inspection.format;
  const neededGiB = Math.max(capabilities.minDiskGiB.min, Math.ceil(inspection.virtualSizeBytes / GIB));
  const { osVersion } = image;
  const choice = await chooseRoute(
    cloud,
    { sizeBytes: inspection.fileSizeBytes, diskFormat: format, osVersion, dataDisk: options.dataDisk },
    options,
  );
  return { inspection, diskFormat: format, minDiskGiB: image.minDiskGiB ?? neededGiB, choice };
}
