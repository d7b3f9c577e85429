// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import { type IResolvable, propertyAccess, Token } from 'cdktf';
import { callProviderFunction } from '../provider-function.ts';

/** What the function `inspect_file` returns. */
export class ImagebridgeInspectFileResult {
  /** The whole object, for use in an expression. */
  readonly value: IResolvable;

  /** @param value the call */
  constructor(value: IResolvable) {
    this.value = value;
  }

  /** `format` of the result. */
  get format(): string {
    return Token.asString(propertyAccess(this.value, ['format']));
  }

  /** `variant` of the result. */
  get variant(): string {
    return Token.asString(propertyAccess(this.value, ['variant']));
  }

  /** `compression` of the result. */
  get compression(): string {
    return Token.asString(propertyAccess(this.value, ['compression']));
  }

  /** `file_size_bytes` of the result. */
  get fileSizeBytes(): number {
    return Token.asNumber(propertyAccess(this.value, ['file_size_bytes']));
  }

  /** `virtual_size_bytes` of the result. */
  get virtualSizeBytes(): number {
    return Token.asNumber(propertyAccess(this.value, ['virtual_size_bytes']));
  }

  /** `boot` of the result. */
  get boot(): string {
    return Token.asString(propertyAccess(this.value, ['boot']));
  }

  /** `architecture` of the result. */
  get architecture(): string {
    return Token.asString(propertyAccess(this.value, ['architecture']));
  }

  /** `os_type` of the result. */
  get osType(): string {
    return Token.asString(propertyAccess(this.value, ['os_type']));
  }

  /** `os_hint` of the result. */
  get osHint(): string {
    return Token.asString(propertyAccess(this.value, ['os_hint']));
  }

  /** `volume_label` of the result. */
  get volumeLabel(): string {
    return Token.asString(propertyAccess(this.value, ['volume_label']));
  }

  /** `partition_table` of the result. */
  get partitionTable(): string {
    return Token.asString(propertyAccess(this.value, ['partition_table']));
  }

  /** `file_system` of the result. */
  get fileSystem(): string {
    return Token.asString(propertyAccess(this.value, ['file_system']));
  }

  /** `encrypted` of the result. */
  get encrypted(): IResolvable {
    return propertyAccess(this.value, ['encrypted']);
  }

  /** `features` of the result. */
  get features(): string[] {
    return Token.asList(propertyAccess(this.value, ['features']));
  }

  /** `findings` of the result. */
  get findings(): IResolvable {
    return propertyAccess(this.value, ['findings']);
  }
}

/**
 * The functions of the provider, for use in any expression of a stack that has the provider. Terraform evaluates them, on
 * the machine that it runs on. They need Terraform 1.8.
 */
export class ImagebridgeFunctions {
  private constructor() {}

  /**
   * Unlike `filesha256` it takes files of any size: the file is read as a stream, and the hash is
   * remembered by path, size and time of change in the state folder that the environment names
   * (`IMAGEBRIDGE_STATE_DIR`).
   * @param path Path of the file, relative to the working directory.
   */
  static fileSha256(path: string): string {
    return Token.asString(callProviderFunction('imagebridge', 'file_sha256', [path]));
  }

  /**
   * Joins the parts with hyphens, leaving out empty ones. Accents are dropped, and what is no letter,
   * digit, dot, underscore or hyphen becomes a hyphen. A name that is too long for the family is cut,
   * and ends with a hash of the whole, so that names that differ only at their ends stay different.
   * @param family Family of the cloud: `huaweicloud`, `openstack` or `ucloudstack`.
   * @param parts Parts of the name, e.g. `"debian", "12", var.build`.
   */
  static imageName(family: string, ...parts: readonly string[]): string {
    return Token.asString(callProviderFunction('imagebridge', 'image_name', [family, ...parts]));
  }

  /**
   * Gives an object:
   *
   * - `format`: Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` …
   * - `variant`: Kind within the format, e.g. `v3` or `streamOptimized`.
   * - `compression`: How the whole file is packed: `gz`, `bz2`, `xz`, `zst` or `lz4`; null where it is
   * not.
   * - `file_size_bytes`: Size of the file in bytes.
   * - `virtual_size_bytes`: Size of the disk that a server would see, in bytes.
   * - `boot`: Firmware that can start it: `bios`, `uefi`, `bios+uefi`, `none` or `unknown`.
   * - `architecture`: Processor architecture of the content, where it tells.
   * - `os_type`: `linux` or `windows`, where the content tells.
   * - `os_hint`: What an installation medium calls itself.
   * - `volume_label`: Label of an ISO, or of the file system that fills the disk.
   * - `partition_table`: `mbr`, `gpt` or `none`.
   * - `file_system`: File system that fills the whole disk.
   * - `encrypted`: True where a key is needed to read the content.
   * - `features`: Abilities of the format that the file uses, e.g. `snapshots`.
   * - `findings`: What should be known before the file is sent: objects of `severity`, `code`,
   * `message`, `remedy`.
   * @param path Path of the file, relative to the working directory.
   */
  static inspectFile(path: string): ImagebridgeInspectFileResult {
    return new ImagebridgeInspectFileResult(callProviderFunction('imagebridge', 'inspect_file', [path]));
  }
}
