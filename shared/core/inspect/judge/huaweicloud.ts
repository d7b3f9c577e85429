// Rules of Huawei Cloud's imports (seed 001 §5.1.3, §5.1.4; seed 002).
import { error, warning } from '../findings.ts';
import type { Finding } from '../types.ts';
import { type Case, needsUefi, newFeatureFindings } from './case.ts';

const GIB = 1024 ** 3;
/** Above it only a quick import takes a file (seed 001 §5.1.4). */
const MAX_ORDINARY_BYTES = 128 * GIB;
const QUICK_FORMATS = ['raw', 'zvhd2'];
const COMMON = ['bios', 'uefi', 'bios+uefi'];

/** What this family adds. */
export function huaweicloudFindings(asked: Case): Finding[] {
  return [...quickFindings(asked), ...contentFindings(asked), ...newFeatureFindings(asked)];
}

function quickFindings({ inspection, format, image, target }: Case): Finding[] {
  if (inspection.fileSizeBytes <= MAX_ORDINARY_BYTES) return [];
  const size = `${(inspection.fileSizeBytes / GIB).toFixed(1)} GiB`;
  if (format === 'iso')
    return [
      error(
        'huaweicloud-iso-too-large',
        `The ISO has ${size}, and the cloud takes 128 GiB at most.`,
        'Use a smaller ISO.',
      ),
    ];
  if (!QUICK_FORMATS.includes(format))
    return [
      error(
        'huaweicloud-quick-import-format',
        `The file has ${size}; above 128 GiB the cloud takes it by quick import only, and that takes RAW (with a bitmap file) and ZVHD2, not ${format}.`,
        'Make it smaller (qemu-img convert -c -O qcow2 IN OUT), or convert it: qemu-img convert -O raw IN OUT.',
      ),
    ];
  const findings: Finding[] = [];
  if (image.osVersion === undefined && target.dataDisk !== true)
    findings.push(
      error(
        'huaweicloud-quick-import-os-version',
        `The file has ${size}; above 128 GiB the cloud takes it by quick import only, and that needs an OS version.`,
        'Give the OS version as the cloud spells it, e.g. "Ubuntu 22.04 server 64bit".',
      ),
    );
  if (format === 'raw')
    findings.push(
      warning(
        'huaweicloud-quick-import-bitmap',
        `The file has ${size}; the quick import of a RAW file needs a bitmap file beside it in the bucket.`,
        'Make it with the tool of the cloud, or convert the image to ZVHD2.',
      ),
    );
  return findings;
}

function contentFindings(asked: Case): Finding[] {
  const { inspection, target } = asked;
  const findings: Finding[] = [];
  // Formats with encryption of their own are refused by every cloud.
  if (inspection.format === 'luks')
    findings.push(
      error(
        'huaweicloud-encrypted',
        'The disk is encrypted, and the cloud takes no encrypted file.',
        'Take the decrypted disk, and name a key of the cloud that the image is to be encrypted with.',
      ),
    );
  if (needsUefi(asked) && inspection.architecture !== 'aarch64')
    findings.push(
      warning(
        'huaweicloud-uefi',
        'The disk starts by UEFI only, and imported x86 images start by BIOS until that is changed.',
        'Change the boot mode of the image to uefi once it is active.',
      ),
    );
  const isLuks = (inspection.partitions ?? []).some(({ fileSystem }) => fileSystem === 'luks');
  if (isLuks && COMMON.includes(inspection.boot) && target.dataDisk !== true)
    findings.push(
      warning(
        'huaweicloud-encrypted-partition',
        'A partition is encrypted; the documents of the cloud exclude systems with disk encryption of their own.',
        'Expect that the cloud cannot prepare the system (drivers, password).',
      ),
    );
  return findings;
}
