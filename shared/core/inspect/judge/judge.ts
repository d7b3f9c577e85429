// What one cloud will say to an image, before anything is sent. Pure: an inspection and a cloud's capabilities go in,
// findings come out.
import type { CloudFamily, DiskFormat } from '../../model/index.ts';
import { error, nameFiles, warning } from '../findings.ts';
import type { Finding, Inspection } from '../types.ts';
import type { Case, JudgeTarget } from './case.ts';
import { huaweicloudFindings } from './huaweicloud.ts';
import { openstackFindings } from './openstack.ts';
import { ucloudstackFindings } from './ucloudstack.ts';

const GIB = 1024 ** 3;

/** Formats that are known by their content: a file that is declared to be one of them has to be it. */
const RECOGNISED = ['qcow2', 'qcow', 'vmdk', 'vhd', 'vhdx', 'vdi', 'qed', 'iso', 'parallels', 'zvhd2'];

/** A kernel and its first file system, which others start. */
const PARTS_OF_A_MACHINE = ['aki', 'ari'];

const FAMILIES: Readonly<Record<CloudFamily, (asked: Case) => Finding[]>> = {
  huaweicloud: huaweicloudFindings,
  openstack: openstackFindings,
  ucloudstack: ucloudstackFindings,
};

/**
 * What inspection found, and what this cloud adds to it; the gravest for a caller is the first with severity `error`.
 * Limits that only the service knows for sure are warnings.
 */
export function judgeFor(inspection: Inspection, target: JudgeTarget): Finding[] {
  const asked: Case = {
    inspection,
    target,
    format: target.diskFormat ?? inspection.format,
    image: target.image ?? {},
  };
  const own = inspection.findings.map((finding) => weighed(finding, target));
  const added = [
    ...textFindings(asked),
    ...formatFindings(asked),
    ...sizeFindings(asked),
    ...bootFindings(asked),
    ...FAMILIES[target.family](asked),
  ];
  return [...own, ...added.map((finding) => nameFiles(finding, inspection.path))];
}

/**
 * A packed file is as good as damaged where nobody unpacks it. Who names the format himself knows what he sends: an initial
 * file system that is packed, an encrypted disk for data.
 */
function weighed(finding: Finding, { diskFormat }: JudgeTarget): Finding {
  if (finding.code === 'compressed' && diskFormat === undefined) return { ...finding, severity: 'error' };
  if (finding.code === 'luks-encrypted' && diskFormat === 'raw') return { ...finding, severity: 'warning' };
  return finding;
}

function textFindings({ image, target }: Case): Finding[] {
  const { imageName, description } = target.capabilities;
  const findings: Finding[] = [];
  if (image.name !== undefined && !imageName.pattern.test(image.name))
    findings.push(
      error(
        'name',
        `The name ${JSON.stringify(image.name)} is not legal there.`,
        `A name there is ${imageName.rule}.`,
      ),
    );
  const text = image.description ?? '';
  if (text.length > description.maxLength || description.forbidden?.test(text))
    findings.push(
      error(
        'description',
        'The description is not legal there.',
        `A description there has ${description.rule}.`,
      ),
    );
  return findings;
}

function formatFindings({ inspection, target, format, image }: Case): Finding[] {
  const { importFormats, isoNeedsOsVersion } = target.capabilities;
  const findings: Finding[] = [];
  if (!importFormats.includes(format))
    findings.push(
      error(
        'format',
        `It is ${format}, and the cloud takes ${importFormats.join(', ')}.`,
        conversionOf(format, importFormats),
      ),
    );
  else if (
    format !== inspection.format &&
    RECOGNISED.some((name) => name === format || name === inspection.format)
  )
    findings.push(
      // A hybrid ISO can be written to a disk as it is, and some do that on purpose.
      (inspection.format === 'iso' && format === 'raw' ? warning : error)(
        'format-mismatch',
        `It is said to be ${format}, but its content is ${inspection.format}.`,
        'Leave the disk format out, or convert the file.',
      ),
    );
  if (format === 'iso' && isoNeedsOsVersion && image.osVersion === undefined)
    findings.push(
      error(
        'iso-needs-os-version',
        'It is an ISO, and the cloud wants to know which operating system it installs.',
        'Give the OS version as the cloud spells it, e.g. "Ubuntu 22.04 server 64bit".',
      ),
    );
  return findings;
}

/** An ISO holds no disk to convert. */
function conversionOf(format: DiskFormat, taken: readonly DiskFormat[]): string {
  if (format === 'iso') return 'Install the system on a disk, and take that.';
  const to = ['qcow2', 'raw', 'vmdk', 'vhd'].find((name) => taken.includes(name)) ?? 'qcow2';
  return `Convert it: qemu-img convert -O ${to === 'vhd' ? 'vpc' : to} IN OUT.`;
}

function sizeFindings({ inspection, target, image, format }: Case): Finding[] {
  const { maxImportSizeBytes, minDiskGiB } = target.capabilities;
  const findings: Finding[] = [];
  if (inspection.fileSizeBytes > maxImportSizeBytes)
    findings.push(
      error(
        'file-too-large',
        `The file has ${inspection.fileSizeBytes} bytes, and the cloud takes at most ${maxImportSizeBytes}.`,
        'Make the image smaller (qemu-img convert -c, or a smaller disk).',
      ),
    );
  const neededGiB = Math.ceil(inspection.virtualSizeBytes / GIB);
  if (image.minDiskGiB !== undefined && image.minDiskGiB < neededGiB)
    findings.push(
      error(
        'min-disk',
        `min_disk is ${image.minDiskGiB} GiB, but the disk inside has ${neededGiB} GiB.`,
        'Raise min_disk, or leave it out.',
      ),
    );
  else if (image.minDiskGiB !== undefined && !isWithin(image.minDiskGiB, minDiskGiB))
    findings.push(
      warning(
        'min-disk-range',
        `min_disk is ${image.minDiskGiB} GiB, and the documents of the cloud tell of ${minDiskGiB.min} to ${minDiskGiB.max} GiB.`,
        'Give another one, if the cloud refuses it.',
      ),
    );
  // The size of an ISO is not that of the disk that it installs on.
  if (format !== 'iso' && neededGiB > minDiskGiB.max)
    findings.push(
      warning(
        'disk-too-large',
        `The disk inside has ${neededGiB} GiB, and the documents of the cloud tell of disks up to ${minDiskGiB.max} GiB.`,
        'Make the disk inside smaller, if the cloud refuses it.',
      ),
    );
  return findings;
}

const isWithin = (value: number, range: { min: number; max: number }) =>
  value >= range.min && value <= range.max;

function bootFindings({ inspection, target, image, format }: Case): Finding[] {
  const { boot, architecture } = inspection;
  const findings: Finding[] = [];
  if (boot === 'none' && target.dataDisk !== true && !PARTS_OF_A_MACHINE.includes(format))
    findings.push(
      warning(
        'not-bootable',
        'Nothing was found in it that a server could start from.',
        format === 'iso' ? 'As an installation medium it is of no use.' : 'As a data disk it may be good.',
      ),
    );
  const wanted = image.bootMode;
  if (wanted !== undefined && ['bios', 'uefi'].includes(boot) && boot !== wanted)
    findings.push(
      warning(
        'boot-mode',
        `The boot mode is to be ${wanted}, but the content starts by ${boot}.`,
        `Give the boot mode ${boot}.`,
      ),
    );
  if (
    image.architecture !== undefined &&
    architecture !== undefined &&
    isArm(image.architecture) !== isArm(architecture)
  )
    findings.push(
      warning(
        'architecture',
        `The architecture is to be ${image.architecture}, but the loader inside is for ${architecture}.`,
        'Give the architecture of the content.',
      ),
    );
  return findings;
}

/** Families spell architectures in ways of their own: `arm`, `arm64`, `aarch64`. */
const isArm = (architecture: string) => /^(arm|aarch)/i.test(architecture);
