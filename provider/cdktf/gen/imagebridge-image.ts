// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  StringMap,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/**
 * An image of another cloud, or of another region. It goes there directly where the one gives a URL
 * and the other fetches it, else through this machine. Inside one cloud, imagebridge_image_copy is
 * faster.
 */
export interface ImagebridgeImageSourceImage {
  /** Cloud that it is in, as in `cloud` of a resource. Default: the provider's `default_cloud`. */
  readonly cloud?: string | undefined;
  /** Id of the image. */
  readonly id: string;
  /** Region that it is in. Default: that cloud's own. */
  readonly region?: string | undefined;
}

/** Puts a {@link ImagebridgeImageSourceImage} into Terraform's words; tokens pass through. */
function imagebridgeImageSourceImageToTerraform(
  value: ImagebridgeImageSourceImage | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    cloud: value.cloud,
    id: value.id,
    region: value.region,
  });
}

/** Refers to the values of a `ImagebridgeImageSourceImage`. */
export class ImagebridgeImageSourceImageOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Cloud that it is in, as in `cloud` of a resource. Default: the provider's `default_cloud`. */
  get cloud(): string {
    return this.getStringAttribute('cloud');
  }

  /** Id of the image. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Region that it is in. Default: that cloud's own. */
  get region(): string {
    return this.getStringAttribute('region');
  }
}

/** Object in the cloud's own object store. */
export interface ImagebridgeImageSourceObject {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Key of the object. */
  readonly key: string;
}

/** Puts a {@link ImagebridgeImageSourceObject} into Terraform's words; tokens pass through. */
function imagebridgeImageSourceObjectToTerraform(
  value: ImagebridgeImageSourceObject | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    bucket: value.bucket,
    key: value.key,
  });
}

/** Refers to the values of a `ImagebridgeImageSourceObject`. */
export class ImagebridgeImageSourceObjectOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Name of the bucket. */
  get bucket(): string {
    return this.getStringAttribute('bucket');
  }

  /** Key of the object. */
  get key(): string {
    return this.getStringAttribute('key');
  }
}

/**
 * What the image is made from: exactly one of `file`, `url`, `url_wo`, `object`, `server_id`,
 * `volume_id`, `backup_id`, `whole_server_id` and `image`. Another source plans a replacement, unless
 * the content is the same. May be empty (`source = {}`) for an image that was imported.
 */
export interface ImagebridgeImageSource {
  /** Id of a backup of a whole server. */
  readonly backupId?: string | undefined;
  /**
   * With `file`: convert it with qemu-img where the cloud does not take its format. The content that
   * counts is the file as it is. Matters only while the image is made.
   */
  readonly convert?: boolean | IResolvable | undefined;
  /** With `file`, `object` or `volume_id`: it is a disk of data only, without an operating system. */
  readonly dataDisk?: boolean | IResolvable | undefined;
  /** With `server_id`: another disk of the server, where the cloud can choose (ucloudstack). */
  readonly diskId?: string | undefined;
  /**
   * Path of a local file, relative to the working directory. Only its content counts: the same content
   * at another path sends nothing. Needs not exist while planning where the content is known from the
   * state or from `sha256`.
   */
  readonly file?: string | undefined;
  /**
   * An image of another cloud, or of another region. It goes there directly where the one gives a URL
   * and the other fetches it, else through this machine. Inside one cloud, imagebridge_image_copy is
   * faster.
   */
  readonly image?: ImagebridgeImageSourceImage | IResolvable | undefined;
  /** MD5 that the content must have, in hex. As `sha512`. */
  readonly md5?: string | undefined;
  /** Object in the cloud's own object store. */
  readonly object?: ImagebridgeImageSourceObject | IResolvable | undefined;
  /** Id of a server, whose system disk becomes the image. Most clouds want the server to be stopped. */
  readonly serverId?: string | undefined;
  /**
   * SHA-256 of the content in hex. Where it is given, a file is verified against it before the import;
   * otherwise that of a file is computed while planning, and remembered by path, size and time of
   * change. A change replaces the image. It is the hash of what the image was made from: see
   * `stored_checksum` for what the cloud stores.
   */
  readonly sha256?: string | undefined;
  /**
   * SHA-512 that the content must have, in hex. A file is verified before the import; what the cloud
   * fetches is compared with what it tells afterwards. A cloud that tells none refuses it while
   * planning.
   */
  readonly sha512?: string | undefined;
  /** With `server_id`: storage set that the image is to lie in (ucloudstack). */
  readonly storageSet?: string | undefined;
  /**
   * With `file`: unpack a file that is packed with gz, bz2, xz or zst on its way. The content that
   * counts is the packed file. Matters only while the image is made.
   */
  readonly unpack?: boolean | IResolvable | undefined;
  /**
   * URL that the cloud fetches by itself; for a cloud that fetches none, the bytes go through this
   * machine. It is kept in the state, so it must hold no credentials: for a signed URL use `url_wo`.
   * Where the cloud fetches it, `disk_format` is needed unless the path ends in one.
   */
  readonly url?: string | undefined;
  /**
   * As `url`, but never stored, for URLs that grant access. Needs Terraform 1.11. Write-only: never kept
   * in state.
   */
  readonly urlWo?: string | undefined;
  /**
   * Stands for the content behind `url_wo`: a change replaces the image, a new signature alone does not.
   * Default 1.
   */
  readonly urlWoVersion?: number | undefined;
  /** With `whole_server_id` or `backup_id`: vault that holds the backups (huaweicloud: CBR). */
  readonly vaultId?: string | undefined;
  /**
   * Id of a volume. It becomes a system image (which needs `os_version`), or with `data_disk` that of a
   * data disk.
   */
  readonly volumeId?: string | undefined;
  /** Id of a server, which becomes one image with all its disks. Needs `vault_id`. */
  readonly wholeServerId?: string | undefined;
}

/** Puts a {@link ImagebridgeImageSource} into Terraform's words; tokens pass through. */
function imagebridgeImageSourceToTerraform(value: ImagebridgeImageSource | IResolvable | undefined): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    backup_id: value.backupId,
    convert: value.convert,
    data_disk: value.dataDisk,
    disk_id: value.diskId,
    file: value.file,
    image: imagebridgeImageSourceImageToTerraform(value.image),
    md5: value.md5,
    object: imagebridgeImageSourceObjectToTerraform(value.object),
    server_id: value.serverId,
    sha256: value.sha256,
    sha512: value.sha512,
    storage_set: value.storageSet,
    unpack: value.unpack,
    url: value.url,
    url_wo: value.urlWo,
    url_wo_version: value.urlWoVersion,
    vault_id: value.vaultId,
    volume_id: value.volumeId,
    whole_server_id: value.wholeServerId,
  });
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

  /** Id of a backup of a whole server. */
  get backupId(): string {
    return this.getStringAttribute('backup_id');
  }

  /**
   * With `file`: convert it with qemu-img where the cloud does not take its format. The content that
   * counts is the file as it is. Matters only while the image is made.
   */
  get convert(): IResolvable {
    return this.getBooleanAttribute('convert');
  }

  /** With `file`, `object` or `volume_id`: it is a disk of data only, without an operating system. */
  get dataDisk(): IResolvable {
    return this.getBooleanAttribute('data_disk');
  }

  /** With `server_id`: another disk of the server, where the cloud can choose (ucloudstack). */
  get diskId(): string {
    return this.getStringAttribute('disk_id');
  }

  /**
   * Path of a local file, relative to the working directory. Only its content counts: the same content
   * at another path sends nothing. Needs not exist while planning where the content is known from the
   * state or from `sha256`.
   */
  get file(): string {
    return this.getStringAttribute('file');
  }

  /**
   * An image of another cloud, or of another region. It goes there directly where the one gives a URL
   * and the other fetches it, else through this machine. Inside one cloud, imagebridge_image_copy is
   * faster.
   */
  get image(): ImagebridgeImageSourceImageOutputReference {
    return new ImagebridgeImageSourceImageOutputReference(this, 'image');
  }

  /** MD5 that the content must have, in hex. As `sha512`. */
  get md5(): string {
    return this.getStringAttribute('md5');
  }

  /** Object in the cloud's own object store. */
  get object(): ImagebridgeImageSourceObjectOutputReference {
    return new ImagebridgeImageSourceObjectOutputReference(this, 'object');
  }

  /** Id of a server, whose system disk becomes the image. Most clouds want the server to be stopped. */
  get serverId(): string {
    return this.getStringAttribute('server_id');
  }

  /**
   * SHA-256 of the content in hex. Where it is given, a file is verified against it before the import;
   * otherwise that of a file is computed while planning, and remembered by path, size and time of
   * change. A change replaces the image. It is the hash of what the image was made from: see
   * `stored_checksum` for what the cloud stores.
   */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }

  /**
   * SHA-512 that the content must have, in hex. A file is verified before the import; what the cloud
   * fetches is compared with what it tells afterwards. A cloud that tells none refuses it while
   * planning.
   */
  get sha512(): string {
    return this.getStringAttribute('sha512');
  }

  /** With `server_id`: storage set that the image is to lie in (ucloudstack). */
  get storageSet(): string {
    return this.getStringAttribute('storage_set');
  }

  /**
   * With `file`: unpack a file that is packed with gz, bz2, xz or zst on its way. The content that
   * counts is the packed file. Matters only while the image is made.
   */
  get unpack(): IResolvable {
    return this.getBooleanAttribute('unpack');
  }

  /**
   * URL that the cloud fetches by itself; for a cloud that fetches none, the bytes go through this
   * machine. It is kept in the state, so it must hold no credentials: for a signed URL use `url_wo`.
   * Where the cloud fetches it, `disk_format` is needed unless the path ends in one.
   */
  get url(): string {
    return this.getStringAttribute('url');
  }

  /**
   * Stands for the content behind `url_wo`: a change replaces the image, a new signature alone does not.
   * Default 1.
   */
  get urlWoVersion(): number {
    return this.getNumberAttribute('url_wo_version');
  }

  /** With `whole_server_id` or `backup_id`: vault that holds the backups (huaweicloud: CBR). */
  get vaultId(): string {
    return this.getStringAttribute('vault_id');
  }

  /**
   * Id of a volume. It becomes a system image (which needs `os_version`), or with `data_disk` that of a
   * data disk.
   */
  get volumeId(): string {
    return this.getStringAttribute('volume_id');
  }

  /** Id of a server, which becomes one image with all its disks. Needs `vault_id`. */
  get wholeServerId(): string {
    return this.getStringAttribute('whole_server_id');
  }
}

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageTimeouts {
  /**
   * How long the cloud may take to make the image once it has the content; an upload itself has no
   * limit, e.g. `30m` or `1h30m`. Default `60m`.
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
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
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
   * How long the cloud may take to make the image once it has the content; an upload itself has no
   * limit, e.g. `30m` or `1h30m`. Default `60m`.
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
   * False takes the image out of use without deleting it, where the cloud can. Default true. Changed in
   * place.
   */
  readonly active?: boolean | IResolvable | undefined;
  /**
   * Processor architecture as the cloud spells it, e.g. `x86_64` or `x86`. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image.
   */
  readonly architecture?: string | undefined;
  /**
   * How a server made from it starts: `bios` or `uefi`. Changed in place where the cloud can; where it
   * cannot, the plan says so and replaces the image.
   */
  readonly bootMode?: string | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /**
   * Free text. Changed in place where the cloud can; where it cannot, the plan says so and replaces the
   * image.
   */
  readonly description?: string | undefined;
  /**
   * Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection of the file
   * finds, or what the name of a URL or an object ends in. A change replaces the image.
   */
  readonly diskFormat?: string | undefined;
  /**
   * The smallest disk a server made from it may have, in GiB. Default: what the disk inside a file
   * needs. Changed in place where the cloud can; where it cannot, the plan says so and replaces the
   * image.
   */
  readonly minDiskGib?: number | undefined;
  /**
   * The least memory a server made from it may have, in MiB. Changed in place where the cloud can; where
   * it cannot, the plan says so and replaces the image.
   */
  readonly minRamMib?: number | undefined;
  /**
   * Name of the image. Checked against the cloud's rules while planning. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image.
   */
  readonly name: string;
  /**
   * What destroying does: `delete` removes the image from the cloud, `retain` leaves it as it is and
   * only forgets it, `deactivate` takes it out of use and forgets it. Default `delete`. Apply a change
   * of it before you destroy.
   */
  readonly onDestroy?: string | undefined;
  /**
   * Distribution, where the cloud tells it from the version, e.g. `Ubuntu`. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image.
   */
  readonly osDistribution?: string | undefined;
  /**
   * Kind of the operating system, e.g. `Linux`. Changed in place where the cloud can; where it cannot,
   * the plan says so and replaces the image.
   */
  readonly osType?: string | undefined;
  /**
   * Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. Changed in
   * place where the cloud can; where it cannot, the plan says so and replaces the image.
   */
  readonly osVersion?: string | undefined;
  /**
   * Properties of your own, or of the cloud that have no attribute here. Those that others set are left
   * alone and not shown. Changed in place where the cloud can; where it cannot, the plan says so and
   * replaces the image.
   */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /**
   * The cloud refuses to delete the image. Before Terraform can delete or replace it, set it to false
   * and apply.
   */
  readonly protected?: boolean | IResolvable | undefined;
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /**
   * How a file goes to the cloud: `direct` (to the image service itself), `staged` (by way of a bucket)
   * or `auto` (what the cloud can, resumable first). Default `auto`. Matters only while the image is
   * made.
   */
  readonly route?: string | undefined;
  /**
   * What the image is made from: exactly one of `file`, `url`, `url_wo`, `object`, `server_id`,
   * `volume_id`, `backup_id`, `whole_server_id` and `image`. Another source plans a replacement, unless
   * the content is the same. May be empty (`source = {}`) for an image that was imported.
   */
  readonly source: ImagebridgeImageSource | IResolvable;
  /**
   * Bucket that a file is uploaded to before the import. On huaweicloud one of the cloud's own object
   * store, made when it does not exist; default: the cloud's. Elsewhere one of an S3-compatible store
   * that the cloud fetches it from, which makes an upload resume; keys and endpoint come from the
   * environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`).
   * Matters only while the image is made.
   */
  readonly stagingBucket?: string | undefined;
  /** Tags of the image. They win over the provider's `default_tags` of the same key. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageTimeouts | IResolvable | undefined;
  /**
   * Who can see the image: `private`, `shared`, `community` or `public`, where the cloud knows them.
   * Changed in place where the cloud can; where it cannot, the plan says so and replaces the image.
   */
  readonly visibility?: string | undefined;
}

/**
 * A machine image: made from a local file, a URL, an object, a server, a volume, a backup, or an image
 * of another cloud. A file is uploaded in parts and imported; an interrupted apply goes on where it
 * stopped and makes no second image. What the cloud can change is changed in place; what it cannot is
 * replaced, and the plan says why. On huaweicloud names are unique: with `create_before_destroy` give
 * the new image another name, for example one that holds a part of the hash.
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

  #active: boolean | IResolvable | undefined;
  #architecture: string | undefined;
  #bootMode: string | undefined;
  #cloud: string | undefined;
  #description: string | undefined;
  #diskFormat: string | undefined;
  #minDiskGib: number | undefined;
  #minRamMib: number | undefined;
  #name: string;
  #onDestroy: string | undefined;
  #osDistribution: string | undefined;
  #osType: string | undefined;
  #osVersion: string | undefined;
  #properties: Readonly<Record<string, string>> | undefined;
  #protected: boolean | IResolvable | undefined;
  #region: string | undefined;
  #route: string | undefined;
  #source: ImagebridgeImageSource | IResolvable;
  #stagingBucket: string | undefined;
  #tags: Readonly<Record<string, string>> | undefined;
  #timeouts: ImagebridgeImageTimeouts | IResolvable | undefined;
  #visibility: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image', generatorMetadata));
    this.#active = config.active;
    this.#architecture = config.architecture;
    this.#bootMode = config.bootMode;
    this.#cloud = config.cloud;
    this.#description = config.description;
    this.#diskFormat = config.diskFormat;
    this.#minDiskGib = config.minDiskGib;
    this.#minRamMib = config.minRamMib;
    this.#name = config.name;
    this.#onDestroy = config.onDestroy;
    this.#osDistribution = config.osDistribution;
    this.#osType = config.osType;
    this.#osVersion = config.osVersion;
    this.#properties = config.properties;
    this.#protected = config.protected;
    this.#region = config.region;
    this.#route = config.route;
    this.#source = config.source;
    this.#stagingBucket = config.stagingBucket;
    this.#tags = config.tags;
    this.#timeouts = config.timeouts;
    this.#visibility = config.visibility;
  }

  /**
   * False takes the image out of use without deleting it, where the cloud can. Default true. Changed in
   * place. A reference: what was configured is `activeInput`.
   */
  get active(): IResolvable {
    return this.getBooleanAttribute('active');
  }

  set active(value: boolean | IResolvable) {
    this.#active = value;
  }

  /** `active` as configured. */
  get activeInput(): boolean | IResolvable | undefined {
    return this.#active;
  }

  /** Leaves `active` out of the configuration. */
  resetActive(): void {
    this.#active = undefined;
  }

  /**
   * Processor architecture as the cloud spells it, e.g. `x86_64` or `x86`. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image. A reference: what was
   * configured is `architectureInput`.
   */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  set architecture(value: string) {
    this.#architecture = value;
  }

  /** `architecture` as configured. */
  get architectureInput(): string | undefined {
    return this.#architecture;
  }

  /** Leaves `architecture` out of the configuration. */
  resetArchitecture(): void {
    this.#architecture = undefined;
  }

  /**
   * How a server made from it starts: `bios` or `uefi`. Changed in place where the cloud can; where it
   * cannot, the plan says so and replaces the image. A reference: what was configured is
   * `bootModeInput`.
   */
  get bootMode(): string {
    return this.getStringAttribute('boot_mode');
  }

  set bootMode(value: string) {
    this.#bootMode = value;
  }

  /** `boot_mode` as configured. */
  get bootModeInput(): string | undefined {
    return this.#bootMode;
  }

  /** Leaves `boot_mode` out of the configuration. */
  resetBootMode(): void {
    this.#bootMode = undefined;
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

  /**
   * Free text. Changed in place where the cloud can; where it cannot, the plan says so and replaces the
   * image. A reference: what was configured is `descriptionInput`.
   */
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
   * Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection of the file
   * finds, or what the name of a URL or an object ends in. A change replaces the image. A reference:
   * what was configured is `diskFormatInput`.
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
   * The smallest disk a server made from it may have, in GiB. Default: what the disk inside a file
   * needs. Changed in place where the cloud can; where it cannot, the plan says so and replaces the
   * image. A reference: what was configured is `minDiskGibInput`.
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
   * The least memory a server made from it may have, in MiB. Changed in place where the cloud can; where
   * it cannot, the plan says so and replaces the image. A reference: what was configured is
   * `minRamMibInput`.
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
   * Name of the image. Checked against the cloud's rules while planning. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image. A reference: what was
   * configured is `nameInput`.
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

  /**
   * What destroying does: `delete` removes the image from the cloud, `retain` leaves it as it is and
   * only forgets it, `deactivate` takes it out of use and forgets it. Default `delete`. Apply a change
   * of it before you destroy. A reference: what was configured is `onDestroyInput`.
   */
  get onDestroy(): string {
    return this.getStringAttribute('on_destroy');
  }

  set onDestroy(value: string) {
    this.#onDestroy = value;
  }

  /** `on_destroy` as configured. */
  get onDestroyInput(): string | undefined {
    return this.#onDestroy;
  }

  /** Leaves `on_destroy` out of the configuration. */
  resetOnDestroy(): void {
    this.#onDestroy = undefined;
  }

  /**
   * Distribution, where the cloud tells it from the version, e.g. `Ubuntu`. Changed in place where the
   * cloud can; where it cannot, the plan says so and replaces the image. A reference: what was
   * configured is `osDistributionInput`.
   */
  get osDistribution(): string {
    return this.getStringAttribute('os_distribution');
  }

  set osDistribution(value: string) {
    this.#osDistribution = value;
  }

  /** `os_distribution` as configured. */
  get osDistributionInput(): string | undefined {
    return this.#osDistribution;
  }

  /** Leaves `os_distribution` out of the configuration. */
  resetOsDistribution(): void {
    this.#osDistribution = undefined;
  }

  /**
   * Kind of the operating system, e.g. `Linux`. Changed in place where the cloud can; where it cannot,
   * the plan says so and replaces the image. A reference: what was configured is `osTypeInput`.
   */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  set osType(value: string) {
    this.#osType = value;
  }

  /** `os_type` as configured. */
  get osTypeInput(): string | undefined {
    return this.#osType;
  }

  /** Leaves `os_type` out of the configuration. */
  resetOsType(): void {
    this.#osType = undefined;
  }

  /**
   * Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. Changed in
   * place where the cloud can; where it cannot, the plan says so and replaces the image. A reference:
   * what was configured is `osVersionInput`.
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
   * Properties of your own, or of the cloud that have no attribute here. Those that others set are left
   * alone and not shown. Changed in place where the cloud can; where it cannot, the plan says so and
   * replaces the image. A reference: what was configured is `propertiesInput`.
   */
  get properties(): Record<string, string> {
    return this.getStringMapAttribute('properties');
  }

  set properties(value: Readonly<Record<string, string>>) {
    this.#properties = value;
  }

  /** `properties` as configured. */
  get propertiesInput(): Readonly<Record<string, string>> | undefined {
    return this.#properties;
  }

  /** Leaves `properties` out of the configuration. */
  resetProperties(): void {
    this.#properties = undefined;
  }

  /**
   * The cloud refuses to delete the image. Before Terraform can delete or replace it, set it to false
   * and apply. A reference: what was configured is `protectedInput`.
   */
  get protected(): IResolvable {
    return this.getBooleanAttribute('protected');
  }

  set protected(value: boolean | IResolvable) {
    this.#protected = value;
  }

  /** `protected` as configured. */
  get protectedInput(): boolean | IResolvable | undefined {
    return this.#protected;
  }

  /** Leaves `protected` out of the configuration. */
  resetProtected(): void {
    this.#protected = undefined;
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

  /**
   * How a file goes to the cloud: `direct` (to the image service itself), `staged` (by way of a bucket)
   * or `auto` (what the cloud can, resumable first). Default `auto`. Matters only while the image is
   * made. A reference: what was configured is `routeInput`.
   */
  get route(): string {
    return this.getStringAttribute('route');
  }

  set route(value: string) {
    this.#route = value;
  }

  /** `route` as configured. */
  get routeInput(): string | undefined {
    return this.#route;
  }

  /** Leaves `route` out of the configuration. */
  resetRoute(): void {
    this.#route = undefined;
  }

  /** Size of the stored image in bytes. */
  get sizeBytes(): number {
    return this.getNumberAttribute('size_bytes');
  }

  /**
   * What the image is made from: exactly one of `file`, `url`, `url_wo`, `object`, `server_id`,
   * `volume_id`, `backup_id`, `whole_server_id` and `image`. Another source plans a replacement, unless
   * the content is the same. May be empty (`source = {}`) for an image that was imported. A reference:
   * what was configured is `sourceInput`.
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
   * Bucket that a file is uploaded to before the import. On huaweicloud one of the cloud's own object
   * store, made when it does not exist; default: the cloud's. Elsewhere one of an S3-compatible store
   * that the cloud fetches it from, which makes an upload resume; keys and endpoint come from the
   * environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`).
   * Matters only while the image is made. A reference: what was configured is `stagingBucketInput`.
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

  /**
   * Hash in hex of the stored bytes, where the cloud tells it. It differs from `source.sha256` where the
   * cloud converted the file, or counts with another algorithm.
   */
  get storedChecksum(): string {
    return this.getStringAttribute('stored_checksum');
  }

  /** Algorithm of `stored_checksum`: `sha256`, `sha512` or `md5`. */
  get storedChecksumAlgorithm(): string {
    return this.getStringAttribute('stored_checksum_algorithm');
  }

  /** Format that the cloud stores the image in; it may have converted the file. */
  get storedFormat(): string {
    return this.getStringAttribute('stored_format');
  }

  /**
   * Tags of the image. They win over the provider's `default_tags` of the same key. A reference: what
   * was configured is `tagsInput`.
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

  /** All tags of the image: `tags` together with the provider's `default_tags`. */
  get tagsAll(): StringMap {
    return new StringMap(this, 'tags_all');
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

  /**
   * Who can see the image: `private`, `shared`, `community` or `public`, where the cloud knows them.
   * Changed in place where the cloud can; where it cannot, the plan says so and replaces the image. A
   * reference: what was configured is `visibilityInput`.
   */
  get visibility(): string {
    return this.getStringAttribute('visibility');
  }

  set visibility(value: string) {
    this.#visibility = value;
  }

  /** `visibility` as configured. */
  get visibilityInput(): string | undefined {
    return this.#visibility;
  }

  /** Leaves `visibility` out of the configuration. */
  resetVisibility(): void {
    this.#visibility = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      active: this.#active,
      architecture: this.#architecture,
      boot_mode: this.#bootMode,
      cloud: this.#cloud,
      description: this.#description,
      disk_format: this.#diskFormat,
      min_disk_gib: this.#minDiskGib,
      min_ram_mib: this.#minRamMib,
      name: this.#name,
      on_destroy: this.#onDestroy,
      os_distribution: this.#osDistribution,
      os_type: this.#osType,
      os_version: this.#osVersion,
      properties: this.#properties,
      protected: this.#protected,
      region: this.#region,
      route: this.#route,
      source: imagebridgeImageSourceToTerraform(this.#source),
      staging_bucket: this.#stagingBucket,
      tags: this.#tags,
      timeouts: imagebridgeImageTimeoutsToTerraform(this.#timeouts),
      visibility: this.#visibility,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      active: 'boolean',
      architecture: 'string',
      boot_mode: 'string',
      cloud: 'string',
      description: 'string',
      disk_format: 'string',
      min_disk_gib: 'number',
      min_ram_mib: 'number',
      name: 'string',
      on_destroy: 'string',
      os_distribution: 'string',
      os_type: 'string',
      os_version: 'string',
      properties: 'map',
      protected: 'boolean',
      region: 'string',
      route: 'string',
      source: 'any',
      staging_bucket: 'string',
      tags: 'map',
      timeouts: 'any',
      visibility: 'string',
    });
  }
}
