// What this folder hands to others: archives read as what is inside them, and conversions by qemu-img. Types only.
import type { ByteSource, CallOptions, DiskFormat } from '../model/index.ts';

/** Wrappers that are unpacked on the way. */
export type ArchiveFormat = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** How far a measuring pass has come. */
export interface MeasureProgress {
  /** Bytes of the archive that were read. */
  readBytes: number;
  /** Size of the archive in bytes. */
  archiveBytes: number;
  /** Bytes that came out so far. */
  unpackedBytes: number;
}

/** Options of `openUnpacked`. */
export interface UnpackOptions extends CallOptions {
  /** Folder that keeps what the measuring pass found out, so that it is made once per archive. */
  stateDir: string;
  /**
   * Most bytes that may come out. Default 16 TiB. Give the target's own limit where it is known: unpacking costs neither
   * disk nor memory, so what a decompression bomb can waste is time, and this ends it.
   */
  maxUnpackedBytes?: number | undefined;
  /** Called a few times a second during the measuring pass; never when its result was remembered. */
  onMeasure?: ((progress: MeasureProgress) => void) | undefined;
}

/** An archive as a source of its unpacked bytes. */
export interface UnpackedSource extends ByteSource {
  /** Found out by the measuring pass. */
  readonly sha256: string;
  readonly archiveFormat: ArchiveFormat;
  /** Absolute path of the archive. */
  readonly archivePath: string;
  readonly archiveSizeBytes: number;
  /** The last bytes (64 KiB, or all when there are fewer), kept from the measuring pass. */
  readonly tail: Uint8Array;
}

/** What an inspection reads from; the shape of the inspection's own reader. */
export interface ArchiveReader {
  /** Size of the unpacked content in bytes. */
  readonly sizeBytes: number;
  /**
   * Up to `lengthBytes` bytes from `offset`; shorter, or empty, where the content ends.
   * @throws UnsupportedError when the range is neither in the first 4 MiB nor in the last 64 KiB
   */
  read(offset: number, lengthBytes: number): Promise<Buffer>;
}

/** An installed qemu-img. */
export interface QemuImg {
  /** Absolute path of the program. */
  path: string;
  /** As it tells, e.g. `7.2.22`. */
  version: string;
}

/** What must be known of a disk image before it is converted. Filled from an inspection. */
export interface ConversionFacts {
  path: string;
  /** Name as qemu-img has it, except `vhd` (its `vpc`) and `iso`. */
  format: DiskFormat;
  /** Kind within the format, where it has kinds: `monolithicSparse`, `streamOptimized`, `twoGbMaxExtentFlat` (VMDK). */
  subformat?: string | undefined;
  fileSizeBytes: number;
  virtualSizeBytes: number;
  /** True when it names another file that its content depends on. */
  backingFile: boolean;
  /** True when its content lies in another file. */
  dataFile: boolean;
  encrypted: boolean;
  /** True when it says of itself that it is damaged, or is cut short. */
  damaged: boolean;
  /** Number of snapshots inside; a conversion keeps only the present state. */
  snapshots?: number | undefined;
}

/** What a target takes. */
export interface TargetWishes {
  /** Formats, the dearest first. */
  formats: readonly DiskFormat[];
  /** Largest file in bytes. */
  maxFileSizeBytes?: number | undefined;
  /** Formats that take files beyond `maxFileSizeBytes` (Huawei Cloud's quick import: `zvhd2`, `raw`). */
  largeFileFormats?: readonly DiskFormat[] | undefined;
  /** True when `raw` is taken only with a bitmap file beside it (seed 001 §5.1.4, code IMG.0158), which qemu-img cannot make. */
  rawNeedsBitmap?: boolean | undefined;
}

/** One conversion, as qemu-img is told. */
export interface ConversionRecipe {
  from: DiskFormat;
  to: DiskFormat;
  /** True: compress the output (qcow2, streamOptimized VMDK). */
  compress: boolean;
}

/** Whether a conversion is needed, and whether it is made. */
export type ConversionAdvice =
  | { kind: 'none'; reason: string }
  | {
      kind: 'convert';
      reason: string;
      recipe: ConversionRecipe;
      /** What to type to do the same by hand, for a POSIX shell. */
      command: string;
      /** What is lost or uncertain, as sentences. */
      warnings: readonly string[];
    }
  | {
      kind: 'refuse';
      reason: string;
      /** What the user can do, as a sentence. */
      hint: string;
      /** A command that helps, where there is one; never one that would follow names inside the image unasked. */
      command?: string | undefined;
    };

/** What is to be converted, and where to. */
export interface SpoolRequest extends CallOptions {
  path: string;
  recipe: ConversionRecipe;
  /** Folder of the conversions; each has a folder of its own in it. */
  spoolDir: string;
  /** Size of the disk inside in bytes: the most that the output may need. */
  virtualSizeBytes: number;
  /** Default: `findQemuImg()`. */
  qemuImg?: QemuImg | undefined;
  /** Called with 0 to 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** A finished conversion. */
export interface SpoolResult {
  path: string;
  sizeBytes: number;
  /** True when an earlier run had finished it. */
  reused: boolean;
}
