// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexList,
  ComplexMap,
  ComplexObject,
  Fn,
  type IInterpolatingParent,
  type IResolvable,
  TerraformDataSource,
  type TerraformMetaArguments,
  Token,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `DataImagebridgeImageFileFindings`. */
export class DataImagebridgeImageFileFindingsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Short and stable, e.g. `qcow2-backing-file`. */
  get code(): string {
    return this.getStringAttribute('code');
  }

  /** One sentence. */
  get message(): string {
    return this.getStringAttribute('message');
  }

  /** What to do about it. */
  get remedy(): string {
    return this.getStringAttribute('remedy');
  }

  /** `error`: it will be refused, or is dangerous; `warning`: probably not what is wanted; `info`. */
  get severity(): string {
    return this.getStringAttribute('severity');
  }
}

/** Refers to the elements of a list or set of `DataImagebridgeImageFileFindings`. */
export class DataImagebridgeImageFileFindingsList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): DataImagebridgeImageFileFindingsOutputReference {
    return new DataImagebridgeImageFileFindingsOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** What the image is to be, as far as clouds judge by it. */
export interface DataImagebridgeImageFileIntended {
  /** Processor architecture, as the cloud spells it. */
  readonly architecture?: string | undefined;
  /** Firmware: `bios` or `uefi`. */
  readonly bootMode?: string | undefined;
  /** True: the disk of data only; nothing starts from it. */
  readonly dataDisk?: boolean | IResolvable | undefined;
  /** Format that the cloud is told. Default: what the content is. */
  readonly diskFormat?: string | undefined;
  /** The smallest disk a server made from it may have, in GiB. */
  readonly minDiskGib?: number | undefined;
  /** Name of the image. */
  readonly name?: string | undefined;
  /** Operating system as the cloud's catalogue spells it; some clouds need it for an ISO. */
  readonly osVersion?: string | undefined;
}

/** Puts a {@link DataImagebridgeImageFileIntended} into Terraform's words; tokens pass through. */
function dataImagebridgeImageFileIntendedToTerraform(
  value: DataImagebridgeImageFileIntended | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    architecture: value.architecture,
    boot_mode: value.bootMode,
    data_disk: value.dataDisk,
    disk_format: value.diskFormat,
    min_disk_gib: value.minDiskGib,
    name: value.name,
    os_version: value.osVersion,
  });
}

/** Refers to the values of a `DataImagebridgeImageFileIntended`. */
export class DataImagebridgeImageFileIntendedOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Processor architecture, as the cloud spells it. */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  /** Firmware: `bios` or `uefi`. */
  get bootMode(): string {
    return this.getStringAttribute('boot_mode');
  }

  /** True: the disk of data only; nothing starts from it. */
  get dataDisk(): IResolvable {
    return this.getBooleanAttribute('data_disk');
  }

  /** Format that the cloud is told. Default: what the content is. */
  get diskFormat(): string {
    return this.getStringAttribute('disk_format');
  }

  /** The smallest disk a server made from it may have, in GiB. */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  /** Name of the image. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** Operating system as the cloud's catalogue spells it; some clouds need it for an ISO. */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }
}

/** Refers to the values of a `DataImagebridgeImageFileVerdictsFindings`. */
export class DataImagebridgeImageFileVerdictsFindingsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Short and stable, e.g. `qcow2-backing-file`. */
  get code(): string {
    return this.getStringAttribute('code');
  }

  /** One sentence. */
  get message(): string {
    return this.getStringAttribute('message');
  }

  /** What to do about it. */
  get remedy(): string {
    return this.getStringAttribute('remedy');
  }

  /** `error`: it will be refused, or is dangerous; `warning`: probably not what is wanted; `info`. */
  get severity(): string {
    return this.getStringAttribute('severity');
  }
}

/** Refers to the elements of a list or set of `DataImagebridgeImageFileVerdictsFindings`. */
export class DataImagebridgeImageFileVerdictsFindingsList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): DataImagebridgeImageFileVerdictsFindingsOutputReference {
    return new DataImagebridgeImageFileVerdictsFindingsOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Refers to the values of a `DataImagebridgeImageFileVerdicts`. */
export class DataImagebridgeImageFileVerdictsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** False where a finding is an error. */
  get accepted(): IResolvable {
    return this.getBooleanAttribute('accepted');
  }

  /** What should be known for this very cloud. */
  get findings(): DataImagebridgeImageFileVerdictsFindingsList {
    return new DataImagebridgeImageFileVerdictsFindingsList(this, 'findings', false);
  }
}

/** Refers to the elements of a map of `DataImagebridgeImageFileVerdicts`. */
export class DataImagebridgeImageFileVerdictsMap extends ComplexMap {
  /** The element under a key. */
  get(key: string): DataImagebridgeImageFileVerdictsOutputReference {
    return new DataImagebridgeImageFileVerdictsOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      false,
      JSON.stringify(key),
    );
  }
}

/** Configuration of the data source `imagebridge_image_file`. */
export interface DataImagebridgeImageFileConfig extends TerraformMetaArguments {
  /**
   * Clouds to judge the file for: names of the provider's `clouds`, or of profiles. Their verdicts are
   * in `verdicts`.
   */
  readonly clouds?: readonly string[] | undefined;
  /**
   * True: read the whole file for its `sha256`. It is remembered by path, size and time of change.
   * Default: only where `sha256` is given.
   */
  readonly computeSha256?: boolean | IResolvable | undefined;
  /** What the image is to be, as far as clouds judge by it. */
  readonly intended?: DataImagebridgeImageFileIntended | IResolvable | undefined;
  /** Path of the file, relative to the working directory. */
  readonly path: string;
  /** SHA-256 in hex. Where it is given, another content is an error. */
  readonly sha256?: string | undefined;
}

/**
 * What a local image file is, found by its content, and what clouds will say to it. No cloud is asked,
 * and nothing is sent.
 */
export class DataImagebridgeImageFile extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_file';

  #clouds: readonly string[] | undefined;
  #computeSha256: boolean | IResolvable | undefined;
  #intended: DataImagebridgeImageFileIntended | IResolvable | undefined;
  #path: string;
  #sha256: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeImageFileConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_file', generatorMetadata));
    this.#clouds = config.clouds;
    this.#computeSha256 = config.computeSha256;
    this.#intended = config.intended;
    this.#path = config.path;
    this.#sha256 = config.sha256;
  }

  /** Processor architecture of the content, where it tells. */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  /** Firmware that can start it: `bios`, `uefi`, `bios+uefi`, `none` or `unknown`. */
  get boot(): string {
    return this.getStringAttribute('boot');
  }

  /**
   * Clouds to judge the file for: names of the provider's `clouds`, or of profiles. Their verdicts are
   * in `verdicts`. A reference: what was configured is `cloudsInput`.
   */
  get clouds(): string[] {
    return Token.asList(Fn.tolist(this.interpolationForAttribute('clouds')));
  }

  set clouds(value: readonly string[]) {
    this.#clouds = value;
  }

  /** `clouds` as configured. */
  get cloudsInput(): readonly string[] | undefined {
    return this.#clouds;
  }

  /** Leaves `clouds` out of the configuration. */
  resetClouds(): void {
    this.#clouds = undefined;
  }

  /** How the whole file is packed: `gz`, `bz2`, `xz`, `zst` or `lz4`; null where it is not. */
  get compression(): string {
    return this.getStringAttribute('compression');
  }

  /**
   * True: read the whole file for its `sha256`. It is remembered by path, size and time of change.
   * Default: only where `sha256` is given. A reference: what was configured is `computeSha256Input`.
   */
  get computeSha256(): IResolvable {
    return this.getBooleanAttribute('compute_sha256');
  }

  set computeSha256(value: boolean | IResolvable) {
    this.#computeSha256 = value;
  }

  /** `compute_sha256` as configured. */
  get computeSha256Input(): boolean | IResolvable | undefined {
    return this.#computeSha256;
  }

  /** Leaves `compute_sha256` out of the configuration. */
  resetComputeSha256(): void {
    this.#computeSha256 = undefined;
  }

  /** True where a key is needed to read the content. */
  get encrypted(): IResolvable {
    return this.getBooleanAttribute('encrypted');
  }

  /** Abilities of the format that the file uses, e.g. `snapshots`. */
  get features(): string[] {
    return Token.asList(this.interpolationForAttribute('features'));
  }

  /** Size of the file in bytes. */
  get fileSizeBytes(): number {
    return this.getNumberAttribute('file_size_bytes');
  }

  /** File system that fills the whole disk. */
  get fileSystem(): string {
    return this.getStringAttribute('file_system');
  }

  /** What anybody should know before the file is sent. */
  get findings(): DataImagebridgeImageFileFindingsList {
    return new DataImagebridgeImageFileFindingsList(this, 'findings', false);
  }

  /** Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … */
  get format(): string {
    return this.getStringAttribute('format');
  }

  /**
   * What the image is to be, as far as clouds judge by it. A reference: what was configured is
   * `intendedInput`.
   */
  get intended(): DataImagebridgeImageFileIntendedOutputReference {
    return new DataImagebridgeImageFileIntendedOutputReference(this, 'intended');
  }

  /** Sets `intended` anew. */
  putIntended(value: DataImagebridgeImageFileIntended | IResolvable): void {
    this.#intended = value;
  }

  /** `intended` as configured. */
  get intendedInput(): DataImagebridgeImageFileIntended | IResolvable | undefined {
    return this.#intended;
  }

  /** Leaves `intended` out of the configuration. */
  resetIntended(): void {
    this.#intended = undefined;
  }

  /** What an installation medium calls itself. */
  get osHint(): string {
    return this.getStringAttribute('os_hint');
  }

  /** `linux` or `windows`, where the content tells. */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  /** `mbr`, `gpt` or `none`. */
  get partitionTable(): string {
    return this.getStringAttribute('partition_table');
  }

  /**
   * Path of the file, relative to the working directory. A reference: what was configured is
   * `pathInput`.
   */
  get path(): string {
    return this.getStringAttribute('path');
  }

  set path(value: string) {
    this.#path = value;
  }

  /** `path` as configured. */
  get pathInput(): string {
    return this.#path;
  }

  /**
   * SHA-256 in hex. Where it is given, another content is an error. A reference: what was configured is
   * `sha256Input`.
   */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }

  set sha256(value: string) {
    this.#sha256 = value;
  }

  /** `sha256` as configured. */
  get sha256Input(): string | undefined {
    return this.#sha256;
  }

  /** Leaves `sha256` out of the configuration. */
  resetSha256(): void {
    this.#sha256 = undefined;
  }

  /** Kind within the format, e.g. `v3` or `streamOptimized`. */
  get variant(): string {
    return this.getStringAttribute('variant');
  }

  /** What each of `clouds` will say, by its name. */
  get verdicts(): DataImagebridgeImageFileVerdictsMap {
    return new DataImagebridgeImageFileVerdictsMap(this, 'verdicts');
  }

  /** Size of the disk that a server would see, in bytes. */
  get virtualSizeBytes(): number {
    return this.getNumberAttribute('virtual_size_bytes');
  }

  /** Label of an ISO, or of the file system that fills the disk. */
  get volumeLabel(): string {
    return this.getStringAttribute('volume_label');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      clouds: this.#clouds,
      compute_sha256: this.#computeSha256,
      intended: dataImagebridgeImageFileIntendedToTerraform(this.#intended),
      path: this.#path,
      sha256: this.#sha256,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      clouds: 'stringList',
      compute_sha256: 'boolean',
      intended: 'any',
      path: 'string',
      sha256: 'string',
    });
  }
}
