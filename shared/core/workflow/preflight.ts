// What would be refused later is refused now, before a byte is sent. Imports the model and inspect.
import type { Inspection } from '../inspect/index.ts';
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

/** The nearest name that every family takes. */
export function legalName(text: string): string {
  const kept = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 50);
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
  options: RouteWishes = {},
): Promise<Preflight> {
  const can = cloud.capabilities;
  checkImageName(cloud, image.name);
  const source = typeof content === 'string' ? localFile(content) : content;
  const { path } = source;
  const inspection = await source.inspect(options);
  const format = diskFormat ?? inspection.format;
  const refuse = (reason: string, hint: string) =>
    new RefusedError({
      operation: `publish ${path}`,
      cloud: cloudLabel(cloud),
      object: inspection.path,
      reason,
      hint,
    });

  const error = inspection.findings.find((finding) => finding.severity === 'error');
  if (error) throw refuse(`${error.message} [${error.code}]`, error.remedy);
  if (!can.importFormats.includes(format))
    throw refuse(
      `it is ${format}, and the cloud takes ${can.importFormats.join(', ')}`,
      `Convert it: qemu-img convert -O qcow2 IN OUT.`,
    );
  if (format === 'iso' && can.isoNeedsOsVersion && image.osVersion === undefined)
    throw refuse(
      'it is an ISO, and the cloud wants to know which operating system it installs',
      'Give the OS version as the cloud spells it, e.g. "Ubuntu 22.04 server 64bit".',
    );
  if (inspection.fileSizeBytes > can.maxImportSizeBytes)
    throw refuse(
      `the file has ${inspection.fileSizeBytes} bytes, and the cloud takes at most ${can.maxImportSizeBytes}`,
      'Make the image smaller (qemu-img convert -c, or a smaller disk).',
    );
  const neededGiB = Math.max(can.minDiskGiB.min, Math.ceil(inspection.virtualSizeBytes / GIB));
  if (image.minDiskGiB !== undefined && image.minDiskGiB < Math.ceil(inspection.virtualSizeBytes / GIB))
    throw refuse(
      `min_disk is ${image.minDiskGiB} GiB, but the disk inside has ${neededGiB} GiB`,
      'Raise min_disk, or leave it out.',
    );
  const { osVersion } = image;
  const choice = await chooseRoute(
    cloud,
    { sizeBytes: inspection.fileSizeBytes, diskFormat: format, osVersion },
    options,
  );
  return { inspection, diskFormat: format, minDiskGiB: image.minDiskGiB ?? neededGiB, choice };
}
