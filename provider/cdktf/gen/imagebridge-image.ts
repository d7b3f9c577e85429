// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { hclAttributes } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/**
 * What the image is made from. May be empty for an image that was imported and whose origin is not
 * known.
 */
export interface ImagebridgeImageSource {
  /**
   * Path of the file, relative to the working directory. Needs not exist while planning where the
   * content is known from the state or from `sha256`.
   */
  readonly file?: string | undefined;
  /**
   * SHA-256 of the content in hex. Where it is given, the file is verified against it before the import.
   * Otherwise it is computed while planning, and remembered by path, size and time of change. A change
   * replaces the image.
   */
  readonly sha256?: string | undefined;
}

/** Puts a {@link ImagebridgeImageSource} into Terraform's words; tokens pass through. */
function imagebridgeImageSourceToTerraform(value: ImagebridgeImageSource | IResolvable | undefined): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    file: value.file,
    sha256: value.sha256,
  };
}

/** Refers to the values of a `ImagebridgeImageSource`. */
export class ImagebridgeImageSourceOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /**
   * Path of the file, relative to the working directory. Needs not exist while planning where the
   * content is known from the state or from `sha256`.
   */
  get file(): string {
    return this.getStringAttribute('file');
  }

  /**
   * SHA-256 of the content in hex. Where it is given, the file is verified against it before the import.
   * Otherwise it is computed while planning, and remembered by path, size and time of change. A change
   * replaces the image.
   */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }
}

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageTimeouts {
  /**
   * How long the import may take once the file is uploaded; the upload itself has no limit, e.g. `30m`
   * or `1h30m`. Default `60m`.
   */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageTimeoutsToTerraform(
  value: ImagebridgeImageTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  };
}

/** Refers to the values of a `ImagebridgeImageTimeouts`. */
export class ImagebridgeImageTimeoutsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /**
   * How long the import may take once the file is uploaded; the upload itself has no limit, e.g. `30m`
   * or `1h30m`. Default `60m`.
   */
  get create(): string {
    return this.getStringAttribute('create');
  }

  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get delete(): string {
    return this.getStringAttribute('delete');
  }

  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  get read(): string {
    return this.getStringAttribute('read');
  }

  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get update(): string {
    return this.getStringAttribute('update');
  }
}

/** Configuration of the resource `imagebridge_image`. */
export interface ImagebridgeImageConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Free text. Changed and cleared in place. */
  readonly description?: string | undefined;
  /**
   * Format of the file's content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection finds.
   * A change replaces the image.
   */
  readonly diskFormat?: string | undefined;
  /**
   * The smallest disk a server made from it may have, in GiB. Default: what the disk inside the file
   * needs. A change replaces the image.
   */
  readonly minDiskGib?: number | undefined;
  /** The least memory a server made from it may have, in MiB. Changed and cleared in place. */
  readonly minRamMib?: number | undefined;
  /** Name of the image. Checked against the cloud's rules while planning; changed in place. */
  readonly name: string;
  /**
   * Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. A change
   * replaces the image.
   */
  readonly osVersion?: string | undefined;
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /**
   * What the image is made from. May be empty for an image that was imported and whose origin is not
   * known.
   */
  readonly source: ImagebridgeImageSource | IResolvable;
  /**
   * Bucket that the file is uploaded to before the import; made when it does not exist. Default: the
   * cloud's. Matters only while the image is made.
   */
  readonly stagingBucket?: string | undefined;
  /**
   * Tags. A change replaces the image. The tag by which an interrupted run finds its own image again is
   * not shown here.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageTimeouts | IResolvable | undefined;
}

/**
 * A machine image made from a local file. The file is uploaded in parts and imported; an interrupted
 * apply goes on where it stopped. The image is identified by the content of the file: another content
 * at the same path plans a replacement, the same content at another path sends nothing. Where the file
 * is absent while planning, the recorded or given SHA-256 stands for it.
 */
export class ImagebridgeImage extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImage to be
   * @param importFromId the id the provider imports by
   * @param provider the provider instance, where it has an alias
   */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: 'imagebridge_image',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #description: string | undefined;
  #diskFormat: string | undefined;
  #minDiskGib: number | undefined;
  #minRamMib: number | undefined;
  #name: string;
  #osVersion: string | undefined;
  #region: string | undefined;
  #source: ImagebridgeImageSource | IResolvable;
  #stagingBucket: string | undefined;
  #tags: Readonly<Record<string, string>> | undefined;
  #timeouts: ImagebridgeImageTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'imagebridge_image',
      terraformGeneratorMetadata: generatorMetadata,
    });
    this.#cloud = config.cloud;
    this.#description = config.description;
    this.#diskFormat = config.diskFormat;
    this.#minDiskGib = config.minDiskGib;
    this.#minRamMib = config.minRamMib;
    this.#name = config.name;
    this.#osVersion = config.osVersion;
    this.#region = config.region;
    this.#source = config.source;
    this.#stagingBucket = config.stagingBucket;
    this.#tags = config.tags;
    this.#timeouts = config.timeouts;
  }

  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud. A reference:
   * what was configured is `cloudInput`.
   */
  get cloud(): string {
    return this.getStringAttribute('cloud');
  }

  set cloud(value: string) {
    this.#cloud = value;
  }

  /** `cloud` as configured. */
  get cloudInput(): string | undefined {
    return this.#cloud;
  }

  /** Leaves `cloud` out of the configuration. */
  resetCloud(): void {
    this.#cloud = undefined;
  }

  /** When the cloud made it, as an RFC 3339 time in UTC. */
  get createdAt(): string {
    return this.getStringAttribute('created_at');
  }

  /** Free text. Changed and cleared in place. A reference: what was configured is `descriptionInput`. */
  get description(): string {
    return this.getStringAttribute('description');
  }

  set description(value: string) {
    this.#description = value;
  }

  /** `description` as configured. */
  get descriptionInput(): string | undefined {
    return this.#description;
  }

  /** Leaves `description` out of the configuration. */
  resetDescription(): void {
    this.#description = undefined;
  }

  /**
   * Format of the file's content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection finds.
   * A change replaces the image. A reference: what was configured is `diskFormatInput`.
   */
  get diskFormat(): string {
    return this.getStringAttribute('disk_format');
  }

  set diskFormat(value: string) {
    this.#diskFormat = value;
  }

  /** `disk_format` as configured. */
  get diskFormatInput(): string | undefined {
    return this.#diskFormat;
  }

  /** Leaves `disk_format` out of the configuration. */
  resetDiskFormat(): void {
    this.#diskFormat = undefined;
  }

  /** The service's id of the image. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /**
   * The smallest disk a server made from it may have, in GiB. Default: what the disk inside the file
   * needs. A change replaces the image. A reference: what was configured is `minDiskGibInput`.
   */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  set minDiskGib(value: number) {
    this.#minDiskGib = value;
  }

  /** `min_disk_gib` as configured. */
  get minDiskGibInput(): number | undefined {
    return this.#minDiskGib;
  }

  /** Leaves `min_disk_gib` out of the configuration. */
  resetMinDiskGib(): void {
    this.#minDiskGib = undefined;
  }

  /**
   * The least memory a server made from it may have, in MiB. Changed and cleared in place. A reference:
   * what was configured is `minRamMibInput`.
   */
  get minRamMib(): number {
    return this.getNumberAttribute('min_ram_mib');
  }

  set minRamMib(value: number) {
    this.#minRamMib = value;
  }

  /** `min_ram_mib` as configured. */
  get minRamMibInput(): number | undefined {
    return this.#minRamMib;
  }

  /** Leaves `min_ram_mib` out of the configuration. */
  resetMinRamMib(): void {
    this.#minRamMib = undefined;
  }

  /**
   * Name of the image. Checked against the cloud's rules while planning; changed in place. A reference:
   * what was configured is `nameInput`.
   */
  get name(): string {
    return this.getStringAttribute('name');
  }

  set name(value: string) {
    this.#name = value;
  }

  /** `name` as configured. */
  get nameInput(): string {
    return this.#name;
  }

  /** Kind of the operating system, e.g. `Linux`. */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  /**
   * Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. A change
   * replaces the image. A reference: what was configured is `osVersionInput`.
   */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }

  set osVersion(value: string) {
    this.#osVersion = value;
  }

  /** `os_version` as configured. */
  get osVersionInput(): string | undefined {
    return this.#osVersion;
  }

  /** Leaves `os_version` out of the configuration. */
  resetOsVersion(): void {
    this.#osVersion = undefined;
  }

  /** Id of the project that owns the image. */
  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object. A reference: what was configured is `regionInput`.
   */
  get region(): string {
    return this.getStringAttribute('region');
  }

  set region(value: string) {
    this.#region = value;
  }

  /** `region` as configured. */
  get regionInput(): string | undefined {
    return this.#region;
  }

  /** Leaves `region` out of the configuration. */
  resetRegion(): void {
    this.#region = undefined;
  }

  /** Size of the stored image in bytes. */
  get sizeBytes(): number {
    return this.getNumberAttribute('size_bytes');
  }

  /**
   * What the image is made from. May be empty for an image that was imported and whose origin is not
   * known. A reference: what was configured is `sourceInput`.
   */
  get source(): ImagebridgeImageSourceOutputReference {
    return new ImagebridgeImageSourceOutputReference(this, 'source');
  }

  /** Sets `source` anew. */
  putSource(value: ImagebridgeImageSource | IResolvable): void {
    this.#source = value;
  }

  /** `source` as configured. */
  get sourceInput(): ImagebridgeImageSource | IResolvable {
    return this.#source;
  }

  /**
   * Bucket that the file is uploaded to before the import; made when it does not exist. Default: the
   * cloud's. Matters only while the image is made. A reference: what was configured is
   * `stagingBucketInput`.
   */
  get stagingBucket(): string {
    return this.getStringAttribute('staging_bucket');
  }

  set stagingBucket(value: string) {
    this.#stagingBucket = value;
  }

  /** `staging_bucket` as configured. */
  get stagingBucketInput(): string | undefined {
    return this.#stagingBucket;
  }

  /** Leaves `staging_bucket` out of the configuration. */
  resetStagingBucket(): void {
    this.#stagingBucket = undefined;
  }

  /** Status: `active` when it can be used. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** Format that the cloud stores the image in; it may have converted the file. */
  get storedFormat(): string {
    return this.getStringAttribute('stored_format');
  }

  /**
   * Tags. A change replaces the image. The tag by which an interrupted run finds its own image again is
   * not shown here. A reference: what was configured is `tagsInput`.
   */
  get tags(): Record<string, string> {
    return this.getStringMapAttribute('tags');
  }

  set tags(value: Readonly<Record<string, string>>) {
    this.#tags = value;
  }

  /** `tags` as configured. */
  get tagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#tags;
  }

  /** Leaves `tags` out of the configuration. */
  resetTags(): void {
    this.#tags = undefined;
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageTimeoutsOutputReference {
    return new ImagebridgeImageTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageTimeouts | IResolvable | undefined {
    return this.#timeouts;
  }

  /** Leaves `timeouts` out of the configuration. */
  resetTimeouts(): void {
    this.#timeouts = undefined;
  }

  /** Who can see the image: `private`, `shared`, `public` … */
  get visibility(): string {
    return this.getStringAttribute('visibility');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      cloud: this.#cloud,
      description: this.#description,
      disk_format: this.#diskFormat,
      min_disk_gib: this.#minDiskGib,
      min_ram_mib: this.#minRamMib,
      name: this.#name,
      os_version: this.#osVersion,
      region: this.#region,
      source: imagebridgeImageSourceToTerraform(this.#source),
      staging_bucket: this.#stagingBucket,
      tags: this.#tags,
      timeouts: imagebridgeImageTimeoutsToTerraform(this.#timeouts),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      description: 'string',
      disk_format: 'string',
      min_disk_gib: 'number',
      min_ram_mib: 'number',
      name: 'string',
      os_version: 'string',
      region: 'string',
      source: 'any',
      staging_bucket: 'string',
      tags: 'map',
      timeouts: 'any',
    });
  }
}
