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
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** An object in the store of the image's cloud and region (Huawei Cloud). A change replaces the export. */
export interface ImagebridgeImageExportObject {
  /** The bucket, which must be there. */
  readonly bucket: string;
  /** Key of the object, which must not be taken. */
  readonly key: string;
}

/** Puts a {@link ImagebridgeImageExportObject} into Terraform's words; tokens pass through. */
function imagebridgeImageExportObjectToTerraform(
  value: ImagebridgeImageExportObject | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    bucket: value.bucket,
    key: value.key,
  });
}

/** Refers to the values of a `ImagebridgeImageExportObject`. */
export class ImagebridgeImageExportObjectOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** The bucket, which must be there. */
  get bucket(): string {
    return this.getStringAttribute('bucket');
  }

  /** Key of the object, which must not be taken. */
  get key(): string {
    return this.getStringAttribute('key');
  }
}

/**
 * An object in an S3-compatible store. The keys come from the environment: `AWS_ACCESS_KEY_ID`,
 * `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. A change replaces the export.
 */
export interface ImagebridgeImageExportS3 {
  /** The bucket, which must be there. */
  readonly bucket: string;
  /** URL of the store. Default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's. */
  readonly endpoint?: string | undefined;
  /** Key of the object, which must not be taken. */
  readonly key: string;
  /** The bucket stands in the path instead of the host name. Default: true except at Amazon. */
  readonly pathStyle?: boolean | IResolvable | undefined;
  /** Region as signatures name it. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else `us-east-1`. */
  readonly region?: string | undefined;
}

/** Puts a {@link ImagebridgeImageExportS3} into Terraform's words; tokens pass through. */
function imagebridgeImageExportS3ToTerraform(
  value: ImagebridgeImageExportS3 | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    bucket: value.bucket,
    endpoint: value.endpoint,
    key: value.key,
    path_style: value.pathStyle,
    region: value.region,
  });
}

/** Refers to the values of a `ImagebridgeImageExportS3`. */
export class ImagebridgeImageExportS3OutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** The bucket, which must be there. */
  get bucket(): string {
    return this.getStringAttribute('bucket');
  }

  /** URL of the store. Default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's. */
  get endpoint(): string {
    return this.getStringAttribute('endpoint');
  }

  /** Key of the object, which must not be taken. */
  get key(): string {
    return this.getStringAttribute('key');
  }

  /** The bucket stands in the path instead of the host name. Default: true except at Amazon. */
  get pathStyle(): IResolvable {
    return this.getBooleanAttribute('path_style');
  }

  /** Region as signatures name it. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else `us-east-1`. */
  get region(): string {
    return this.getStringAttribute('region');
  }
}

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageExportTimeouts {
  /**
   * How long the export of the cloud may take; bytes that go through this machine have no limit, e.g.
   * `30m` or `1h30m`. Default `60m`.
   */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageExportTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageExportTimeoutsToTerraform(
  value: ImagebridgeImageExportTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeImageExportTimeouts`. */
export class ImagebridgeImageExportTimeoutsOutputReference extends ComplexObject {
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
   * How long the export of the cloud may take; bytes that go through this machine have no limit, e.g.
   * `30m` or `1h30m`. Default `60m`.
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

/** Configuration of the resource `imagebridge_image_export`. */
export interface ImagebridgeImageExportConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /**
   * Format that the cloud converts to: `qcow2`, `vmdk`, `vhd`, `zvhd`. For `object` only. Default:
   * `qcow2`, none with `quick`. A change replaces the export.
   */
  readonly diskFormat?: string | undefined;
  /**
   * Path of a local file, relative to the working directory. On a machine without the file it is written
   * again. A change replaces the export.
   */
  readonly file?: string | undefined;
  /** Id of the image. A change replaces the export. */
  readonly imageId: string;
  /** An object in the store of the image's cloud and region (Huawei Cloud). A change replaces the export. */
  readonly object?: ImagebridgeImageExportObject | IResolvable | undefined;
  /**
   * What destroying does: `delete` removes the file or object, unless somebody has put another one in
   * its place; `retain` leaves it. Default `delete`. Apply a change of it before you destroy.
   */
  readonly onDestroy?: string | undefined;
  /**
   * True: the fast way without conversion, the only one for large images. For `object` only. A change
   * replaces the export.
   */
  readonly quick?: boolean | IResolvable | undefined;
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /**
   * An object in an S3-compatible store. The keys come from the environment: `AWS_ACCESS_KEY_ID`,
   * `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. A change replaces the export.
   */
  readonly s3?: ImagebridgeImageExportS3 | IResolvable | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageExportTimeouts | IResolvable | undefined;
}

/**
 * An image as a file: an object in the store of its own cloud, which writes it by itself; an object in
 * any S3-compatible store, or a local file, by way of this machine. An export that an interrupted
 * apply had begun is gone on with. Where the file is gone, or another one is in its place, the export
 * is planned anew. Exactly one of `object`, `s3` and `file`.
 */
export class ImagebridgeImageExport extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_export';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageExport to be
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
      terraformResourceType: 'imagebridge_image_export',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #diskFormat: string | undefined;
  #file: string | undefined;
  #imageId: string;
  #object: ImagebridgeImageExportObject | IResolvable | undefined;
  #onDestroy: string | undefined;
  #quick: boolean | IResolvable | undefined;
  #region: string | undefined;
  #s3: ImagebridgeImageExportS3 | IResolvable | undefined;
  #timeouts: ImagebridgeImageExportTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageExportConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_export', generatorMetadata));
    this.#cloud = config.cloud;
    this.#diskFormat = config.diskFormat;
    this.#file = config.file;
    this.#imageId = config.imageId;
    this.#object = config.object;
    this.#onDestroy = config.onDestroy;
    this.#quick = config.quick;
    this.#region = config.region;
    this.#s3 = config.s3;
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

  /**
   * Format that the cloud converts to: `qcow2`, `vmdk`, `vhd`, `zvhd`. For `object` only. Default:
   * `qcow2`, none with `quick`. A change replaces the export. A reference: what was configured is
   * `diskFormatInput`.
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

  /** The store's tag of the object's content; null for a local file. */
  get etag(): string {
    return this.getStringAttribute('etag');
  }

  /**
   * Path of a local file, relative to the working directory. On a machine without the file it is written
   * again. A change replaces the export. A reference: what was configured is `fileInput`.
   */
  get file(): string {
    return this.getStringAttribute('file');
  }

  set file(value: string) {
    this.#file = value;
  }

  /** `file` as configured. */
  get fileInput(): string | undefined {
    return this.#file;
  }

  /** Leaves `file` out of the configuration. */
  resetFile(): void {
    this.#file = undefined;
  }

  /** `BUCKET/KEY`, `s3://BUCKET/KEY` or the path of the file. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Id of the image. A change replaces the export. A reference: what was configured is `imageIdInput`. */
  get imageId(): string {
    return this.getStringAttribute('image_id');
  }

  set imageId(value: string) {
    this.#imageId = value;
  }

  /** `image_id` as configured. */
  get imageIdInput(): string {
    return this.#imageId;
  }

  /**
   * An object in the store of the image's cloud and region (Huawei Cloud). A change replaces the export.
   * A reference: what was configured is `objectInput`.
   */
  get object(): ImagebridgeImageExportObjectOutputReference {
    return new ImagebridgeImageExportObjectOutputReference(this, 'object');
  }

  /** Sets `object` anew. */
  putObject(value: ImagebridgeImageExportObject | IResolvable): void {
    this.#object = value;
  }

  /** `object` as configured. */
  get objectInput(): ImagebridgeImageExportObject | IResolvable | undefined {
    return this.#object;
  }

  /** Leaves `object` out of the configuration. */
  resetObject(): void {
    this.#object = undefined;
  }

  /**
   * What destroying does: `delete` removes the file or object, unless somebody has put another one in
   * its place; `retain` leaves it. Default `delete`. Apply a change of it before you destroy. A
   * reference: what was configured is `onDestroyInput`.
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
   * True: the fast way without conversion, the only one for large images. For `object` only. A change
   * replaces the export. A reference: what was configured is `quickInput`.
   */
  get quick(): IResolvable {
    return this.getBooleanAttribute('quick');
  }

  set quick(value: boolean | IResolvable) {
    this.#quick = value;
  }

  /** `quick` as configured. */
  get quickInput(): boolean | IResolvable | undefined {
    return this.#quick;
  }

  /** Leaves `quick` out of the configuration. */
  resetQuick(): void {
    this.#quick = undefined;
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
   * An object in an S3-compatible store. The keys come from the environment: `AWS_ACCESS_KEY_ID`,
   * `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. A change replaces the export. A reference: what was
   * configured is `s3Input`.
   */
  get s3(): ImagebridgeImageExportS3OutputReference {
    return new ImagebridgeImageExportS3OutputReference(this, 's3');
  }

  /** Sets `s3` anew. */
  putS3(value: ImagebridgeImageExportS3 | IResolvable): void {
    this.#s3 = value;
  }

  /** `s3` as configured. */
  get s3Input(): ImagebridgeImageExportS3 | IResolvable | undefined {
    return this.#s3;
  }

  /** Leaves `s3` out of the configuration. */
  resetS3(): void {
    this.#s3 = undefined;
  }

  /** SHA-256 of a local file, in hex; null for an object. */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }

  /** Size of the file in bytes. */
  get sizeBytes(): number {
    return this.getNumberAttribute('size_bytes');
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageExportTimeoutsOutputReference {
    return new ImagebridgeImageExportTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageExportTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageExportTimeouts | IResolvable | undefined {
    return this.#timeouts;
  }

  /** Leaves `timeouts` out of the configuration. */
  resetTimeouts(): void {
    this.#timeouts = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      disk_format: this.#diskFormat,
      file: this.#file,
      image_id: this.#imageId,
      object: imagebridgeImageExportObjectToTerraform(this.#object),
      on_destroy: this.#onDestroy,
      quick: this.#quick,
      region: this.#region,
      s3: imagebridgeImageExportS3ToTerraform(this.#s3),
      timeouts: imagebridgeImageExportTimeoutsToTerraform(this.#timeouts),
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      disk_format: 'string',
      file: 'string',
      image_id: 'string',
      object: 'any',
      on_destroy: 'string',
      quick: 'boolean',
      region: 'string',
      s3: 'any',
      timeouts: 'any',
    });
  }
}
