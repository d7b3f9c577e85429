// What a judgement is about, and what several families ask of it. Pure.
import type { Capabilities, CloudFamily, DiskFormat, ImageDescription } from '../../model/index.ts';
import { warning } from '../findings.ts';
import type { Finding, Inspection } from '../types.ts';

/** The cloud, and what the user wants the image to be there. */
export interface JudgeTarget {
  family: CloudFamily;
  capabilities: Pick<
    Capabilities,
    'imageName' | 'description' | 'importFormats' | 'isoNeedsOsVersion' | 'maxImportSizeBytes' | 'minDiskGiB'
  >;
  /** Absent parts demand nothing. */
  image?: Partial<
    Pick<
      ImageDescription,
      'name' | 'description' | 'minDiskGiB' | 'osVersion' | 'bootMode' | 'architecture' | 'properties'
    >
  >;
  /** Format as the user gives it. Default: what inspection found. */
  diskFormat?: DiskFormat | undefined;
  /** The image is of a data disk: nothing needs to start from it. */
  dataDisk?: boolean | undefined;
}

/** What the rules of a family are asked about. */
export interface Case {
  inspection: Inspection;
  target: JudgeTarget;
  /** What the cloud is told. */
  format: DiskFormat;
  image: NonNullable<JudgeTarget['image']>;
}

/** The content starts by UEFI and by nothing else, and the user did not say so. */
export const needsUefi = ({ inspection, image }: Case): boolean =>
  inspection.boot === 'uefi' && image.bootMode !== 'uefi';

/** Abilities that tools of some years ago do not read: QEMU 5.1 and 5.2 brought them. */
export function newFeatureFindings({ inspection }: Case): Finding[] {
  const names = inspection.features.filter((name) => name === 'zstd' || name === 'extended-l2');
  if (inspection.format !== 'qcow2' || names.length === 0) return [];
  return [
    warning(
      'qcow2-new-features',
      `The image uses ${names.join(', ')}, which a cloud with a QEMU older than 5.2 cannot read.`,
      'Write it without: qemu-img convert -O qcow2 -o compression_type=zlib,extended_l2=off IN OUT.',
    ),
  ];
}
