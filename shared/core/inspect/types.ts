// What an inspection tells about an image file. Types only.
import type { DiskFormat } from '../model/index.ts';

/** Something the user should know before the file is sent. */
export interface Finding {
  /** `error`: the cloud will refuse it, or it is dangerous; `warning`: probably not what is wanted; `info`: good to know. */
  severity: 'error' | 'warning' | 'info';
  /** Stable and short, for scripts: `qcow2-backing-file`. */
  code: string;
  /** One sentence. */
  message: string;
  /** What to do about it, as a sentence. Empty where nothing needs to be done. */
  remedy: string;
}

/**
 * The firmware that can start the content, as far as the file itself tells: `none` where nothing in it can be started,
 * `unknown` where the content cannot be read (encrypted, in another file) or does not tell.
 */
export type BootHint = 'bios' | 'uefi' | 'bios+uefi' | 'none' | 'unknown';

/** Ways a whole file can be packed, by the usual ending of its name. */
export type Compression = 'gz' | 'bz2' | 'xz' | 'zst' | 'lz4';

/** A processor architecture by its usual Linux name. */
export type Architecture = 'x86_64' | 'aarch64' | 'x86' | 'arm' | 'riscv64' | 'loongarch64';

/** A partition of the disk inside. */
export interface Partition {
  /** From 1, as the partition table numbers it. */
  number: number;
  startBytes: number;
  sizeBytes: number;
  /** `EFI system`, `Linux file system`, …; the hexadecimal code or the GUID where it has no name here. */
  type: string;
  /** `ext4`, `xfs`, `ntfs`, `luks`, … where it was recognised. */
  fileSystem?: string | undefined;
}

/** What the bytes of an image tell; found by content and never by name. */
export interface ImageFacts {
  /** Name as qemu-img has it, except `vhd` (vpc), `iso`, `ova` and what qemu-img does not know (`zvhd`, `zvhd2`). */
  format: DiskFormat;
  /** Size of the disk a server would see, in bytes. */
  virtualSizeBytes: number;
  boot: BootHint;
  findings: Finding[];
  /** True when a key is needed to read the content. */
  encrypted: boolean;
  /** Abilities of the format that the file uses: `snapshots`, `compressed-clusters`, `isohybrid`, `joliet`. */
  features: string[];
  /** Kind within the format: `v3`, `streamOptimized`, `fixed`. */
  variant?: string | undefined;
  /** The whole file is packed in this way; `format` and `virtualSizeBytes` are those of the packed bytes. */
  compression?: Compression | undefined;
  /** Size after unpacking, where the packed file itself tells. */
  unpackedSizeBytes?: number | undefined;
  partitionTable?: 'mbr' | 'gpt' | 'none' | undefined;
  /** At most 32 of them. */
  partitions?: Partition[] | undefined;
  /** File system that fills the whole disk. */
  fileSystem?: string | undefined;
  /** Label of an ISO, or of a file system that fills the whole disk. */
  volumeLabel?: string | undefined;
  architecture?: Architecture | undefined;
  osType?: 'linux' | 'windows' | undefined;
  /** What an installation medium calls itself, e.g. `Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64`. */
  osHint?: string | undefined;
  /** Names of other files that the image wants. They are shown, and never opened. */
  refersTo?: string[] | undefined;
}

/** What a local file is. */
export interface Inspection extends ImageFacts {
  /** Absolute path. */
  path: string;
  fileSizeBytes: number;
  /** Bytes the file occupies on its disk; less than its size where it has holes. Absent where the system does not tell. */
  allocatedBytes?: number | undefined;
}
