// What an inspection tells about a local image file. Types only.
import type { DiskFormat } from '../model/index.ts';

/** Something the user should know before the file is sent. */
export interface Finding {
  /** `error`: the cloud will refuse it, or it is dangerous; `warning`: probably not what is wanted; `info`: good to know. */
  severity: 'error' | 'warning' | 'info';
  /** Stable and short, for scripts: `qcow2-backing-file`. */
  code: string;
  /** One sentence. */
  message: string;
  /** What to do about it, as a sentence. */
  remedy: string;
}

/** How the content can be started, as far as the file itself tells. */
export type BootHint = 'mbr' | 'gpt' | 'el-torito' | 'none' | 'unknown';

/** What a file is, found out by its content and never by its name. */
export interface Inspection {
  /** Absolute path. */
  path: string;
  /** Name as qemu-img has it, except `vhd` (vpc) and `iso`. */
  format: DiskFormat;
  fileSizeBytes: number;
  /** Size of the disk a server would see, in bytes. */
  virtualSizeBytes: number;
  boot: BootHint;
  findings: Finding[];
}
