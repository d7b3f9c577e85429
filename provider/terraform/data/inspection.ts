// What an inspection of a local file tells, as Terraform values: for the data source imagebridge_image_file and the
// function inspect_file. Imports types of the core only.
import type { Finding, Inspection } from '@imagebridge/core';

/** The facts of a file; what it does not tell is null. */
export const inspectionState = (found: Inspection) => ({
  format: found.format,
  variant: found.variant ?? null,
  compression: found.compression ?? null,
  file_size_bytes: found.fileSizeBytes,
  virtual_size_bytes: found.virtualSizeBytes,
  boot: found.boot,
  architecture: found.architecture ?? null,
  os_type: found.osType ?? null,
  os_hint: found.osHint ?? null,
  volume_label: found.volumeLabel ?? null,
  partition_table: found.partitionTable ?? null,
  file_system: found.fileSystem ?? null,
  encrypted: found.encrypted,
  features: found.features,
});

/** Descriptions of the facts, for schemas and documentation. */
export const FACTS: Readonly<Record<keyof ReturnType<typeof inspectionState>, string>> = {
  format: 'Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` …',
  variant: 'Kind within the format, e.g. `v3` or `streamOptimized`.',
  compression: 'How the whole file is packed: `gz`, `bz2`, `xz`, `zst` or `lz4`; null where it is not.',
  file_size_bytes: 'Size of the file in bytes.',
  virtual_size_bytes: 'Size of the disk that a server would see, in bytes.',
  boot: 'Firmware that can start it: `bios`, `uefi`, `bios+uefi`, `none` or `unknown`.',
  architecture: 'Processor architecture of the content, where it tells.',
  os_type: '`linux` or `windows`, where the content tells.',
  os_hint: 'What an installation medium calls itself.',
  volume_label: 'Label of an ISO, or of the file system that fills the disk.',
  partition_table: '`mbr`, `gpt` or `none`.',
  file_system: 'File system that fills the whole disk.',
  encrypted: 'True where a key is needed to read the content.',
  features: 'Abilities of the format that the file uses, e.g. `snapshots`.',
};

/** Findings; those of severity `error` say that a cloud will refuse the file, or that it is dangerous. */
export const findingsState = (findings: readonly Finding[]) =>
  findings.map(({ severity, code, message, remedy }) => ({ severity, code, message, remedy }));
