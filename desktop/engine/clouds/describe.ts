// Capabilities, systems and quotas of a cloud, as data for the window.
import type { Ability, Capabilities, ImageCloud } from '@imagebridge/core';
import type { CloudView } from '@imagebridge/desktop-contract';

/** Capabilities that are no abilities: facts of another shape. */
const FACTS: Readonly<Record<Exclude<keyof Capabilities, Ability>, true>> = {
  copyNeedsAgency: true,
  imageName: true,
  description: true,
  importFormats: true,
  isoNeedsOsVersion: true,
  maxImportSizeBytes: true,
  storedChecksums: true,
  minDiskGiB: true,
};

/** What a cloud can do. Asks nothing of the cloud. */
export function describeCloud(cloud: ImageCloud, regions: readonly string[]): CloudView {
  const { capabilities, name, family, region } = cloud;
  const { imageName, description, importFormats, isoNeedsOsVersion, maxImportSizeBytes, minDiskGiB } =
    capabilities;
  const abilities = Object.entries(capabilities).filter(
    (entry): entry is [string, true | string] =>
      !Object.hasOwn(FACTS, entry[0]) && (entry[1] === true || typeof entry[1] === 'string'),
  );
  return {
    name,
    family,
    region,
    regions: [...regions],
    abilities: Object.fromEntries(abilities),
    imageName: { pattern: imageName.pattern.source, flags: imageName.pattern.flags, rule: imageName.rule },
    description: { maxLength: description.maxLength, rule: description.rule },
    importFormats: [...importFormats],
    isoNeedsOsVersion,
    copyNeedsAgency: capabilities.copyNeedsAgency,
    maxImportSizeBytes,
    minDiskGiB: { ...minDiskGiB },
  };
}
